"""The demonstration ends as its story says, however often and however it was cut off."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from click.testing import CliRunner

from automation import night
from automation.cli import main
from automation.demo.story import load_story
from automation.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

CONFIG = ("--config", "cohorte-demo/demo.toml")
TABS = ("cohorts", "meetings", "enrolments", "journal", "handled")
STORY = load_story(data_path("config", "demo", "story.toml"))
AFTER = (
    "status --json",
    "plan --json",
    "show enrolments",
    "show journal",
)


class CutOffError(BaseException):
    """Somebody pulled the plug."""


@pytest.fixture(autouse=True)
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def cut_off() -> None:
    with pytest.raises(CutOffError):
        run("demo")


def show(tab: str) -> Any:
    rows = json.loads(run(*CONFIG, "show", tab, "--format", "json").stdout)
    return [{key: value for key, value in row.items() if not is_random(row, key)} for row in rows]


def is_random(row: dict[str, Any], key: str) -> bool:
    """What differs from one telling to the next.

    A run's id ends in random letters, the first line tells the spreadsheet's id, and a run that is cut
    off writes in fewer batches.
    """
    volatile = {"run", "revision"}
    return key in volatile or (key == "reason" and row.get("event") == "made")


def final_state() -> dict[str, Any]:
    state = {tab: show(tab) for tab in TABS}
    # A run that was cut off while its messages left does not come to say how many did.
    state["journal"] = [row for row in state["journal"] if row["event"] != "mailed"]
    return state


@pytest.fixture(name="whole", scope="module")
def fixture_whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("whole"))
        run("demo")
        yield final_state()


def test_the_story_ends_with_both_cohorts_as_told(whole: dict[str, Any]) -> None:
    figures = [
        (row["code"], row["places"], row["confirmed"], row["waiting"], row["free"])
        for row in whole["cohorts"]
    ]

    assert figures == [("C1", 12, 12, 1, 0), ("C2", 12, 9, 0, 3)]


def test_everybody_is_where_their_acts_led(whole: dict[str, Any]) -> None:
    ended = {
        (row["last_name"], row["cohort"], row["number"]): row["status"]
        for row in whole["enrolments"]
        if row["status"] not in {"confirmed", "waiting"}
    }
    phones = {row["last_name"]: row["phone"] for row in whole["enrolments"]}
    emails = {row["last_name"]: row["email"] for row in whole["enrolments"]}
    waiting = [
        row["last_name"]
        for row in sorted(whole["enrolments"], key=lambda row: row["rank"] or 0)
        if row["status"] == "waiting"
    ]

    assert sorted((name, status) for (name, _, _), status in ended.items()) == [
        ("BÉLANGER", "withdrawn"),
        ("Cloutier", "expired"),
        ("Deschenes", "merged"),
        ("Fortin", "merged"),
        ("Lavoie", "withdrawn"),
        ("Test", "removed"),
        ("Thibault", "withdrawn"),
    ]
    assert waiting == ["St-Pierre"]
    assert "0127" in phones["Castonguay"]
    assert emails["Robichaud"] == "nadia@traductions-du-moulin.example"


def test_every_night_of_the_story_is_in_the_journal(whole: dict[str, Any]) -> None:
    nights = [row["at"][:19] for row in whole["journal"] if row["event"] == "night"]

    assert nights == [each.at.isoformat() for each in STORY.night]


def test_a_second_run_is_calm(whole: dict[str, Any]) -> None:
    first = run("demo").stdout
    second = run("demo").stdout

    tables = "Où en sont les cohortes"
    assert "rien n’est refait" in second
    assert second.partition(tables)[2] == first.partition(tables)[2]
    assert final_state() == whole


@pytest.mark.parametrize("nights", [2, 15])
def test_cut_off_after_any_night_it_goes_on_to_the_same_end(
    nights: int, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_night = night.run_night
    passed = 0

    def tiring(*arguments: Any, **options: Any) -> Any:
        nonlocal passed
        if passed == nights:
            raise CutOffError
        passed += 1
        return run_night(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr("automation.demo.run_night", tiring)
        cut_off()
    told = run("demo").stdout

    assert f"nuits déjà passées, {nights}" in told
    assert final_state() == whole


@pytest.mark.parametrize("calls", [1, 8, 206])
def test_cut_off_after_any_call_it_goes_on_to_the_same_end(
    calls: int, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = requests.Session.request
    made = 0

    def tiring(self: requests.Session, *arguments: Any, **options: Any) -> Any:
        nonlocal made
        if made == calls:
            raise CutOffError
        made += 1
        return request(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(requests.Session, "request", tiring)
        cut_off()
    run("demo")

    assert final_state() == whole


def test_what_it_says_to_look_at_next_works_from_the_same_folder() -> None:
    told = run("demo", "ma démo").stdout

    commands = re.findall(r"cohorte (--config '[^']+') ([a-z ]+?)  ", told)
    assert [words for _, words in commands] == [
        "status",
        "show enrolments",
        "show journal",
        "show summary",
        "report",
        "plan",
    ]
    for words in AFTER:
        run("--config", "ma démo/demo.toml", *words.split())


def test_what_somebody_changed_in_the_folder_stays() -> None:
    run("demo")
    config = Path("cohorte-demo/demo.toml")
    config.write_text(config.read_text(encoding="utf-8") + "# à moi\n", encoding="utf-8")

    run("demo")

    assert config.read_text(encoding="utf-8").endswith("# à moi\n")
    assert not list(Path().rglob("*.part"))


def test_somebody_may_play_along_and_nothing_is_played_over_them() -> None:
    run("demo")
    run(*CONFIG, "apply", "--yes")
    before = final_state()

    run("demo")

    assert final_state() == before


def test_it_speaks_english_to_the_last_cell() -> None:
    told = run("--lang", "en", "demo").stdout
    again = run("demo").stdout

    assert "C1 ████████████ 12/12" in told
    assert "Where the cohorts stand" in told
    assert "Waiting list (1)" in again
    assert {row["reason"] for row in show("enrolments") if row["status"] == "removed"} == {
        "The committee removed your enrolment."
    }
