"""Programmes to count: registers and rolls, made by hand or by chance, without any night."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from automation.core.model import (
    Cohort,
    Enrolment,
    Handled,
    HandledState,
    Key,
    Meeting,
    MeetingState,
    Number,
    Status,
)
from automation.core.roll import Guest, Roll, RollRow
from automation.core.rules import ExtraField, FieldMap, Rules
from tests.world import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.snapshot import Snapshot

FIRST_DAY = date(2023, 1, 16)
REGISTERED = datetime(2022, 11, 21, 14, tzinfo=UTC)
NOW = datetime(2023, 6, 1, 7, tzinfo=UTC)
THEMES = ("Solitude", "Réseau, partenaires", "Équilibre")
TOWNS = ("L’Islet", "Saint-Aubert", "ST-AUBERT", "Tourville", "")
RULES = Rules(
    fields=FieldMap(
        name="Nom",
        email="Courriel",
        phone="Téléphone",
        municipality="Municipalité",
        extra=(
            ExtraField(key="trade", question="Métier", label="Métier"),
            ExtraField(key="hopes", question="Attentes", label="Attentes"),
            ExtraField(key="themes", question="Thèmes", label="Thèmes", options=THEMES),
        ),
    )
)


def enrolment(number: int, name: str = "", **fields: Any) -> Enrolment:
    """Return somebody confirmed in C1, their own person unless told otherwise."""
    first, _, last = (name or f"Prénom{number} Nom{number}").partition(" ")
    defaults: dict[str, Any] = {
        "person": Number(number),
        "status": Status.CONFIRMED,
        "cohort": "C1",
        "email": f"p{number}@exemple.test",
        "registered_at": REGISTERED,
    }
    return Enrolment(
        number=Number(number), first_name=first, last_name=last, **{**defaults, **fields}
    )


def meeting(number: int, **fields: Any) -> Meeting:
    """Return a meeting of C1, every other week from the first day."""
    defaults: dict[str, Any] = {
        "row": number + 1,
        "cohort": "C1",
        "day": FIRST_DAY + timedelta(weeks=2 * (number - 1)),
        "start": time(18, 30),
        "theme": THEMES[number % len(THEMES)],
    }
    return Meeting(number=number, **{**defaults, **fields})


def roll(number: int, present: Iterable[int], others: Iterable[int] = (), **fields: Any) -> Roll:
    """Return a roll that was called: who came, and who else was expected."""
    came = set(present)
    rows = tuple(RollRow(number=Number(n), present=n in came) for n in sorted(came.union(others)))
    return Roll(meeting=number, title="", **{"called": True, "rows": rows, **fields})


def programme(
    people: Sequence[Enrolment],
    rolls: Sequence[Roll] = (),
    meetings: Sequence[Meeting] = (),
    cohorts: Sequence[Cohort] = (),
    **fields: Any,
) -> Snapshot:
    """Return a workbook in which each enrolment came from an answer."""
    handled = {
        Key(f"1.{one.number}"): Handled(
            key=Key(f"1.{one.number}"),
            number=one.number,
            answer_hash="",
            state=HandledState.ACTED,
        )
        for one in people
    }
    return snapshot(
        (),
        *(cohorts or (Cohort(code="C1", row=2, places=12, attestation_at=2),)),
        register=tuple(people),
        meetings=tuple(meetings) or tuple(meeting(one.meeting) for one in rolls),
        rolls={one.meeting: one for one in rolls},
        handled=handled,
        **fields,
    )


@st.composite
def programmes(draw: st.DrawFn, most: int = 30, cohorts: int = 3) -> Snapshot:
    """Draw a programme: some people in several cohorts, some merged, rolls of every kind."""
    codes = [f"C{i}" for i in range(1, draw(st.integers(1, cohorts)) + 1)]
    count = draw(st.integers(0, most))
    chance = draw(st.randoms(use_true_random=False))
    people: list[Enrolment] = []
    for number in range(1, count + 1):
        again = chance.choice(people) if people and chance.random() < 0.2 else None
        status = chance.choices(list(Status), weights=[1, 3, 1, 9, 1, 1, 2, 1, 1, 1, 1])[0]
        stays = chance.choice(people).number if people and status is Status.MERGED else None
        one = enrolment(
            number,
            person=again.person if again else Number(number),
            status=Status.WAITING if status is Status.MERGED and stays is None else status,
            merged_into=stays,
            cohort=chance.choice([*codes, *codes, "" if chance.random() < 0.1 else "c1"]),
            municipality=chance.choice(TOWNS),
            registered_at=REGISTERED + timedelta(hours=chance.randrange(1200)),
            extra=(
                chance.choice(("Photographe", "photographe", "Menuisier", "")),
                chance.choice(("Souffler un peu", "")),
                " ; ".join(t for t in (*THEMES, "Autre chose") if chance.random() < 0.5),
            ),
        )
        people.append(one)
    held = [
        meeting(
            number,
            cohort=chance.choice(codes),
            theme=chance.choice((*THEMES, "")),
            state=chance.choices(list(MeetingState), weights=[8, 1, 1])[0],
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]
    rolls = [_chance_roll(chance, one, people) for one in held if chance.random() < 0.9]
    return programme(
        people,
        rolls,
        held,
        tuple(
            Cohort(
                code=code,
                row=row,
                places=chance.choice((None, 5, 12)),
                attestation_at=chance.choice((None, 1, 2, 3)),
            )
            for row, code in enumerate(codes, start=2)
        ),
    )


def _chance_roll(chance: Any, held: Meeting, people: Sequence[Enrolment]) -> Roll:
    zeal = chance.random()
    rows = tuple(
        RollRow(
            number=one.number,
            present=chance.random() < zeal,
            excused=chance.random() < 0.1,
            left=chance.random() < 0.05,
            torn=chance.random() < 0.02,
        )
        for one in people
        if one.cohort.casefold() == held.cohort.casefold() and chance.random() < 0.8
    )
    guests = tuple(
        Guest(name=chance.choice([p.name for p in people] + ["Une Invitée"]), present=True)
        for _ in range(chance.randrange(3))
    )
    return Roll(
        meeting=held.number or 0, title="", called=chance.random() < 0.8, rows=rows, guests=guests
    )
