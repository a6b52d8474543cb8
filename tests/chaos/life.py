"""One seed: a programme lived through calmly once, then again in rough weather."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest import mock

from msgspec import Struct, field

from automation.config.sections import Committee, Mail, Smtp
from automation.core.ledger import MailState, root_of
from automation.core.plan import make_plan
from automation.mail.compose import compose
from automation.posting import open_post_office
from tests.chaos.acts import Act, Type
from tests.chaos.claims import (
    check_mailbox,
    check_night,
    check_runs,
    check_same,
    check_same_mail,
    check_stopped,
    put_right,
)
from tests.chaos.letterbox import Letterbox
from tests.chaos.site import Clock, Site
from tests.chaos.town import Town, draw_scenario
from tests.chaos.weather import LOSS, Attempt, Event, draw_attempts, draw_loss, run_once
from tests.programme import full_programme
from tests.world import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from automation.core.letters import Letter
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.mail.office import Office
    from automation.mail.templates import Templates
    from automation.night import Night
    from tests.chaos.site import Sight, State
    from tests.chaos.town import Scenario
    from tests.chaos.weather import Outcome

_MEMORY = next((p for p in ("/dev/shm",) if Path(p).is_dir()), None)  # noqa: S108 - only for speed
_LEASE = timedelta(minutes=20)
_LOSSES = 0.1
"""Before which part of the nights something is gone, on a copy."""

_PATIENCE = 6
"""Runs after a rough one until a night must be through."""


class Failure(Struct, frozen=True, kw_only=True):
    """Something that does not hold.

    Attributes:
        at: The place of a sweep where it was found; "" for the life itself.
    """

    told: str
    at: str = ""


class Report(Struct):
    """What a seed came to.

    Attributes:
        trace: What happened, line by line.
        survived: Faults by name.
        places: How many places of a sweep were tried.
    """

    seed: int
    trace: list[str] = field(default_factory=list)
    survived: Counter[str] = field(default_factory=Counter)
    nights: int = 0
    messages: int = 0
    places: int = 0
    failures: list[Failure] = field(default_factory=list)

    @contextmanager
    def noting(self, at: str = "") -> Iterator[None]:
        """Note what does not hold, whatever it is, and go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            self.failures.append(Failure(told=f"{type(error).__name__}: {error}", at=at))
            self.trace.append(traceback.format_exc())


class Day(Struct, frozen=True, kw_only=True):
    """What happened on one day of the calm life, and what its night left.

    Attributes:
        left: Keys of all messages that had left after it.
        eve: The programme before its night, where it was kept.
    """

    index: int
    acts: tuple[Act, ...]
    during: tuple[Act, ...]
    steps: int
    state: State
    left: tuple[str, ...]
    eve: Site | None = None


