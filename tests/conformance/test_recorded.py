"""The embedded workspace answers what Google answered.

With credentials (see `workspaces`), `pytest tests/conformance/test_recorded.py` asks Google and
keeps its answers under `recorded/`, with the date. Without, the embedded workspace is held against
what was kept. A story that nobody has recorded yet is only told.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.conformance.scenarios import SCENARIOS, dump, file_name, plain, read, tell
from tests.conformance.validated import validated_session
from tests.conformance.workspaces import google_session

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDED: Final = Path(__file__).with_name("recorded")


def record(folder: Path, name: str, answers: list[Any], now: datetime) -> None:
    """Keep what Google answered."""
    folder.mkdir(exist_ok=True)
    (folder / file_name(name)).write_text(dump(now.date().isoformat(), answers), encoding="utf-8")


def differences(folder: Path, name: str, answers: list[Any]) -> list[str]:
    """Where answers differ from what was recorded, a line each; none when nothing was."""
    path = folder / file_name(name)
    if not path.exists():
        return []
    kept = json.loads(path.read_text(encoding="utf-8"))
    pairs = enumerate(zip(kept["answers"], answers, strict=True))
    return [
        f"{name}, call {index}: Google ({kept['recorded']}) {theirs!r}, embedded {ours!r}"
        for index, (theirs, ours) in pairs
        if theirs != ours
    ]


def _tell_embedded(name: str) -> list[Any]:
    with validated_session() as session:
        return tell(session, SCENARIOS[name])


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("kind", ["embedded", "google"])
def test_each_story_is_answered_as_google_did(kind: str, name: str) -> None:
    if kind == "google":
        with google_session() as session:
            record(RECORDED, name, tell(session, SCENARIOS[name]), datetime.now(UTC))
        return

    answers = _tell_embedded(name)

    assert differences(RECORDED, name, answers) == []
    assert {answer["status"] for answer in answers} <= {200, 400}


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda _: None, 0),
        (lambda answers: answers[2]["body"].update(range="A1"), 1),
        (lambda answers: answers[0].update(status=400), 1),
    ],
)
def test_an_answer_that_differs_from_the_recording_is_told(
    tmp_path: Path, spoil: Callable[[list[Any]], None], found: int
) -> None:
    name = "append-beside-a-gap"
    recorded = _tell_embedded(name)
    spoil(recorded)
    record(tmp_path, name, recorded, datetime(2026, 1, 31, tzinfo=UTC))

    told = differences(tmp_path, name, _tell_embedded(name))

    assert len(told) == found
    assert all("2026-01-31" in line for line in told)


def test_what_passes_is_not_compared() -> None:
    answer = {"spreadsheetId": "1a", "replies": [{"message": "x", "n": 0.1 + 0.2}]}

    assert plain(answer) == {"replies": [{"n": 0.3}]}
    assert read("A1").path == "/values/A1"


def test_a_row_after_a_gap_is_appended_where_google_was_seen_to_append_it() -> None:
    told = _tell_embedded("append-beside-a-gap")

    assert told[1]["body"]["updates"]["updatedRange"] == "Feuille!C2"
