"""The ledger of messages, and Courriels, where organisers say what to do with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from automation.core.instants import to_instant
from automation.core.ledger import OPEN, MailAction, Mailing, MailRow, MailState, fits_key
from automation.core.letters import Template
from automation.core.model import Number, phrase
from automation.workbook.cells import (
    is_blank,
    parse_instant,
    parse_integer,
    parse_label,
    parse_member,
    parse_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.model import Problem
    from automation.workbook.sheet import Row, Sheet


_NAMED = re.compile(r"(?:[A-Z0-9]{1,12}-)?(?:\d+-)?[0-9A-F]{4}|[0-9a-f]{6}-[0-9a-f]{20}[.\d]*")
"""What a reference, or a key, looks like."""


class MailView(Struct, frozen=True, kw_only=True):
    """What a night knows of its mail.

    Attributes:
        mailings: By key, as their latest line tells.
        rows: Of Courriels; keys are unique.
        places: Row index in Courriels, from 0, by key.
        sendings: When each offer was made known, by enrolment and offer; promised: until when its
            message says that it may be accepted.
    """

    mailings: Mapping[str, Mailing] = field(default_factory=dict)
    rows: tuple[MailRow, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    sendings: Mapping[tuple[Number, int], datetime] = field(default_factory=dict)
    promised: Mapping[tuple[Number, int], datetime] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_mail(log: Sheet | None, shown: Sheet | None, zone: ZoneInfo) -> MailView:
    """Return the ledger and what stands in Courriels."""
    problems: list[Problem] = []
    mailings = _read_log(log, problems)
    rows: dict[str, MailRow] = {}
    places: dict[str, int] = {}
    for row in shown.rows() if shown else ():
        key = parse_text(row.get("key"))
        if shown is None or not key or key in rows:
            continue
        rows[key], places[key] = _read_row(row, key, zone), row.index
        action = row.get("action")
        if not is_blank(action) and parse_label("mail_action", action) is None:
            problems.append(shown.unreadable(row, "action", "problem.not_a_choice"))
    offers = [m for m in mailings.values() if m.template is Template.OFFER and m.occasion.isdigit()]
    left = [m for m in offers if m.state is MailState.SENT and m.number is not None]
    sendings: dict[tuple[Number, int], datetime] = {}
    for m in left:
        about = (m.number or Number(0), int(m.occasion))
        sendings[about] = max(m.at, sendings.get(about, m.at))
    return MailView(
        mailings=mailings,
        rows=tuple(rows.values()),
        places=places,
        sendings=sendings,
        promised={
            (m.number or Number(0), int(m.occasion)): m.deadline
            for m in left
            if m.deadline is not None
        },
        problems=tuple(problems),
    )


def _read_log(sheet: Sheet | None, problems: list[Problem]) -> dict[str, Mailing]:
    """Return each message as its latest line tells; every line is whole, and stands by itself.

    A line that somebody damaged may have told that its message left: a human has to look.
    """
    found: dict[str, Mailing] = {}
    torn: dict[str, Row] = {}
    for row in sheet.rows() if sheet else ():
        mailing = _read_line(row)
        if mailing is None:
            torn[parse_text(row.get("key"))] = row
            continue
        known = found.get(mailing.key)
        if known is None or known.step <= mailing.step:
            found[mailing.key] = mailing
    for key, row in torn.items():
        known = found.get(key)
        if sheet is None or (known is not None and not _may_hide(row, known)):
            continue
        told = phrase("problem.torn_mail", reference=_quote(row, known))
        problems.append(sheet.problem(row, told, damage=True))
        if known is not None:
            found[key] = replace(known, state=MailState.UNKNOWN)
    return found


def _quote(row: Row, known: Mailing | None) -> str:
    """Return by what organisers find a message whose line was damaged, if that is left.

    A night's log may tell it: whatever else was typed there stays in the sheet.
    """
    reference = known.reference if known else parse_text(row.get("reference"))
    found = (reference, parse_text(row.get("key")))
    return next((text for text in found if _NAMED.fullmatch(text)), "?")


def _may_hide(row: Row, known: Mailing) -> bool:
    """Tell whether a line that can't be read may have told more than the latest that can."""
    step = parse_integer(row.get("step"))
    return known.state in OPEN and (step is None or step > known.step)


def _read_line(row: Row) -> Mailing | None:
    """Return what a line tells; None where it can't be taken at its word."""
    get = row.get
    key, template = parse_text(get("key")), parse_member(Template, get("template"))
    state, at = parse_member(MailState, get("state")), parse_instant(get("at"))
    planned_at, expires_at = parse_instant(get("planned_at")), parse_instant(get("expires_at"))
    step, number = parse_integer(get("step")), parse_integer(get("number"))
    if template is None or state is None or at is None or step is None:
        return None
    mailing = Mailing(
        key=key,
        number=None if number is None else Number(number),
        template=template,
        occasion=parse_text(get("occasion")),
        about=parse_text(get("about")),
        planned_at=planned_at or at,
        expires_at=expires_at or at,
        reference=parse_text(get("reference")),
        step=step,
        state=state,
        at=at,
        draft=parse_text(get("draft")),
        thread=parse_text(get("thread")),
        deadline=parse_instant(get("deadline")),
        error=parse_text(get("error")),
        attempt=parse_integer(get("attempt")) or 0,
    )
    return mailing if fits_key(mailing) else None


def _read_row(row: Row, key: str, zone: ZoneInfo) -> MailRow:
    get = row.get
    seen = parse_member(MailAction, get("action_seen"))
    action = parse_member(MailAction, parse_label("mail_action", get("action")))
    # A word of their own asks for nothing, and takes nothing back.
    unreadable = action is None and not is_blank(get("action"))
    number = parse_integer(get("number"))
    return MailRow(
        key=key,
        number=None if number is None else Number(number),
        to=parse_text(get("to")),
        template=parse_text(get("template")),
        occasion=parse_text(get("occasion")),
        subject=parse_text(get("subject")),
        state=MailState(parse_label("mail_state", get("state")) or MailState.PLANNED),
        planned_at=to_instant(get("planned_at"), zone),
        sent_at=to_instant(get("sent_at"), zone),
        expires_at=to_instant(get("expires_at"), zone),
        reference=parse_text(get("reference")),
        error=parse_text(get("error")),
        urgency=parse_integer(get("urgency")) or 0,
        action=seen if unreadable else action,
        action_seen=seen,
    )