def live(seed: int, nights: int = 60, lives: int = 1) -> Report:
    """Live through a seed: calmly, then in rough weather as often as asked."""
    report = Report(seed)
    scenario = draw_scenario(seed, nights)
    with report.noting(), new_folder() as folder, Letters().in_place():
        calm = begin(scenario, folder)
        bare = calm.forked(folder / "bare.db")
        with calm.in_place():
            days = live_calmly(calm, scenario, report)
        for index in range(lives):
            rough = bare.forked(folder / f"rough{index}.db")
            with rough.in_place():
                _live_roughly(rough, scenario, days, f"{seed}/{index}", report)
    return report


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder for programmes, and take it away again."""
    with TemporaryDirectory(prefix="cohorte-chaos-", dir=_MEMORY) as name:
        yield Path(name)


def begin(scenario: Scenario, folder: Path) -> Site:
    """Make the programme of a scenario, before anything has happened."""
    made = full_programme(folder)
    mail = Mail.model_validate(
        {
            "mode": "review" if scenario.review else "automatic",
            "transport": scenario.transport,
            "folder": folder / "courriels" if scenario.transport == "folder" else None,
            "sender": "Le comité <comite@example.org>",
            "postal_address": "100, rue Principale, Saint-Exemple (Québec)",
        }
    )
    url = "https://docs.google.com/forms/d/e/1F/viewform?usp=pp_url&entry.123=CODE"
    place = made.config.ma_place.model_copy(update={"prefilled_url": url})
    update = {
        "mail": mail,
        "smtp": Smtp(host="127.0.0.1"),
        "ma_place": place,
        "committee": Committee(digest_to=("lise@example.org",)),
    }
    letterbox = Letterbox() if scenario.transport != "gmail" else None
    return Site(
        path=made.path,
        config=made.config.model_copy(update=update),
        clock=Clock(scenario.night(0)),
        letterbox=letterbox,
    )


class Letters:
    """Messages are composed once in a life: only what is in them differs in rough weather."""

    def __init__(self) -> None:
        self._made: dict[str, _Parsed] = {}

    @contextmanager
    def in_place(self) -> Iterator[None]:
        def make(letter: Letter, office: Office, templates: Templates) -> _Parsed:
            if letter.key not in self._made:
                self._made[letter.key] = _Parsed(compose(letter, office, templates).parse())
            return self._made[letter.key]

        with mock.patch("automation.mail.delivery.compose", make):
            yield


class _Parsed(Struct, frozen=True):
    """A message that was parsed once."""

    message: EmailMessage

    def parse(self) -> EmailMessage:
        return self.message


def live_calmly(
    site: Site, scenario: Scenario, report: Report, eves: Path | None = None
) -> list[Day]:
    """Live through all days; keep the programme before each night in a folder, where one is given."""
    town, days = Town(scenario), []
    rules = open_post_office(site.config).rules
    _organise(site, town, report)
    sight = site.look()
    for index in range(scenario.nights):
        acts, during = town.live(index, sight.snapshot)
        do_acts(site, acts, report)
        eve = site.forked(eves / f"eve{index}.db") if eves else None
        before = site.grids()
        site.clock.at = scenario.night(index)
        outcome = _run(site, Attempt(), "calm", report)
        if outcome.error is not None:
            raise AssertionError(f"a calm night ended with {outcome.error!r}")
        assert outcome.night is not None
        sight = _end_night(site, outcome.night, before, rules, learns=not during)
        if during:
            do_acts(site, during, report)
            sight = site.look()
        state = site.tell_state(sight)
        days.append(
            Day(
                index=index,
                acts=acts,
                during=during,
                steps=outcome.steps,
                state=state,
                left=tuple(site.left()),
                eve=eve,
            )
        )
        report.nights += 1
    report.messages += len(site.left())
    return days


def _end_night(
    site: Site,
    night: Night,
    before: dict[int, list[list[Any]]],
    rules: Rules,
    *,
    learns: bool = True,
) -> Sight:
    """Check a night, and let another run learn that its offers left: news for whichever comes next.

    Return what stands then.
    """
    sight = site.look()
    check_night(night, before, sight, rules)
    site.clock.sleep(600)
    changes = make_plan(sight.snapshot, rules, site.clock.at).changes
    told = {event.kind for change in changes for event in change.events}
    assert told <= {"sent"}, ("4: a second run decides something", changes)
    if changes and learns:
        site.night(at=site.clock.at, event="apply")
        sight = site.look()
    check_mailbox(site, sight.snapshot)
    return sight


def _organise(site: Site, town: Town, report: Report) -> None:
    """Let a first, empty night make the tabs, and the organisers fill them in."""
    site.clock.at = town.scenario.night(0) - timedelta(days=1)
    _run(site, Attempt(), "make", report)
    do_acts(site, tuple(town.prepare()), report)


def do_acts(site: Site, acts: Sequence[Act], report: Report) -> None:
    """Let people act, each at their instant."""
    for act in acts:
        site.clock.at = act.at
        report.trace.append(f"{_wall(site)}  {act}")
        act.do(site)


def _run(site: Site, attempt: Attempt, token: str, report: Report, event: str = "night") -> Outcome:
    report.trace.append(f"{_wall(site)}  {event} {token}: {attempt}")
    outcome = run_once(site, attempt, token, event)
    report.trace.append(f"{_wall(site)}    {outcome}")
    for other in outcome.others:
        report.trace.append(f"{_wall(site)}    meanwhile {other.token}: {other}")
    for what, count in outcome.survived.items():
        report.survived[what] += count
    return outcome


def _wall(site: Site) -> str:
    return f"{site.clock.at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def _live_roughly(
    site: Site, scenario: Scenario, days: Sequence[Day], seed: str, report: Report
) -> None:
    """Live through the same days with the same people, in other weather."""
    rules = open_post_office(site.config).rules
    report.trace.append(f"--- rough life {seed}")
    _organise(site, Town(scenario), report)
    limit = 6_000 if scenario.small_batches else 2_000_000
    with mock.patch("automation.workbook.writer.PAYLOAD_LIMIT", limit):
        for index, day in enumerate(days):
            do_acts(site, day.acts, report)
            dice = random.Random(f"weather {seed} {index}")
            attempts = draw_attempts(dice, day.steps, day.during)
            site.clock.at = scenario.night(index)
            if dice.random() < _LOSSES:
                _lose(site, dice, report)
            sight = pass_night(site, attempts, day, rules, report)
            state = site.tell_state(sight)
            at_work = any(attempt.event is Event.ORGANISER for attempt in attempts)
            check_same(day.state, state, at_work=at_work)
            check_same_mail(day.left, site.left())
            report.nights += 1
            if put_right(day.state, state):
                # Their next offers bear another number: from here on the lives differ rightly.
                report.trace.append("rows were put right under an organiser's hands: the end")
                break


def _lose(site: Site, dice: random.Random, report: Report) -> None:
    """Take away on a copy what a night can't do without, and let it find out."""
    with TemporaryDirectory(dir=site.path.parent) as folder:
        copy = site.forked(Path(folder, "copy.db"))
        loss = draw_loss(dice, copy)
        report.trace.append(f"{_wall(site)}  on a copy: {loss}")
        loss.do(copy)
        before = copy.picture()
        with copy.in_place():
            outcome = run_once(copy, Attempt(), "lost")
        check_stopped(outcome, before, copy.picture())
        assert copy.left() == site.left(), "14: it wrote to people all the same"
    report.survived[LOSS] += 1


