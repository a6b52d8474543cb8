"""Answers that were edited, that vanished or that came back since the night before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct, field

from automation.core.enrolment.answers import answers_of, likeness_of, shown_fields
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Handled,
    HandledState,
    Key,
    Number,
    Registration,
    Status,
    phrase,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.identity import Likeness

# What people are known and reached by; a question mapped since then is no news about anybody.
_CONTACT = frozenset({"first_name", "last_name", "email", "phone"})


def apply_edits(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> Links:
    """Follow the answers that were edited, that vanished and that came back.

    Args:
        register: Changed in place.
        registrations: All the answers, in order of submission.
        handled: What earlier nights did with theirs.
    """
    fresh = [r for r in registrations if r.key not in handled]
    absence = _find_absent(registrations, handled)
    links = _link_edits(register, fresh, absence)
    _apply_edits(register, links)
    _welcome_back(register, registrations, handled, absence)
    return links


class _Absence(Struct, frozen=True):
    """Answers that are no longer in the sheet, by number and key, and those that are again.

    Attributes:
        tonight: Those without a successor that were there the night before.
        earlier: Those without a successor, flagged on an earlier night.
        undone: Those whose former self is back in their stead.
        restored: That former self, by the number of its enrolment.
        answered: Enrolments that have an answer in the sheet, fresh ones apart.
    """

    tonight: tuple[Handled, ...]
    earlier: tuple[Handled, ...]
    undone: tuple[Handled, ...]
    restored: Mapping[Number, Handled]
    answered: Collection[Number]

    @property
    def lost(self) -> list[Handled]:
        """Those without a successor, whenever they were flagged."""
        return sorted((*self.tonight, *self.earlier), key=_by_number)


def _by_number(line: Handled) -> tuple[Number, Key]:
    return line.number, line.key


def _find_absent(registrations: Iterable[Registration], handled: Mapping[Key, Handled]) -> _Absence:
    there = {r.key: handled[r.key] for r in registrations if r.key in handled}
    speaking = {h.number for h in there.values() if h.state is not HandledState.REPLACED}
    restored = {h.number: h for h in there.values() if h.number not in speaking}
    absent = sorted((h for h in handled.values() if h.key not in there), key=_by_number)
    acted = [h for h in absent if h.state is HandledState.ACTED]
    flagged = [h for h in absent if h.state is HandledState.VANISHED]
    return _Absence(
        tonight=tuple(h for h in acted if h.number not in restored),
        earlier=tuple(h for h in flagged if h.number not in restored),
        undone=tuple(h for h in (*acted, *flagged) if h.number in restored),
        restored=restored,
        answered=speaking | set(restored),
    )


class Links(Struct, frozen=True):
    """Which fresh answer is a vanished one, edited.

    Attributes:
        edits: Each response that vanished tonight with the one that it became.
        vanished: The others that vanished tonight.
        successors: Keys of the fresh answers among the edits.
        renamed: Fresh answers with the e-mail and phone of a vanished one but another name, and
            the enrolment of that one.
    """

    edits: tuple[tuple[Handled, Registration], ...] = ()
    vanished: tuple[Handled, ...] = ()
    successors: frozenset[Key] = frozenset()
    renamed: Mapping[Key, Number] = field(default_factory=dict)


def _link_edits(register: Register, fresh: Sequence[Registration], absence: _Absence) -> Links:
    """Pair the answers that vanished tonight with the fresh ones that they became.

    Where several fresh answers could be meant, none is. Where several vanished ones agree with
    one fresh answer, it continues the best of them if all are one person's, and none otherwise.
    Those flagged earlier count among the rivals, so that a night that was cut off after flagging
    some of them goes on as it would have.
    """
    if not (fresh and absence.lost):
        return Links(vanished=absence.tonight)
    found = [(registration, likeness_of(registration)) for registration in fresh]
    by_name: defaultdict[str, list[tuple[Registration, Likeness]]] = defaultdict(list)
    for registration, who in found:
        by_name[who.name].append((registration, who))
    wanted: defaultdict[Key, list[Handled]] = defaultdict(list)
    contested: set[Key] = set()
    for line, was in _remembered(register, absence.lost):
        agreeing = [r for r, who in by_name[was.name] if was.name and _same_contact(was, who)]
        contested.update(r.key for r in agreeing if len(agreeing) > 1)
        for registration in agreeing:
            wanted[registration.key].append(line)
    heirs = {key: _best(register, lines) for key, lines in wanted.items() if key not in contested}
    edits = tuple(
        (heir, r)
        for r in fresh
        if (heir := heirs.get(r.key)) is not None and heir.state is HandledState.ACTED
    )
    replaced = {line.key for line, _ in edits}
    answered = {*absence.answered, *(line.number for line, _ in edits)}
    orphans = [line for line in absence.lost if line.number not in answered]
    return Links(
        edits=edits,
        vanished=tuple(line for line in absence.tonight if line.key not in replaced),
        successors=frozenset(registration.key for _, registration in edits),
        renamed=_find_renamed(register, found, orphans),
    )


def _remembered(register: Register, lines: Iterable[Handled]) -> Iterator[tuple[Handled, Likeness]]:
    """Yield each vanished answer with what its enrolment still shows of it."""
    for line in lines:
        enrolment = register.enrolments.get(line.number)
        if enrolment is not None and enrolment.status is not Status.ERASED:
            yield line, likeness_of(enrolment)


def _same_contact(one: Likeness, other: Likeness) -> bool:
    return bool((one.email and one.email == other.email) or one.phones & other.phones)


def _best(register: Register, lines: Sequence[Handled]) -> Handled | None:
    """Return which vanished answer an edit continues: one person's, that of tonight, live."""
    enrolments = [register.enrolments[line.number] for line in lines]
    if len({enrolment.person for enrolment in enrolments}) > 1:
        return None

    def worth(pair: tuple[Handled, Enrolment]) -> tuple[bool, bool, Number]:
        line, enrolment = pair
        return line.state is not HandledState.ACTED, enrolment.status not in LIVE, line.number

    return min(zip(lines, enrolments, strict=True), key=worth)[0]


