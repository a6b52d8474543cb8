"""What is shared is attacked: from all that is shown, no figure that is held back can be worked out.

The attacker here shares nothing with the code under attack: it writes down what anybody knows of the
figures, leaves out nothing that is true, and looks for other figures that would look the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.model import Status
from automation.core.summary import OTHER, SUPPRESSED, make_summary, suppress
from automation.core.text import fold
from tests.summaries import NOW, RULES, enrolment, programme, programmes, roll

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.core.snapshot import Snapshot
    from automation.core.summary import Figure, Summary, Table

Name = tuple[str, str, str]
BELOW = 5
STEPS = (("persons", "enrolled"), ("seated", "seated"), ("came", "came"), ("attested", "attested"))
NOBODY = {"places", "asked", "meetings", "known"}
MANY = 400


def figures(summary: Summary) -> dict[Name, Figure]:
    """Return every figure that counts people, by table, row and column."""
    found: dict[Name, Figure] = {}
    for table in summary.tables:
        if table.base is not None:
            found[(table.key, "", "base")] = table.base
        for row in table.rows:
            for column, figure in zip(table.columns, row.figures, strict=True):
                if figure is not None and column not in NOBODY:
                    found[(table.key, row.key, column)] = figure
    return found


def subsets(summary: Summary) -> Iterator[tuple[Name, Name]]:
    """Yield pairs of figures of which the second counts some of those of the first."""
    codes = [row.key for row in summary.cohorts.rows]
    for i, (total, column) in enumerate(STEPS):
        for later, later_column in STEPS[i + 1 :]:
            yield ("funnel", total, "people"), ("funnel", later, "people")
            for code in codes:
                yield ("comparison", code, column), ("comparison", code, later_column)
        for code in codes if len(codes) > 1 else ():
            yield ("funnel", total, "people"), ("comparison", code, column)
    for code in codes:
        yield ("comparison", code, "seated"), ("cohorts", code, "confirmed")
    for row in summary.meetings.rows:
        code = next(code for code in codes if fold(code) == fold(row.group))
        present, expected = (("meetings", row.key, c) for c in ("present", "expected"))
        yield expected, present
        yield ("comparison", code, "came"), present
        yield ("funnel", "came", "people"), present
        yield ("comparison", code, "seated"), expected
    for table in summary.needs:
        yield ("funnel", "persons", "people"), (table.key, "", "base")
        for row in table.rows:
            if not table.exclusive:
                yield (table.key, "", "base"), (table.key, row.key, "people")


@dataclass
class Attacker:
    """Everything that a reader could know, as sums that are at least zero."""

    truth: dict[Name, int]
    shown: dict[Name, Figure]
    rules: list[dict[Name, int]] = field(default_factory=list)
    constants: list[int] = field(default_factory=list)
    about: defaultdict[Name, list[int]] = field(default_factory=lambda: defaultdict(list))

    def know(self, more: Iterable[tuple[Name, int]], *, equal: bool = False) -> None:
        """Learn that a sum is at least zero, or is zero: whatever is true is known."""
        terms: defaultdict[Name, int] = defaultdict(int)
        for name, times in more:
            terms[name] += times
        if any(name not in self.truth for name in terms):
            return
        total = sum(self.truth[name] * times for name, times in terms.items())
        if total < 0 or (equal and total):
            return
        self._add(terms)
        if equal:
            self._add({name: -times for name, times in terms.items()})

    def _add(self, terms: dict[Name, int]) -> None:
        hidden = {n: t for n, t in terms.items() if t and self.shown[n] is SUPPRESSED}
        if hidden:
            for name in hidden:
                self.about[name].append(len(self.rules))
            self.rules.append(hidden)
            self.constants.append(
                sum(t * self.truth[n] for n, t in terms.items() if n not in hidden)
            )

    @property
    def hidden(self) -> list[Name]:
        return [name for name, figure in self.shown.items() if figure is SUPPRESSED]

    def could_be(self, name: Name, value: int) -> bool:
        """Tell whether a hidden figure could have that value, all others being shown as they are."""
        ranges = dict.fromkeys(self.hidden, (0, MANY))
        ranges[name] = (value, value)
        self.steps = 3000
        return self._search(ranges, list(range(len(self.rules))), [name])

    def _search(
        self, ranges: dict[Name, tuple[int, int]], rules: list[int], touched: list[Name]
    ) -> bool:
        self.steps -= 1
        assert self.steps > 0, "the attack takes too long: simplify it"
        if not self._narrow(ranges, rules):
            return False
        # What the truth still allows needs no choice.
        off = next((r for r in range(len(self.rules)) if self._nearest(r, ranges) < 0), None)
        if off is None:
            return True
        for name, times in sorted(self.rules[off].items()):
            low, high = ranges[name]
            now = min(max(self.truth[name], low), high)
            step = 1 if times > 0 else -1
            if low <= now + step <= high:
                bound = (now + step, high) if step > 0 else (low, now + step)
                rest = (low, now) if step > 0 else (now, high)
                if self._search({**ranges, name: bound}, self.about[name], [*touched, name]):
                    return True
                ranges = {**ranges, name: rest}
        return False

    def _nearest(self, rule: int, ranges: dict[Name, tuple[int, int]]) -> int:
        """Return a rule's sum where every figure is as near the truth as its range allows."""
        return self.constants[rule] + sum(
            times * min(max(self.truth[name], ranges[name][0]), ranges[name][1])
            for name, times in self.rules[rule].items()
        )

    def _narrow(self, ranges: dict[Name, tuple[int, int]], rules: list[int]) -> bool:
        """Narrow the ranges by what is known, as far as it goes; tell whether any value is left."""
        waiting = list(rules)
        while waiting:
            rule = waiting.pop()
            most = self.constants[rule] + sum(
                times * ranges[name][times > 0] for name, times in self.rules[rule].items()
            )
            if most < 0:
                return False
            for name, times in self.rules[rule].items():
                low, high = ranges[name]
                spare = most // abs(times)
                narrow = (
                    (max(low, high - spare), high) if times > 0 else (low, min(high, low + spare))
                )
                if narrow != ranges[name]:
                    ranges[name] = narrow
                    waiting += self.about[name]
        return True


