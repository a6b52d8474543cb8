"""login: from the browser to a file for its owner alone, and on to a night."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from click.testing import CliRunner

from automation.cli import main
from automation.config import load_config
from automation.config.secret_files import write_secret
from automation.google.login import Login
from automation.google.scopes import Feature
from tests.google.loopback import Google, serve_google
from tests.programme import NOW, TAB, small_programme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

_CLIENT = {"client_id": "client.apps.googleusercontent.com", "client_secret": "s3cret"}
_ALL = {"spreadsheets", "drive.metadata.readonly"}


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """A small programme that lives at Google, and the console's file of an application."""
    made = small_programme(tmp_path)
    config = (
        f'[workspace]\nkind = "google"\nspreadsheet = "{made.spreadsheet_id}"\n'
        '[google]\ncredentials = "moi.json"\n'
        f'[responses]\ntabs = ["{TAB}"]\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, encoding="utf-8")
    (tmp_path / "client.json").write_text(json.dumps({"installed": _CLIENT}), encoding="utf-8")
    with serve_google(Google(""), made.path, NOW, monkeypatch) as served:
        served.refresh["r3fresh"] = set(_ALL)
        yield served


class Browser:
    """A person in a browser: says yes, or something else."""

    def __init__(self, google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
        self.google = google
        self.answer = {"code": "c0de"}
        self.state: str | None = None
        self.asked: dict[str, str] = {}
        self.page = ""
        monkeypatch.setattr("webbrowser.get", lambda _=None: self)

    def open(self, url: str, **_: Any) -> None:
        """Answer, and go where Google sends the browser back to."""
        back = self.land(url)
        threading.Thread(target=self._visit, args=(back,), daemon=True).start()

    def land(self, url: str) -> str:
        """Return the address where the browser ends."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.google.challenge = self.asked["code_challenge"]
        state = self.asked["state"] if self.state is None else self.state
        return f"{self.asked['redirect_uri']}?{urlencode({**self.answer, 'state': state})}"

    def _visit(self, url: str) -> None:
        self.page = requests.get(url, timeout=10).text


@pytest.fixture
def browser(google: Google, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(google, monkeypatch)


def _run(folder: Path, *words: str, stdin: str | None = None) -> Result:
    config = str(folder / "cohorte.toml")
    return CliRunner().invoke(main, ["--config", config, *words], input=stdin)


def test_a_login_in_the_browser_is_enough_for_a_night(browser: Browser, tmp_path: Path) -> None:
    said = _run(tmp_path, "login", str(tmp_path / "client.json"))
    night = _run(tmp_path, "plan")

    assert said.exit_code == 0, said.output
    assert browser.asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert browser.asked["code_challenge_method"] == "S256"
    assert browser.asked["access_type"] == "offline"
    assert night.exit_code == 0, night.output


def test_what_is_asked_for_is_what_the_configuration_needs_and_is_told_before(
    browser: Browser, tmp_path: Path
) -> None:
    plain = _run(tmp_path, "login", str(tmp_path / "client.json"))
    asked = {scope.rpartition("/")[2] for scope in browser.asked["scope"].split()}
    browser.google.refresh["r3fresh"] |= {"forms.body", "forms.responses.readonly"}
    forms = _run(tmp_path, "login", "--allow", "forms")
    more = {scope.rpartition("/")[2] for scope in browser.asked["scope"].split()}

    assert asked == _ALL
    assert all(name in plain.stdout for name in asked)
    assert more - asked == {"forms.body", "forms.responses.readonly"}
    assert "forms.body" in forms.stdout


@pytest.mark.skipif(os.name != "posix", reason="no such bits")
def test_only_the_owner_can_read_what_is_kept_and_nothing_of_it_is_shown(
    browser: Browser, tmp_path: Path
) -> None:
    before = os.umask(0)
    said = _run(tmp_path, "login", str(tmp_path / "client.json"))
    os.umask(before)

    kept = tmp_path / "moi.json"
    assert browser.asked
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text(encoding="utf-8")).items() >= {("refresh_token", "r3fresh")}
    assert not any(word in said.output for word in ("r3fresh", "s3cret", "t0ken", "c0de"))
    assert [path.name for path in tmp_path.glob(".moi*")] == []


def test_a_second_login_needs_no_client_any_more(browser: Browser, tmp_path: Path) -> None:
    _run(tmp_path, "login", str(tmp_path / "client.json"))
    (tmp_path / "client.json").unlink()

    again = _run(tmp_path, "login")

    assert again.exit_code == 0, again.output
    assert browser.asked["client_id"] == _CLIENT["client_id"]


def test_another_device_s_browser_does_too(browser: Browser, tmp_path: Path) -> None:
    config = load_config(tmp_path / "cohorte.toml", {})
    flow = Login.begin(_CLIENT, [Feature.SHEETS, Feature.SHARING])

    kept = flow.ask_elsewhere(lambda url: f" {browser.land(url)}\n")

    assert config.google.credentials is not None
    write_secret(config.google.credentials, kept)
    assert _run(tmp_path, "plan").exit_code == 0


def test_an_address_pasted_from_somewhere_else_is_no_login(
    browser: Browser, tmp_path: Path
) -> None:
    said = _run(
        tmp_path, "login", str(tmp_path / "client.json"), "--paste", stdin="https://example.org\n"
    )

    assert browser.asked == {}
    assert (said.exit_code, "n’a pas abouti" in said.stderr) == (77, True)


@pytest.mark.parametrize(
    ("answer", "state", "code", "what"),
    [
        ({"error": "access_denied"}, None, 77, "n’a pas été donnée"),
        ({"code": "another"}, None, 77, "invalid_grant"),
        ({"code": "c0de"}, "forged", 77, "mismatching_state"),
    ],
)
def test_a_login_that_fails_says_so_in_two_lines_and_keeps_nothing(  # noqa: PLR0917
    browser: Browser,
    tmp_path: Path,
    answer: dict[str, str],
    state: str | None,
    code: int,
    what: str,
) -> None:
    browser.answer, browser.state = answer, state

    said = _run(tmp_path, "login", str(tmp_path / "client.json"))

    assert said.exit_code == code
    assert len(said.stderr.splitlines()) == 2
    assert what in said.stderr
    assert not (tmp_path / "moi.json").exists()


def test_boxes_left_unticked_keep_nothing(browser: Browser, tmp_path: Path) -> None:
    browser.google.refresh["r3fresh"] = {"spreadsheets"}

    said = _run(tmp_path, "login", str(tmp_path / "client.json"))

    assert (said.exit_code, "cochez chaque case" in said.stderr) == (77, True)
    assert not (tmp_path / "moi.json").exists()


def test_a_key_is_not_replaced_by_a_login(browser: Browser, tmp_path: Path) -> None:
    key = tmp_path / "moi.json"
    key.write_text('{"type": "service_account"}', encoding="utf-8")
    key.chmod(0o600)

    said = _run(tmp_path, "login", str(tmp_path / "client.json"))

    assert (said.exit_code, "--keep" in said.stderr) == (2, True)
    assert browser.asked == {}
    assert "service_account" in key.read_text(encoding="utf-8")


def test_without_an_application_it_says_how_to_make_one(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["--config", str(tmp_path / "none.toml"), "login"])

    assert said.exit_code == 2
    assert "ID client OAuth" in said.stderr
