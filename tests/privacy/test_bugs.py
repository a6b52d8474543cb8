"""A bug whose words quote somebody's answer: told by its kind and its place, and never by its words."""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
import requests
import responses
from click.testing import CliRunner, Result
from gspread.exceptions import APIError
from pydantic import BaseModel, ValidationError

from automation.bugs import keep_logs_discreet, trace_bug
from automation.cli import main
from automation.errors import ConfigError
from automation.papers.templates import render_template
from automation.telling import error_lines
from tests.privacy.search import letters_to, memory, named
from tests.privacy.story import CONFIG, EMAIL, FIRST, LAST, PHONE, TRADE
from tests.studio.town import visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.programme import Programme

_PING: Final = "https://surveillance.example.org/ping/secret"
_ALERTS: Final = f"""
[committee]
digest_to = ["comite@example.org"]
[alerts]
maintainer = "entretien@example.org"
heartbeat = "{_PING}"
"""
_ENV: Final = {"COHORTE_MA_PLACE_SECRET": "a secret of the tests"}


class _Row(BaseModel):
    phone: int


_KNOWN: Final[dict[str, str]] = {}


def _look_up(*_: object, **__: object) -> str:
    return _KNOWN[EMAIL]


def _convert(*_: object, **__: object) -> float:
    try:
        return float(_KNOWN[LAST])
    except KeyError as error:
        raise ValueError(f"could not convert string to float: '{FIRST}, {PHONE}'") from error


def _validate(*_: object, **__: object) -> None:
    _Row.model_validate({"phone": f"{PHONE} ({FIRST})", TRADE: LAST})


def _be_refused(*_: object, **__: object) -> None:
    response = requests.Response()
    response.status_code = 400
    error = {"code": 400, "message": f"Invalid value: {FIRST} {LAST}", "status": "INVALID"}
    response._content = json.dumps({"error": error}).encode()
    raise APIError(response)


def _fall(*_: object, **__: object) -> None:
    _fall(FIRST, name=LAST)


_BUGS: Final = {
    "automation.workbook.reader.read_register": (_look_up, KeyError),
    "automation.core.plan.list_changes": (_convert, ValueError),
    "automation.workbook.writer.plan_units": (_be_refused, APIError),
    "automation.mail.delivery.compose": (_validate, ValidationError),
    "automation.local.transport.reply_to": (_fall, RecursionError),
}
"""Where each of them shows itself: reading, deciding, writing, mailing, and in Google's stead."""


@pytest.fixture(name="programme")
def fixture_programme(lived: Programme, tmp_path: Path) -> Programme:
    text = CONFIG.replace('mode = "review"', 'mode = "automatic"') + _ALERTS
    (tmp_path / "cohorte.toml").write_text(text, "utf-8")
    return lived.forked(tmp_path / "programme.db")


@pytest.fixture(autouse=True)
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(_PING)
        mock.get(f"{_PING}/fail")
        yield mock


def run(programme: Programme, *words: str, day: str = "2023-01-10T12:00") -> Result:
    config = programme.path.with_name("cohorte.toml")
    return CliRunner(env=_ENV).invoke(main, ["--config", str(config), "--at", day, *words])


@pytest.mark.parametrize("place", _BUGS)
def test_no_word_of_a_bug_gets_out_of_a_night(
    programme: Programme, place: str, monkeypatch: pytest.MonkeyPatch, web: responses.RequestsMock
) -> None:
    stumble, kind = _BUGS[place]
    with monkeypatch.context() as broken:
        broken.setattr(place, stumble)
        nights = [
            run(programme, "nightly"),
            run(programme, "nightly", "--log-format", "json", "--json", day="2023-01-10T13:00"),
        ]
    status = run(programme, "status")

    letters = letters_to(programme, "entretien@example.org")
    heard = "".join(str(call.request.url) for call in web.calls)
    told = [*(night.output for night in nights), status.output, letters, heard, memory(programme)]
    assert [night.exit_code for night in nights] == [1, 1]
    assert all(kind.__name__ in night.output for night in nights)
    assert kind.__name__ in letters or place.endswith("reply_to")
    assert named("\n".join(told)) == set()


_COMMANDS: Final = (
    "adopt",
    "apply --yes",
    "attendance sheets",
    "cohort start C2 --from C1 --opens 2023-04-01",
    "doctor",
    "explain 2",
    "export classeur.xlsx",
    "mail approve --all",
    "mail hold ABCD",
    "mail list",
    "mail preview 2 confirmation",
    "nightly",
    "papers attestations",
    "papers sign-in",
    "person erase 2 --yes",
    "person export 2",
    "person merge 2 5 --yes",
    "person show 2",
    "person split 2 --yes",
    "plan",
    "plan --json",
    "purge --yes",
    "report",
    "show enrolments",
    "show enrolments --format csv",
    "simulate --cohort C1 --places 9",
    "status",
    "status --json",
)


