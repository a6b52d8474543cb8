"""Mail on the command line: what waits, how it looks, whether it may leave, and who hears of a failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from automation import local, night
from automation.cli import main
from automation.cli.mail import TEMPLATES
from automation.core.letters import DETAILS, ToPerson
from tests.programme import TAB, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from automation.local import MailboxMessage
    from tests.programme import Programme

_CONFIG = f"""
language = "fr"
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["{TAB}"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
[fields.extra]
trade = "Métier"
[mail]
transport = "gmail"
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)  G0R 0A0"
[alerts]
maintainer = "entretien@example.org"
"""
_COMMANDS = ("list", "preview", "check", "test", "approve", "hold", "resend")


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    (tmp_path / "cohorte.toml").write_text(_CONFIG, "utf-8")
    return made


@pytest.fixture
def waiting(programme: Programme) -> Programme:
    """Return a programme after a night whose four messages wait for approval."""
    assert _run(programme, "nightly").exit_code == 0
    return programme


def _run(programme: Programme, *words: str, day: int = 10) -> Result:
    config = programme.path.with_name("cohorte.toml")
    at = f"2023-01-{day}T02:00"
    return CliRunner().invoke(main, ["--config", str(config), "--at", at, *words])


def _listed(programme: Programme, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(
        _run(programme, "mail", "list", "--json", *words).stdout
    )
    return found


def _sent(programme: Programme) -> list[MailboxMessage]:
    return [message for message in local.read_mailbox(programme.path) if message.is_sent]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("command", _COMMANDS)
def test_each_command_explains_itself(programme: Programme, command: str, language: str) -> None:
    result = _run(programme, "--lang", language, "mail", command, "--help")

    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) > 3


def test_the_list_names_references_and_hides_addresses_from_logs(waiting: Programme) -> None:
    result = _run(waiting, "mail", "list")

    assert result.exit_code == 0
    assert "C1-1-" in result.output
    assert "2023-01-10 02:00" in result.output
    assert "@" not in result.output


def test_the_list_as_json_has_english_keys(waiting: Programme) -> None:
    rows = _listed(waiting)

    assert [row["state"] for row in rows] == ["planned"] * 4
    assert {row["template"] for row in rows} == {"confirmation", "waiting"}


def test_an_empty_list_says_so(programme: Programme) -> None:
    result = _run(programme, "--lang", "en", "mail", "list")

    assert result.exit_code == 0
    assert result.output.strip()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_tab_is_shown_as_any_other(waiting: Programme, language: str) -> None:
    result = _run(waiting, "--lang", language, "show", "mail", "--format", "json")

    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert {"key", "number", "template", "state", "planned_at", "reference", "action"} <= set(
        rows[0]
    )
    assert rows[0]["state"] == "planned"
    assert _run(waiting, "--lang", language, "show", "mail").exit_code == 0


def test_status_says_that_messages_wait_and_where(waiting: Programme) -> None:
    told = _run(waiting, "status").stdout

    assert "4  Messages à approuver" in told
    assert "→ onglet Courriels, colonne Action" in told


def test_a_preview_to_the_standard_output_is_the_page_alone(waiting: Programme) -> None:
    result = _run(waiting, "mail", "preview", "1", "confirmation", "--out", "-")

    assert result.stdout.startswith("<!")


def test_a_preview_is_what_the_person_would_read(waiting: Programme, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    result = _run(waiting, "mail", "preview", "1", "confirmation", "--out", str(page))

    assert result.exit_code == 0
    assert "Hélène" in result.output
    assert "<html" in page.read_text("utf-8")


@pytest.mark.parametrize("words", [("99", "confirmation"), ("1", "poème"), ("1", "digest"), ("1",)])
def test_a_preview_of_nothing_is_wrong_usage(waiting: Programme, words: tuple[str, ...]) -> None:
    result = _run(waiting, "mail", "preview", *words)

    assert result.exit_code == 2


def test_every_template_has_a_preview_for_anybody(waiting: Programme, tmp_path: Path) -> None:
    templates = ("offer", "last_call", "reminder", "cancelled", "farewell", "next_cohort")

    codes = {
        template: _run(
            waiting, "mail", "preview", "6", template, "--out", str(tmp_path / "p.html")
        ).exit_code
        for template in templates
    }

    assert codes == dict.fromkeys(templates, 0)


def test_templates_are_checked(programme: Programme) -> None:
    assert _run(programme, "mail", "check").exit_code == 0


def test_a_mistake_in_a_template_is_told_with_its_file_and_line(programme: Programme) -> None:
    folder = programme.path.with_name("gabarits")
    folder.mkdir()
    words = (
        "---\nsubject: Confirmation\nkind: service\npriority: 40\nexpires: 9\n---\n\n{{ prenom }}\n"
    )
    (folder / "confirmation.fr.md").write_text(words, "utf-8")
    text = _CONFIG.replace("[mail]\n", '[mail]\ntemplates = "gabarits"\nmode = "automatic"\n')
    programme.path.with_name("cohorte.toml").write_text(text, "utf-8")

    check = _run(programme, "mail", "check")
    passed = _run(programme, "nightly")

    assert check.exit_code == 78
    assert "confirmation.fr.md" in check.output
    assert "8" in check.output
    assert "confirmation.fr.md" in passed.output
    assert sorted(row["state"] for row in _listed(programme, "--all")) == [
        "failed",
        "failed",
        "sent",
        "sent",
    ]


def test_a_sample_is_sent_and_stops_no_night_to_come(waiting: Programme) -> None:
    result = _run(waiting, "mail", "test", "lise@example.org", "--template", "offer")
    reference = _listed(waiting)[0]["reference"]
    _run(waiting, "mail", "approve", reference, "--yes")

    after = _run(waiting, "nightly", day=11)

    assert result.exit_code == 0
    assert after.exit_code == 0
    assert len(_sent(waiting)) == 2


def test_a_sample_to_nobody_is_wrong_usage(programme: Programme) -> None:
    result = _run(programme, "mail", "test", "lise")

    assert result.exit_code == 2


def test_what_is_approved_leaves_the_next_night(waiting: Programme) -> None:
    reference = _listed(waiting)[0]["reference"]

    approved = _run(waiting, "mail", "approve", reference.lower(), "--yes")
    before = len(_sent(waiting))
    _run(waiting, "nightly", day=11)

    assert approved.exit_code == 0
    assert (before, len(_sent(waiting))) == (0, 1)


def test_everything_may_be_approved_at_once_and_some_of_it_held(waiting: Programme) -> None:
    _run(waiting, "mail", "approve", "--all", "--yes")
    held = _run(waiting, "mail", "hold", _listed(waiting)[0]["reference"], "--yes")

    _run(waiting, "nightly", day=11)

    assert held.exit_code == 0
    assert len(_sent(waiting)) == 3


def test_what_was_sent_is_sent_again_when_asked_and_only_once(waiting: Programme) -> None:
    reference = _listed(waiting)[0]["reference"]
    _run(waiting, "mail", "approve", reference, "--yes")
    _run(waiting, "nightly", day=11)

    asked = _run(waiting, "mail", "resend", reference, "--yes")
    _run(waiting, "nightly", day=12)
    _run(waiting, "nightly", day=13)

    assert asked.exit_code == 0
    assert len(_sent(waiting)) == 2


@pytest.mark.parametrize("command", ["approve", "hold", "resend"])
def test_nothing_changes_unless_somebody_says_yes(waiting: Programme, command: str) -> None:
    reference = _listed(waiting)[0]["reference"]
    before = waiting.picture()

    result = _run(waiting, "mail", command, reference)

    assert result.exit_code == 2 or "oui" in result.output
    assert waiting.picture() == before


@pytest.mark.parametrize("words", [("approve",), ("approve", "X-9-FFFF"), ("hold",), ("resend",)])
def test_a_message_that_is_not_there_is_wrong_usage(
    waiting: Programme, words: tuple[str, ...]
) -> None:
    assert _run(waiting, "mail", *words, "--yes").exit_code == 2


def test_every_message_to_a_person_can_be_previewed() -> None:
    to_people = {template.value for template, kind in DETAILS.items() if kind is ToPerson}

    assert set(TEMPLATES.choices) == to_people


def _alerts(programme: Programme) -> list[MailboxMessage]:
    return [message for message in _sent(programme) if "entretien@" in message.to]


def _break(programme: Programme) -> None:
    """Let an organiser rename a question of the form."""
    programme.put(programme.response_tab(), 0, 3, "Adresse")


def test_a_night_that_failed_is_told_to_the_maintainer_once_a_day(programme: Programme) -> None:
    _break(programme)

    first = _run(programme, "nightly")
    _run(programme, "nightly")
    once = len(_alerts(programme))
    _run(programme, "nightly", day=11)

    assert first.exit_code == 65
    assert "Courriel" in first.output
    assert once == 1
    assert len(_alerts(programme)) == 2
    assert "Courriel" in _alerts(programme)[0].text


def test_an_alert_keeps_no_later_night_from_writing(programme: Programme) -> None:
    _break(programme)
    _run(programme, "nightly")
    programme.put(programme.response_tab(), 0, 3, "Courriel")
    text = _CONFIG.replace("[mail]\n", '[mail]\nmode = "automatic"\n')
    programme.path.with_name("cohorte.toml").write_text(text, "utf-8")

    result = _run(programme, "nightly", day=11)

    assert result.exit_code == 0
    assert len(_sent(programme)) == 5


def test_an_alert_that_cannot_leave_hides_nothing(programme: Programme) -> None:
    _break(programme)
    text = _CONFIG.replace('"gmail"', '"folder"\nfolder = "cohorte.toml/nulle-part"')
    programme.path.with_name("cohorte.toml").write_text(text, "utf-8")

    result = _run(programme, "nightly")

    assert result.exit_code == 65
    assert "Courriel" in result.output


def test_a_bug_is_told_by_its_kind_and_its_place(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Hélène <helene@example.com>")

    monkeypatch.setattr(night, "run_night", fail)

    result = _run(programme, "nightly")

    assert result.exit_code == 1
    assert "ZeroDivisionError\n  automation/cli/nightly.py:" in result.output
    assert "Hélène" not in result.output
    assert "ZeroDivisionError" in _alerts(programme)[0].text
    assert "Hélène" not in _alerts(programme)[0].text


def test_only_a_night_alerts_and_not_somebody_at_the_keyboard(programme: Programme) -> None:
    _break(programme)

    result = _run(programme, "apply", "--yes")

    assert result.exit_code == 65
    assert _alerts(programme) == []
