"""One night, as a straight line: read, plan, brake, write, put right."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from automation.collector import collector_paused
from automation.core.explain import after_plan
from automation.core.ledger import MailState
from automation.core.mailing import plan_actions
from automation.core.mailing.departed import count_forgotten, plan_departed
from automation.core.plan import (
    make_plan,
    nothing,
    plan_repairs,
    plan_sheets,
    plan_verdicts,
)
from automation.errors import (
    BrakeError,
    CohorteError,
    ConflictError,
    StalePlanError,
    WorkbookError,
)
from automation.google.client import retries_of
from automation.posting import list_departed, open_post_office, send_letters
from automation.trace import Step, Trace
from automation.workbook.form_desk import keep_form
from automation.workbook.guards import last_finished, live_lease, new_run
from automation.workbook.mail_ledger import Ledger
from automation.workbook.partners import share_summary
from automation.workbook.reader import read_snapshot
from automation.workbook.requests import ADOPTED
from automation.workbook.writer import Receipt, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.ledger import MailAction
    from automation.core.model import PairKey, Verdict
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot
    from automation.mail.delivery import Delivery
    from automation.posting import PostOffice
    from automation.workbook.guards import Run

_REPAIRS = 3
_DAMAGED = 30
_UTC = ZoneInfo("UTC")


class Aside(Struct, frozen=True, kw_only=True):
    """Something beside the night's work that did not succeed, and costs it nothing.

    Attributes:
        code: What was not done: an entry of the catalogue.
    """

    code: str
    error: CohorteError


class Night(Struct, frozen=True, kw_only=True):
    """What a night found, planned and wrote.

    Attributes:
        obstacle: Why it must not be written before a human has looked.
        receipt: None where nothing was written.
        repaired: Enrolments that were not found as written, and put right at once.
        delivery: What became of its messages; None where there were none to send.
        asides: What else went wrong, in order: the form that was not read or brought in step, the
            partners' spreadsheet that was not.
    """

    snapshot: Snapshot
    plan: Plan
    obstacle: CohorteError | None = None
    receipt: Receipt | None = None
    repaired: tuple[int, ...] = ()
    delivery: Delivery | None = None
    asides: tuple[Aside, ...] = ()

    @property
    def damaged(self) -> bool:
        """Whether something had to be left out, or is not where it was written."""
        lost = self.delivery is not None and self.delivery.count(MailState.UNKNOWN)
        astray = self.receipt is not None and self.receipt.astray
        return self.plan.damaged or astray or bool(lost) or bool(self.asides)

    @property
    def exit_code(self) -> int:
        """How the command ends: what kept messages from leaving, then what is damaged."""
        if self.delivery is not None and self.delivery.halted is not None:
            return self.delivery.halted.exit_code
        return _DAMAGED if self.damaged else 0


class Adoption(Struct, frozen=True, kw_only=True):
    """What came into the ledger with a workbook that was adopted.

    Attributes:
        noted: Messages that had left without its knowing.
        doubtful: Messages of which a human has to say whether the right person got them.
    """

    noted: int = 0
    doubtful: int = 0


def plan_night(http: HTTPClient, config: Config, moment: Callable[[ZoneInfo], datetime]) -> Night:
    """Read the workbook and decide what a night would do; nothing is written."""
    with collector_paused():
        snapshot = read_snapshot(http, config)
        rules = open_post_office(config).rules
        plan = make_plan(snapshot, rules, moment(snapshot.zone))
    obstacle = find_obstacle(snapshot, plan)
    return Night(snapshot=snapshot, plan=plan, obstacle=obstacle, asides=_reading(snapshot))


def _reading(snapshot: Snapshot) -> tuple[Aside, ...]:
    """Return what could not be read and is not needed."""
    trouble = snapshot.form_trouble
    return (Aside(code="night.form_unread", error=trouble),) if trouble else ()


def find_obstacle(snapshot: Snapshot, plan: Plan, *, force: bool = False) -> CohorteError | None:
    """Return why a plan must not be written before a human has looked; None where it may.

    Args:
        force: Whether a human has looked at what the brake stops.
    """
    if snapshot.home not in {"", snapshot.spreadsheet_id}:
        return WorkbookError("copied")
    if last_finished(snapshot) > snapshot.told_revision:
        return WorkbookError("restored")
    if plan.brake is not None and not force:
        return BrakeError("brake", what=plan.brake)
    return None


def run_night(  # noqa: PLR0913 - who runs, on what, and as what
    http: HTTPClient,
    config: Config,
    *,
    event: str,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
    confirm: Callable[[Night], bool] = lambda _: True,
    digest: str | None = None,
    force: bool = False,
    trace: Trace | None = None,
) -> Night:
    """Let a night pass.

    Args:
        event: "night" leaves its line in the journal even without news; "apply" then writes
            nothing.
        moment: Tells the instant, aware, given the spreadsheet's time zone.
        token: Four random letters that tell this run from another of the same second.
        confirm: Asked before anything is written.
        digest: The plan that was looked at; another one is refused.
        force: Whether to go on in spite of the brake.
        trace: Filled in while the night passes, for a log.

    Raises `ConflictError` where another run is under way or wrote first, `StalePlanError`,
    `BrakeError`, `WorkbookError` for a copy or a restored version that nobody adopted, and whatever
    reading and writing raise.
    """
    trace = trace or Trace()
    office = open_post_office(config)
    with collector_paused():
        began = moment(_UTC)
        with trace.step(Step.READ):
            snapshot = read_snapshot(http, config)
        run = new_run(event, lambda: moment(snapshot.zone), token, moment(_UTC) - began)
        trace.run_id = run.run_id
        with trace.step(Step.PLAN):
            plan = make_plan(snapshot, office.rules, run.started)
    obstacle = find_obstacle(snapshot, plan, force=force)
    night = Night(snapshot=snapshot, plan=plan, obstacle=obstacle, asides=_reading(snapshot))
    require_no_lease(snapshot, run)
    if obstacle is not None:
        raise obstacle
    if digest is not None and digest != night.plan.digest:
        raise StalePlanError("stale_plan", digest=night.plan.digest)
    if night.plan.empty and event == "apply":
        return night
    if not confirm(night):
        return night
    mails = bool(plan.mail.due or plan.mail.limbo)
    with collector_paused(), trace.step(Step.WRITE):
        receipt = write_plan(http, snapshot, plan, office.rules, run, mails=mails)
        receipt, repaired = put_right(http, config, receipt, run, mails=mails)
    night = replace(night, receipt=receipt, repaired=repaired)
    if mails:
        with trace.step(Step.MAIL):
            night = _send_mail(http, office, night, run)
    with trace.step(Step.WRITE):
        asides = (*_keep_form(http, config, night), *share(http, config, night.plan, run))
    return replace(night, asides=(*night.asides, *asides))


def _send_mail(http: HTTPClient, office: PostOffice, night: Night, run: Run) -> Night:
    """Let the messages of a night leave that was written."""
    snapshot, plan = night.snapshot, night.plan
    assert night.receipt is not None  # noqa: S101 - only asked after a write
    ledger = Ledger(
        http,
        snapshot,
        office.rules,
        run,
        night.receipt.revision,
        plan,
        rows={row.key: row for row in (*snapshot.mail_rows, *(a for _, a in plan.mail.rows))},
        enrolments=after_plan(snapshot, plan),
    )
    delivery = send_letters(office, http.session, snapshot, plan, run, ledger, retries_of(http))
    return replace(night, delivery=delivery)


def _keep_form(http: HTTPClient, config: Config, night: Night) -> Iterator[Aside]:
    """Let the form say which cohorts take newcomers; yield what prevents it."""
    snapshot, doors = night.snapshot, night.plan.doors
    # What could not be read a moment ago has been told already.
    if snapshot.form_record is None or snapshot.form_trouble is not None or doors is None:
        return
    try:
        keep_form(http, config, snapshot.spreadsheet_id, snapshot.form_record, doors)
    except CohorteError as error:
        yield Aside(code="night.form_unkept", error=error)


def share(http: HTTPClient, config: Config, plan: Plan, run: Run) -> Iterator[Aside]:
    """Bring the partners' spreadsheet in step; yield what prevents it."""
    partners = config.summary.partners_spreadsheet
    if partners is None or plan.summary is None:
        return
    try:
        share_summary(http, partners, plan.summary, config.rules, run)
    except CohorteError as error:
        yield Aside(code="night.unshared", error=error)