def pass_night(
    site: Site, attempts: Sequence[Attempt], day: Day, rules: Rules, report: Report
) -> Sight:
    """Let the runs of one night happen, then one that nothing disturbs; return what stands then.

    Raises AssertionError where something does not hold.
    """
    due, outcomes = site.clock.at, []
    for number, attempt in enumerate(attempts):
        due += timedelta(minutes=attempt.after)
        site.clock.at = due + timedelta(minutes=attempt.clock)
        outcomes.append(outcome := _run(site, attempt, f"{day.index:02}{number}r", report))
        if attempt.event is Event.ORGANISER and outcome.night is not None:
            site.tell_state(site.look())  # what landed elsewhere was put right at once
        due = max(due, site.clock.at - timedelta(minutes=attempt.clock))
    check_runs(site, [*outcomes, *(o for outcome in outcomes for o in outcome.others)])
    if day.during:
        return _finish_during(site, day, outcomes[0], report)
    return _finish(site, day, due, rules, report, calm=not attempts)


def _finish(
    site: Site, day: Day, due: datetime, rules: Rules, report: Report, *, calm: bool
) -> Sight:
    """Run again until a run goes through, and nothing is left to send or to find out."""
    for number in range(_PATIENCE):
        due = max(due, site.clock.at) if number else due
        due += timedelta() if calm and not number else _LEASE
        site.clock.at = due
        before = site.grids()
        outcome = _run(site, Attempt(), f"{day.index:02}{number}f", report)
        if outcome.error is not None:
            assert outcome.error.code == "lease", outcome.error
            continue
        assert outcome.night is not None
        sight = _end_night(site, outcome.night, before, rules)
        if not _settle(site, sight.snapshot, report):
            return sight
    raise AssertionError("the night never came to its end")


def _settle(site: Site, seen: Snapshot, report: Report) -> bool:
    """Let somebody look in the mailbox for what became of the messages that nobody knows about."""
    unknown = [m for m in seen.mailings.values() if m.state is MailState.UNKNOWN]
    if not unknown:
        return False
    assert site.letterbox is not None, ("unknown, where the mailbox knows", unknown)
    left = set(site.left())
    acts = []
    latest = {root_of(m.key): m.key for m in sorted(unknown, key=lambda m: m.attempt)}
    for mailing in unknown:
        newest = latest[root_of(mailing.key)] == mailing.key
        word = "déjà parti" if mailing.key in left else "renvoyer" if newest else ""
        if word:
            where = {"key": mailing.key}
            acts.append(
                Type(
                    at=site.clock.at,
                    why="somebody looked",
                    tab="mail",
                    where=where,
                    name="action",
                    cell=word,
                )
            )
    do_acts(site, acts, report)
    return bool(acts)


def _finish_during(site: Site, day: Day, outcome: Outcome, report: Report) -> Sight:
    """After a night during which organisers worked: what they did is there, once."""
    assert outcome.error is None, outcome.error
    if not outcome.survived.get(str(Event.TYPING)):
        do_acts(site, day.during, report)
    return site.look()
