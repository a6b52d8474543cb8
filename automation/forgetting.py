"""Erasing people from the workbook, the mailbox and what partners see: read, plan, write, look again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from automation.collector import collector_paused
from automation.core.erasure import plan_erasure, whole_people
from automation.core.ledger import MailState
from automation.core.replies import find_reply_rows
from automation.errors import CohorteError, ConflictError
from automation.night import find_obstacle, put_right, require_no_lease, share
from automation.posting import ask_fates, discard_drafts, open_post_office
from automation.workbook.guards import new_run
from automation.workbook.leftovers import find_leftovers, find_needles
from automation.workbook.reader import read_snapshot
from automation.workbook.writer import write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.ledger import Mailing
    from automation.core.model import Number
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot
    from automation.mail.gmail import Discarded
    from automation.night import Aside
    from automation.posting import PostOffice
    from automation.workbook.guards import Run
    from automation.workbook.leftovers import Leftover


class Proposal(Struct, frozen=True, kw_only=True):
    """What an erasure would do.

    Attributes:
        numbers: All the enrolments of the people concerned.
        replies: How many replies in "Ma place" bear a code of theirs.
    """

    snapshot: Snapshot
    plan: Plan
    numbers: frozenset[Number]
    replies: int


class Erased(Struct, frozen=True, kw_only=True):
    """What an erasure left to do.

    Attributes:
        proposal: What was written.
        drafts: What became of drafts of messages; None where the mailbox could not be asked.
        leftovers: Where the spreadsheet still names one of them: that is the organisers' to empty.
        asides: What kept the partners' spreadsheet from being brought in step.
    """

    proposal: Proposal
    drafts: Discarded | None
    leftovers: tuple[Leftover, ...] = ()
    asides: tuple[Aside, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything was done that Cohorte can do."""
        return self.drafts is not None and not self.drafts.left and not self.asides


def erase_people(  # noqa: PLR0913 - who is erased, where, and by whom
    http: HTTPClient,
    config: Config,
    choose: Callable[[Snapshot, datetime], Collection[Number]],
    *,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
    confirm: Callable[[Proposal], bool],
) -> Erased | None:
    """Erase people; None where nobody is to be, or nobody said so.

    After somebody took their time to answer, the workbook is read anew: what they saw is what is
    erased, or nothing. Those erased before may be again: what was cut off is then done.

    Args:
        choose: Says whom, by the numbers of their enrolments, given the workbook and the instant.
        confirm: Asked before anything is written.

    Raises what a night raises, and `ConfigError`, `CredentialsError` or `UnreachableError` where a
    message is on its way and the mailbox can't tell what became of it.
    """
    office = open_post_office(config)
    proposal, _ = _propose(http, office, choose, moment, token)
    if not proposal.numbers or not confirm(proposal):
        return None
    seen = proposal.numbers
    proposal, run = _propose(http, office, lambda *_: seen, moment, token)
    if proposal.numbers != seen:
        raise ConflictError("conflict")
    snapshot, plan = proposal.snapshot, proposal.plan
    with collector_paused():
        receipt = write_plan(http, snapshot, plan, office.rules, run)
        put_right(http, config, receipt, run, mails=False)
    needles = find_needles(snapshot.register, proposal.numbers)
    return Erased(
        proposal=proposal,
        drafts=_discard(office, http, proposal),
        leftovers=find_leftovers(
            http, snapshot.spreadsheet_id, needles, _participants_tabs(snapshot)
        ),
        asides=tuple(share(http, config, plan, run)),
    )


def _propose(
    http: HTTPClient,
    office: PostOffice,
    choose: Callable[[Snapshot, datetime], Collection[Number]],
    moment: Callable[[ZoneInfo], datetime],
    token: str,
) -> tuple[Proposal, Run]:
    with collector_paused():
        snapshot = read_snapshot(http, office.config)
        run = new_run("apply", lambda: moment(snapshot.zone), token)
        require_no_lease(snapshot, run)
        numbers = whole_people(snapshot, choose(snapshot, run.started))
        fates = ask_fates(office, http.session, _on_their_way(snapshot, numbers))
        plan = plan_erasure(snapshot, numbers, office.rules, run.started, fates)
    obstacle = find_obstacle(snapshot, plan)
    if obstacle is not None:
        raise obstacle
    replies = find_reply_rows(snapshot.replies, office.rules.place_form, numbers)
    return Proposal(snapshot=snapshot, plan=plan, numbers=numbers, replies=len(replies)), run


def _on_their_way(snapshot: Snapshot, numbers: Collection[Number]) -> list[Mailing]:
    return [m for m in _letters(snapshot, numbers) if m.state is MailState.SENDING]


def _letters(snapshot: Snapshot, numbers: Collection[Number]) -> list[Mailing]:
    """Return all the messages that there ever were about some enrolments."""
    return [m for m in snapshot.mailings.values() if m.number in numbers]


def _discard(office: PostOffice, http: HTTPClient, proposal: Proposal) -> Discarded | None:
    told = {change.after.key: change.after for change in proposal.plan.mail.changes}
    letters = _letters(proposal.snapshot, proposal.numbers)
    try:
        return discard_drafts(office, http.session, [told.get(m.key, m) for m in letters])
    except CohorteError:
        return None


def _participants_tabs(snapshot: Snapshot) -> set[str]:
    tables = (*snapshot.responses, *([snapshot.replies] if snapshot.replies else []))
    return {table.title for table in tables}
