"""What an enrolment waits for the committee with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.identity import valid_email
from automation.core.model import Hold, Status

if TYPE_CHECKING:
    from automation.core.model import Enrolment
    from automation.core.rules import Rules


def has_odd_decision(one: Enrolment) -> bool:
    """Tell whether the organisers wrote a decision that Cohorte does not know."""
    return one.decision is None and bool(one.decision_text)


def awaits_call(one: Enrolment, rules: Rules) -> bool:
    """Tell whether somebody has an offer, or their turn, and is to be told by phone."""
    if one.hold is Hold.UNREACHABLE:
        return True
    if one.status is not Status.OFFERED or one.deadline is not None:
        return False
    return not (rules.mail and valid_email(one.email))