@pytest.mark.parametrize("words", _COMMANDS)
def test_no_word_of_a_bug_gets_out_of_any_command(
    programme: Programme, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("automation.google.sheets.make_call", _convert)

    result = run(programme, *words.split())

    assert result.exit_code == 1, result.output
    assert "KeyError" in result.output
    assert "ValueError" in result.output
    assert "test_bugs.py:" in result.output
    assert named(result.output) == set()


@pytest.mark.parametrize("words", [("status",), ("nightly",), ("nightly", "--log-format", "json")])
def test_who_asks_for_all_of_a_bug_is_warned_and_sees_it(
    programme: Programme, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.google.sheets.make_call", _convert)

    asked = run(programme, "--debug", *words)
    monkeypatch.setenv("COHORTE_DEBUG", "1")
    by_environment = run(programme, *words)

    for result in (asked, by_environment):
        assert result.exit_code == 1
        assert {FIRST, LAST} <= named(result.output)
        assert "Traceback" in result.output
        assert "json" in words or "renseignements personnels" in result.output


def test_what_google_quotes_of_a_write_is_told_by_its_place(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.workbook.writer.plan_units", _misspell)

    result = run(programme, "nightly")
    asked = run(programme, "--debug", "apply", "--yes")

    letters = letters_to(programme, "entretien@example.org")
    assert result.exit_code == asked.exit_code == 1
    assert "INVALID_ARGUMENT requests[1]" in result.output
    assert "requests[1]" in letters
    assert named(result.output + letters) == set()
    assert FIRST in asked.output


def _misspell(*_: object) -> list[Any]:
    title = {"title": f"{FIRST} {LAST}"}
    return [[{"updateSheetProperties": {"properties": title, "fields": f"{FIRST}"}}]]


def test_a_template_of_papers_that_stumbles_over_a_value_does_not_quote_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "sign-in.html.j2").write_text("{{ say(who) }}", "utf-8")

    with pytest.raises(ConfigError) as raised:
        render_template("sign-in.html.j2", tmp_path, "fr", who=LAST)

    told = "\n".join(error_lines(raised.value, "fr"))
    assert "KeyError" in told
    assert named(told) == set()


def test_the_studio_tells_nobody_s_values_of_a_bug(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep_secret_in_a_file(programme.path.parent)
    guest = visit(programme.path.with_name("cohorte.toml"))
    guest.app.testing = False
    _log_as_a_program_does(monkeypatch)
    guest.read("/journal")
    monkeypatch.setattr("automation.google.sheets.make_call", _convert)

    answers = [guest.get(page) for page in ("/journal", "/plan", "/")]
    guest.bench.close()

    told = capsys.readouterr()
    assert {answer.status_code for answer in answers} == {500}
    assert "ValueError" in told.err
    assert named("".join(answer.text for answer in answers) + told.out + told.err) == set()


def _keep_secret_in_a_file(folder: Path) -> None:
    secret = folder / "secret.txt"
    secret.write_text(_ENV["COHORTE_MA_PLACE_SECRET"], "utf-8")
    secret.chmod(0o600)
    config = folder / "cohorte.toml"
    text = config.read_text("utf-8").replace("[ma_place]", '[ma_place]\nsecret_file = "secret.txt"')
    config.write_text(text, "utf-8")


def _log_as_a_program_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the hooks of the test runner, and let ours in until the test ends."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    keep_logs_discreet()


def test_a_library_s_log_and_a_thread_say_where_and_not_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _log_as_a_program_does(monkeypatch)

    logging.getLogger("urllib3.connectionpool").warning("Retrying %s", f"/?q={EMAIL}")
    logging.getLogger("automation.local.server").warning("GET /v4/spreadsheets")
    thread = threading.Thread(target=_look_up)
    thread.start()
    thread.join()
    _lose(_Lost())

    told = capsys.readouterr().err
    assert "WARNING urllib3.connectionpool: test_bugs.py:" in told
    assert "WARNING automation.local.server: GET /v4/spreadsheets" in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert named(told) == set()


class _Lost:
    def __del__(self) -> None:
        _convert()


def _lose(_: _Lost) -> None:
    """Let go of what nobody holds any more."""


def test_whoever_set_up_logs_keeps_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = logging.NullHandler()
    monkeypatch.setattr(logging.getLogger(), "handlers", [theirs])

    keep_logs_discreet()

    assert logging.getLogger().handlers == [theirs]


def test_a_bug_is_told_with_its_causes_and_its_calls_in_order() -> None:
    told = trace_bug(_caught(_convert))

    here = "  test_bugs.py"
    shown = [line.rpartition(":")[0] or line for line in told]
    assert shown == ["KeyError", here, "ValueError", here, here]
    assert told[-1].endswith(" _convert")


def test_a_recursion_is_told_in_a_page() -> None:
    told = trace_bug(_caught(_fall))

    assert told[0] == "RecursionError"
    assert len(told) < 50


def _caught(stumble: Callable[[], object]) -> BaseException:
    try:
        stumble()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError
