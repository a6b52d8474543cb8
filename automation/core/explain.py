"""Why somebody's enrolment stands where it does, and what would change it.

Sentences that could be told to the person, as phrases; what only the organisers need is apart. The
queue and the seats are those that tonight's plan leaves, so that nothing told today is over tomorrow.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from automation import locale
from automation.core.enrolment.queues import (
    FreeSeats,
    count_free,
    find_favoured,
    former_cohorts,
    is_eligible,
    kept_for_group,
    queue_order,
)
from automation.core.enrolment.register import Register
from automation.core.identity import name_key
from automation.core.model import MOVES, Hold, Promotion, Status, Verdict, phrase
from automation.core.moments import tell_end, tell_moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from automation.core.model import Cohort, Enrolment, Number, Phrase
    from automation.core.plan import Change, Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

_RETURNABLE = frozenset({Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN, Status.NOT_ADMITTED})
_DECIDABLE = {
    Status.TO_REVIEW: "to_review",
    Status.WAITING: "waiting",
    Status.OFFERED: "offered",
    Status.CONFIRMED: "confirmed",
    **dict.fromkeys((*_RETURNABLE, Status.REMOVED), "ended"),
}

_TOLD = MOVES | {"edited", "call", "sent"}
"""Kinds of events that concern the person; the others are the organisers' affair."""
_VERDICTS = {"same": Verdict.SAME, "different": Verdict.DIFFERENT}


class Explanation(Struct, frozen=True, kw_only=True):
    """What there is to say of an enrolment.

    Attributes:
        before: The row as it stands; None for an answer that tonight will handle.
        after: The row as tonight's plan leaves it.
        since: Since when it has the status that it has; None where the journal can't tell.
        ahead: How many are before it in the queue; None for one without a rank.
        of_person: Numbers of all the person's enrolments, this one included, in their order.
        today: Where they stand.
        tonight: What the plan will change.
        queue: For somebody who waits: who is ahead and why, and why no seat comes.
        outlook: What would change it, and what they can do.
        others: The person's other enrolments.
        pairs: With whom they were, or may be, held for one person, and why.
        committee: What only the organisers need.
    """

    number: Number
    before: Enrolment | None
    after: Enrolment
    since: datetime | None
    ahead: int | None
    of_person: tuple[Number, ...]
    today: tuple[Phrase, ...]
    tonight: tuple[Phrase, ...]
    queue: tuple[Phrase, ...]
    outlook: tuple[Phrase, ...]
    others: tuple[Phrase, ...]
    pairs: tuple[Phrase, ...]
    committee: tuple[Phrase, ...]

    @property
    def sections(self) -> dict[str, tuple[Phrase, ...]]:
        """What there is to say, by part, in the order in which it is told."""
        names = ("today", "tonight", "queue", "outlook", "others", "pairs", "committee")
        return {name: getattr(self, name) for name in names}


def explain(
    snapshot: Snapshot, plan: Plan, number: Number, rules: Rules, now: datetime
) -> Explanation:
    """Explain an enrolment, in the language of the rules.

    Args:
        plan: That of tonight for this snapshot.
        number: Of an enrolment in the register, or one that the plan makes.

    Raises `KeyError` for another number.
    """
    view = _open_view(snapshot, plan, rules, now)
    before = next((e for e in snapshot.register if e.number == number), None)
    after = view.register.enrolments[number]
    change = next((c for c in plan.changes if c.after.number == number), None)
    queue = view.queue_of(after.cohort)
    ranked = is_eligible(after) and after.cohort in view.register.cohorts
    entry = snapshot.journal.get(number)
    since = entry.moved_at if entry else None
    theirs = [e for e in view.register.enrolments.values() if e.person == after.person]
    return Explanation(
        number=number,
        before=before,
        after=after,
        since=since,
        ahead=queue.index(after) if ranked else None,
        of_person=tuple(sorted(e.number for e in theirs)),
        today=tuple(_today(view, before, since)),
        tonight=tuple(_tonight(view, before, change)),
        queue=tuple(_queue(view, after, queue)) if after.status is Status.WAITING else (),
        outlook=tuple(_outlook(view, after, queue)),
        others=tuple(_others(view, after, theirs)),
        pairs=tuple(_pairs(snapshot, plan, after, theirs)),
        committee=tuple(_committee(plan, after, change)),
    )


def after_plan(snapshot: Snapshot, plan: Plan) -> dict[Number, Enrolment]:
    """Return everybody as a plan leaves them, by number."""
    return {e.number: e for e in snapshot.register} | {
        c.after.number: c.after for c in plan.changes
    }


class _View(Struct, frozen=True, kw_only=True):
    """The programme as tonight's plan leaves it, and how it is told."""

    register: Register
    snapshot: Snapshot
    favoured: frozenset[Number]
    former: dict[str, str]

    @property
    def now(self) -> datetime:
        return self.register.now

    @property
    def rules(self) -> Rules:
        return self.register.rules

    def moment(self, instant: datetime) -> str:
        return tell_moment(instant, self.snapshot.zone, self.rules.language)

    def end(self, instant: datetime) -> str:
        return tell_end(instant, self.snapshot.zone, self.rules.language)

    def cohort_of(self, enrolment: Enrolment) -> Cohort | None:
        return self.register.cohorts.get(enrolment.cohort)

    def name(self, code: str) -> str:
        """Return what people call a cohort."""
        cohort = self.register.cohorts.get(code)
        name = cohort.name if cohort else ""
        return name or code or locale.text(self.rules.language, "explain.unknown_cohort")

    def status(self, enrolment: Enrolment) -> str:
        return locale.text(self.rules.language, f"status.{enrolment.status}")

    def members(self, code: str) -> list[Enrolment]:
        return [e for e in self.register.enrolments.values() if e.cohort == code]

    def queue_of(self, code: str) -> list[Enrolment]:
        """Return those whose turn may come in a cohort, the first in front."""
        eligible = [e for e in self.members(code) if is_eligible(e)]
        return sorted(eligible, key=lambda e: queue_order(e, self.favoured))


def _open_view(snapshot: Snapshot, plan: Plan, rules: Rules, now: datetime) -> _View:
    register = Register(
        now=now,
        rules=rules,
        cohorts={cohort.code: cohort for cohort in snapshot.cohorts},
        journal=dict(snapshot.journal),
        enrolments=after_plan(snapshot, plan),
        highest_number=snapshot.highest_number,
    )
    former = former_cohorts(snapshot.cohorts)
    favoured = find_favoured(register, former)
    return _View(register=register, snapshot=snapshot, favoured=favoured, former=former)


def _today(view: _View, before: Enrolment | None, since: datetime | None) -> Iterator[Phrase]:
    if before is None:
        yield phrase("explain.today.new")
        return
    cohort = view.name(before.cohort)
    yield phrase(f"explain.today.{before.status}", cohort=cohort)
    if since is not None:
        yield phrase("explain.since", since=view.moment(since))
    if before.reason:
        yield phrase("explain.reason", reason=before.reason)


def _tonight(view: _View, before: Enrolment | None, change: Change | None) -> Iterator[Phrase]:
    told = [e.reason for e in change.events if e.kind in _TOLD] if change else []
    if change is not None and (before is None or before.status is not change.after.status):
        yield phrase("explain.tonight.move", status=view.status(change.after))
    yield from told
    was, rank = (before.rank if before else None), (change.after.rank if change else None)
    if was and rank and was != rank:
        yield phrase("explain.tonight.rank", before=was, after=rank)
    elif not told:
        yield phrase("explain.tonight.same")


def _queue(view: _View, waiting: Enrolment, queue: Sequence[Enrolment]) -> Iterator[Phrase]:
    """Tell somebody who waits who is ahead of them and why, and why no seat comes."""
    cohort = view.cohort_of(waiting)
    if waiting in queue and cohort is not None:
        yield from _rank(view, waiting, queue)
    if waiting.queued_at is not None:
        yield phrase("explain.queued", since=view.moment(waiting.queued_at))
    if waiting.hold is not None:
        yield phrase(f"explain.held.{waiting.hold}")
    if cohort is None:
        yield phrase("explain.seats.no_cohort")
    else:
        yield from _no_seat(view, cohort, waiting)


def _rank(view: _View, waiting: Enrolment, queue: Sequence[Enrolment]) -> Iterator[Phrase]:
    ahead = queue[: queue.index(waiting)]
    yield phrase("explain.rank", rank=len(ahead) + 1, count=len(queue))
    if not ahead and not any(_obstacles(view, waiting, view.cohort_of(waiting))):
        yield phrase("explain.first")
    former = view.name(view.former.get(waiting.cohort, ""))
    why = [_why_ahead(view.favoured, other, waiting) for other in ahead]
    for code in ("priority", "former", "earlier"):
        if code in why:
            yield phrase(f"explain.ahead.{code}", count=why.count(code), former=former)
    if waiting.priority:
        yield phrase("explain.own.priority", priority=f"{waiting.priority:g}")
    if waiting.number in view.favoured:
        yield phrase("explain.own.former", former=former)


def _why_ahead(favoured: Collection[Number], other: Enrolment, waiting: Enrolment) -> str:
    """Return what puts another ahead: the first thing in which their places in the queue differ."""
    theirs, own = queue_order(other, favoured), queue_order(waiting, favoured)
    if theirs[0] != own[0]:
        return "priority"
    return "former" if theirs[1] != own[1] else "earlier"


