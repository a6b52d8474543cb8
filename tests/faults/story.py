"""A programme of two cohorts over seven nights, with all that a night can meet.

Offers and their calls, replies in time and too late, offers that expire, reserved seats, a row that is
torn and one that is lost, edited answers, decisions, a cap that is raised.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation.core.model import Number
from automation.core.replies import make_code
from automation.workbook.layout import enrolment_tab
from tests.deeds import delete
from tests.programme import NOW, Programme, full_programme
from tests.world import PLACE_FORM, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    News = Callable[[Programme], None]


_REGISTER = enrolment_tab().sheet_id


def begin(folder: Path) -> Programme:
    """Make the programme, before anything has happened."""
    programme = full_programme(folder)
    programme.organise(
        [("C1", "Première cohorte", "2", "", "offre"), ("C2", "Midi", "1", "1", "automatique")],
        [("C1", "2023-01-16", "18:30", "21:00", "Briser l’isolement")],
    )
    programme.put_in("cohorts", 1, "reserved", 1)
    programme.put_in("cohorts", 1, "reserved_for", "Chambre")
    programme.put_in("cohorts", 1, "window_hours", 30)
    return programme


def _first_answers(programme: Programme) -> None:
    """Five people want C1, one of whom is a member, one unreachable, one asks twice; two want C2."""
    programme.answer(
        _answer(2, "Hélène Fortin", "C1"),
        _answer(3, "Marc Caron", "C1"),
        _answer(4, "Marc Caron", "C1", trade="Menuisier"),
        _answer(5, "Guy Roy", "C1", group="Chambre"),
        _answer(6, "Ève Morin", "C1"),
        _answer(6, "Rose Dubé", "C1", email=""),
        _answer(7, "Luc Gagnon", "C2"),
        _answer(8, "Ève Morin", "C2"),
    )


def _a_seat_is_given_back(programme: Programme) -> None:
    """Hélène withdraws in "Ma place", Luc by phone, and somebody new comes."""
    programme.reply(_reply("2023-01-10 12:00", 1, 0, PLACE_FORM.withdraw))
    _decide(programme, 7, "Désister")
    programme.answer(_answer(10, "Paul Roy", "C1"))


def _a_call_is_noted(programme: Programme) -> None:
    """Marc is called about his offer; a status is typed over; Ève corrects her phone."""
    _type_in(programme, 2, "offered_by_phone", 44937.75)
    _type_in(programme, 4, "status", "Désistement")
    programme.put(programme.response_tab(), 5, 0, 44937.5)
    programme.put(programme.response_tab(), 5, 4, "418 555-0199")


def _an_offer_expires(programme: Programme) -> None:
    """Nobody heard of Marc, and somebody deletes Ève's row in C2."""
    _delete_row(programme, 8)


def _a_late_yes(programme: Programme) -> None:
    """Marc says yes too late, Ève accepts, and a cohort grows."""
    programme.reply(
        _reply("2023-01-13 16:00", 2, _offer(programme, 2), PLACE_FORM.accept),
        _reply("2023-01-13 17:00", 5, _offer(programme, 5), PLACE_FORM.accept),
    )
    programme.put_in("cohorts", 1, "places", 4)


def _the_list_ends(programme: Programme) -> None:
    """Paul declines, a member is removed, and the reserve is released."""
    programme.reply(_reply("2023-01-14 09:00", 9, _offer(programme, 9), PLACE_FORM.withdraw))
    _decide(programme, 4, "Retirer")
    programme.put_in("cohorts", 1, "reserved", 0)


def _a_second_try(programme: Programme) -> None:
    """Hélène comes back, Paul's row is torn too, and one decision is nonsense."""
    programme.answer(_answer(15, "Hélène Fortin", "C1"), _answer(15, "Anne Fortin", "C1"))
    _type_in(programme, 9, "step", 99)
    _decide(programme, 5, "annulé")


STORY: Final[tuple[News, ...]] = (
    _first_answers,
    _a_seat_is_given_back,
    _a_call_is_noted,
    _an_offer_expires,
    _a_late_yes,
    _the_list_ends,
    _a_second_try,
)
"""What happens before each night."""


def night_of(index: int) -> datetime:
    """Return the instant of a night, counted from 0."""
    return NOW + timedelta(days=index)


def live_through(programme: Programme, first: int = 0) -> None:
    """Let everything happen from a night on, calmly."""
    for index, news in list(enumerate(STORY))[first:]:
        news(programme)
        programme.night(at=night_of(index))


class Evening(Struct, frozen=True, kw_only=True):
    """A programme before a night, and what the night leaves.

    Attributes:
        after: All that the next one depends on.
        end: The same after the last night of the story.
    """

    before: Programme
    after: object
    end: object


def calm_evenings(folder: Path) -> list[Evening]:
    """Live through the story, and return its evenings in order."""
    programme = begin(folder)
    found = []
    for index, news in enumerate(STORY):
        news(programme)
        before = programme.forked(folder / f"{index}.db")
        programme.night(at=night_of(index))
        found.append((before, programme.state()))
    return [Evening(before=b, after=after, end=found[-1][1]) for b, after in found]


def _answer(
    day: int, name: str, cohort: str, *, email: str | None = None, trade: str = "", group: str = ""
) -> tuple[str, ...]:
    first, last = name.split()
    address = f"{last}.{first}@exemple.test".lower() if email is None else email
    phone = f"418 555-01{sum(name.encode()) % 100:02}"
    stamp = f"2023-01-{day:02} 09:00:00"
    return (stamp, first, last, address, phone, "L’Islet", cohort, trade, group)


def _reply(stamp: str, number: int, offer: int, wish: str) -> tuple[str, str, str]:
    return stamp, make_code(Number(number), offer, SECRET), wish


def _offer(programme: Programme, number: int) -> int:
    return next(e.offer for e in programme.snapshot().register if e.number == number)


def _decide(programme: Programme, number: int, word: str) -> None:
    _type_in(programme, number, "decision", word)


def _type_in(programme: Programme, number: int, key: str, cell: str | float) -> None:
    programme.put_in("enrolments", programme.enrolment_row(number), key, cell)


def _delete_row(programme: Programme, number: int) -> None:
    programme.ask(delete(_REGISTER, "ROWS", programme.enrolment_row(number)))
