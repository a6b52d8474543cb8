"""Random histories: participants and organisers do what they please, and every night is checked."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from automation.core.model import Decision, Promotion
from automation.core.plan import make_plan
from tests.properties.claims import check_cuts, check_night, check_same_decisions
from tests.world import (
    HEADER,
    NIGHT,
    RULES,
    RULES_WITHOUT_CHOICE,
    START,
    Answer,
    cohort,
    snapshot,
    table,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

# Spouses with one address, a father and a son with one name and one phone, homonyms, people
# without an address or without a phone, an address that is none, nobody at all.
PEOPLE = (
    Answer(first="Hélène", last="St-Pierre", email="helene@exemple.test", phone="418 555-0101"),
    Answer(first="HELENE", last="Saint Pierre", email="Helene@exemple.test ", phone=14185550101),
    Answer(first="Luc", last="Caron", email="caron@exemple.test", phone="418 555-0102"),
    Answer(first="Anne", last="Caron", email="caron@exemple.test", phone="418 555-0102"),
    Answer(first="Jean", last="Roy", email="roy@exemple.test", phone="418 555-0103"),
    Answer(first="Jean", last="Roy", email="roy@exemple.test", phone="418 555-0104"),
    Answer(first="Jean", last="Roy", email="roy@exemple.test", phone=""),
    Answer(first="Jean", last="Roy", email="jean@exemple.test", phone="418 555-0103"),
    Answer(first="Rose", last="Fortin", email="", phone="418-555-0105 poste 12"),
    Answer(first="Rose", last="Fortin", email="rose@", phone="4185550105"),
    Answer(first="Paul", last="Dubé", email="paul@exemple.test", phone=""),
    Answer(first="Marie", last="Gagnon", email="", phone=""),
    Answer(first="", last="", email="", phone=""),
)
CHOICES = ("", "C1", "Groupe d’automne (c2)", "Cohorte 9")
WORDS = (*Decision, None, "annulé", "oui?")
PERIODS: tuple[dict[str, Any], ...] = (
    {},
    {"opens": START + timedelta(days=1)},
    {"closes": START + timedelta(days=1)},
    {"opens": START + timedelta(days=1), "closes": START + timedelta(days=3)},
)

T = TypeVar("T")

some = st.integers(0, 63)
people = st.sampled_from(PEOPLE)
choices = st.sampled_from(CHOICES)


class Histories(RuleBasedStateMachine):
    """A programme, and everybody around it."""

    @initialize(
        places=st.integers(0, 3),
        promotion=st.sampled_from(Promotion),
        asked=st.booleans(),
        second=st.booleans(),
        seed=some,
    )
    def begin(
        self, *, places: int, promotion: Promotion, asked: bool, second: bool, seed: int
    ) -> None:
        self.policy = RULES if asked else RULES_WITHOUT_CHOICE
        self.now = START
        self.answers: list[Answer] = []
        self.deleted: list[Answer] = []
        self.columns = list(range(len(HEADER)))
        self.chance = random.Random(seed)
        both = (
            cohort("C1", places, promotion=promotion),
            cohort("C2", 1, row=3, promotion=promotion, waiting_limit=1),
        )
        self.book: Snapshot = snapshot((), *both[: 1 + second])

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=people, choice=choices, minutes=st.sampled_from((0, 0, 1, 600)))
    def somebody_answers(self, who: Answer, choice: str, minutes: int) -> None:
        self.later(minutes)
        self.answers.append(replace(who, at=self.now, cohort=choice))

    @rule(who=people, trade=st.sampled_from(("", "Boulangère")))
    def somebody_answers_without_a_date(self, who: Answer, trade: str) -> None:
        self.answers.append(replace(who, at="hier", trade=trade))

    @precondition(lambda self: self.answers)
    @rule(which=some, who=people, what=st.sampled_from(("phone", "email", "cohort", "trade")))
    def an_answer_is_edited(self, which: int, who: Answer, what: str) -> None:
        index = which % len(self.answers)
        edits: dict[str, Any] = {what: "C2" if what == "cohort" else getattr(who, what)}
        self.later(1)
        old = self.answers[index]
        self.answers[index] = replace(old, at=self.now, **edits)
        self.deleted.append(old)

    @precondition(lambda self: self.answers)
    @rule(which=some, who=people)
    def a_cell_is_corrected_in_place(self, which: int, who: Answer) -> None:
        index = which % len(self.answers)
        self.deleted.append(self.answers[index])
        self.answers[index] = replace(self.answers[index], phone=who.phone, first=who.first)

    @precondition(lambda self: self.answers)
    @rule(which=some)
    def an_answer_is_deleted(self, which: int) -> None:
        self.deleted.append(self.answers.pop(which % len(self.answers)))

    @precondition(lambda self: self.deleted)
    @rule(which=some)
    def an_answer_is_restored(self, which: int) -> None:
        self.answers.append(self.deleted.pop(which % len(self.deleted)))

    @precondition(lambda self: self.book.register)
    @rule(which=some, word=st.sampled_from(WORDS))
    def an_organiser_decides(self, which: int, word: Decision | str | None) -> None:
        known = word if isinstance(word, Decision) else None
        self.touch(which, decision=known, decision_text=str(word or ""))

    @precondition(lambda self: self.book.register)
    @rule(which=some, priority=st.sampled_from((-1.0, 0.0, 2.5)))
    def an_organiser_sets_a_priority(self, which: int, priority: float) -> None:
        self.touch(which, priority=priority)

    @precondition(lambda self: self.book.register)
    @rule(which=some, frozen=st.booleans())
    def a_row_is_torn_or_mended(self, which: int, frozen: bool) -> None:
        self.touch(which, frozen=frozen)

    def touch(self, which: int, **fields: Any) -> None:
        rows = list(self.book.register)
        index = which % len(rows)
        rows[index] = replace(rows[index], **fields)
        self.book = replace(self.book, register=tuple(rows))

    @rule(
        which=some,
        places=st.sampled_from((None, 0, 1, 2, 4)),
        limit=st.sampled_from((None, None, 0, 1, 2)),
        paused=st.sampled_from((False, False, True)),
        period=st.sampled_from(PERIODS),
    )
    def a_cohort_is_changed(
        self,
        which: int,
        places: int | None,
        limit: int | None,
        paused: bool,
        period: dict[str, Any],
    ) -> None:
        cohorts = list(self.book.cohorts)
        index = which % len(cohorts)
        fields: dict[str, Any] = {"opens": None, "closes": None, **period}
        cohorts[index] = replace(
            cohorts[index],
            places=places,
            waiting_limit=limit,
            paused=paused,
            **fields,
        )
        self.book = replace(self.book, cohorts=tuple(cohorts))

    @precondition(lambda self: len(self.book.cohorts) == 1)
    @rule()
    def a_second_cohort_is_added(self) -> None:
        self.book = replace(
            self.book, cohorts=(*self.book.cohorts, cohort("C2", 1, row=3, waiting_limit=1))
        )

    @rule()
    def rows_and_columns_are_sorted(self) -> None:
        self.chance.shuffle(self.answers)
        self.chance.shuffle(self.columns)

    @rule()
    def a_night_passes(self) -> None:
        before = self.workbook()
        self.now += NIGHT
        plan = make_plan(before, self.policy, self.now)
        check_cuts(before, plan, self.policy)
        check_same_decisions(plan, make_plan(self.shuffled(before), self.policy, self.now))
        self.book = check_night(before, plan, self.policy)

    def workbook(self) -> Snapshot:
        return replace(self.book, responses=(table(self.answers, columns=self.columns),))

    def shuffled(self, before: Snapshot) -> Snapshot:
        """Return the workbook with its rows sorted anew and a blank row and column between."""

        def mixed(items: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(self.chance.sample(items, len(items)))

        answers = [*self.chance.sample(self.answers, len(self.answers)), None]
        return replace(
            before,
            responses=(table(answers, columns=[-1, *mixed(tuple(self.columns))]),),
            register=mixed(before.register),
            cohorts=mixed(before.cohorts),
            handled=dict(mixed(tuple(before.handled.items()))),
        )

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.a_night_passes()
            self.a_night_passes()


TestHistories = Histories.TestCase