def _no_seat(view: _View, cohort: Cohort, waiting: Enrolment) -> Iterator[Phrase]:
    """Say why a cohort gives no seat to somebody who waits."""
    seats = count_free(view.register, cohort, view.members(cohort.code))
    if cohort.places is None:
        yield phrase("explain.seats.unknown")
    elif seats.free < 0:
        yield phrase("explain.seats.over", places=cohort.places, seats=-seats.free)
    elif seats.free == 0:
        yield phrase("explain.seats.full", places=cohort.places)
        offered = sum(e.status is Status.OFFERED for e in view.members(cohort.code))
        if offered:
            yield phrase("explain.seats.offered", count=offered)
    elif not seats.fits(waiting):
        yield phrase("explain.seats.reserved", seats=seats.free, group=cohort.reserved_for)
        if cohort.reserved_until is not None:
            yield phrase("explain.seats.reserved_until", until=view.end(cohort.reserved_until))
    if cohort.paused:
        yield phrase("explain.seats.paused")
    if _offers_over(cohort, view.now) and cohort.last_offer is not None:
        promotion = cohort.promotion
        yield phrase(f"explain.seats.last_{promotion}", until=view.end(cohort.last_offer))


def _offers_over(cohort: Cohort, now: datetime) -> bool:
    """Tell whether an offer made now would outlast the cohort's last one, as `seats` decides it."""
    ends = now + cohort.window if cohort.promotion is Promotion.OFFER else now
    return cohort.last_offer is not None and ends > cohort.last_offer


def _outlook(view: _View, after: Enrolment, queue: Sequence[Enrolment]) -> Iterator[Phrase]:
    """Say what would change somebody's state, and what they can do."""
    if after.status is Status.WAITING:
        yield from _when_waiting(view, after, queue)
    elif after.status is Status.OFFERED:
        yield from _when_offered(view, after)
    elif after.status is Status.CONFIRMED:
        yield phrase("explain.keep")
        yield _say_it(view, "give_up")
    elif after.status is Status.TO_REVIEW:
        yield from _when_reviewed(view, after)
    elif after.status in _RETURNABLE:
        yield from _when_ended(view, after)
    elif after.status is Status.MERGED:
        yield from _when_merged(view, after)
    else:
        yield phrase(f"explain.back.{after.status}")


def _say_it(view: _View, act: str) -> Phrase:
    """Return how to tell us something: by the second form where there is one."""
    form = view.rules.place_form
    return phrase(f"explain.{act}_by_form", form=form.tab) if form else phrase(f"explain.{act}")


def _when_waiting(view: _View, waiting: Enrolment, queue: Sequence[Enrolment]) -> Iterator[Phrase]:
    cohort = view.cohort_of(waiting)
    for code in _obstacles(view, waiting, cohort):
        yield phrase(f"explain.change.{code}")
    if cohort is not None:
        seats = count_free(view.register, cohort, view.members(cohort.code))
        needed = _seats_needed(seats, queue, waiting) if waiting in queue else 0
        if needed and cohort.places is not None:
            yield phrase("explain.change.seats", seats=needed)
        yield from _dates_ahead(view, cohort)
    yield phrase("explain.change.committee")
    yield _say_it(view, "leave")


def _seats_needed(seats: FreeSeats, queue: Sequence[Enrolment], waiting: Enrolment) -> int:
    """Return how many more seats it takes until one is for somebody who waits."""

    def served(more: int) -> bool:
        trial = replace(seats, free=seats.free + more)
        for enrolment in queue:
            if trial.fits(enrolment):
                trial.take(enrolment)
                if enrolment is waiting:
                    return True
        return False

    most = len(queue) + seats.reserved + max(0, -seats.free)
    return bisect_left(range(most), True, key=served)


def _dates_ahead(view: _View, cohort: Cohort) -> Iterator[Phrase]:
    """Tell the dates on which something may change by itself."""
    members = view.members(cohort.code)
    ends = [e.deadline for e in members if e.status is Status.OFFERED and e.deadline is not None]
    if ends:
        yield phrase("explain.change.offer_ends", until=view.end(min(ends)))
    if kept_for_group(cohort, view.now) and cohort.reserved_until is not None:
        on = view.moment(cohort.reserved_until)
        yield phrase("explain.change.released", on=on, group=cohort.reserved_for)
    if cohort.last_offer is not None and not _offers_over(cohort, view.now):
        yield phrase("explain.change.last_offer", until=view.end(cohort.last_offer))


def _obstacles(view: _View, waiting: Enrolment, cohort: Cohort | None) -> Iterator[str]:
    """Yield what organisers would have to do away with first."""
    if waiting.hold is not None:
        yield "unreachable" if waiting.hold is Hold.UNREACHABLE else "held"
    if cohort is not None and cohort.paused:
        yield "resumed"
    if cohort is not None and cohort.places is None:
        yield "places"
    if cohort is not None and _offers_over(cohort, view.now):
        yield "later"


