"""What goes wrong in a night, drawn from a seed: faults, death, other runs, clocks, busy organisers."""

from __future__ import annotations

import random
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from automation import local
from automation.core.brake import ALL_OF
from automation.core.model import HandledState
from automation.errors import CohorteError
from automation.local import Fault, FaultPlan
from automation.night import run_night
from tests.chaos.acts import Deed, Loss
from tests.chaos.letterbox import Mishap
from tests.programme import TAB, ProcessDiedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from requests import PreparedRequest

    from automation.night import Night
    from tests.chaos.acts import Act
    from tests.chaos.site import Site


class Event(StrEnum):
    """What happens at one step of a run: a call, or a step of a message's way."""

    NOTHING = "nothing"
    DEATH_BEFORE = "the process dies before a step"
    DEATH_AFTER = "the process dies after a step"
    ANOTHER_RUN = "another run comes in between"
    DYING_RUN = "another run comes in between and dies"
    STALLED = "it stalls and another run takes over"
    CLOCK_BACK = "the clock steps back"
    CLOCK_FORTH = "the clock steps forth"
    ORGANISER = "an organiser is at work"
    TYPING = "somebody types meanwhile"


LOSS = "something is gone that a night needs"

Happening = Event | Fault | Mishap
"""A fault happens to a call, a mishap to a step of a message's way, an event to either."""

_KINDS = {
    Event.DEATH_BEFORE: "deaths",
    Event.DEATH_AFTER: "deaths",
    Event.ANOTHER_RUN: "runs in between",
    Event.DYING_RUN: "runs in between",
    Event.STALLED: "runs in between",
    Event.CLOCK_BACK: "steps of the clock",
    Event.CLOCK_FORTH: "steps of the clock",
    Event.ORGANISER: "organisers at work",
    Event.TYPING: "organisers at work",
    LOSS: "losses",
}
_BY_CHANCE = tuple(event for event in Event if event is not Event.TYPING)
_NEVER = datetime.max.replace(tzinfo=UTC)
READS = 2
"""Steps by which a night has read all that it decides upon."""


def kind_of(what: str) -> str:
    """Return of which kind something is that was survived: a few kinds, for a summary."""
    return _KINDS.get(what, "faults")


class Attempt(Struct, frozen=True, kw_only=True):
    """How one run goes wrong.

    Attributes:
        after: How long after the one before it begins, in minutes.
        event: What happens at one step.
        step: At which one, counted from 1.
        chance: That any step goes wrong and is tried again, from 0 to 1.
        clock: How wrong the machine's clock is, in minutes.
        deeds: What an organiser does at that step.
    """

    after: int = 0
    event: Happening = Event.NOTHING
    step: int = 1
    chance: float = 0.0
    clock: int = 0
    deeds: tuple[Act, ...] = ()
    seed: str = ""

    def __str__(self) -> str:
        parts = [f"+{self.after} min"]
        if self.event is not Event.NOTHING:
            parts.append(f"{self.event} (step {self.step})")
        parts += [f"faults {self.chance:.0%}"] * bool(self.chance)
        parts += [f"clock {self.clock:+} min"] * bool(self.clock)
        parts += [str(deed) for deed in self.deeds]
        return ", ".join(parts)


class Outcome(Struct):
    """How a run ended.

    Attributes:
        steps: How many it took.
        outward: Those of them, from 1, that a message took on its way out.
        survived: What it met on the way, by name.
        jumped: Whether the clock did meanwhile.
        lasted: How long it took, by the clock.
    """

    token: str
    night: Night | None = None
    error: CohorteError | None = None
    died: bool = False
    steps: int = 0
    outward: set[int] = field(default_factory=set)
    survived: dict[str, int] = field(default_factory=dict)
    others: list[Outcome] = field(default_factory=list)
    jumped: bool = False
    lasted: timedelta = timedelta()

    def __str__(self) -> str:
        if self.died:
            return f"died at step {self.steps}"
        if self.error is not None:
            return f"ended with {self.error.code} {self.error.values}"
        sent = len(self.night.delivery.told) if self.night and self.night.delivery else 0
        halted = self.night and self.night.delivery and self.night.delivery.halted
        more = f", halted: {halted.code}" if halted else ""
        return f"done in {self.steps} steps, {sent} messages dealt with{more}"


