"""doctor from end to end: google-auth's credentials, tokens and the workspace over loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
import requests
import responses
from click.testing import CliRunner

from automation import local
from automation.cli import main
from automation.config import load_config
from automation.doctor.facts import Records
from automation.doctor.probe import probe_mailbox
from automation.doctor.records import find_records, look_up_texts
from automation.google.retries import ONCE
from tests.google.loopback import ROBOT, Google, make_key, serve_google
from tests.programme import NOW, TAB, small_programme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

_MAIL: Final = {"gmail.compose", "gmail.readonly"}
_GMAIL: Final = "https://gmail.googleapis.com/gmail/v1/users/me"
_FORM: Final = "https://forms.googleapis.com/v1/forms"
_DNS: Final = {
    "example.org": ("v=spf1 include:_spf.google.com ~all",),
    "google._domainkey.example.org": ("v=DKIM1; p=MIIB",),
    "_dmarc.example.org": ("v=DMARC1; p=none",),
}


@pytest.fixture(scope="module")
def key() -> str:
    return make_key()


@pytest.fixture
def google(tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """A programme that lives at Google, with its form, after its first night."""
    made = small_programme(tmp_path)
    made.night()
    with made.session() as http:
        form = http.session.post(_FORM, json={"info": {"title": "Inscription"}}).json()["formId"]
    config = (
        f'[workspace]\nkind = "google"\nspreadsheet = "{made.spreadsheet_id}"\n'
        '[google]\ncredentials = "key.json"\nsubject = "comite@example.org"\n'
        f'[responses]\ntabs = ["{TAB}"]\nform_id = "{form}"\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\ntrade = "Métier"\n'
        '[mail]\nsender = "comite@example.org"\npostal_address = "100, rue Principale"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, encoding="utf-8")
    monkeypatch.setattr("automation.cli.doctor.BRISK", ONCE)
    monkeypatch.setattr("automation.doctor.records.look_up_texts", lambda name: _DNS.get(name, ()))
    served = Google(key, delegated=set(_MAIL))
    _give(tmp_path, served.robot())
    with serve_google(served, made.path, NOW, monkeypatch):
        yield served


def _give(folder: Path, secret: str) -> None:
    path = folder / "key.json"
    path.write_text(secret, encoding="utf-8")
    path.chmod(0o600)


def _run(folder: Path, *words: str) -> Result:
    config = str(folder / "cohorte.toml")
    return CliRunner().invoke(main, ["--config", config, *words])


def _look(folder: Path, *words: str) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Return how `doctor` ends, and the level and code of each check's findings."""
    result = _run(folder, "--at", "2023-01-10T03:00", "doctor", "--json", *words)
    told = json.loads(result.stdout)
    found: dict[str, list[tuple[str, str]]] = {}
    for one in told["findings"]:
        found.setdefault(one["check"], []).append((one["level"], one["code"]))
    assert told["exit_code"] == result.exit_code
    return result.exit_code, found


def test_what_is_well_is_seen_in_few_calls(google: Google, tmp_path: Path) -> None:
    code, found = _look(tmp_path)

    levels = {name: level for name, ((level, _), *_) in found.items()}
    assert code == 0, found
    assert {name for name, level in levels.items() if level != "ok"} == {"consent", "alerts"}
    assert len(google.calls) <= 7, google.calls
    assert sorted(map(sorted, google.tokens.values())) == sorted(
        [
            ["spreadsheets"],
            ["drive.metadata.readonly"],
            ["forms.body", "forms.responses.readonly"],
            ["forms.body", "forms.responses.readonly"],
            sorted(_MAIL),
        ]
    )


def test_from_one_look_to_the_next_a_night_passes(google: Google, tmp_path: Path) -> None:
    before = json.loads(_run(tmp_path, "doctor", "--json").stdout)
    night = _run(tmp_path, "nightly")
    after = json.loads(_run(tmp_path, "doctor", "--json").stdout)

    late = [one["code"] for one in before["findings"] if one["check"] in {"last_night", "schedule"}]
    told = [one["code"] for one in after["findings"] if one["check"] in {"last_night", "schedule"}]
    assert night.exit_code == 0, night.output
    assert (before["exit_code"], late) == (30, ["late", "schedule_stopped"])
    assert (after["exit_code"], told) == (0, ["last_night", "schedule"])
    assert google.calls


def test_a_person_reads_a_sign_a_sentence_and_what_to_do(google: Google, tmp_path: Path) -> None:
    google.off = {"gmail.googleapis.com"}

    result = _run(tmp_path, "--at", "2023-01-10T03:00", "doctor")

    lines = [line.rstrip() for line in result.stdout.splitlines()]
    at = next(n for n, line in enumerate(lines) if line.startswith("✗"))
    assert "Gmail API n’est pas activée" in lines[at]
    assert lines[at + 1].startswith("  → Activez-la")
    assert "https://console.cloud.google.com/apis/library/gmail.googleapis.com " in lines[at + 1]
    assert f"✓ Compte de service\N{NO-BREAK SPACE}: {ROBOT}." in lines
    assert lines[-1].startswith("À corriger")
    assert not any(word in result.output for word in ("PRIVATE", "t0ken", "Fortin", "@example.com"))


def _wrong_key(_google: Google, folder: Path) -> None:
    _give(folder, Google(make_key()).robot())


def _ended(google: Google, folder: Path) -> None:
    _give(folder, google.person("spreadsheets"))
    google.refresh.clear()


def _too_little(google: Google, folder: Path) -> None:
    _give(folder, google.person("spreadsheets", "drive.metadata.readonly"))


def _unshared(google: Google, _folder: Path) -> None:
    google.shared = False


def _apis_off(google: Google, _folder: Path) -> None:
    google.off = {"drive.googleapis.com", "gmail.googleapis.com"}


def _offline(google: Google, _folder: Path) -> None:
    google.offline = True


def _clock_off(google: Google, _folder: Path) -> None:
    google.ahead = -3600.0


def _no_delegation(google: Google, _folder: Path) -> None:
    google.delegated = set()


def _unknown_sheet(_google: Google, folder: Path) -> None:
    path = folder / "cohorte.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = 'spreadsheet = "1Inconnue"'
    path.write_text("\n".join(lines), encoding="utf-8")


def _unknown_form(_google: Google, folder: Path) -> None:
    path = folder / "cohorte.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join('form_id = "1Inconnu"' if line.startswith("form_id") else line for line in lines),
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("spoil", "ends", "check", "code"),
    [
        (_wrong_key, 77, "credentials", "key_refused"),
        (_ended, 77, "credentials", "login_ended"),
        (_too_little, 77, "scopes", "scope_missing"),
        (_unshared, 77, "shared", "not_shared"),
        (_apis_off, 77, "apis", "api_off"),
        (_offline, 69, "network", "unreachable"),
        (_clock_off, 77, "clock", "clock_off"),
        (_no_delegation, 77, "mailbox", "no_delegation"),
        (_unknown_sheet, 65, "shared", "not_found"),
        (_unknown_form, 0, "form", "form_not_found"),
    ],
)
def test_what_keeps_us_out_is_found_and_said_once(  # noqa: PLR0917
    google: Google,
    tmp_path: Path,
    spoil: Callable[[Google, Path], None],
    ends: int,
    check: str,
    code: str,
) -> None:
    spoil(google, tmp_path)

    exit_code, found = _look(tmp_path)

    assert exit_code == ends
    assert code in {one for _, one in found[check]}
    failing = {name for name, ones in found.items() for level, _ in ones if level == "failure"}
    assert failing == ({check} if ends else set())


def test_a_spreadsheet_that_we_may_only_read_is_a_failure(google: Google, tmp_path: Path) -> None:
    spreadsheet = load_config(tmp_path / "cohorte.toml", {}).workspace.spreadsheet
    url = f"https://www.googleapis.com/drive/v3/files/{spreadsheet}/permissions"
    with local.session(tmp_path / "programme.db") as session:
        session.post(
            f"{url}?transferOwnership=true",
            json={"type": "user", "role": "owner", "emailAddress": "lise@example.org"},
        )
        ours = session.get(f"{url}?fields=permissions").json()["permissions"]
        mine = next(one["id"] for one in ours if one["emailAddress"] == "comite@example.org")
        session.patch(f"{url}/{mine}", json={"role": "reader"})

    code, found = _look(tmp_path)

    assert google.calls
    assert (code, found["shared"]) == (77, [("failure", "read_only")])


def test_a_spreadsheet_that_anybody_can_open_is_a_failure(google: Google, tmp_path: Path) -> None:
    spreadsheet = load_config(tmp_path / "cohorte.toml", {}).workspace.spreadsheet
    with local.session(tmp_path / "programme.db") as session:
        session.post(
            f"https://www.googleapis.com/drive/v3/files/{spreadsheet}/permissions",
            json={"type": "anyone", "role": "reader"},
        )

    code, found = _look(tmp_path)

    assert google.calls
    assert (code, found["links"]) == (30, [("failure", "links_open")])


