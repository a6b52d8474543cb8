"""Which key an answer goes by: the form's id of it where that is known, else that of its row.

The id stays when an answer is edited, the row's key does not; but the form can't always be asked.
So each answer that goes by its id leaves its row's key behind as an alias, a line of Réponses traitées
that was replaced by the id: on a night without the form, the row is known by it. In the same way a
programme moves from the keys of rows to ids, and nobody is enrolled a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from automation.core.enrolment.answers import likeness_of, lines_tonight, told_fields
from automation.core.form_answers import match_rows
from automation.core.model import By, Handled, HandledState, Key, Number, Problem, phrase
from automation.core.responses import is_sheet_key, read_registrations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.model import Enrolment, Registration
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

_STRANGE: Final = 5
"""So many responses and rows, of which no two agree, are not those of one form."""


def read_answers(
    snapshot: Snapshot, rules: Rules
) -> tuple[tuple[Registration, ...], tuple[Problem, ...]]:
    """Return the answers under the keys that they are known by, in order of submission.

    Raises `WorkbookError` as `read_registrations` does.
    """
    ids = match_rows(snapshot.responses, snapshot.form_answers, snapshot.zone)
    registrations, problems = read_registrations(
        snapshot.responses, rules.fields, snapshot.zone, ids
    )
    if not ids and min(len(registrations), len(snapshot.form_answers)) >= _STRANGE:
        title = snapshot.responses[0].title
        problems = (*problems, Problem(tab=title, message=phrase("problem.form_unmatched")))
    return _identify(registrations, snapshot), problems


def _identify(
    registrations: Sequence[Registration], snapshot: Snapshot
) -> tuple[Registration, ...]:
    """Give each answer its key; no two get the same."""
    rows = {enrolment.number: enrolment for enrolment in snapshot.register}
    claimed = {Key(r.response_id) for r in registrations if r.response_id}
    found = [_find_key(r, snapshot.handled, rows, claimed) for r in registrations]
    # Rows of one answer that were copied are in order of submission: the latest speaks for it.
    last = {key: index for index, key in enumerate(found)}
    return tuple(
        replace(r, key=key) if last[key] == index and key != r.key else r
        for index, (r, key) in enumerate(zip(registrations, found, strict=True))
    )


def _find_key(
    answer: Registration,
    handled: Mapping[Key, Handled],
    rows: Mapping[Number, Enrolment],
    claimed: set[Key],
) -> Key:
    row_line = handled.get(answer.sheet_key)
    alias = _alias(row_line)
    if alias is not None and alias not in claimed:
        return alias
    key = Key(answer.response_id)
    known = handled.get(key)
    if not key:
        return answer.sheet_key
    if known is None or alias == key:
        return key
    if row_line is not None:
        # It acted by itself while the form was out of reach, or as somebody else's.
        return key if row_line.number == known.number else answer.sheet_key
    return key if _may_continue(answer, known, rows.get(known.number)) else answer.sheet_key


def _alias(line: Handled | None) -> Key | None:
    """Return the id that a row's key stands for, as an earlier night noted it."""
    if line is None or line.state is not HandledState.REPLACED or line.replaced_by is None:
        return None
    return None if is_sheet_key(line.replaced_by) else line.replaced_by


def _may_continue(answer: Registration, known: Handled, row: Enrolment | None) -> bool:
    """Tell whether an edited answer is still about the one it was about.

    One that says nothing of it any more, neither name nor address nor phone, would hand on a seat past
    everybody who waits: it counts as another answer, and the former one as vanished. What was erased
    stays so.
    """
    if row is None or row.frozen or known.state is HandledState.ERASED:
        return True
    was, now = likeness_of(row), likeness_of(answer)
    shown = was.name or was.email or was.phones
    same = (was.name and was.name == now.name) or (was.email and was.email == now.email)
    return bool(not shown or same or was.phones & now.phones)


class Settled(Struct, frozen=True):
    """What is known of the answers, under tonight's keys.

    Attributes:
        handled: What earlier nights did with them.
        edited: Enrolments whose answer says something else since.
    """

    handled: Mapping[Key, Handled]
    edited: frozenset[Number] = frozenset()


def settle_keys(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> Settled:
    """Let answers that go by their id from now on keep what they became, and tell of edited ones."""
    settled = dict(handled)
    edited: set[Number] = set()
    for answer in registrations:
        if answer.key == answer.sheet_key:
            continue
        known, row_line = handled.get(answer.key), handled.get(answer.sheet_key)
        if known is None and row_line is not None:
            _move_line(register, settled, answer, row_line)
        elif known is not None and row_line is None and _is_news(register, answer, known):
            settled[answer.key] = replace(known, answer_hash=answer.answer_hash)
            _tell_edit(register, settled[answer.key])
            edited.add(known.number)
    return Settled(settled, frozenset(edited))


def _move_line(
    register: Register, settled: dict[Key, Handled], answer: Registration, line: Handled
) -> None:
    moved = replace(line, key=answer.key)
    register.handled[line.number].append(moved)
    settled[answer.key] = moved
    settled[line.key] = replace(line, state=HandledState.REPLACED, replaced_by=answer.key)
    _leave_alias(register, answer, line)


def _is_news(register: Register, answer: Registration, known: Handled) -> bool:
    """Tell whether an answer that was submitted again says something else."""
    row = register.enrolments.get(known.number)
    if row is None or known.state not in {HandledState.ACTED, HandledState.VANISHED}:
        return False
    shown = told_fields(answer)
    return answer.answer_hash != known.answer_hash or any(
        getattr(row, name) != value for name, value in shown.items()
    )


def _tell_edit(register: Register, line: Handled) -> None:
    register.handle(line.key, line.number, line.answer_hash, line.state, line.replaced_by)
    enrolment = register.enrolments[line.number]
    if not enrolment.frozen:
        register.tell(
            line.number,
            "edited",
            by=By.PARTICIPANT,
            reason=phrase("reason.edited"),
            before=enrolment.status,
        )


def leave_aliases(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Remember the row's key of each answer that goes by its id.

    Args:
        handled: What earlier nights did, under tonight's keys.
    """
    ours = [r for r in registrations if r.key != r.sheet_key]
    if not ours:
        return
    latest = {**handled, **{line.key: line for line in lines_tonight(register)}}
    for answer in ours:
        line = latest.get(answer.key)
        if line is not None and _alias(latest.get(answer.sheet_key)) != answer.key:
            _leave_alias(register, answer, line)


def _leave_alias(register: Register, answer: Registration, line: Handled) -> None:
    erased = line.state is HandledState.ERASED
    register.handle(
        answer.sheet_key,
        line.number,
        "" if erased else answer.answer_hash,
        HandledState.REPLACED,
        replaced_by=answer.key,
    )