class Sky:
    """The weather of one run: every step passes through it."""

    def __init__(self, site: Site, attempt: Attempt, outcome: Outcome) -> None:
        self._site, self._attempt, self._outcome = site, attempt, outcome
        self._spoilt: dict[int, Fault] = {}
        self.plan = FaultPlan(
            at=self._spoilt,
            chance=attempt.chance,
            seed=hash_of(attempt.seed),
            sleep=site.clock.sleep,
            on_call=self._on_call,
        )

    def _on_call(self, number: int, request: PreparedRequest) -> None:
        def send() -> None:
            with local.session(self._site.path, clock=self._site.clock.tell) as other:
                other.send(request.copy())

        event = self._step(send)
        if isinstance(event, Fault):
            self._spoilt[number] = event
        if (fault := self.plan.fault(number)) is not None:
            self._note(str(fault))

    def pass_(self, what: str, perform: Callable[[], None]) -> Mishap | None:
        """Let a step of a message's way happen, or not."""
        self._outcome.outward.add(self._outcome.steps + 1)
        event = self._step(perform)
        mishap = event if isinstance(event, Mishap) else self._draw_mishap()
        if mishap is None:
            perform()
            return None
        self._note(f"{what}: {mishap}")
        if mishap is Mishap.DROPPED_AFTER:
            perform()
        return mishap

    def _draw_mishap(self) -> Mishap | None:
        dice = random.Random(f"{self._attempt.seed}:{self._outcome.steps}")
        return dice.choice(list(Mishap)) if dice.random() < self._attempt.chance / 2 else None

    def _step(self, perform: Callable[[], None]) -> Happening:
        """Let happen what is due at this step; return it, since only the step itself can go wrong."""
        outcome, attempt, clock = self._outcome, self._attempt, self._site.clock
        if outcome.died:  # what is dead closes no connection either
            raise ProcessDiedError
        outcome.steps += 1
        clock.sleep(0.3)
        if outcome.steps != attempt.step:
            return Event.NOTHING
        if isinstance(attempt.event, Event) and attempt.event is not Event.NOTHING:
            self._note(str(attempt.event))
        match attempt.event:
            case Event.DEATH_BEFORE | Event.DEATH_AFTER:
                outcome.died = True
                if attempt.event is Event.DEATH_AFTER:
                    perform()
                raise ProcessDiedError
            case Event.ANOTHER_RUN | Event.DYING_RUN | Event.STALLED:
                outcome.others.append(self._let_in())
            case Event.CLOCK_BACK | Event.CLOCK_FORTH:
                outcome.jumped = True
                step = timedelta(minutes=35)
                clock.at += step if attempt.event is Event.CLOCK_FORTH else -step
            case Event.ORGANISER | Event.TYPING:
                for deed in attempt.deeds:
                    deed.do(self._site)
        return attempt.event

    def _let_in(self) -> Outcome:
        """Let another run come in between, from its beginning to its end, or to its death."""
        attempt, token = self._attempt, f"{self._outcome.token[:3]}x"
        if attempt.event is Event.STALLED:
            # Longer than its lease, and not so long that it would give up by itself.
            self._site.clock.at += timedelta(minutes=20)
        inner = Attempt(seed=f"{attempt.seed}:inner")
        if attempt.event is Event.DYING_RUN:
            step = random.Random(inner.seed).randint(2, 12)
            inner = Attempt(seed=inner.seed, event=Event.DEATH_AFTER, step=step)
        return run_once(self._site, inner, token)

    def _note(self, what: str) -> None:
        self._outcome.survived[what] = self._outcome.survived.get(what, 0) + 1


