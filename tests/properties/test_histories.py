"""Random histories: participants and organisers do what they please, and every night is checked."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from automation.core.model import (
    STATE_FIELDS,
    Damage,
    Decision,
    Enrolment,
    Promotion,
    Status,
    Verdict,
)
from automation.core.plan import make_plan
from automation.core.replies import Wish
from tests.properties.claims import check_cuts, check_night, check_same_decisions
from tests.world import (
    HEADER,
    NIGHT,
    POST,
    REVIEWED,
    RULES_WITH_GROUP,
    START,
    Answer,
    cohort,
    form_answers,
    post,
    reply,
    reply_table,
    snapshot,
    table,
)

if TYPE_CHECKING:
    from automation.core.model import Cohort
    from automation.core.rules import PostRules
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

_NO_RESERVE = {"reserved": 0, "reserved_for": "", "reserved_until": None}
RESERVES: tuple[dict[str, Any], ...] = (
    _NO_RESERVE,
    {**_NO_RESERVE, "reserved": 1, "reserved_for": "Chambre"},
    {**_NO_RESERVE, "reserved": 2, "reserved_for": "chambre"},
    {"reserved": 1, "reserved_for": "Chambre", "reserved_until": START + timedelta(days=4)},
    {**_NO_RESERVE, "reserved": 1},
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
        follows=st.booleans(),
        mail=st.sampled_from((None, REVIEWED, POST)),
        seed=some,
    )
    def begin(
        self,
        *,
        places: int,
        promotion: Promotion,
        asked: bool,
        second: bool,
        follows: bool,
        mail: PostRules | None,
        seed: int,
    ) -> None:
        fields = RULES_WITH_GROUP.fields
        asked_fields = fields if asked else replace(fields, cohort=None)
        self.policy = replace(RULES_WITH_GROUP, fields=asked_fields, post=mail)
        self.follows = "C1" if follows else ""
        self.replies: list[tuple[datetime, str, str]] = []
        self.now = START
        self.answers: list[Answer] = []
        self.form: dict[str, Answer] = {}
        self.form_is_asked = False
        self.deleted: list[Answer] = []
        self.gone: list[Cohort] = []
        self.columns = list(range(len(HEADER)))
        self.chance = random.Random(seed)
        both = (
            cohort("C1", places, promotion=promotion),
            cohort("C2", 1, row=3, promotion=promotion, waiting_limit=1, follows=self.follows),
        )
        self.book: Snapshot = snapshot((), *both[: 1 + second])

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(
        who=people,
        choice=choices,
        minutes=st.sampled_from((0, 0, 1, 600)),
        group=st.sampled_from(("", "", "Chambre", "Autre, Chambre")),
    )
    def somebody_answers(self, who: Answer, choice: str, minutes: int, group: str) -> None:
        self.later(minutes)
        number = f"response-{len(self.form)}"
        self.answers.append(replace(who, at=self.now, cohort=choice, group=group, id=number))
        self.form[number] = self.answers[-1]

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
        if old.id:
            self.form[old.id] = self.answers[index]

    @rule()
    def the_form_begins_or_ceases_to_be_asked(self) -> None:
        self.form_is_asked = not self.form_is_asked

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
    @rule(which=some, hours=st.sampled_from((-400, -30, -1, 20, 100, None)))
    def an_organiser_notes_a_call(self, which: int, hours: int | None) -> None:
        called = None if hours is None else self.now + timedelta(hours=hours)
        self.touch(which, called_at=called)

    @precondition(lambda self: self.book.pair_rows)
    @rule(which=some, verdict=st.sampled_from((*Verdict, None)))
    def an_organiser_gives_a_verdict(self, which: int, verdict: Verdict | None) -> None:
        rows = list(self.book.pair_rows)
        rows[which % len(rows)] = replace(rows[which % len(rows)], verdict=verdict)
        self.book = replace(self.book, pair_rows=tuple(rows))

    @precondition(lambda self: self.book.pair_rows)
    @rule(which=some)
    def a_row_of_a_pair_is_deleted(self, which: int) -> None:
        rows = list(self.book.pair_rows)
        del rows[which % len(rows)]
        self.book = replace(self.book, pair_rows=tuple(rows))

    @precondition(lambda self: self.book.register)
    @rule(which=some, number=st.sampled_from((1, 2, 3, 4, 99, None)))
    def an_organiser_merges(self, which: int, number: int | None) -> None:
        self.touch(which, merge_with=number)

    @precondition(lambda self: self.book.register)
    @rule(which=some, doubled=st.booleans())
    def a_row_is_copied_or_the_copy_deleted(self, which: int, doubled: bool) -> None:
        damage = self.book.register[which % len(self.book.register)].damage
        if damage in {None, Damage.DOUBLED}:
            self.touch(which, damage=Damage.DOUBLED if doubled else None)

    @precondition(lambda self: self.book.register)
    @rule(which=some, who=people)
    def a_row_is_torn(self, which: int, who: Answer) -> None:
        row = self.book.register[which % len(self.book.register)]
        if row.damage is None:
            told = {"first_name": who.first, "email": who.email, "rank": 7, "reason": "?"}
            self.touch(which, damage=Damage.TORN, **told)

    @precondition(lambda self: self.book.register)
    @rule(which=some)
    def a_row_is_deleted(self, which: int) -> None:
        row = self.book.register[which % len(self.book.register)]
        if row.damage is None:
            left = {name: getattr(row, name) for name in STATE_FIELDS}
            rows = list(self.book.register)
            rows[which % len(rows)] = Enrolment(number=row.number, **left, damage=Damage.LOST)
            self.book = replace(self.book, register=tuple(rows))

    @precondition(lambda self: self.book.register)
    @rule(which=some)
    def lines_of_the_journal_are_deleted(self, which: int) -> None:
        row = self.book.register[which % len(self.book.register)]
        if row.damage is None:
            journal = {n: entry for n, entry in self.book.journal.items() if n != row.number}
            self.book = replace(self.book, journal=journal)

    @precondition(lambda self: self.book.register)
    @rule(which=some, wish=st.sampled_from(Wish), old=st.booleans(), minutes=st.integers(1, 90))
    def somebody_replies(self, which: int, wish: Wish, old: bool, minutes: int) -> None:
        self.later(minutes)
        row = self.book.register[which % len(self.book.register)]
        offer = 0 if old else row.offer
        self.replies.append(reply(self.book, row.number, wish, self.now, offer))

    @precondition(lambda self: self.policy.post is REVIEWED)
    @rule()
    def the_mail_goes_out(self) -> None:
        sent = {
            (e.number, e.offer): self.now
            for e in self.book.register
            if e.status is Status.OFFERED and (e.number, e.offer) not in self.book.sendings
        }
        self.book = replace(self.book, sendings={**self.book.sendings, **sent})

    def touch(self, which: int, **fields: Any) -> None:
        rows = list(self.book.register)
        index = which % len(rows)
        if rows[index].damage is Damage.LOST:
            return
        rows[index] = replace(rows[index], **fields)
        self.book = replace(self.book, register=tuple(rows))

    @rule(
        which=some,
        places=st.sampled_from((None, 0, 1, 2, 4)),
        limit=st.sampled_from((None, None, 0, 1, 2)),
        paused=st.sampled_from((False, False, True)),
        period=st.sampled_from(PERIODS),
        reserve=st.sampled_from(RESERVES),
        promotion=st.sampled_from(Promotion),
        hours=st.sampled_from((1, 24, 72)),
        last_offer=st.sampled_from((None, None, 2, 6)),
    )
    def a_cohort_is_changed(  # noqa: PLR0917 - a cohort has that many columns
        self,
        which: int,
        places: int | None,
        limit: int | None,
        paused: bool,
        period: dict[str, Any],
        reserve: dict[str, Any],
        promotion: Promotion,
        hours: int,
        last_offer: int | None,
    ) -> None:
        cohorts = list(self.book.cohorts)
        index = which % len(cohorts)
        fields: dict[str, Any] = {"opens": None, "closes": None, **period, **reserve}
        cohorts[index] = replace(
            cohorts[index],
            places=places,
            waiting_limit=limit,
            paused=paused,
            promotion=promotion,
            window=timedelta(hours=hours),
            last_offer=None if last_offer is None else START + timedelta(days=last_offer),
            **fields,
        )
        self.book = replace(self.book, cohorts=tuple(cohorts))

    @precondition(lambda self: len(self.book.cohorts) > 1)
    @rule(which=some)
    def the_row_of_a_cohort_is_deleted(self, which: int) -> None:
        cohorts = list(self.book.cohorts)
        self.gone.append(cohorts.pop(which % len(cohorts)))
        self.book = replace(self.book, cohorts=tuple(cohorts))

    @precondition(lambda self: self.gone)
    @rule()
    def the_row_of_a_cohort_is_put_back(self) -> None:
        self.book = replace(self.book, cohorts=(*self.book.cohorts, self.gone.pop()))

    @precondition(lambda self: len(self.book.cohorts) == 1 and not self.gone)
    @rule()
    def a_second_cohort_is_added(self) -> None:
        self.book = replace(
            self.book,
            cohorts=(
                *self.book.cohorts,
                cohort("C2", 1, row=3, waiting_limit=1, follows=self.follows),
            ),
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
        if self.policy.post is not None and self.policy.post.automatic:
            self.book = post(self.book, plan)

    def workbook(self) -> Snapshot:
        return replace(
            self.book,
            responses=(table(self.answers, columns=self.columns),),
            form_answers=form_answers(self.form.values()) if self.form_is_asked else (),
            replies=reply_table(self.replies),
        )

    def shuffled(self, before: Snapshot) -> Snapshot:
        """Return the workbook with its rows sorted anew and a blank row and column between."""

        def mixed(items: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(self.chance.sample(items, len(items)))

        answers = [*self.chance.sample(self.answers, len(self.answers)), None]
        return replace(
            before,
            responses=(table(answers, columns=[-1, *mixed(tuple(self.columns))]),),
            form_answers=mixed(before.form_answers),
            replies=reply_table(mixed(tuple(self.replies))),
            register=mixed(before.register),
            pair_rows=mixed(before.pair_rows),
            cohorts=mixed(before.cohorts),
            handled=dict(mixed(tuple(before.handled.items()))),
        )

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.a_night_passes()
            self.a_night_passes()


TestHistories = Histories.TestCase
