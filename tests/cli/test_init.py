"""From nothing to a first night: on Google over loopback, and on a machine of one's own."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from automation import local
from automation.cli import main
from automation.cli.talking import Talk
from automation.config import load_config
from automation.core.rules import Language
from automation.local.forms import answer_form, link_form
from automation.locale import typeset
from tests.google.loopback import ROBOT, Google, make_key, serve_google
from tests.programme import NOW, TAB, Programme, new_programme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

AT = ("--at", "2023-01-10T02:00")
COHORT = ("--cohort", "H23", "--name", "Hiver", "--places", "2", "--opens", "2022-12-01")
MEETING = ("--meeting", "2023-01-16 18:30-21:00 Briser la solitude")
ANSWERS = (
    ("2023-01-02 09:00:00", "Hélène", "Fortin", "helene@example.com", "418 555-0101", "a"),
    ("2023-01-03 09:00:00", "Marc", "Caron", "marc@example.com", "418 555-0102", "b"),
)


@pytest.fixture(autouse=True)
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COHORTE_CONFIG", raising=False)


@pytest.fixture(scope="module")
def key() -> str:
    return make_key()


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """A spreadsheet that a form feeds, which Cohorte has never seen."""
    made = new_programme(tmp_path)
    made.answer(*ANSWERS)
    return made


@pytest.fixture
def google(programme: Programme, key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with serve_google(Google(key), programme.path, NOW, monkeypatch) as served:
        yield served


def run(*words: str, code: int = 0, typed: str = "", at: tuple[str, ...] = ()) -> Result:
    result = CliRunner().invoke(main, [*at, *words], input=typed, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def run_json(*words: str) -> Any:
    return json.loads(run(*words, at=AT).stdout)


def give(secret: str) -> None:
    Path("key.json").write_text(secret, encoding="utf-8")
    Path("key.json").chmod(0o600)


def on_google(programme: Programme, *words: str) -> tuple[str, ...]:
    url = f"https://docs.google.com/spreadsheets/d/{programme.spreadsheet_id}/edit#gid=0"
    home = ("--workspace", "google", "--spreadsheet", url, "--credentials", "key.json")
    return ("init", "--non-interactive", *home, *words)


def enrolled() -> list[tuple[str, str]]:
    rows = json.loads(run("show", "enrolments", "--format", "json").stdout)
    return [(row["first_name"], row["status"]) for row in rows]


def test_a_committees_own_form_has_its_first_night(google: Google, programme: Programme) -> None:
    give(google.robot())

    told = run(*on_google(programme, "--tab", TAB, *COHORT, *MEETING)).stdout
    run("doctor")
    run("nightly")

    assert ROBOT in told
    assert enrolled() == [("Hélène", "confirmed"), ("Marc", "confirmed")]
    rows = json.loads(run("show", "meetings", "--format", "json").stdout)
    assert [(row["date"], row["start"], row["theme"]) for row in rows] == [
        ("2023-01-16", "18:30", "Briser la solitude")
    ]


def test_from_nothing_to_a_night_the_doctor_finds_nothing_to_put_right(
    google: Google, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(google.robot())
    google.delegated = {"gmail.compose", "gmail.readonly"}
    monkeypatch.setattr("automation.doctor.records.look_up_texts", lambda _: None)
    post = ("--transport", "gmail", "--sender", "comite@example.org", "--postal-address", "1, rue")

    run(*on_google(programme, "--tab", TAB, *COHORT, *MEETING, *post))
    before = json.loads(run("doctor", "--json").stdout)
    run("nightly")
    after = json.loads(run("doctor", "--json").stdout)

    looks = [{one["code"] for one in told["findings"]} for told in (before, after)]
    assert (before["exit_code"], after["exit_code"]) == (0, 0)
    assert {
        "account_service",
        "shared",
        "links",
        "questions",
        "mailbox",
        "schedule_absent",
    } <= looks[0]
    assert {"last_night", "schedule"} <= looks[1]


def test_what_is_written_is_a_configuration_with_its_comments(
    google: Google, programme: Programme
) -> None:
    give(google.robot())
    post = ("--transport", "gmail", "--sender", "Le comité <comite@example.org>")
    address = ("--postal-address", "1, rue Principale", "--digest-to", "a@example.org")

    run(*on_google(programme, *post, *address))

    text = Path("config/cohorte.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    assert tables["google"] == {"credentials": "../key.json", "subject": "comite@example.org"}
    assert tables["responses"] == {"tabs": [TAB]}
    assert tables["fields"]["email"] == "Courriel"
    assert tables["fields"]["extra"] == {"trade": "Métier"}
    assert tables["mail"]["mode"] == "review"
    assert tables["committee"] == {"digest_to": ["a@example.org"]}
    assert "# La loi demande une adresse postale" in text


def test_run_again_it_changes_nothing(google: Google, programme: Programme) -> None:
    give(google.robot())
    run(*on_google(programme, *COHORT, *MEETING))
    text, picture = Path("config/cohorte.toml").read_bytes(), programme.picture()

    told = run(*on_google(programme, "--tab", "Autre", "--cohort", "H24", "--places", "9")).stdout

    assert "reste telle quelle" in told
    assert Path("config/cohorte.toml").read_bytes() == text
    assert programme.picture() == picture


def test_nobody_is_admitted_before_there_is_a_cohort(google: Google, programme: Programme) -> None:
    give(google.robot())

    told = run(*on_google(programme)).stdout

    assert "personne n’est admis" in told
    assert enrolled() == []


def test_a_spreadsheet_that_is_not_shared_says_with_whom_to_share_it(
    google: Google, programme: Programme
) -> None:
    give(google.robot())
    google.shared = False

    result = run(*on_google(programme), code=77)

    assert ROBOT in result.stdout
    assert not Path("config/cohorte.toml").exists()


def test_a_conversation_waits_until_the_spreadsheet_is_shared(
    google: Google, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(google.robot())
    google.shared = False
    asked: list[str] = []

    def share(_: Talk, code: str) -> bool:
        asked.append(code)
        google.shared = len(asked) > 1
        return True

    monkeypatch.setattr(Talk, "pause", share)

    run(*on_google(programme))

    assert asked == ["init.not_shared"] * 2
    assert Path("config/cohorte.toml").exists()


def test_a_question_that_was_misread_is_corrected_one_field_at_a_time(
    programme: Programme,
) -> None:
    path = str(programme.path.relative_to(Path.cwd()))
    # Field by field: the fifth question is the phone, the sixth the group.
    fields = "\n\n\n-\n5\n-\n-\n6\n-\n-\n"
    typed = f"embedded\n{TAB}\nnon\n{fields}none\n\n\n\n"

    told = run("init", "--path", path, typed=typed, at=AT).stdout

    found = load_config(Path("config/cohorte.toml"), {}).fields
    assert (found.phone, found.group, dict(found.extra)) == ("Téléphone", "Métier", {})
    assert "  6  Métier" in told


def test_a_field_may_be_said_on_the_command_line(programme: Programme) -> None:
    path = str(programme.path.relative_to(Path.cwd()))
    given = ("--field", "municipality=métier", "--field", "phone=")

    run("init", "--non-interactive", "--workspace", "embedded", "--path", path, *given)

    found = load_config(Path("config/cohorte.toml"), {}).fields
    assert (found.municipality, found.phone) == ("Métier", None)
    assert found.extra["telephone"].question == "Téléphone"


def test_an_answer_that_makes_no_sense_is_asked_for_again() -> None:
    typed = "partout\nembedded\nfolder\npersonne\ncomite@example.org\n\n\n\nH23\n\nbeaucoup\n2\nun jour\n\n\n\n"

    result = run("init", typed=typed, at=AT)

    assert result.output.count("essayez encore") == 4
    assert [c["places"] for c in run_json("status", "--json")["cohorts"]] == [2]


def test_a_conversation_about_a_form_at_google_ends_with_its_first_night(
    google: Google, programme: Programme
) -> None:
    give(google.robot())
    url = f"https://docs.google.com/spreadsheets/d/{programme.spreadsheet_id}/edit"
    public = "https://docs.google.com/forms/d/e/1FAI/viewform"
    home = (
        f"\nla feuille du comité\n{url}\nnulle part.json\nkey.json\n1\noui\nnone\n{public}\n\n\n\n"
    )
    first = "H23\nHiver\n1\n\n\n2023-01-16 18:30 Briser la solitude\n\n"

    told = run("init", typed=home + first).output
    run("nightly")

    assert told.count("essayez encore") == 3
    assert enrolled() == [("Hélène", "confirmed"), ("Marc", "waiting")]


def test_without_anybody_to_ask_it_says_how_to_go_on() -> None:
    result = run("init", code=2)

    assert "--non-interactive" in result.output


def test_without_a_conversation_what_is_missing_is_named(programme: Programme) -> None:
    lacking = run("init", "--non-interactive", "--workspace", "google", code=2)
    wrong = run(
        *("init", "--non-interactive", "--workspace", "embedded"),
        *("--path", programme.path.name, "--field", "courriel=Courriel"),
        code=2,
    )

    assert "--spreadsheet" in lacking.output
    assert "first_name" in wrong.output


@pytest.mark.parametrize(("language", "title"), [("fr", "Inscription"), ("en", "Registration")])
def test_on_ones_own_machine_everything_is_made(language: str, title: str) -> None:
    told = run(
        *("--lang", language, "init", "--non-interactive", "--workspace", "embedded"),
        *(*COHORT, "--transport", "folder", "--sender", "comite@example.org"),
        at=AT,
    ).stdout

    config = load_config(Path("config/cohorte.toml"), {})
    assert title in told
    assert config.language is Language(language)
    assert config.ma_place.prefilled_url is not None
    form = config.responses.form_id or ""
    with local.session(Path("cohorte.db")) as session:
        found = session.get(f"https://forms.googleapis.com/v1/forms/{form}").json()
    assert found["linkedSheetId"]
    assert Path("config/ma-place-secret.txt").stat().st_mode & 0o077 == 0
    assert [c["code"] for c in run_json("status", "--json")["cohorts"]] == ["H23"]


def made(google: Google) -> int:
    return google.calls.count("POST forms.googleapis.com/v1/forms")


def form_ids(programme: Programme) -> list[str]:
    """Return the forms that were made, the registration form first."""
    about, _ = programme.picture()  # type: ignore[misc] # a picture is for comparing
    notes = [m for m in about["developerMetadata"] if m["metadataKey"] == "cohorte.forms"]  # type: ignore[has-type]
    return [m["metadataValue"] for m in sorted(notes, key=lambda m: m["metadataId"])]


def test_forms_are_made_once_and_the_set_up_goes_on_after_the_click(
    google: Google, programme: Programme
) -> None:
    give(google.person("spreadsheets", "forms.body", "forms.responses.readonly"))
    words = on_google(programme, "--make-forms", *COHORT)

    first = run(*words, code=78)
    second = run(*words, code=78)
    with local.session(programme.path, clock=lambda: NOW) as session:
        for form in form_ids(programme):
            link_form(session.store, form, programme.spreadsheet_id, NOW)
        answers = {"Prénom": "Ève", "Nom de famille": "Roy", "Téléphone": "418 555-0109"}
        answer_form(session.store, form_ids(programme)[0], answers, NOW)
    run(*words)
    run("nightly")

    assert "Associer à Sheets" in first.output
    assert "Formulaire déjà là" in second.stdout
    assert made(google) == 2
    config = load_config(Path("config/cohorte.toml"), {})
    assert config.responses.form_id == form_ids(programme)[0]
    assert config.responses.tabs != (config.ma_place.tab,)
    assert enrolled() == [("Ève", "confirmed")]


def test_the_prefilled_link_names_the_question_of_the_code(
    google: Google, programme: Programme
) -> None:
    give(google.person("spreadsheets", "forms.body", "forms.responses.readonly"))
    run(*on_google(programme, "--make-forms"), code=78)
    with local.session(programme.path, clock=lambda: NOW) as session:
        for form in form_ids(programme):
            link_form(session.store, form, programme.spreadsheet_id, NOW)
        url = f"https://forms.googleapis.com/v1/forms/{form_ids(programme)[1]}"
        items = session.get(url).json()["items"]
    number = int(items[0]["questionItem"]["question"]["questionId"], 16)

    run(*on_google(programme, "--make-forms"))

    link = load_config(Path("config/cohorte.toml"), {}).ma_place.prefilled_url or ""
    assert link.endswith(f"/viewform?usp=pp_url&entry.{number}=CODE")


def test_a_description_of_ones_own_is_what_the_form_asks(
    google: Google, programme: Programme
) -> None:
    give(google.person("spreadsheets", "forms.body", "forms.responses.readonly"))
    shipped = Path(__file__).parents[2] / "config" / "forms.fr.toml"
    own = shipped.read_text(encoding="utf-8").replace('"Prénom"', '"Votre prénom"')
    Path("config").mkdir()
    Path("config/forms.toml").write_text(own, encoding="utf-8")

    run(*on_google(programme, "--make-forms"), code=78)

    with local.session(programme.path, clock=lambda: NOW) as session:
        url = f"https://forms.googleapis.com/v1/forms/{form_ids(programme)[0]}"
        form = session.get(url).json()
    assert form["items"][0]["title"] == "Votre prénom"
    assert form["items"][0]["questionItem"]["question"]["required"]
    assert form["publishSettings"]["publishState"]["isAcceptingResponses"]


def test_a_form_that_was_edited_since_it_was_made_is_read_anew(
    google: Google, programme: Programme
) -> None:
    give(google.person("spreadsheets", "forms.body", "forms.responses.readonly"))
    run(*on_google(programme, "--make-forms"), code=78)
    item = {"title": "Votre prénom", "questionItem": {"question": {"textQuestion": {}}}}
    update = {"item": item, "location": {"index": 0}, "updateMask": "title"}
    with local.session(programme.path, clock=lambda: NOW) as session:
        url = f"https://forms.googleapis.com/v1/forms/{form_ids(programme)[0]}:batchUpdate"
        session.post(url, json={"requests": [{"updateItem": update}]})
        for form in form_ids(programme):
            link_form(session.store, form, programme.spreadsheet_id, NOW)

    run(*on_google(programme, "--make-forms"))

    assert load_config(Path("config/cohorte.toml"), {}).fields.first_name == "Votre prénom"


def test_a_description_that_makes_no_sense_is_told_line_by_line(
    google: Google, programme: Programme
) -> None:
    give(google.person("spreadsheets", "forms.body", "forms.responses.readonly"))
    Path("config").mkdir()
    Path("config/forms.toml").write_text('[registration]\ntitel = "A"\n', encoding="utf-8")

    result = run(*on_google(programme, "--make-forms"), code=78)

    assert typeset("[registration] titel : clé inconnue") in result.output
    assert made(google) == 0


def test_a_service_account_makes_no_forms(google: Google, programme: Programme) -> None:
    give(google.robot())

    result = run(*on_google(programme, "--make-forms"), code=78)

    assert "cohorte login --allow forms" in result.output
    assert made(google) == 0


def test_forms_are_not_made_beside_a_configuration(google: Google, programme: Programme) -> None:
    give(google.robot())
    run(*on_google(programme))

    run(*on_google(programme, "--make-forms"), code=2)

    assert made(google) == 0