def _when_offered(view: _View, offered: Enrolment) -> Iterator[Phrase]:
    cohort = view.cohort_of(offered)
    hours = f"{cohort.window.total_seconds() / 3600:g}" if cohort else ""
    if offered.deadline is not None:
        yield phrase("explain.offer.until", until=view.end(offered.deadline))
    elif hours:
        yield phrase(f"explain.offer.by_{'mail' if view.rules.mail else 'phone'}", hours=hours)
    yield _say_it(view, "answer")
    yield phrase("explain.offer.unanswered")
    yield from _late_yes(view)


def _late_yes(view: _View) -> Iterator[Phrase]:
    """Say what a yes is worth after the deadline; told to the committee, it is for them to judge."""
    if view.rules.place_form:
        yield phrase("explain.offer.late")


def _when_reviewed(view: _View, reviewed: Enrolment) -> Iterator[Phrase]:
    if reviewed.queued_at is not None:
        yield phrase("explain.review.keeps", since=view.moment(reviewed.queued_at))
    yield phrase("explain.review.committee")


def _when_ended(view: _View, ended: Enrolment) -> Iterator[Phrase]:
    """Say how one comes back to the queue."""
    if ended.status is Status.EXPIRED:
        yield from _late_yes(view)
    cohort = view.cohort_of(ended)
    if cohort is not None:
        yield from _way_back(view, cohort)
    yield phrase("explain.back.committee")


def _way_back(view: _View, cohort: Cohort) -> Iterator[Phrase]:
    if cohort.opens is not None and view.now < cohort.opens:
        yield phrase("explain.back.opens", on=view.moment(cohort.opens))
    elif cohort.closes is not None and not cohort.admits(view.now):
        yield phrase("explain.back.closed", until=view.end(cohort.closes))
    elif _list_full(view, cohort):
        yield phrase("explain.back.full", limit=cohort.waiting_limit or 0)
    else:
        yield phrase("explain.back.answer")


def _list_full(view: _View, cohort: Cohort) -> bool:
    """Tell whether a new answer would be turned away tonight."""
    if cohort.waiting_limit is None:
        return False
    members = view.members(cohort.code)
    waiting = sum(e.status is Status.WAITING for e in members)
    served = not waiting and count_free(view.register, cohort, members).free > 0
    return waiting >= cohort.waiting_limit and not served


def _when_merged(view: _View, merged: Enrolment) -> Iterator[Phrase]:
    stays = view.register.enrolments.get(merged.merged_into) if merged.merged_into else None
    if stays is not None:
        yield phrase("explain.merged", number=stays.number, status=view.status(stays))


def _others(view: _View, after: Enrolment, theirs: Iterable[Enrolment]) -> Iterator[Phrase]:
    for other in sorted(theirs, key=lambda enrolment: enrolment.number):
        if other.number != after.number:
            cohort, status = view.name(other.cohort), view.status(other)
            yield phrase("explain.other", number=other.number, cohort=cohort, status=status)


def _pairs(
    snapshot: Snapshot, plan: Plan, after: Enrolment, theirs: Iterable[Enrolment]
) -> Iterator[Phrase]:
    """Tell who may be the same person, by likeness, by verdict or for certain, and why."""
    known = {key: (p.score, p.reason, p.verdict) for key, p in snapshot.pairings.items()}
    for pair in plan.pairs:
        verdict = _VERDICTS.get(pair.events[-1].kind) if pair.events else pair.after.verdict_seen
        known[pair.after.key] = (pair.after.score, pair.after.reason, verdict)
    said = {sum(key) - after.number: told for key, told in known.items() if after.number in key}
    for number, (score, reason, verdict) in sorted(said.items()):
        code = f"explain.pair.{verdict or 'open'}"
        yield phrase(code, number=number, score=score, reason=reason)
    for other in sorted(theirs, key=lambda enrolment: enrolment.number):
        if other.number not in {after.number, *said} and name_key(other.name) == name_key(
            after.name
        ):
            yield phrase("explain.pair.certain", number=other.number)


def _committee(plan: Plan, after: Enrolment, change: Change | None) -> Iterator[Phrase]:
    """Tell the organisers what they should look at, and what they may decide."""
    yield from (e.reason for e in change.events if e.kind not in _TOLD) if change else ()
    if after.damage is not None:
        yield phrase("explain.frozen")
    if after.alerts:
        yield phrase("explain.alert", alert=after.alerts)
    alerts = next((s.alerts for code, s in plan.seats if code == after.cohort), "")
    if alerts:
        yield phrase("explain.cohort_alert", cohort=after.cohort, alert=alerts)
    if after.status in _DECIDABLE:
        yield phrase(f"explain.decide.{_DECIDABLE[after.status]}")
