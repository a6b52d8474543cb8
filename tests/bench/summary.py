"""How long the committee's summary takes over so many enrolments: whole, shared, and in words.

Ten cohorts that met six times each, half of their people confirmed; guests came to one meeting.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from automation.collector import collector_paused
from automation.core.instants import to_instant
from automation.core.model import Cohort, Enrolment, Meeting, Number, Status
from automation.core.responses import split_choices
from automation.core.roll import Guest, Roll, RollRow
from automation.core.rules import ExtraField, FieldMap, Rules
from automation.core.snapshot import Snapshot
from automation.core.summary import list_comments, make_summary, plan_boards, suppress
from tests.bench.registrations import make_registrations
from tests.world import ZONE

if TYPE_CHECKING:
    from collections.abc import Callable

_NOW = datetime(2024, 6, 1, 6, 0, tzinfo=UTC)
_COHORTS = 10
_MEETINGS = 6
_FIRST_DAY = date(2024, 1, 15)
_THEMES = ("Briser l’isolement", "Trouver l’équilibre, ou le garder (travail et famille)")
_RULES = Rules(
    fields=FieldMap(
        name="Nom",
        email="Courriel",
        municipality="Municipalité",
        extra=(
            ExtraField(key="trade", question="Métier", label="Métier"),
            ExtraField(key="hopes", question="Attentes", label="Attentes"),
            ExtraField(key="themes", question="Thèmes", label="Thèmes", options=_THEMES),
        ),
    )
)


def make_programme(count: int) -> Snapshot:
    """Return a workbook with so many enrolments, the same for the same count."""
    chance = random.Random(1)
    rows = make_registrations(count, cohorts=_COHORTS)
    register = tuple(_enrolment(number, row) for number, row in enumerate(rows, start=1))
    codes = [f"C{i}" for i in range(1, _COHORTS + 1)]
    meetings = tuple(
        Meeting(
            row=number + 1,
            number=number,
            cohort=codes[(number - 1) // _MEETINGS],
            day=_FIRST_DAY + timedelta(weeks=number % _MEETINGS),
            theme=f"Thème {number % _MEETINGS}",
        )
        for number in range(1, _COHORTS * _MEETINGS + 1)
    )
    rolls = {one.number or 0: _roll(chance, one, register) for one in meetings}
    return Snapshot(
        spreadsheet_id="bench",
        zone=ZONE,
        locale="fr_CA",
        revision=1,
        cohorts=tuple(
            Cohort(code=code, row=row, places=count // _COHORTS // 2, attestation_at=4)
            for row, code in enumerate(codes, start=2)
        ),
        meetings=meetings,
        register=register,
        rolls=rolls,
    )


def _enrolment(number: int, row: list[object]) -> Enrolment:
    at, first, last, email, phone, town, cohort, trade, hopes, themes, _ = row
    return Enrolment(
        number=Number(number),
        person=Number(number),
        first_name=str(first),
        last_name=str(last),
        email=str(email),
        phone=str(phone),
        municipality=str(town),
        cohort=str(cohort),
        registered_at=to_instant(float(str(at)), ZONE),
        status=Status.CONFIRMED if number % 2 else Status.WAITING,
        extra=(str(trade), str(hopes), " ; ".join(split_choices(str(themes), _THEMES))),
    )


def _roll(chance: random.Random, meeting: Meeting, register: tuple[Enrolment, ...]) -> Roll:
    rows = tuple(
        RollRow(number=one.number, present=chance.random() < 0.8)
        for one in register
        if one.status is Status.CONFIRMED and one.cohort == meeting.cohort
    )
    guests = (Guest(name="Une Amie", present=True),) if meeting.number == 1 else ()
    return Roll(meeting=meeting.number or 0, title="", called=True, rows=rows, guests=guests)


def measure(count: int) -> dict[str, float]:
    """Return the seconds of processor that each step takes."""
    snapshot = make_programme(count)
    seconds: dict[str, float] = {}

    def timed(step: str, work: Callable[[], object]) -> None:
        start = time.process_time()
        with collector_paused():
            work()
        seconds[step] = round(time.process_time() - start, 3)

    timed("summary", lambda: make_summary(snapshot, _RULES, _NOW))
    summary = make_summary(snapshot, _RULES, _NOW)
    timed("shared", lambda: suppress(summary, 5))
    timed("drawn", lambda: plan_boards(snapshot, summary, _RULES))
    timed("comments", lambda: list_comments(snapshot, _RULES))
    return seconds


if __name__ == "__main__":
    size = int(sys.argv[1])
    json.dump({"enrolments": size, **measure(size)}, sys.stdout)