def test_a_form_that_was_closed_too_early_is_a_failure(google: Google, tmp_path: Path) -> None:
    form = load_config(tmp_path / "cohorte.toml", {}).responses.form_id
    state = {"isPublished": True, "isAcceptingResponses": False}
    with local.session(tmp_path / "programme.db") as session:
        session.post(
            f"{_FORM}/{form}:setPublishSettings", json={"publishSettings": {"publishState": state}}
        )

    code, found = _look(tmp_path)

    assert google.calls
    assert (code, found["form"]) == (30, [("failure", "form_closed")])


def test_a_configuration_that_cannot_serve_is_told_and_nobody_is_asked(
    google: Google, tmp_path: Path
) -> None:
    (tmp_path / "cohorte.toml").write_text("langage = 1", encoding="utf-8")

    code, found = _look(tmp_path)

    assert (code, list(found)) == (78, ["config"])
    assert google.calls == []


def test_a_probe_sends_one_message_to_oneself_whatever_it_tries(tmp_path: Path) -> None:
    made = small_programme(tmp_path)
    config = (
        '[workspace]\nkind = "embedded"\npath = "programme.db"\n'
        f'[responses]\ntabs = ["{TAB}"]\n[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, encoding="utf-8")

    _, found = _look(tmp_path, "--probe")

    with local.session(made.path) as session:
        (message,) = local.read_mailbox(session.store)
    assert found["probe"] == [("ok", "probe")]
    assert message.is_sent
    assert "x-cohorte-key" not in message.headers


@pytest.mark.parametrize(
    ("again", "copies", "code", "ends"),
    [
        (200, 2, "probe_twice", 30),
        (404, 2, "probe_twice", 30),
        (200, 1, "probe_silent", 0),
        (400, 1, "probe", 0),
        (503, 1, "unreachable", 69),
    ],
)
@responses.activate
def test_what_gmail_does_with_a_second_sending_is_told(
    again: int, copies: int, code: str, ends: int
) -> None:
    message = {"id": "a1", "threadId": "t1", "labelIds": ["SENT"], "internalDate": "1673334000000"}
    responses.get(f"{_GMAIL}/profile", json={"emailAddress": "comite@example.org"})
    responses.post(f"{_GMAIL}/drafts", json={"id": "r1", "message": message})
    responses.post(f"{_GMAIL}/drafts/send", json=message)
    responses.post(f"{_GMAIL}/drafts/send", json=message if again == 200 else {}, status=again)
    responses.get(f"{_GMAIL}/threads/t1", json={"messages": [message] * copies})

    with requests.Session() as session:
        finding = probe_mailbox(session, "Essai", "Essai")

    assert (finding.code, finding.exit_code) == (code, ends)


def test_the_dns_is_asked_little_and_a_policy_is_looked_for_above(tmp_path: Path) -> None:
    config = (
        '[workspace]\nkind = "google"\nspreadsheet = "1"\n[responses]\ntabs = ["R"]\n'
        '[fields]\nname = "Nom"\n[mail]\nsender = "a@ca.example.org"\ntransport = "smtp"\n'
        '[smtp]\nhost = "mx.example.org"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, encoding="utf-8")
    asked: list[str] = []

    def lookup(name: str) -> tuple[str, ...]:
        asked.append(name)
        return {"default._domainkey.ca.example.org": ("p=MIIB",), **_DNS}.get(name, ())

    found = find_records(load_config(tmp_path / "cohorte.toml", {}), lookup)

    assert found is not None
    assert (found.spf, found.dkim, found.dmarc) == ((), ("p=MIIB",), ("v=DMARC1; p=none",))
    assert len(asked) <= 5


def test_a_resolver_that_does_not_answer_is_no_absence_and_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[workspace]\nkind = "google"\nspreadsheet = "1"\n[responses]\ntabs = ["R"]\n'
    text += '[fields]\nname = "Nom"\n[mail]\nsender = "a@example.org"\n'
    (tmp_path / "cohorte.toml").write_text(text, encoding="utf-8")
    asked: list[object] = []

    def fail(name: object, *_: object, **__: object) -> None:
        asked.append(name)
        raise OSError("no network")

    monkeypatch.setattr("dns.resolver.resolve", fail)

    found = find_records(load_config(tmp_path / "cohorte.toml", {}), look_up_texts)

    assert found == Records()
    assert asked == ["example.org"]