def attack(before: Summary, shared: Summary) -> Attacker:
    """Return an attacker who knows all that is true of a summary's figures."""
    shown = figures(shared)
    truth = {n: f for n, f in figures(before).items() if isinstance(f, int) and n in shown}
    for table in shared.needs:
        gathered = (table.key, OTHER, "people")
        if gathered in shown and gathered not in truth:
            known = next(one for one in before.needs if one.key == table.key)
            kept = {row.key for row in table.rows}
            truth[gathered] = sum(
                row.figures[0]
                for row in known.rows
                if row.key not in kept and isinstance(row.figures[0], int)
            )
    attacker = Attacker(truth, shown)
    for whole, part in subsets(shared):
        attacker.know([(whole, 1), (part, -1)])
    codes = [row.key for row in shared.cohorts.rows]
    for total, column in STEPS:
        each = [(("comparison", code, column), 1) for code in codes]
        given = [(name, times) for name, times in each if name in truth]
        attacker.know([*given, (("funnel", total, "people"), -1)])
        attacker.know([(("funnel", total, "people"), 1), *((n, -1) for n, _ in given)])
    for code in codes:
        states = [("cohorts", code, c) for c in ("confirmed", "offered", "waiting", "withdrawn")]
        attacker.know([(("comparison", code, "enrolled"), 1), *((s, -1) for s in states)])
        know_presences(attacker, shared, code)
    for column in ("expected", "present", "guests"):
        for theme in shared.themes.rows:
            keys = [r.key for r in shared.meetings.rows if fold(r.label) == theme.key]
            parts = [(("meetings", key, column), -1) for key in keys]
            attacker.know([(("themes", theme.key, column), 1), *parts], equal=True)
    faith = [(("loyalty", key, "people"), -1) for key in ("all", "most", "few")]
    attacker.know([(("funnel", "came", "people"), 1), *faith], equal=True)
    weeks = [(("weeks", row.key, "people"), -1) for row in shared.weeks.rows]
    attacker.know([(("funnel", "persons", "people"), 1), *weeks])
    for table in shared.needs:
        rows = [((table.key, row.key, "people"), 1) for row in table.rows]
        base = ((table.key, "", "base"), -1)
        attacker.know([*rows, base], equal=table.exclusive)
    return attacker


def know_presences(attacker: Attacker, shared: Summary, code: str) -> None:
    """Who came did so once at least; who earned an attestation as often as asked; none oftener
    than there were meetings."""
    came, attested = ("comparison", code, "came"), ("comparison", code, "attested")
    keys = [row.key for row in shared.meetings.rows if fold(row.group) == fold(code)]
    present = [(("meetings", key, "present"), 1) for key in keys]
    attacker.know([*present, (came, -1)])
    asked = shared.comparison.figure(code, "asked")
    if isinstance(asked, int) and keys:
        more = max(asked, 1) - 1
        attacker.know([*present, (came, -1), (attested, -more)])
        less = [(name, -times) for name, times in present]
        attacker.know([*less, (came, more), (attested, len(keys) - more)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=programmes(most=60), below=st.sampled_from([2, 3, 5, 8]))
def test_no_suppressed_figure_can_be_worked_out(before: Snapshot, below: int) -> None:
    whole = make_summary(before, RULES, NOW, {"Tourville": 9})

    attacker = attack(whole, suppress(whole, below))

    for name in attacker.hidden:
        truth = attacker.truth[name]
        if truth < below:
            assert attacker.could_be(name, 0), name
            assert attacker.could_be(name, below - 1), name
        else:
            assert attacker.could_be(name, truth - 1) or attacker.could_be(name, truth + 1), name


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=programmes(most=60))
def test_no_small_difference_between_two_figures_is_shown(before: Snapshot) -> None:
    shared = suppress(make_summary(before, RULES, NOW), BELOW)

    shown = figures(shared)

    for whole, part in subsets(shared):
        all_of_them, some = shown.get(whole), shown.get(part)
        if isinstance(all_of_them, int) and isinstance(some, int):
            assert not 0 < all_of_them - some < BELOW, (whole, part)