def _find_renamed(
    register: Register,
    found: Iterable[tuple[Registration, Likeness]],
    orphans: Iterable[Handled],
) -> dict[Key, Number]:
    by_email: defaultdict[str, list[tuple[Number, Likeness]]] = defaultdict(list)
    for line, was in _remembered(register, orphans):
        by_email[was.email].append((line.number, was))
    renamed: dict[Key, Number] = {}
    for registration, who in found:
        for number, was in by_email.get(who.email, ()) if who.email else ():
            if was.phones & who.phones and was.name != who.name:
                renamed.setdefault(registration.key, number)
    return renamed


def _apply_edits(register: Register, links: Links) -> None:
    for old, new in links.edits:
        register.handle(
            old.key, old.number, old.answer_hash, HandledState.REPLACED, replaced_by=new.key
        )
        register.handle(new.key, old.number, new.answer_hash)
        enrolment = register.enrolments[old.number]
        if not enrolment.frozen:
            register.tell(
                old.number,
                "edited",
                by=By.PARTICIPANT,
                reason=phrase("reason.edited"),
                before=enrolment.status,
            )
    for old in links.vanished:
        register.handle(old.key, old.number, old.answer_hash, HandledState.VANISHED)


def _welcome_back(
    register: Register,
    registrations: Iterable[Registration],
    handled: Mapping[Key, Handled],
    absence: _Absence,
) -> None:
    """Let answers count again that had vanished, or been replaced by one that is gone."""
    for registration in registrations:
        line = handled.get(registration.key)
        if line is not None and line.state is HandledState.VANISHED:
            register.handle(line.key, line.number, line.answer_hash)
    for line in absence.undone:
        back = absence.restored[line.number]
        register.handle(
            line.key, line.number, line.answer_hash, HandledState.REPLACED, replaced_by=back.key
        )
    for line in absence.restored.values():
        register.handle(line.key, line.number, line.answer_hash)


def refresh(
    register: Register,
    registrations: Sequence[Registration],
    handled: Mapping[Key, Handled],
) -> None:
    """Let each enrolment show its newest answer."""
    for number, answers in answers_of(register, registrations, handled).items():
        enrolment = register.enrolments[number]
        shown = shown_fields(number, answers)
        if any(getattr(enrolment, name) != value for name, value in shown.items()):
            register.change(number, **shown)


def tell_refreshed(
    register: Register,
    registrations: Sequence[Registration],
    handled: Mapping[Key, Handled],
    before: Iterable[Enrolment],
) -> None:
    """Say of which contacts somebody had typed over: the row shows its answer again.

    Args:
        before: The register as it was read.
    """
    changed = [row for row in before if _shows_otherwise(register, row)]
    answers = answers_of(register, registrations, handled) if changed else {}
    for row in changed:
        # Answers of those that became this one bring news: nobody typed over anything.
        if all(source == row.number for source, _ in answers.get(row.number, ())):
            now, reason = register.enrolments[row.number], phrase("reason.refreshed")
            register.tell(row.number, "refreshed", by=By.COHORTE, reason=reason, before=now.status)


def _shows_otherwise(register: Register, row: Enrolment) -> bool:
    """Tell whether an enrolment has other contacts than its row, and nothing yet says why."""
    now = register.enrolments[row.number]
    if now is row or now.frozen or row.number in register.events:
        return False
    return any(getattr(row, name) != getattr(now, name) for name in _CONTACT)
