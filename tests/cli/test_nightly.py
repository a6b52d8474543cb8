"""Many programmes in one command, and what machines and watchdogs hear of their nights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import responses
from click.testing import CliRunner, Result

from automation import local, night
from automation.cli import main
from automation.cli.sharding import cut
from automation.workbook import guards
from tests.programme import NOW, small_programme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.programme import Programme

_CONFIG = """
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["Réponses au formulaire 1"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
[fields.extra]
trade = "Métier"
[alerts]
heartbeat = "https://surveillance.example.org/ping/secret"
"""
_PING = "https://surveillance.example.org/ping/secret"
_PERSONAL = ("Fortin", "Caron", "Hélène", "example.com", "555")


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    (tmp_path / "cohorte.toml").write_text(_CONFIG, "utf-8")
    return made


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    """Answer what a test registers; the embedded workspace is none of its business."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def _run(*words: str, day: int = 10, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["--at", f"2023-01-{day}T02:00", *words], env=env)


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _config(programme: Programme) -> str:
    return str(programme.path.with_name("cohorte.toml"))


def _break(programme: Programme) -> None:
    """Let an organiser rename a question of the form."""
    programme.put(programme.response_tab(), 0, 3, "Adresse")


def _programmes(folder: Path, count: int) -> dict[str, Programme]:
    """Make so many programmes alike, without a watchdog."""
    made = {}
    for number in range(count):
        home = folder / f"programme-{number}"
        home.mkdir()
        one = small_programme(home)
        config = folder / f"{number}.toml"
        text = _CONFIG.replace("programme.db", f"programme-{number}/programme.db")
        config.write_text(text.partition("[alerts]")[0], "utf-8")
        made[str(config)] = one
    return made


def test_one_that_fails_stops_no_other_and_the_sum_names_it(tmp_path: Path) -> None:
    made = _programmes(tmp_path, 3)
    first, second, third = made
    _break(made[second])

    result = _run("nightly", first, second, third)

    assert result.exit_code == 65
    assert "Programmes : 3; réussis 2, à regarder 0, manqués 1." in _plain(result.stdout)
    assert second in result.stderr.splitlines()[-1]
    assert [len(made[path].rows("enrolments")) for path in (first, third)] == [6, 6]


def test_a_bug_in_one_is_told_with_its_place_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = _programmes(tmp_path, 2)
    run_night = night.run_night

    def stumble(http: Any, config: Any, **options: Any) -> Any:
        if "programme-0" in str(config.workspace.path):
            raise ZeroDivisionError
        return run_night(http, config, **options)

    monkeypatch.setattr(night, "run_night", stumble)

    result = _run("nightly", first, second)

    assert result.exit_code == 1
    assert "ZeroDivisionError\n  automation/cli/nightly.py:" in result.stderr
    assert f"{second} : Inscriptions touchées : 6" in _plain(result.stdout)


def test_an_alert_that_fails_too_stops_no_other(tmp_path: Path) -> None:
    first, second = _programmes(tmp_path, 2)
    with Path(first).open("a", encoding="utf-8") as config:
        config.write(
            '[alerts]\nmaintainer = "entretien@example.org"\n[mail]\nsender = "comite@example.org"\n'
            'postal_address = "100, rue Principale"\n'
        )
    (tmp_path / "programme-0" / "programme.db").write_bytes(b"no workspace at all" * 99)

    result = _run("nightly", first, second)

    assert result.exit_code == 65
    assert "n’a pas pu partir (WorkbookError)" in result.stderr
    assert second in result.stdout.replace("\n", "")


def test_a_log_of_many_nights_holds_nothing_but_lines_of_json(tmp_path: Path) -> None:
    first, second = _programmes(tmp_path, 2)

    result = _run("nightly", first, "missing.toml", second, "--log-format", "json")

    told = [json.loads(line) for line in result.stderr.splitlines()]
    assert [(line["config"], line["exit_code"]) for line in told] == [
        (first, 0),
        ("missing.toml", 78),
        (second, 0),
    ]


def test_at_google_calls_are_counted_and_the_watchdog_sees_no_token(
    tmp_path: Path, web: responses.RequestsMock
) -> None:
    config = tmp_path / "cohorte.toml"
    text = _CONFIG.replace("embedded", "google").replace(
        'path = "programme.db"', 'spreadsheet = "1"'
    )
    config.write_text(text, "utf-8")
    person = {
        "type": "authorized_user",
        "client_id": "c",
        "client_secret": "s",
        "refresh_token": "r",
    }
    web.post("https://oauth2.googleapis.com/token", json={"access_token": "t", "expires_in": 3600})
    web.get(
        "https://sheets.googleapis.com/v4/spreadsheets/1",
        status=404,
        json={"error": {"code": 404, "message": "Requested entity was not found."}},
    )
    web.get(f"{_PING}/fail")

    result = CliRunner().invoke(
        main,
        ["--config", str(config), "nightly", "--log-format", "json"],
        env={"COHORTE_GOOGLE_CREDENTIALS": json.dumps(person)},
    )

    told = json.loads(result.stderr)
    assert (told["error"], told["calls"]["read"], told["calls"]["write"]) == ("not_found", 1, 0)
    ping = web.calls[-1].request
    assert ping.url == f"{_PING}/fail"
    assert "Authorization" not in ping.headers


def test_a_folder_stands_for_its_configurations_each_once(tmp_path: Path) -> None:
    made = _programmes(tmp_path, 2)

    result = _run("nightly", str(tmp_path), next(iter(made)))

    assert result.exit_code == 0
    nights = [[r["event"] for r in one.rows("journal")].count("night") for one in made.values()]
    assert nights == [1, 1]


def test_a_folder_without_configurations_is_wrong_usage(tmp_path: Path) -> None:
    result = _run("nightly", str(tmp_path))

    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr


@pytest.mark.parametrize(
    "workers",
    [
        [(("--shard", f"{index}/3"), {}) for index in range(3)],
        [(("--shard", f"{index}/3"), {}) for index in (1, 2, 3)],
        [((), {"JOB_COMPLETION_INDEX": str(i), "COHORTE_SHARDS": "3"}) for i in range(3)],
        [((), {"CLOUD_RUN_TASK_INDEX": str(i), "CLOUD_RUN_TASK_COUNT": "3"}) for i in range(3)],
    ],
    ids=["from 0", "from 1", "kubernetes", "cloud run"],
)
def test_each_configuration_has_one_worker(
    tmp_path: Path, workers: list[tuple[tuple[str, ...], dict[str, str]]]
) -> None:
    # Nobody made these: a night of theirs ends with code 78, and its name in the sum.
    paths = [str(tmp_path / f"{number}.toml") for number in range(7)]

    told = [_plain(_run("nightly", *o, *paths, env=env).stderr) for o, env in workers]

    named = [sum(f"(code 78) : {path}" in text for text in told) for path in paths]
    assert named == [1] * 7
    assert all(any(path in text for path in paths) for text in told)


def test_parts_do_not_depend_on_the_order_given_and_differ_by_one_at_most(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03}.toml" for number in range(100)]

    for count in (1, 2, 3, 7, 100, 130):
        parts = cut(paths, count)
        assert parts == cut(paths[::-1], count)
        assert sorted(path for part in parts for path in part) == paths
        assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_worker_without_work_is_done(tmp_path: Path) -> None:
    result = _run("nightly", "--shard", "0/2", str(tmp_path / "one.toml"))

    assert result.exit_code == 0


@pytest.mark.parametrize("shard", ["3/2", "1/0", "un/deux", "-1/2", "1"])
def test_what_is_no_shard_is_wrong_usage(shard: str) -> None:
    result = _run("nightly", "--shard", shard)

    assert result.exit_code == 2
    assert "0/4" in result.stderr


def test_an_index_without_a_count_runs_nothing() -> None:
    result = _run("nightly", env={"JOB_COMPLETION_INDEX": "1"})

    assert result.exit_code == 2
    assert "COHORTE_SHARDS" in result.stderr


def test_a_watchdog_hears_of_a_success(programme: Programme, web: responses.RequestsMock) -> None:
    web.get(_PING)

    result = _run("--config", _config(programme), "nightly")

    assert result.exit_code == 0
    assert result.stderr == ""
    assert [(call.request.url, call.request.body) for call in web.calls] == [(_PING, None)]


def test_a_watchdog_hears_of_a_failure(programme: Programme, web: responses.RequestsMock) -> None:
    _break(programme)
    web.get(f"{_PING}/fail")

    result = _run("--config", _config(programme), "nightly")

    assert result.exit_code == 65
    assert [call.request.url for call in web.calls] == [f"{_PING}/fail"]


def test_a_watchdog_of_another_manner_is_told_of_a_failure_in_its_own(
    programme: Programme, web: responses.RequestsMock
) -> None:
    _break(programme)
    failed = "https://surveillance.example.org/ping/secret?state=fail"
    (programme.path.parent / "cohorte.toml").write_text(
        f'{_CONFIG}heartbeat_failed = "{failed}"\n', "utf-8"
    )
    web.get(_PING, match=[responses.matchers.query_param_matcher({"state": "fail"})])

    _run("--config", _config(programme), "nightly")

    assert [call.request.url for call in web.calls] == [failed]


def test_a_night_that_lets_another_finish_tells_the_watchdog_nothing(
    programme: Programme, web: responses.RequestsMock
) -> None:
    web.get(_PING)
    _run("--config", _config(programme), "nightly")
    guard = guards.make_guard(2, "20230111T065500Z-zzzz", NOW.replace(day=11, minute=10))
    programme.ask(guard)

    result = _run("--config", _config(programme), "nightly", day=11)

    assert result.exit_code == 75
    assert len(web.calls) == 1


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_watchdog_that_is_gone_costs_the_night_a_note_without_its_secret(
    programme: Programme, web: responses.RequestsMock, log_format: str
) -> None:
    web.get(_PING, body=requests.ConnectionError())

    result = _run("--config", _config(programme), "nightly", "--log-format", log_format)

    assert result.exit_code == 0
    assert "surveillance.example.org" in result.stderr
    assert "secret" not in result.output
    assert len(programme.rows("enrolments")) == 6


def test_a_machine_s_log_has_one_line_for_a_night_with_nothing_personal(
    programme: Programme, web: responses.RequestsMock
) -> None:
    web.get(_PING)

    result = _run("--config", _config(programme), "nightly", "--log-format", "json")

    (line,) = result.stderr.splitlines()
    told = json.loads(line)
    assert told["run"] == programme.rows("journal")[-1]["run"]
    assert (told["event"], told["severity"], told["exit_code"]) == ("night", "INFO", 0)
    assert set(told["seconds"]) == {"read", "plan", "write", "mail", "held_back", "total"}
    assert told["seconds"]["read"] > 0
    assert told["transitions"] == 6
    assert not any(word in line for word in _PERSONAL)


def test_the_log_counts_the_calls_that_were_made(
    programme: Programme, web: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.get(_PING)
    sessions: list[local.LocalSession] = []
    open_session = local.session

    def remember(*args: Any, **options: Any) -> local.LocalSession:
        sessions.append(open_session(*args, **options))
        return sessions[-1]

    monkeypatch.setattr(local, "session", remember)

    result = _run("--config", _config(programme), "nightly", "--log-format", "json")

    calls = json.loads(result.stderr)["calls"]
    assert sum(calls.values()) == len(sessions[0].calls)
    assert calls["read"] >= 3
    assert calls["write"] == 1


def test_a_failed_night_s_line_says_what_to_do(
    programme: Programme, web: responses.RequestsMock
) -> None:
    _break(programme)
    web.get(f"{_PING}/fail")

    result = _run("--config", _config(programme), "nightly", "--log-format", "json")

    told = json.loads(result.stderr)
    assert (told["severity"], told["error"]) == ("ERROR", "missing_question")
    assert "[fields]" in told["remedy"]
    assert told["run"].startswith("20230110T070000Z-")


def test_a_bug_s_line_says_where_it_is_and_quotes_nobody(
    programme: Programme, web: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Hélène <helene@example.com>")

    monkeypatch.setattr(night, "run_night", fail)
    web.get(f"{_PING}/fail")

    result = _run("--config", _config(programme), "nightly", "--log-format", "json")

    told = json.loads(result.stderr)
    assert result.exit_code == 1
    assert told["message"] == "ZeroDivisionError"
    assert told["where"][-1].startswith("test_nightly.py:")
    assert not any(word in result.output for word in _PERSONAL)


def test_results_for_scripts_and_lines_for_a_log_go_different_ways(
    programme: Programme, web: responses.RequestsMock
) -> None:
    web.get(_PING)

    result = _run("--config", _config(programme), "nightly", "--json", "--log-format", "json")

    assert json.loads(result.stdout)[0]["exit_code"] == 0
    assert json.loads(result.stderr)["exit_code"] == 0