def give_verdicts(  # noqa: PLR0913 - who says what, where, and as what
    http: HTTPClient,
    config: Config,
    choose: Callable[[Snapshot], Mapping[PairKey, Verdict]],
    *,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
    confirm: Callable[[Plan], bool],
) -> Plan:
    """Note what an organiser says of pairs of enrolments; the next night acts on it.

    Args:
        choose: Says which pairs, given the workbook.
        confirm: Asked before anything is written.

    Raises what a night raises.
    """
    snapshot = read_snapshot(http, config, ask_form=False)
    run = new_run("apply", lambda: moment(snapshot.zone), token)
    plan = plan_verdicts(snapshot, choose(snapshot), config.rules, run.started)
    require_no_lease(snapshot, run)
    obstacle = find_obstacle(snapshot, plan)
    if obstacle is not None:
        raise obstacle
    if plan.pairs and confirm(plan):
        write_plan(http, snapshot, plan, config.rules, run)
        return plan
    return nothing(run.started)


def make_sheets(
    http: HTTPClient,
    config: Config,
    choose: Callable[[Snapshot, datetime], Collection[int]],
    *,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
) -> Plan:
    """Make the attendance tabs of some meetings now; those that are there stay as they are.

    Args:
        choose: Says which meetings, by number, given the workbook and the instant.

    Raises what a night raises.
    """
    with collector_paused():
        snapshot = read_snapshot(http, config, ask_form=False)
    run = new_run("apply", lambda: moment(snapshot.zone), token)
    plan = plan_sheets(snapshot, config.rules, run.started, choose(snapshot, run.started))
    require_no_lease(snapshot, run)
    obstacle = find_obstacle(snapshot, plan)
    if obstacle is not None:
        raise obstacle
    if not plan.empty:
        write_plan(http, snapshot, plan, config.rules, run)
    return plan


