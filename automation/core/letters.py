"""What is to be written to whom: letters, as values. `automation.mail` turns each into a message.

The fields of a letter's details are the variables that its template may use, under the same names;
one that is None is not defined for that letter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import date, datetime

    from automation.core.model import Meeting
    from automation.core.rules import Language


class Template(StrEnum):
    """The messages there are; each is a file of `templates/mail`."""

    CONFIRMATION = "confirmation"
    WAITING = "waiting"
    OFFER = "offer"
    LAST_CALL = "last_call"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    THANKS = "thanks"
    MISSED_YOU = "missed_you"
    FAREWELL = "farewell"
    NEXT_COHORT = "next_cohort"
    DIGEST = "digest"
    FAILED = "failed"


class Kind(StrEnum):
    """Whether a message belongs to what the person asked for, or needs their recorded consent."""

    SERVICE = "service"
    PROMO = "promo"


class ToPerson(Struct, frozen=True, kw_only=True):
    """What a message to a participant may tell.

    Attributes:
        first_name: "" where it is not known.
        number: The enrolment's.
        cohort: The cohort's name, or its code where it has none.
        rank: Place among those who wait, from 1.
        deadline: Until when the offered seat may be accepted; aware.
        meeting: The one that the message is about, as it now stands.
        previous: The same meeting, as it was announced before.
        meetings: Those to come, in order: announced by a confirmation and by thanks, taken out of
            the person's calendar by a withdrawal or a removal.
        attended: At how many meetings the person was present.
        held: How many meetings there were.
        opens: When registration opens; aware.
        closes: First instant at which it is over (exclusive); aware.
        place_link: The prefilled "Ma place"; "" without such a form.
        form_link: The registration form; "" where it is not known.
        survey_link: Only for who agreed to receive news: it makes the message a promo one; else "".
    """

    first_name: str = ""
    number: int
    cohort: str
    rank: int | None = None
    deadline: datetime | None = None
    meeting: Meeting | None = None
    previous: Meeting | None = None
    meetings: tuple[Meeting, ...] = ()
    attended: int | None = None
    held: int | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    place_link: str = ""
    form_link: str = ""
    survey_link: str = ""


class Section(Struct, frozen=True, kw_only=True):
    """A part of the digest: how many, and a line for each, with numbers instead of names."""

    title: str
    count: int
    lines: tuple[str, ...] = ()


class ToCommittee(Struct, frozen=True, kw_only=True):
    """What the digest of a night tells the committee.

    Attributes:
        night: Its day.
        link: The spreadsheet; "" where it has no address.
    """

    night: date
    sections: tuple[Section, ...] = ()
    link: str = ""


class ToMaintainer(Struct, frozen=True, kw_only=True):
    """What is known of a night that failed; nothing personal.

    Attributes:
        failed_at: Aware.
        run: The run's id.
        error: What happened, in words.
        remedy: What to do, in words; "" where nobody knows.
    """

    failed_at: datetime
    run: str
    error: str
    remedy: str = ""


Details = ToPerson | ToCommittee | ToMaintainer

DETAILS: dict[Template, type[Details]] = {
    **dict.fromkeys(Template, ToPerson),
    Template.DIGEST: ToCommittee,
    Template.FAILED: ToMaintainer,
}
"""To whom each template speaks."""

DETAIL_NAMES = {kind: tuple(kind.__struct_fields__) for kind in set(DETAILS.values())}
"""What each of the three may tell: the variables of its templates."""


class Attachment(Struct, frozen=True, kw_only=True):
    """A file that goes with a letter, such as an attestation.

    Attributes:
        name: With its extension.
        type: Such as `application/pdf`.
    """

    name: str
    type: str
    content: bytes


class Letter(Struct, frozen=True, kw_only=True):
    """Something to write to one person. The same letter always makes the same message.

    Attributes:
        key: The ledger's: names the message for ever, and gives it its Message-ID.
        written_at: Its date, and that of its invitation; aware.
        address: One e-mail address, as the person gave it.
        name: The person's name; "" for none.
        reference: What a human, or a search of the mailbox, finds the message by: "C1-17-3F2A".
    """

    key: str
    template: Template
    language: Language
    written_at: datetime
    address: str
    name: str = ""
    reference: str = ""
    details: Details
    attachments: tuple[Attachment, ...] = ()
