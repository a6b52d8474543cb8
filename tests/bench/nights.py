"""How long a night takes, how much it holds in memory and how often it calls Google.

Each size runs in a process of its own, so that one's memory is not another's.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from automation.collector import collector_paused
from automation.config import parse_config
from automation.core.plan import make_plan
from automation.night import run_night
from automation.workbook.guards import new_run
from automation.workbook.loading import create_spreadsheet
from automation.workbook.reader import read_snapshot
from automation.workbook.writer import write_plan
from automation.workspace import open_workspace, with_spreadsheet
from tests.bench.registrations import HEADER, make_insistent, make_registrations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gspread import HTTPClient

    from automation.config import Config

_NOW = datetime(2024, 6, 1, 6, 0, tzinfo=UTC)
_TAB = "Réponses au formulaire 1"
_CHUNK = 10_000

_CONFIG = f"""
[workspace]
kind = "embedded"
path = "bench.db"
[responses]
tabs = ["{_TAB}"]
[fields]
first_name = "Prénom"
last_name = "Nom de famille"
email = "Adresse courriel"
phone = "Téléphone"
municipality = "Municipalité"
cohort = "Cohorte"
consent = "Consentement"
[fields.extra]
trade = {{ question = "Métier", label = "Métier" }}
hopes = {{ question = "Qu’espérez-vous du programme ?", label = "Attentes" }}
[fields.choices.themes]
question = "Thèmes"
label = "Thèmes"
options = [
  "Briser l’isolement",
  "Trouver l’équilibre, ou le garder (travail et famille)",
]
"""


class Figures(Struct):
    """What was measured of one size."""

    responses: int
    seconds: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)
    json_ratio: float = 0.0

    @contextmanager
    def step(self, name: str, session: Any) -> Iterator[None]:
        """Measure a step: processor seconds, calls to Google, and the process's peak so far."""
        calls, start = len(session.calls), time.process_time()
        with collector_paused():
            yield
        self.seconds[name] = round(time.process_time() - start, 3)
        self.calls[name] = len(session.calls) - calls
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.peak_mb[name] = round(peak, 1)


def measure_night(rows: list[list[object]], cohorts: int) -> Figures:
    """Return the figures of a first night over responses, and of a quiet one after it."""
    count = len(rows)
    figures = Figures(responses=count)
    with tempfile.TemporaryDirectory() as folder:
        config = parse_config(_CONFIG.encode(), Path(folder) / "bench.toml", {})
        with open_workspace(config, lambda: _NOW, new=True) as workspace:
            http = workspace.http
            config = with_spreadsheet(config, create_spreadsheet(http, "Bench", _TAB, HEADER))
            _fill(http, config, rows)
            run_night(http, config, event="apply", moment=lambda _: _NOW, token="0000")
            _add_cohorts(http, config, count, cohorts)
            _measure(figures, http, config)
        figures.json_ratio = round(figures.seconds["plan"] / _time_json(rows), 1)
    return figures


def _measure(figures: Figures, http: HTTPClient, config: Config) -> None:
    session = http.session
    with figures.step("read", session):
        snapshot = read_snapshot(http, config)
    with figures.step("plan", session):
        plan = make_plan(snapshot, config.rules, _NOW)
    with figures.step("write and check", session):
        run = new_run("night", lambda: _NOW, "0001")
        write_plan(http, snapshot, plan, config.rules, run)
    del snapshot, plan
    with figures.step("quiet read", session):
        snapshot = read_snapshot(http, config)
    with figures.step("quiet plan", session):
        plan = make_plan(snapshot, config.rules, _NOW)
    if not plan.empty:
        raise AssertionError("a second night at the same instant must decide nothing")
    del snapshot, plan
    with figures.step("apply without news", session):
        run_night(http, config, event="apply", moment=lambda _: _NOW, token="0002")


def _time_json(rows: list[list[object]]) -> float:
    text = json.dumps(rows)
    start = time.process_time()
    json.loads(text)
    return time.process_time() - start


def _fill(http: HTTPClient, config: Config, rows: list[list[object]]) -> None:
    sheet_id = _sheet_id(http, config, _TAB)
    for start in range(0, len(rows), _CHUNK):
        _append(http, config, sheet_id, rows[start : start + _CHUNK])


def _add_cohorts(http: HTTPClient, config: Config, count: int, cohorts: int) -> None:
    """Give each cohort places for half of its people, and promotion without asking."""
    rows: list[list[object]] = [
        [f"C{i + 1}", f"Cohorte {i + 1}", count // cohorts // 2, *[None] * 6, "automatique"]
        for i in range(cohorts)
    ]
    _append(http, config, _sheet_id(http, config, "Cohortes"), rows)


def _append(http: HTTPClient, config: Config, sheet_id: int, rows: list[list[object]]) -> None:
    body = {
        "requests": [
            {
                "appendCells": {
                    "sheetId": sheet_id,
                    "rows": [{"values": [_cell(value) for value in row]} for row in rows],
                    "fields": "userEnteredValue",
                }
            }
        ]
    }
    http.batch_update(config.workspace.spreadsheet or "", body)


def _cell(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    kind = "numberValue" if isinstance(value, int | float) else "stringValue"
    return {"userEnteredValue": {kind: value}}


def _sheet_id(http: HTTPClient, config: Config, title: str) -> int:
    about = http.fetch_sheet_metadata(
        config.workspace.spreadsheet or "", {"fields": "sheets.properties"}
    )
    found = {s["properties"]["title"]: s["properties"]["sheetId"] for s in about["sheets"]}
    return int(found[title])


if __name__ == "__main__":
    size, groups = int(sys.argv[1]), int(sys.argv[2])
    insistent = "one" in sys.argv[3:]
    answers = make_insistent(size) if insistent else make_registrations(size, cohorts=groups)
    result = measure_night(answers, groups)
    json.dump(
        {
            "responses": result.responses,
            "seconds": result.seconds,
            "calls": result.calls,
            "peak_mb": result.peak_mb,
            "json_ratio": result.json_ratio,
        },
        sys.stdout,
    )