def handle_mail(  # noqa: PLR0913 - who asks for what, where, and as what
    http: HTTPClient,
    config: Config,
    choose: Callable[[Snapshot], Mapping[str, MailAction]],
    *,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
    confirm: Callable[[Plan], bool],
) -> Plan:
    """Note what an organiser says of messages; the next night acts on it.

    Args:
        choose: Says which messages, by key, given the workbook.
        confirm: Asked before anything is written.

    Raises what a night raises.
    """
    rules = open_post_office(config).rules
    snapshot = read_snapshot(http, config, ask_form=False)
    run = new_run("apply", lambda: moment(snapshot.zone), token)
    mail = plan_actions(snapshot, choose(snapshot), rules, run.started)
    plan = replace(nothing(run.started), mail=mail)
    require_no_lease(snapshot, run)
    obstacle = find_obstacle(snapshot, plan)
    if obstacle is not None:
        raise obstacle
    if mail.changes and confirm(plan):
        write_plan(http, snapshot, plan, rules, run)
        return plan
    return nothing(run.started)


def adopt(
    http: HTTPClient, config: Config, moment: Callable[[ZoneInfo], datetime], token: str
) -> Adoption | None:
    """Let a copy, or a restored version, be the workbook from now on; None where it was already.

    What left since, as the mailbox remembers, comes into the ledger: nobody gets it again.

    Raises what a night raises, and `ConfigError`, `CredentialsError` or `UnreachableError` where the
    mailbox can't tell what left.
    """
    office = open_post_office(config)
    snapshot = read_snapshot(http, config, ask_form=False)
    run = new_run(ADOPTED, lambda: moment(snapshot.zone), token)
    require_no_lease(snapshot, run)
    departed = list_departed(office, http.session, run.started)
    mail = plan_departed(departed, snapshot, office.rules, run.started)
    plan = replace(nothing(run.started), new_tabs=snapshot.missing_tabs, mail=mail)
    forgotten = count_forgotten(departed, snapshot)
    if find_obstacle(snapshot, plan) is None and not (mail.changes or forgotten):
        return None
    write_plan(http, snapshot, plan, office.rules, run)
    noted = [change.after for change in mail.changes]
    doubtful = sum(mailing.state is MailState.UNKNOWN for mailing in noted)
    return Adoption(noted=len(noted) - doubtful, doubtful=doubtful)


def require_no_lease(snapshot: Snapshot, run: Run) -> None:
    """Raise where another run is under way."""
    until = live_lease(snapshot, run.started)
    if until is not None:
        local = until.astimezone(snapshot.zone)
        raise ConflictError("lease", until=f"{local:%Y-%m-%d %H:%M}")


def put_right(
    http: HTTPClient, config: Config, receipt: Receipt, run: Run, *, mails: bool
) -> tuple[Receipt, tuple[int, ...]]:
    """Restore what is not where it was written, since somebody sorted or pasted meanwhile.

    A few times at most: an organiser who is still at it will be done by the next night. Return the
    latest receipt, and the enrolments that were put right.
    """
    repaired: set[int] = set()
    for _ in range(_REPAIRS):
        if not receipt.astray:
            break
        began = run.clock()
        snapshot = read_snapshot(http, config, ask_form=False)
        again = replace(run, started=run.clock(), read_at=began)
        plan = plan_repairs(snapshot, config.rules, again.started, receipt.misplaced_rolls)
        if plan.empty:
            break
        repaired.update(receipt.misplaced)
        receipt = write_plan(http, snapshot, plan, config.rules, again, mails=mails)
    return receipt, tuple(sorted(repaired - set(receipt.misplaced)))
