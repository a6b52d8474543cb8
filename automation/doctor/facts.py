"""What the checks look at, as values: gathered once, in a few calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from automation.config.sections import WorkspaceKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from automation.config import Config
    from automation.core.model import Problem
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot
    from automation.errors import CohorteError
    from automation.google.accounts import Account
    from automation.google.drive import Sharing
    from automation.google.scopes import Feature


_NO_ANSWERS: Final = frozenset({"missing_response_tab", "answers_are_chart"})


class Records(Struct, frozen=True, kw_only=True):
    """What the sender's domain says of itself in the DNS: the texts found, None where nobody answers.

    Attributes:
        spf: Those at the domain; () for none.
        dkim: Those at the selectors where a key may be.
        dmarc: Those at _dmarc.
    """

    spf: tuple[str, ...] | None = None
    dkim: tuple[str, ...] | None = None
    dmarc: tuple[str, ...] | None = None


class Facts(Struct, frozen=True, kw_only=True):
    """An installation at one instant; None for what could not be seen, or need not be.

    Attributes:
        now: Aware.
        account: Who we are at Google; None on an embedded workspace, and without credentials.
        refusals: What kept us from an API, by what it is for.
        ahead: How far this machine's clock is ahead of Google's.
        trouble: Why the workbook can't be read, though Google let us in.
        plan: What tonight would do.
        plan_trouble: Why there is no plan.
        protected: Sheet ids of the tabs with a protected range.
        locked: Titles, by sheet id, of those with one that we may not edit.
        sharing: With whom the spreadsheet is shared.
        form: The form, as the Forms API gives it.
        mailbox: The address of the mailbox that messages leave from.
        records: What the sender's domain says of itself; None where it matters not.
        nights: When the latest runs of `nightly` wrote, the last one first; aware.
        mistakes: What is wrong with the templates.
    """

    config: Config
    now: datetime
    account: Account | None = None
    refusals: Mapping[Feature, CohorteError] = field(default_factory=dict)
    ahead: timedelta | None = None
    snapshot: Snapshot | None = None
    trouble: CohorteError | None = None
    plan: Plan | None = None
    plan_trouble: CohorteError | None = None
    protected: frozenset[int] | None = None
    locked: Mapping[int, str] = field(default_factory=dict)
    sharing: Sharing | None = None
    form: Mapping[str, Any] | None = None
    mailbox: str | None = None
    records: Records | None = None
    nights: tuple[datetime, ...] = ()
    mistakes: tuple[Problem, ...] = ()

    @property
    def lacks_answers(self) -> bool:
        """Whether the workbook can't be read since answers have no tab to arrive in."""
        return self.trouble is not None and self.trouble.code in _NO_ANSWERS

    @property
    def embedded(self) -> bool:
        """Whether the workspace is an embedded one: there is no Google to be let in to."""
        return self.config.workspace.kind is WorkspaceKind.EMBEDDED
