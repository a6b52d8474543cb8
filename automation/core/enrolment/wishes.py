"""What people ask for in "Ma place": each reply acts once, at the time it was submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.model import LIVE, By, Enrolment, HandledState, Key, Number, Status, phrase
from automation.core.replies import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.model import Handled
    from automation.core.replies import Reply


def apply_replies(
    register: Register, replies: Sequence[Reply], handled: Mapping[Key, Handled]
) -> None:
    """Act on the replies of tonight.

    Args:
        replies: All of them, in order of submission.
    """
    for reply in replies:
        enrolment = _answered_for(register, reply.number)
        if reply.key not in handled and enrolment is not None:
            register.handle(reply.key, enrolment.number, "", HandledState.REPLIED)
            _apply_reply(register, enrolment, reply)


def flag_unheard_yeses(register: Register, replies: Sequence[Reply]) -> None:
    """Say who accepted and got no seat for it: that is for the organisers to settle."""
    latest: dict[Number, Reply] = {}
    for reply in replies:
        enrolment = _answered_for(register, reply.number)
        if enrolment is not None and reply.wish is not Wish.NO_NEWS:
            latest[enrolment.number] = reply
    for number, reply in latest.items():
        if _waits_for_decision(register, register.enrolments[number], reply):
            register.alerts[number].append(phrase("alert.late_yes"))


def _answered_for(register: Register, number: Number) -> Enrolment | None:
    """Return the enrolment that stands for a number today; None where it may not be touched."""
    enrolment = register.stays(number)
    if enrolment is None or enrolment.frozen or enrolment.status is Status.ERASED:
        return None
    return enrolment


def _apply_reply(register: Register, enrolment: Enrolment, reply: Reply) -> None:
    if reply.wish is Wish.ACCEPT:
        _accept(register, enrolment, reply)
    elif reply.wish is Wish.WITHDRAW:
        _withdraw(register, enrolment, reply)
    else:
        register.change(enrolment.number, opted_out=True)
        register.tell(
            enrolment.number,
            "no_news",
            by=By.PARTICIPANT,
            reason=phrase("reason.no_news"),
            before=enrolment.status,
        )


def _accept(register: Register, enrolment: Enrolment, reply: Reply) -> None:
    """Confirm who accepts in time; a late yes waits until the seats are given out."""
    if reply.offer != enrolment.offer:
        return
    in_time = enrolment.deadline is None or reply.submitted_at <= enrolment.deadline
    if enrolment.status is Status.OFFERED and in_time:
        register.move(
            enrolment.number,
            Status.CONFIRMED,
            by=By.PARTICIPANT,
            reason=phrase("reason.accepted"),
            before=Status.OFFERED,
            deadline=None,
        )
    elif enrolment.status in {Status.OFFERED, Status.EXPIRED}:
        register.late_yeses.append(enrolment.number)


def _withdraw(register: Register, enrolment: Enrolment, reply: Reply) -> None:
    """End an enrolment, unless the person has registered again since."""
    live = enrolment.status in LIVE
    since = enrolment.queued_at if live else enrolment.ended_at
    if since is not None and reply.submitted_at < since:
        return
    register.gave_up.add(enrolment.number)
    if not live:
        _end_again(register, enrolment, reply)
        return
    declines = enrolment.status is Status.OFFERED
    register.move(
        enrolment.number,
        Status.DECLINED if declines else Status.WITHDRAWN,
        by=By.PARTICIPANT,
        reason=phrase("reason.declined" if declines else "reason.withdrew"),
        before=enrolment.status,
        hold=None,
        deadline=None,
        ended_at=reply.submitted_at,
    )


def _end_again(register: Register, enrolment: Enrolment, reply: Reply) -> None:
    """Let nothing that somebody asked before bring back an enrolment that had ended already."""
    register.change(enrolment.number, ended_at=reply.submitted_at, deadline=None)
    register.tell(
        enrolment.number,
        "withdrew",
        by=By.PARTICIPANT,
        reason=phrase("reason.withdrew"),
        before=enrolment.status,
    )


def _waits_for_decision(register: Register, enrolment: Enrolment, reply: Reply) -> bool:
    """Tell whether a yes led to no seat, and nothing has happened since."""
    if reply.wish is not Wish.ACCEPT or enrolment.status is Status.CONFIRMED:
        return False
    if enrolment.status is Status.EXPIRED and reply.offer == enrolment.offer:
        return enrolment.deadline is not None
    since = enrolment.ended_at or register.moved_at(enrolment.number)
    return since is not None and reply.submitted_at >= since