def hash_of(seed: str) -> int:
    """Return a number for a seed, the same in every process."""
    return random.Random(seed).getrandbits(32)


def run_once(site: Site, attempt: Attempt, token: str, event: str = "night") -> Outcome:
    """Let one run happen in its weather, by the site's clock."""
    outcome, began = Outcome(token=token), site.clock.at
    sky = Sky(site, attempt, outcome)
    former = site.letterbox.passage if site.letterbox else None
    with ExitStack() as stack:
        http = stack.enter_context(site.session(sky.plan, site.clock.retries()))
        if site.letterbox is not None:
            site.letterbox.passage = sky
        try:
            outcome.night = run_night(
                http, site.config, event=event, moment=lambda _: site.clock.at, token=token
            )
        except ProcessDiedError:
            outcome.died = True
        except CohorteError as error:
            outcome.error = error
        finally:
            outcome.lasted = site.clock.at - began
            if site.letterbox is not None and former is not None:
                site.letterbox.passage = former
    return outcome


_DEEDS = (
    *(("enrolments", kind) for kind in ("sort", "sort", "row", "column", "move")),
    *((tab, "sort") for tab in ("duplicates", "mail", "cohorts", "meetings", "journal")),
    *((tab, "row") for tab in ("mail", "cohorts", "meetings")),
    *((tab, "rename") for tab in ("enrolments", "mail", "cohorts")),
)


def draw_deed(dice: random.Random, tab: str = "", kind: str = "") -> Deed:
    """Return something that an organiser does to a tab, or to any, and that should not matter."""
    if not tab:
        tab, kind = dice.choice(_DEEDS)
    return Deed(at=_NEVER, why="meanwhile", tab=tab, kind=kind, chance=dice.random())


def draw_loss(dice: random.Random, site: Site) -> Loss:
    """Return something that a night can't do without, to be taken away."""
    seen = site.snapshot()
    acted = sum(line.state is HandledState.ACTED for line in seen.handled.values())
    if min(acted, len(seen.register)) >= ALL_OF and dice.random() < 0.5:
        return Loss(at=_NEVER, why="all rows", tab=dice.choice((TAB, "enrolments")))
    fields = site.config.rules.fields
    questions = [fields.email, fields.phone, fields.cohort, *(e.question for e in fields.extra)]
    headers = [(TAB, question) for question in questions if question]
    headers += [(t.key, c.fr) for t in site.layout.values() for c in t.columns if c.required]
    tab, header = dice.choice(headers)
    return Loss(at=_NEVER, why="a header", tab=tab, header=header)


def draw_attempts(dice: random.Random, steps: int, during: Sequence[Act]) -> tuple[Attempt, ...]:
    """Return how the runs of a night go wrong, before one that does not; () for a calm night.

    Args:
        steps: How many a calm run takes.
        during: What organisers do while the first one runs; nothing else happens then.
    """
    if during:
        step = dice.randint(3, steps + 1)
        deeds = tuple(during)
        return (Attempt(event=Event.TYPING, step=step, deeds=deeds, seed=str(dice.random())),)
    if dice.random() < 0.25:
        return ()
    attempts = []
    for index in range(dice.choice((1, 1, 1, 2, 2, 3))):
        event = dice.choice(_BY_CHANCE)
        deeds = (draw_deed(dice),) if event is Event.ORGANISER else ()
        attempts.append(
            Attempt(
                after=dice.choice((1, 10, 20, 35)) if index else 0,
                event=event,
                step=dice.randint(1, steps + 2),
                chance=dice.choice((0.0, 0.0, 0.05, 0.2, 0.5)),
                clock=dice.choice((0, 0, 0, -40, -7, 9, 40)) if not index else 0,
                deeds=deeds,
                seed=str(dice.random()),
            )
        )
    return tuple(attempts)
