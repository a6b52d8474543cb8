"""Whether a message still tells the truth, to somebody who may be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from automation.core.identity import valid_email
from automation.core.ledger import MailState
from automation.core.letters import Template
from automation.core.model import Status
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.ledger import Mailing
    from automation.core.mailing.evening import Evening
    from automation.core.model import Enrolment, Meeting
    from automation.core.rules import PostRules

_ENDED = frozenset({Status.WITHDRAWN, Status.DECLINED})
_CONFIRMED = frozenset({Status.CONFIRMED})

STANDING: Final[dict[Template, frozenset[Status]]] = {
    Template.CONFIRMATION: _CONFIRMED,
    Template.WAITING: frozenset({Status.WAITING}),
    Template.OFFER: frozenset({Status.OFFERED}),
    Template.LAST_CALL: frozenset({Status.OFFERED}),
    Template.EXPIRED: frozenset({Status.EXPIRED}),
    Template.WITHDRAWN: _ENDED,
    Template.REMOVED: frozenset({Status.REMOVED}),
    Template.REMINDER: _CONFIRMED,
    Template.MOVED: _CONFIRMED,
    Template.CANCELLED: _CONFIRMED,
    Template.THANKS: _CONFIRMED,
    Template.MISSED_YOU: _CONFIRMED,
    Template.FAREWELL: _CONFIRMED,
    Template.NEXT_COHORT: frozenset(
        {Status.WAITING, Status.CONFIRMED, Status.EXPIRED, Status.NOT_ADMITTED}
    ),
}
"""Which status a message to somebody has to find, when it is planned and still when it leaves."""

_OF_AN_OFFER = frozenset({Template.OFFER, Template.LAST_CALL})
_OF_A_MEETING = frozenset({Template.REMINDER, Template.MOVED, Template.CANCELLED})

_ASSENT: Final = (
    "oui",
    "yes",
    "j accepte",
    "je consens",
    "d accord",
    "i agree",
    "i accept",
    "i consent",
)
_DISSENT: Final = frozenset(
    {
        "0",
        "aucun",
        "aucune",
        "false",
        "faux",
        "jamais",
        "n",
        "ne",
        "never",
        "no",
        "non",
        "not",
        "nothing",
        "pas",
        "refuse",
        "rien",
        "t",
    }
)
"""Words of somebody who does not agree; "t" is what is left of "don't"."""


def holds(mailing: Mailing, evening: Evening) -> bool:
    """Tell whether a message still tells the truth, to somebody who may be written to."""
    if mailing.number is None:
        return True
    enrolment = evening.enrolments.get(mailing.number)
    if enrolment is None or enrolment.status not in STANDING[mailing.template]:
        return False
    if not may_be_told(enrolment, mailing.template, evening):
        return False
    if mailing.template is Template.NEXT_COHORT:
        return not is_in(evening.people[enrolment.person], mailing.occasion)
    if mailing.template in _OF_AN_OFFER:
        return mailing.occasion == str(enrolment.offer)
    meetings = {occasion_of(meeting) for meeting in evening.meetings}
    return mailing.template not in _OF_A_MEETING or mailing.occasion in meetings


def may_be_told(enrolment: Enrolment, template: Template, evening: Evening) -> bool:
    """Tell whether somebody may get a kind of message: news are for those who agreed to them."""
    promo = evening.post.policies[template].promo
    return not promo or agrees_to_news(evening.people[enrolment.person])


def is_in(enrolments: Iterable[Enrolment], cohort: str) -> bool:
    """Tell whether one of somebody's enrolments is in a cohort, whatever became of it."""
    return any(fold(enrolment.cohort) == fold(cohort) for enrolment in enrolments)


def may_leave(mailing: Mailing, post: PostRules) -> bool:
    """Tell whether a message needs nobody's word any more."""
    automatic = post.automatic and mailing.state is MailState.PLANNED
    return automatic or mailing.state is MailState.APPROVED


def is_reachable(enrolment: Enrolment) -> bool:
    """Tell whether somebody can be written to, as far as their row tells."""
    return bool(valid_email(enrolment.email)) and not enrolment.frozen


def occasion_of(meeting: Meeting) -> str:
    """Return what tells a meeting, as it is announced now, from all others and from before."""
    return f"{meeting.number}.{meeting.sequence}"


def agrees_to_news(enrolments: Iterable[Enrolment]) -> bool:
    """Tell whether a person, given all their enrolments, may be sent more than service messages.

    Their consent must be recorded, in the form or by an organiser, and nothing taken back since;
    nobody whom the committee removed gets any.
    """
    said = list(enrolments)
    if any(e.opted_out or e.communications is False for e in said):
        return False
    if any(e.status is Status.REMOVED for e in said):
        return False
    return any(e.communications or _consents(e.consent) for e in said)


def _consents(text: str) -> bool:
    """Tell whether an answer to the question of consent is a yes; where in doubt, it is none."""
    words = fold(text)
    if any(f"{words} ".startswith(f"{yes} ") for yes in _ASSENT):
        return True
    return bool(words) and _DISSENT.isdisjoint(words.split())
