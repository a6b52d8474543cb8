"""Where the spreadsheet lives: Google, or the embedded workspace. They differ by one session."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.config.sections import WorkspaceKind
from automation.errors import ConfigError, WorkbookError
from automation.google.client import Client
from automation.google.retries import PATIENT, Retries
from automation.google.scopes import Feature
from automation.google.sheets import list_spreadsheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import requests
    from gspread import HTTPClient

    from automation.config import Config
    from automation.google.pacing import Meter
    from automation.local import Account


class Workspace(Struct, frozen=True, kw_only=True):
    """An open workspace.

    Attributes:
        config: With the spreadsheet's id filled in.
    """

    http: HTTPClient
    config: Config


@contextmanager
def open_workspace(  # noqa: PLR0913 - what is opened, and how
    config: Config,
    clock: Callable[[], datetime],
    *,
    new: bool = False,
    retries: Retries = PATIENT,
    feature: Feature = Feature.SHEETS,
    meter: Meter | None = None,
) -> Iterator[Workspace]:
    """Open the workspace that a configuration names, and close it afterwards.

    Args:
        clock: Tells an embedded workspace the instant.
        new: Whether an embedded workspace may be without a spreadsheet as yet.
        retries: How a call that fails is made again; its `on_wait` can tell of a wait.
        feature: What Google's token must grant.
        meter: What counts the calls, and holds them back.
    """
    if not new:
        _require_file(config)
    with ExitStack() as opened:

        def enter(feature: Feature) -> requests.Session:
            session = opened.enter_context(open_session(config, clock, feature))
            if meter is not None:
                meter.attach(session)
            return session

        # One session does for all in an embedded workspace.
        google = config.workspace.kind is WorkspaceKind.GOOGLE
        open_forms = cache(lambda: enter(Feature.FORMS)) if google else None
        http = Client(enter(feature), retries, open_forms)
        if config.workspace.spreadsheet is None:
            config = _find_spreadsheet(http, config, new=new)
        yield Workspace(http=http, config=config)


@contextmanager
def open_session(
    config: Config, clock: Callable[[], datetime], feature: Feature = Feature.SHEETS
) -> Iterator[requests.Session]:
    """Return the session over which the workspace of a configuration is spoken to."""
    if config.workspace.kind is WorkspaceKind.GOOGLE:
        from automation.google.session import authorised_session

        session: requests.Session = authorised_session(config, feature)
    else:
        from automation import local

        path = config.workspace.path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        session = local.session(path, clock=clock, account=_account(config))
    with session:
        yield session


@contextmanager
def open_mailbox(
    config: Config, clock: Callable[[], datetime]
) -> Iterator[requests.Session | None]:
    """Return the session of an embedded workspace, for its mailbox; None where there is none."""
    path = config.workspace.path
    if config.workspace.kind is WorkspaceKind.EMBEDDED and path is not None and path.exists():
        with open_session(config, clock) as session:
            yield session
    else:
        yield None


def link_embedded(http: HTTPClient, form_id: str, spreadsheet_id: str, now: datetime) -> bool:
    """Let a form's answers go to a spreadsheet; return False at Google, where only a human can."""
    from automation.local import LocalSession
    from automation.local.forms import link_form

    if not isinstance(http.session, LocalSession):
        return False
    link_form(http.session.store, form_id, spreadsheet_id, now)
    return True


def _account(config: Config) -> Account:
    """Return whose mailbox an embedded workspace has: the sender's."""
    from email.utils import parseaddr

    from automation.local import Account

    address = parseaddr(config.mail.sender or "")[1]
    return Account(address=address) if address else Account()


def require_embedded(config: Config, code: str) -> None:
    """Raise the configuration error of that code unless the workspace is an embedded one."""
    if config.workspace.kind is not WorkspaceKind.EMBEDDED:
        raise ConfigError(code)


def _require_file(config: Config) -> None:
    """Raise unless an embedded workspace is there: a look must not leave an empty file behind."""
    path = config.workspace.path
    if config.workspace.kind is WorkspaceKind.EMBEDDED and path is not None and not path.exists():
        raise WorkbookError("no_spreadsheet", path=str(path))


def _find_spreadsheet(http: HTTPClient, config: Config, *, new: bool) -> Config:
    """Return the configuration with the embedded workspace's only spreadsheet but the partners'."""
    shared = config.summary.partners_spreadsheet
    found = [one for one in list_spreadsheets(http) if one != shared]
    if not found and new:
        return config
    if len(found) != 1:
        code = "several_spreadsheets" if found else "no_spreadsheet"
        raise WorkbookError(code, path=str(config.workspace.path or ""))
    return with_spreadsheet(config, found[0])


def with_spreadsheet(config: Config, spreadsheet_id: str) -> Config:
    """Return the configuration with a spreadsheet's id."""
    workspace = config.workspace.model_copy(update={"spreadsheet": spreadsheet_id})
    return config.model_copy(update={"workspace": workspace})
