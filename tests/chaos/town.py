"""Everybody around a programme, drawn from a seed: what they do depends only on what they can see."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from automation import locale
from automation.core.attendance import starts_at
from automation.core.instants import from_wall, to_serial, wall_serial
from automation.core.ledger import MailState
from automation.core.letters import Template
from automation.core.model import HOLDING, Hold, MeetingState, Status
from tests.chaos.acts import Act, Add, Answer, CallRoll, Deed, Edit, Erase, Reply, Tick, Type
from tests.programme import TAB
from tests.world import PLACE_FORM, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.core.model import Cell, Enrolment
    from automation.core.snapshot import Snapshot

_FIRST = (
    *("Hélène", "Marc", "Josée", "Guy", "Ève", "Paul", "Rose", "Luc", "Anne", "Jean-François"),
    *("Noémie", "Ali", "Chloé", "Denis", "Denise", "Michèle", "Léa", "Omar", "Zoé", "Félix"),
)
_LAST = (
    *("Fortin", "Caron", "Dubé", "Roy", "Morin", "Gagnon", "St-Pierre", "Lévesque", "Ouellet"),
    *("Pelletier", "Bélanger", "Thibault", "Nguyễn", "D’Amours", "Chouinard", "Bernier"),
)
_TOWNS = ("L’Islet", "Saint-Jean-Port-Joli", "St-Jean-Port-Joli", "Saint-Aubert", "Montmagny")
_THEMES = ("Briser l’isolement", "Saisir les occasions", "L’équilibre", "Dire ses limites")
_PLACES = ("Bibliothèque", "Salle des habitants", "Café du quai")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def _word(group: str, name: str) -> str:
    return locale.text("fr", f"{group}.{name}")


class Scenario(Struct, frozen=True, kw_only=True):
    """What a seed decides of a programme before its first day.

    Attributes:
        start: The first day; a time change of March or November falls within the nights.
        nights: How many there are.
        people: How many ever register.
        transport: gmail, smtp or folder.
        review: Whether organisers approve each message.
        small_batches: Whether writes are cut into many batches in rough weather.
    """

    seed: int
    start: date
    nights: int
    people: int
    transport: str
    review: bool
    small_batches: bool

    @property
    def dice(self) -> random.Random:
        return random.Random(f"scenario {self.seed}")

    def night(self, index: int) -> datetime:
        """Return when a night is due, counted from 0: half past two, on days that have it."""
        wall = datetime.combine(self.start + _DAY * (index + 1), datetime.min.time())
        return from_wall(wall.replace(hour=2, minute=30), ZONE)


def draw_scenario(seed: int, nights: int = 60) -> Scenario:
    """Return the scenario of a seed."""
    dice = random.Random(f"seed {seed}")
    change = dice.choice((date(2023, 3, 12), date(2023, 11, 5), date(2024, 3, 10)))
    return Scenario(
        seed=seed,
        start=change - _DAY * dice.randint(1, max(1, nights - 2)),
        nights=nights,
        people=dice.randint(15, 40) * nights // 60 + 3,
        transport=dice.choice(("gmail", "gmail", "gmail", "smtp", "folder")),
        review=dice.random() < 0.2,
        small_batches=dice.random() < 0.4,
    )


class Town(Struct):
    """The people of a scenario, and what they are about to do.

    Attributes:
        answers: What stands in the form's tab, by who wrote it.
    """

    scenario: Scenario
    agenda: list[Act] = field(default_factory=list)
    answers: list[Mapping[str, Cell]] = field(default_factory=list)
    _heard: set[str] = field(default_factory=set)
    _called: set[int] = field(default_factory=set)
    _arrivals: list[tuple[int, Mapping[str, Cell]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        dice = self.scenario.dice
        weeks = max(2, self.scenario.nights // 2)
        for index in range(self.scenario.people):
            day = min(int(dice.expovariate(4 / weeks)), self.scenario.nights - 2)
            self._arrivals.append((day, self._person(dice, index)))

    def _person(self, dice: random.Random, index: int) -> dict[str, Cell]:
        first, last = dice.choice(_FIRST), dice.choice(_LAST)
        told: dict[str, Cell] = {
            "Prénom": first,
            "Nom": last,
            "Courriel": f"personne{index}@exemple.test",
            "Téléphone": f"418 555-{1000 + index}",
            "Municipalité": dice.choice(_TOWNS),
            "Cohorte": dice.choice(("C1", "C1", "C2", "", "Cohorte 9")[: 4 + (index % 9 == 0)]),
            "Métier": dice.choice(("Menuisier", "Boulangère", "=1+1", "")),
            "Organisme": dice.choice(("", "", "Chambre", "Autre, Chambre")),
        }
        odd = dice.random()
        former = dice.choice(self._arrivals)[1] if self._arrivals else told
        if odd < 0.08:  # again, with a typo in the address
            told |= {k: former[k] for k in ("Prénom", "Nom", "Téléphone", "Municipalité")}
        elif odd < 0.14:  # the spouse
            told |= {"Courriel": former["Courriel"], "Nom": former["Nom"]}
        elif odd < 0.19:  # the very same, perhaps for another cohort
            told |= {k: former[k] for k in ("Prénom", "Nom", "Courriel", "Téléphone")}
        elif odd < 0.26:  # by phone
            told["Courriel"] = dice.choice(("", "", "pas de courriel"))
        elif odd < 0.29:
            told["Téléphone"] = ""
        return told

    # Before the first night.

    def prepare(self) -> Iterator[Act]:
        """Yield what the organisers fill in on the first day."""
        dice, at = self.scenario.dice, self._at(0, 9)
        for index, code in enumerate(("C1", "C2")):
            cells: dict[str, Cell] = {
                "code": code,
                "name": f"Cohorte {index + 1}",
                "places": dice.randint(3, 8),
                "waiting_limit": dice.choice(("", "", 3, 8)),
                "promotion": dice.choice(("offre", "offre", "automatique")),
                "window_hours": dice.choice(("", 24, 48, 72)),
            }
            if dice.random() < 0.3:
                cells |= {"reserved": 1, "reserved_for": "Chambre"}
                cells["reserved_until"] = self._serial(self.scenario.start + _DAY * 15)
            if dice.random() < 0.3:
                cells["last_offer"] = self._serial(self.scenario.start + _DAY * 40)
            if dice.random() < 0.3:
                cells["closes"] = self._serial(self.scenario.start + _DAY * 35)
            yield Add(at=at, why="a cohort", tab="cohorts", cells=cells)
            for meeting in range(dice.randint(2, 4)):
                day = self.scenario.start + _DAY * (
                    self.scenario.nights * (meeting + 1) // 5 + dice.randint(0, 3)
                )
                yield Add(
                    at=at, why="a meeting", tab="meetings", cells=self._meeting(dice, code, day)
                )

    def _meeting(self, dice: random.Random, code: str, day: date) -> dict[str, Cell]:
        return {
            "cohort": code,
            "date": self._serial(day),
            "start": dice.choice((0.75, "18 h 30", "9:00")),
            "end": dice.choice((0.875, "")),
            "theme": dice.choice(_THEMES),
            "place": dice.choice(_PLACES),
        }

    # Day by day.

    def live(self, day: int, seen: Snapshot) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
        """Return what happens on a day, in order, and what organisers do while the night runs.

        Args:
            seen: The workbook as the night before left it.
        """
        dice = random.Random(f"day {self.scenario.seed} {day}")
        begins, ends = self._at(day, 7), self.scenario.night(day) - _HOUR
        acts = [*self._take_notes(day, seen), *self._arrive(day, dice)]
        acts += self._change_answers(day, dice, seen)
        acts += self._answer_offers(day, dice, seen)
        acts += self._decide(day, dice, seen)
        acts += self._plan_meetings(day, dice, seen)
        acts += self._go_to_meetings(day, dice, seen)
        acts += self._mind_the_mail(day, dice, seen)
        acts += self._tidy(day, dice, seen)
        self.agenda = sorted([*self.agenda, *acts], key=lambda act: act.at)
        now = [replace(act, at=max(act.at, begins)) for act in self.agenda if act.at < ends]
        self.agenda = [act for act in self.agenda if act.at >= ends]
        during = tuple(self._meanwhile(day, dice, seen))
        return tuple(now), during

    def _take_notes(self, day: int, seen: Snapshot) -> Iterator[Act]:
        """Note something about somebody, first thing each day: it changes nothing, and must stay."""
        dice = random.Random(f"notes {self.scenario.seed} {day}")
        for who in dice.sample(seen.register, min(3, len(seen.register))):
            yield self._type(self._at(day, 7), "a note", who, "note", f"vu le {day}")

    def _arrive(self, day: int, dice: random.Random) -> Iterator[Act]:
        for index, (due, told) in enumerate(self._arrivals):
            if due != day:
                continue
            at = self._at(day, 8) + timedelta(minutes=index + dice.randint(0, 700))
            yield self._answer(at, "somebody registers", told)

    def _answer(self, at: datetime, why: str, told: Mapping[str, Cell]) -> Answer:
        whole = {**told, "Horodateur": to_serial(at, ZONE)}
        self.answers.append(whole)
        return Answer(at=at, why=why, told=whole)

    def _change_answers(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        if self.answers and dice.random() < 0.12:
            former = dice.choice(self.answers)
            at = self._moment(day, dice)
            what = dice.choice(("Téléphone", "Courriel", "Cohorte", "Métier", "Prénom"))
            new: dict[str, Cell] = {
                "Téléphone": f"418 556-{1000 + day}",
                "Courriel": f"nouvelle{day}@exemple.test",
                "Cohorte": "C2",
                "Métier": "Potière",
                "Prénom": dice.choice(_FIRST),
            }
            if former["Horodateur"] < to_serial(at, ZONE):  # type: ignore[operator]
                told = {**former, what: new[what], "Horodateur": to_serial(at, ZONE)}
                self.answers[self.answers.index(former)] = told
                yield Edit(at=at, why="an answer is edited", former=former, told=told)
        ended = [e for e in seen.register if e.status not in {*HOLDING, Status.WAITING}]
        if ended and dice.random() < 0.05:
            who = dice.choice(ended)
            known = [a for a in self.answers if a["Courriel"] == who.email and who.email]
            if known:
                yield self._answer(self._moment(day, dice), "somebody tries again", known[-1])
        old = [a for a in self.answers if a["Horodateur"] < to_serial(self._at(day, 0), ZONE)]  # type: ignore[operator]
        if old and dice.random() < 0.02:
            gone = dice.choice(old)
            self.answers.remove(gone)
            yield Erase(at=self._at(day, 23), why="an answer is deleted", tab=TAB, where=gone)

    def _answer_offers(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        """Reply to the offers that came, or don't; and now and then to no offer at all."""
        for mailing in sorted(seen.mailings.values(), key=lambda m: m.key):
            fresh = mailing.template is Template.OFFER and mailing.key not in self._heard
            if not fresh or mailing.state is not MailState.SENT or mailing.number is None:
                continue
            self._heard.add(mailing.key)
            chance, at = dice.random(), self._moment(day, dice) + _HOUR * dice.randint(0, 70)
            wish = PLACE_FORM.accept if chance < 0.65 else PLACE_FORM.withdraw
            if chance < 0.8:
                yield Reply(
                    at=at,
                    why="an offer is answered",
                    number=mailing.number,
                    offer=int(mailing.occasion),
                    wish=wish,
                    letter=mailing.key,
                )
        everyone = [e for e in seen.register if e.email]
        if not everyone:
            return
        who, at = dice.choice(everyone), self._moment(day, dice)
        chance = dice.random()
        if chance < 0.06 and who.status in {*HOLDING, Status.WAITING}:
            wish = PLACE_FORM.withdraw
            yield Reply(at=at, why="they withdraw", number=who.number, offer=who.offer, wish=wish)
        elif chance < 0.08:
            wish = PLACE_FORM.no_news
            yield Reply(at=at, why="no more news", number=who.number, offer=0, wish=wish)
        elif chance < 0.10:
            wish = PLACE_FORM.accept
            yield Reply(at=at, why="a late yes", number=who.number, offer=who.offer, wish=wish)
        elif chance < 0.12:
            yield Reply(
                at=at,
                why="forged",
                number=who.number,
                offer=0,
                wish=PLACE_FORM.withdraw,
                code=f"{who.number}-0-AAAAAAAAAA",
            )

    def _decide(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        at = self._moment(day, dice)
        if seen.register and dice.random() < 0.25:
            yield self._decision(at, dice, seen)
        if seen.register and dice.random() < 0.06:
            who = dice.choice(seen.register)
            name, cell = dice.choice(
                (
                    ("priority", 1),
                    ("priority", ""),
                    ("communications", "oui"),
                    ("note", "à rappeler"),
                )
            )
            yield self._type(at, "a cell of theirs", who, name, cell)
        held = [e for e in seen.register if e.hold is Hold.UNREACHABLE]
        if held and dice.random() < 0.5:
            called = to_serial(at - _HOUR, ZONE)
            yield self._type(at, "a call", dice.choice(held), "offered_by_phone", called)
        for row in seen.pair_rows:
            if row.verdict is None and dice.random() < 0.2:
                verdict = _word("verdict", dice.choice(("same", "same", "different")))
                pair: dict[str, Cell] = {"a": row.a, "b": row.b}
                yield Type(
                    at=at,
                    why="a verdict",
                    tab="duplicates",
                    where=pair,
                    name="verdict",
                    cell=verdict,
                )
        if len(seen.register) > 3 and dice.random() < 0.015:
            one, other = dice.sample(seen.register, 2)
            yield self._type(at, "a merge", one, "merge_with", other.number)
        if seen.cohorts and dice.random() < 0.1:
            cohort = dice.choice(seen.cohorts)
            now = cohort.places or 3
            name, cell = dice.choice(
                (
                    ("places", now + 1),
                    ("places", now + 2),
                    ("places", max(0, now - 1)),
                    ("paused", True),
                    ("paused", False),
                    ("promotion", "automatique"),
                    ("window_hours", 48),
                )
            )
            place: dict[str, Cell] = {"code": cohort.code}
            yield Type(at=at, why="a cohort", tab="cohorts", where=place, name=name, cell=cell)
        if day == self.scenario.nights // 3:
            opens = wall_serial(datetime.combine(self._day(day + 2), datetime.min.time()))
            cells: dict[str, Cell] = {
                "code": "C3",
                "name": "Suite",
                "places": 4,
                "promotion": "offre",
                "follows": "C1",
                "opens": opens,
            }
            yield Add(at=at, why="another cohort", tab="cohorts", cells=cells)

    def _decision(self, at: datetime, dice: random.Random, seen: Snapshot) -> Act:
        who = dice.choice(seen.register)
        reviewed = [e for e in seen.register if e.status is Status.TO_REVIEW]
        if reviewed and dice.random() < 0.7:
            who = dice.choice(reviewed)
            word = _word("decision", dice.choice(("confirm", "wait", "remove", "wait")))
        else:
            words = ("confirm", "offer", "wait", "restore", "withdraw", "remove")
            word = dice.choice(("", "annulé", *(_word("decision", one) for one in words)))
        return self._type(at, "a decision", who, "decision", word)

    def _type(self, at: datetime, why: str, who: Enrolment, name: str, cell: Cell) -> Type:
        where: dict[str, Cell] = {"number": who.number}
        return Type(at=at, why=why, tab="enrolments", where=where, name=name, cell=cell)

    def _plan_meetings(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        at = self._moment(day, dice)
        ahead = [
            m
            for m in seen.meetings
            if m.number and (s := starts_at(m, ZONE)) and s > at + _DAY and m.day
        ]
        if ahead and dice.random() < 0.1:
            meeting = dice.choice(ahead)
            assert meeting.day is not None
            name, cell = dice.choice(
                (
                    ("date", self._serial(meeting.day + _DAY * dice.choice((-1, 1, 7)))),
                    ("start", 0.8125),
                    ("place", dice.choice(_PLACES)),
                    ("state", _word("meeting_state", "cancelled")),
                    ("state", _word("meeting_state", "postponed")),
                    ("state", _word("meeting_state", "planned")),
                )
            )
            where: dict[str, Cell] = {"number": meeting.number}
            yield Type(at=at, why="a meeting", tab="meetings", where=where, name=name, cell=cell)
        if seen.cohorts and dice.random() < 0.03:
            code = dice.choice(seen.cohorts).code
            cells = self._meeting(dice, code, self._day(day + dice.randint(2, 9)))
            yield Add(at=at, why="a new meeting", tab="meetings", cells=cells)

    def _go_to_meetings(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        at = self._at(day, 21)
        for meeting in seen.meetings:
            roll, number = seen.rolls.get(meeting.number or 0), meeting.number
            if roll is None or number is None or meeting.day is None or not roll.readable:
                continue
            held = meeting.state is MeetingState.PLANNED
            if held and meeting.day == self._day(day) and number not in self._called:
                for row in roll.rows:
                    if dice.random() < 0.7:
                        yield Tick(at=at, why="present", meeting=number, number=row.number)
                    elif dice.random() < 0.3:
                        yield Tick(
                            at=at, why="excused", meeting=number, number=row.number, box="excused"
                        )
            late = self._day(day) - meeting.day
            if held and 0 <= late.days <= 4 and number not in self._called and dice.random() < 0.6:
                self._called.add(number)
                guests = ("Une Voisine",) if dice.random() < 0.3 else ()
                yield CallRoll(
                    at=at + timedelta(minutes=5),
                    why="the roll is called",
                    meeting=number,
                    guests=guests,
                )
            elif number in self._called and roll.rows and dice.random() < 0.04:
                row = dice.choice(roll.rows)
                yield Tick(
                    at=at,
                    why="attendance corrected",
                    meeting=number,
                    number=row.number,
                    cell=not row.present,
                )

    def _mind_the_mail(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        at = self._moment(day, dice)
        for row in seen.mail_rows:
            if self.scenario.review and row.state is MailState.PLANNED and row.action is None:
                word = _word("mail_action", "approve" if dice.random() < 0.9 else "hold")
                yield self._act_on(at, row.key, word)
            elif row.state is MailState.HELD:
                # Within days: when it expires is a matter of minutes.
                yield self._act_on(at, row.key, _word("mail_action", "approve"))
        sent = [row for row in seen.mail_rows if row.state is MailState.SENT and row.action is None]
        # A server remembers nothing: there a message may have been sent again already.
        if sent and dice.random() < 0.04 and self.scenario.transport != "smtp":
            yield self._act_on(at, dice.choice(sent).key, dice.choice(("renvoyer", "peut-être")))

    def _act_on(self, at: datetime, key: str, word: str) -> Act:
        return Type(
            at=at, why="a message", tab="mail", where={"key": key}, name="action", cell=word
        )

    def _tidy(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        """Do to the sheet what people do to sheets."""
        at = self._moment(day, dice)
        if dice.random() < 0.2:
            tab = dice.choice(("enrolments", "enrolments", "mail", "cohorts", "meetings", TAB))
            kinds = ("sort", "sort", "row", "column", "move") if tab != TAB else ("sort",)
            yield Deed(at=at, why="tidying", tab=tab, kind=dice.choice(kinds), chance=dice.random())
        if seen.register and dice.random() < 0.03:
            who = dice.choice(seen.register)
            where: dict[str, Cell] = {"number": who.number}
            yield Erase(at=at, why="a row is deleted", tab="enrolments", where=where)
        elif seen.register and dice.random() < 0.04:
            who = dice.choice(seen.register)
            name, cell = dice.choice(
                (
                    ("status", _word("status", "withdrawn")),
                    ("cohort", "C2"),
                    ("seal", "x"),
                    ("step", 99),
                )
            )
            yield self._type(at, "typed over", who, name, cell)

    def interrupt(self, day: int, seen: Snapshot) -> Iterator[Act]:
        """Yield what people do while a night's run is under way, which can't have read it any more."""
        dice, at = random.Random(f"meanwhile {self.scenario.seed} {day}"), self.scenario.night(day)
        if seen.register:
            yield self._decision(at, dice, seen)
            yield self._type(at, "a note", dice.choice(seen.register), "note", "à rappeler")
        yield self._answer(at, "somebody registers at night", self._person(dice, 500 + day))

    def _meanwhile(self, day: int, dice: random.Random, seen: Snapshot) -> Iterator[Act]:
        """Yield one thing that people do while the run is under way; nothing on most nights."""
        at = self.scenario.night(day)
        if dice.random() >= 0.12:
            return
        if seen.register and dice.random() < 0.6:
            yield self._decision(at, dice, seen)
        else:
            dummy = self._person(dice, 500 + day)
            yield self._answer(at, "somebody registers at night", dummy)

    # When.

    def _day(self, day: int) -> date:
        return self.scenario.start + _DAY * day

    def _at(self, day: int, hour: int) -> datetime:
        wall = datetime.combine(self._day(day), datetime.min.time()).replace(hour=hour)
        return from_wall(wall, ZONE)

    def _moment(self, day: int, dice: random.Random) -> datetime:
        return self._at(day, 8) + timedelta(minutes=dice.randint(0, 840))

    def _serial(self, day: date) -> float:
        return wall_serial(datetime.combine(day, datetime.min.time()))
