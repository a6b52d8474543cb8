"""Getting in: each way to say who we are, and each way in which it fails, in two lines."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from automation.cli import main
from automation.config import load_config
from automation.errors import CohorteError
from automation.google.gmail import Gmail
from automation.google.retries import ONCE
from automation.google.session import mail_session
from automation.google.sheets import get_spreadsheet
from automation.telling import error_lines
from automation.workspace import open_workspace
from tests.google.loopback import ROBOT, Google, make_key, serve_google
from tests.programme import NOW, TAB, small_programme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

_AUTH = "https://www.googleapis.com/auth/"
_LOOKS = ("--at 2023-01-10T03:00 plan", "doctor --json", "nightly")
_RUNNER = {
    "type": "external_account",
    "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/g",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "token_url": "https://sts.googleapis.com/v1/token",
    "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/"
    f"serviceAccounts/{ROBOT}:generateAccessToken",
    "credential_source": {
        "url": "https://oidc.googleapis.com/word",
        "headers": {"Authorization": "bearer gh-s3cret"},
        "format": {"type": "json", "subject_token_field_name": "value"},
    },
}


@pytest.fixture(scope="module")
def key() -> str:
    return make_key()


@pytest.fixture
def google(tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """A small programme that lives at Google."""
    made = small_programme(tmp_path)
    config = (
        f'[workspace]\nkind = "google"\nspreadsheet = "{made.spreadsheet_id}"\n'
        '[google]\ncredentials = "key.json"\nsubject = "comite@example.org"\n'
        f'[responses]\ntabs = ["{TAB}"]\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\ntrade = "Métier"\n'
        '[mail]\nsender = "comite@example.org"\npostal_address = "100, rue Principale"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, encoding="utf-8")
    with serve_google(Google(key), made.path, NOW, monkeypatch) as served:
        yield served


def _give(folder: Path, secret: str) -> None:
    path = folder / "key.json"
    path.write_text(secret, encoding="utf-8")
    path.chmod(0o600)


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(folder / "cohorte.toml"), *words])


def _scopes(google: Google) -> list[set[str]]:
    return list(google.tokens.values())


def test_a_service_account_opens_the_spreadsheet_with_a_token_for_it_alone(
    google: Google, tmp_path: Path
) -> None:
    _give(tmp_path, google.robot())

    result = _run(tmp_path, "--at", "2023-01-10T02:00", "plan", "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["cohorts"][0]["confirmed"] == 3
    assert _scopes(google) == [{"spreadsheets"}]


def test_a_person_who_logged_in_opens_it_too(google: Google, tmp_path: Path) -> None:
    _give(tmp_path, google.person("spreadsheets"))

    result = _run(tmp_path, "plan")

    assert result.exit_code == 0, result.output
    assert _scopes(google) == [{"spreadsheets"}]


def test_a_job_opens_it_by_the_word_of_its_runner_and_without_a_key(
    google: Google, tmp_path: Path
) -> None:
    _give(tmp_path, json.dumps(_RUNNER))

    result = _run(tmp_path, "plan")

    assert result.exit_code == 0, result.output
    assert google.asked[0]["subject_token"] == "the-runner-s-word"  # noqa: S105 - of a test


def test_the_surroundings_vouch_for_a_job_where_the_configuration_names_nothing(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "runner.json").write_text(json.dumps(_RUNNER), encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "runner.json"))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "cohorte")

    result = _run(tmp_path, "plan")

    assert result.exit_code == 0, result.output
    assert google.calls


@pytest.mark.skipif(os.name != "posix", reason="no such bits")
def test_a_key_that_the_surroundings_name_must_be_private_too(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "adc.json"
    key.write_text(google.robot(), encoding="utf-8")
    key.chmod(0o644)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))

    result = _run(tmp_path, "plan")

    assert (result.exit_code, f"chmod 600 {key}" in result.stderr) == (77, True)
    assert google.asked == []


@pytest.mark.parametrize("kind", ["service", "person", "runner"])
def test_no_secret_is_ever_written_anywhere(
    google: Google,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr("automation.doctor.records.look_up_texts", lambda _: ())
    secrets = {
        "service": google.robot(),
        "person": google.person("spreadsheets", "drive.metadata.readonly"),
        "runner": json.dumps(_RUNNER),
    }
    _give(tmp_path, secrets[kind])

    told = [_run(tmp_path, "-v", *words.split()).output for words in _LOOKS]
    google.off = {"sheets.googleapis.com"}
    told += [_run(tmp_path, "-v", *words.split()).output for words in _LOOKS]

    assert "Fortin" in told[0]
    private = google.key.splitlines()[1]
    hidden = ("s3cret", "r3fresh", "t0ken-", "runner-s-word", private)
    for text in (*told, caplog.text):
        assert [secret for secret in hidden if secret in text] == []


@pytest.mark.parametrize("kind", ["service", "runner"])
def test_the_mailbox_is_that_of_the_person_for_whom_the_service_account_may_act(
    google: Google, tmp_path: Path, kind: str
) -> None:
    _give(tmp_path, google.robot() if kind == "service" else json.dumps(_RUNNER))
    google.delegated = {"gmail.compose", "gmail.readonly"}

    with mail_session(load_config(tmp_path / "cohorte.toml", {})) as session:
        drafts = list(Gmail(session, ONCE).list_drafts())

    assert drafts == []
    assert _scopes(google)[-1] == {"gmail.compose", "gmail.readonly"}


def test_a_job_that_may_not_have_its_account_sign_is_told_at_once(
    google: Google, tmp_path: Path
) -> None:
    _give(tmp_path, json.dumps(_RUNNER))
    google.signs = False

    with (
        mail_session(load_config(tmp_path / "cohorte.toml", {})) as session,
        pytest.raises(CohorteError) as raised,
    ):
        list(Gmail(session).list_drafts())

    assert (raised.value.code, raised.value.exit_code) == ("no_signing", 77)


def test_an_export_asks_to_read_files_and_nothing_else_does(google: Google, tmp_path: Path) -> None:
    _give(tmp_path, google.robot())

    result = _run(tmp_path, "export", str(tmp_path / "programme.xlsx"))

    assert result.exit_code == 0, result.output
    assert _scopes(google) == [{"drive.readonly"}]


def _wrong_key(_google: Google, folder: Path) -> None:
    _give(folder, Google(make_key()).robot())


def _ended(google: Google, folder: Path) -> None:
    _give(folder, google.person("spreadsheets"))
    google.refresh.clear()


def _too_little(google: Google, folder: Path) -> None:
    _give(folder, google.person("gmail.compose"))


def _unshared(google: Google, folder: Path) -> None:
    _give(folder, google.robot())
    google.shared = False


def _api_off(google: Google, folder: Path) -> None:
    _give(folder, google.robot())
    google.off = {"sheets.googleapis.com"}


def _unknown_sheet(google: Google, folder: Path) -> None:
    _give(folder, google.robot())
    path = folder / "cohorte.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = 'spreadsheet = "1Inconnue"'
    path.write_text("\n".join(lines), encoding="utf-8")


def _no_network(google: Google, folder: Path) -> None:
    _give(folder, google.robot())
    google.offline = True


def _clock_off(google: Google, folder: Path) -> None:
    _give(folder, google.robot())
    google.ahead = 3660.0


def _unknown_runner(_google: Google, folder: Path) -> None:
    source = {"file": str(folder / "word.txt")}
    (folder / "word.txt").write_text("another word", encoding="utf-8")
    _give(folder, json.dumps(_RUNNER | {"credential_source": source}))


@pytest.mark.parametrize(
    ("spoil", "exit_code", "what", "remedy"),
    [
        (_wrong_key, 77, "ne reconnaît pas la clé", "nouvelle clé JSON"),
        (_ended, 77, "a expiré, ou a été retirée", "cohorte login"),
        (_too_little, 77, "ne couvre pas Google Sheets API", "toutes les cases"),
        (_unshared, 77, "refuse l’accès", "Partagez-la, comme éditeur"),
        (_api_off, 77, "n’est pas activée", "library/sheets.googleapis.com"),
        (_unknown_sheet, 65, "ne trouve pas", "[workspace] spreadsheet"),
        (_no_network, 69, "ne répond pas", "connexion à Internet"),
        (_clock_off, 77, "fausse de 61 minutes", "Remettez l’horloge"),
        (_unknown_runner, 77, "ne reconnaît pas cette tâche", "id-token: write"),
    ],
)
def test_what_keeps_us_out_is_told_in_two_lines_what_and_what_to_do(  # noqa: PLR0917
    google: Google,
    tmp_path: Path,
    spoil: Callable[[Google, Path], None],
    exit_code: int,
    what: str,
    remedy: str,
) -> None:
    spoil(google, tmp_path)
    config = load_config(tmp_path / "cohorte.toml", {})

    with (
        pytest.raises(CohorteError) as raised,
        open_workspace(config, lambda: NOW, retries=ONCE) as workspace,
    ):
        get_spreadsheet(workspace.http, config.workspace.spreadsheet or "")

    lines = error_lines(raised.value, "fr")
    assert raised.value.exit_code == exit_code
    assert (what in lines[0], remedy in lines[1]) == (True, True), lines
    assert not any("\n" in line for line in lines)
    told = f"{lines}{error_lines(raised.value, 'en')}{raised.value}"
    assert not any(word in told for word in ("r3fresh", "s3cret", "t0ken", "PRIVATE", ROBOT))


@pytest.mark.parametrize(
    ("granted", "subject", "code"),
    [
        ((), "comite@example.org", "no_delegation"),
        (("gmail.compose", "gmail.readonly"), "inconnu@example.org", "no_such_subject"),
    ],
)
def test_a_mailbox_that_is_not_ours_to_write_from_is_told_with_its_cause(
    google: Google, tmp_path: Path, granted: tuple[str, ...], subject: str, code: str
) -> None:
    _give(tmp_path, google.robot())
    google.delegated = set(granted)
    path = tmp_path / "cohorte.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('subject = "comite@', f'subject = "{subject.partition("@")[0]}@'), "utf-8"
    )

    with (
        mail_session(load_config(path, {})) as session,
        pytest.raises(CohorteError) as raised,
    ):
        list(Gmail(session, ONCE).list_drafts())

    assert (raised.value.code, raised.value.exit_code) == (code, 77)
