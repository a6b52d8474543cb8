"""The facts that the checks look at, in as few calls as they take.

Two calls read the workbook as a night does, one asks for its protections; then one each to Drive, Forms
and Gmail, where they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from automation.collector import collector_paused
from automation.core.plan import make_plan
from automation.core.rules import Language
from automation.doctor.facts import Facts
from automation.doctor.letters import writes_by_gmail
from automation.doctor.records import find_records
from automation.errors import CohorteError, CredentialsError, UnreachableError, WorkbookError
from automation.google.client import Client
from automation.google.drive import read_sharing
from automation.google.forms import Forms
from automation.google.gmail import Gmail
from automation.google.scopes import Feature
from automation.google.session import GoogleSession
from automation.google.sheets import read_protections
from automation.mail.check import check_templates
from automation.posting import open_post_office
from automation.workbook.past import list_runs
from automation.workbook.reader import read_snapshot
from automation.workspace import open_session, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    import requests

    from automation.config import Config
    from automation.core.snapshot import Snapshot
    from automation.doctor.records import Lookup
    from automation.google.accounts import Account
    from automation.google.drive import Sharing
    from automation.google.retries import Retries

_Answer = TypeVar("_Answer")
_RUNS: Final = 40
_OBSTACLES: Final = (CredentialsError, UnreachableError, WorkbookError)


class _Visit(Struct):
    """What is learnt on the way, whether calls succeed or not."""

    refusals: dict[Feature, CohorteError] = field(default_factory=dict)
    account: Account | None = None
    ahead: timedelta | None = None

    def note(self, session: requests.Session) -> None:
        """Note who speaks, and what their clock says."""
        if isinstance(session, GoogleSession):
            self.account = session.account
            self.ahead = session.ahead if session.ahead is not None else self.ahead

    @property
    def lost(self) -> bool:
        """Whether nobody answers, so that nobody else need be asked."""
        return any(isinstance(error, UnreachableError) for error in self.refusals.values())


def gather(
    config: Config,
    moment: Callable[[ZoneInfo], datetime],
    *,
    lookup: Lookup,
    retries: Retries,
) -> Facts:
    """Look at everything once; what can't be seen is None, with the reason among the refusals.

    Args:
        moment: Tells the instant, aware, given the spreadsheet's time zone.
        lookup: Asks the DNS.
        retries: How a call that fails is made again; not patiently, since somebody is waiting.
    """
    visit = _Visit()
    facts = Facts(config=config, now=moment(ZoneInfo("UTC")))
    try:
        facts = _see_workbook(facts, visit, moment, retries)
    except _OBSTACLES as error:
        visit.refusals[Feature.SHEETS] = error
    return replace(
        facts,
        sharing=_see_sharing(facts, visit, retries),
        form=_see_form(facts, visit, retries),
        mailbox=_see_mailbox(facts, visit, retries),
        records=None if facts.embedded else find_records(config, lookup),
        mistakes=check_templates(open_post_office(config).templates, tuple(Language)),
        account=visit.account,
        ahead=visit.ahead,
        refusals=visit.refusals,
    )


def _see_workbook(
    facts: Facts, visit: _Visit, moment: Callable[[ZoneInfo], datetime], retries: Retries
) -> Facts:
    """Return the facts with the workbook as a night would read it."""
    with open_workspace(facts.config, lambda: facts.now, retries=retries) as workspace:
        http, config = workspace.http, workspace.config
        facts = replace(facts, config=config)
        try:
            with collector_paused():
                snapshot = read_snapshot(http, config)
            protections = read_protections(http, config.workspace.spreadsheet or "")
        except WorkbookError as error:
            if error.code == "not_found":
                raise
            return replace(facts, trouble=error)
        finally:
            visit.note(http.session)
    facts = replace(
        facts,
        snapshot=snapshot,
        protected=protections.protected,
        locked=protections.locked,
        now=moment(snapshot.zone),
        nights=_list_nights(snapshot),
    )
    try:
        with collector_paused():
            plan = make_plan(snapshot, open_post_office(config).rules, facts.now)
    except WorkbookError as error:
        return replace(facts, plan_trouble=error)
    return replace(facts, plan=plan)


def _list_nights(snapshot: Snapshot) -> tuple[datetime, ...]:
    """Return when the latest runs of `nightly` wrote, the last one first."""
    runs = list_runs(snapshot, _RUNS)
    return tuple(run.at for run in runs if run.kind == "night" and run.at is not None)


def _ask(
    facts: Facts, visit: _Visit, feature: Feature, call: Callable[[requests.Session], _Answer]
) -> _Answer | None:
    """Make a call over a session for one feature; None where something keeps us out."""
    if visit.lost:
        return None
    try:
        with open_session(facts.config, lambda: facts.now, feature) as session:
            try:
                return call(session)
            finally:
                visit.note(session)
    except _OBSTACLES as error:
        visit.refusals[feature] = error
        return None


def _see_sharing(facts: Facts, visit: _Visit, retries: Retries) -> Sharing | None:
    spreadsheet = facts.config.workspace.spreadsheet
    if facts.embedded or spreadsheet is None:
        return None
    return _ask(
        facts, visit, Feature.SHARING, lambda s: read_sharing(Client(s, retries), spreadsheet)
    )


def _see_form(facts: Facts, visit: _Visit, retries: Retries) -> dict[str, Any] | None:
    form_id = facts.config.responses.form_id
    if form_id is None:
        return None
    return _ask(facts, visit, Feature.FORMS, lambda s: Forms(s, retries).get(form_id))


def _see_mailbox(facts: Facts, visit: _Visit, retries: Retries) -> str | None:
    if facts.embedded or not writes_by_gmail(facts.config):
        return None
    return _ask(facts, visit, Feature.MAIL, lambda s: Gmail(s, retries).read_address())