@settings(max_examples=40, deadline=None)
@given(before=programmes(most=60))
def test_what_is_shown_is_true_and_never_small(before: Snapshot) -> None:
    whole = make_summary(before, RULES, NOW)

    shown = figures(suppress(whole, BELOW))

    truth = figures(whole)
    for name, figure in shown.items():
        if figure is not SUPPRESSED:
            assert isinstance(figure, int)
            assert figure >= BELOW
            assert name[1] == OTHER or truth[name] == figure


def hide_small(summary: Summary) -> Summary:
    """Return a summary whose small figures are held back, and nothing else."""

    def hide(table: Table) -> Table:
        return replace(
            table,
            rows=tuple(
                replace(
                    row,
                    figures=tuple(
                        SUPPRESSED if isinstance(f, int) and f < BELOW and c not in NOBODY else f
                        for c, f in zip(table.columns, row.figures, strict=True)
                    ),
                )
                for row in table.rows
            ),
        )

    return replace(summary, loyalty=hide(summary.loyalty), funnel=hide(summary.funnel))


def _rendezvous() -> Snapshot:
    """Return a cohort of twelve that met thrice: six came always, five twice, one once."""
    present = [range(1, 13), range(1, 12), range(1, 7)]
    rolls = [roll(n, came, range(1, 13)) for n, came in enumerate(present, start=1)]
    seated, waiting = range(1, 13), range(13, 25)
    people = [
        *(enrolment(n) for n in seated),
        *(enrolment(n, status=Status.WAITING) for n in waiting),
    ]
    return programme(people, rolls)


def test_the_threshold_alone_would_let_the_attacker_work_a_figure_out() -> None:
    whole = make_summary(_rendezvous(), RULES, NOW)
    few = ("loyalty", "few", "people")

    bare = attack(whole, hide_small(suppress(whole, 1)))

    assert [bare.could_be(few, n) for n in range(BELOW)] == [False, True, False, False, False]


def test_what_twelve_people_did_is_told_as_far_as_it_points_at_nobody() -> None:
    whole = make_summary(_rendezvous(), RULES, NOW)

    shared = suppress(whole, BELOW)

    assert shared.shared
    assert shared.today.rows == ()
    assert shared.meetings.columns == ("expected", "present", "guests")
    assert shared.cohorts.figure("C1", "confirmed") == 12
    assert shared.funnel.column("people") == (24, 24, SUPPRESSED, SUPPRESSED, 11)
    assert shared.meetings.column("present") == (SUPPRESSED, 11, 6)
    assert shared.meetings.column("expected") == (12, SUPPRESSED, 12)
    assert shared.loyalty.column("people") == (6, 5, SUPPRESSED)


def test_words_that_too_few_people_wrote_are_counted_together() -> None:
    trades = ["Photographe"] * 6 + ["Menuisier"] * 3 + ["Souffleuse de verre", "Apicultrice"]
    before = programme(
        [enrolment(n, extra=(trade, "", "")) for n, trade in enumerate(trades, start=1)]
    )

    shared = suppress(make_summary(before, RULES, NOW, {"Tourville": 9}), BELOW)

    trade, _, towns = shared.needs
    assert [(row.label, row.figures) for row in trade.rows] == [("Photographe", (6,)), ("", (5,))]
    assert [row.label for row in towns.rows] == ["Tourville", ""]
    assert towns.figure("tourville", "known") == 9


@pytest.mark.parametrize("fewest", ["Aulnaies", "Tourville"])
def test_the_order_of_suppressed_rows_does_not_tell_which_counts_more(fewest: str) -> None:
    known = {"Aulnaies": 9, "Tourville": 9, "Saint-Aubert": 9}
    towns = ["Aulnaies", "Tourville"] * 3 + ["Saint-Aubert"] * 7
    towns.remove(fewest)
    before = programme([enrolment(n, municipality=t) for n, t in enumerate(towns, start=1)])

    shared = suppress(make_summary(before, RULES, NOW, known), BELOW)

    labels = [row.label for row in shared.needs[-1].rows]
    assert labels == ["Saint-Aubert", "Aulnaies", "Tourville", ""]


def test_a_threshold_of_one_holds_nothing_back() -> None:
    shared = suppress(make_summary(_rendezvous(), RULES, NOW), 1)

    assert SUPPRESSED not in figures(shared).values()
    assert len(shared.trends) == 1


def test_a_trend_of_figures_that_are_held_back_is_not_told() -> None:
    shared = suppress(make_summary(_rendezvous(), RULES, NOW), BELOW)

    assert shared.trends == ()


def test_suppressing_twice_changes_nothing() -> None:
    once = suppress(make_summary(_rendezvous(), RULES, NOW), BELOW)

    assert suppress(once, BELOW) == once
