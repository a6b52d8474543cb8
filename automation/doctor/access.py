"""Getting in: credentials, network, clock, APIs, scopes, and with whom the spreadsheet is shared."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from automation.doctor.finding import Level, failure, from_error, skipped, warning, well
from automation.errors import UnreachableError
from automation.google.scopes import Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.doctor.facts import Facts
    from automation.doctor.finding import Finding
    from automation.errors import CohorteError

_NO_PERMISSION: Final = 77
_LATE: Final = timedelta(minutes=5)
_ADRIFT: Final = timedelta(minutes=1)
_CREDENTIALS: Final = frozenset(
    {
        "client_refused",
        "credentials",
        "credentials_open",
        "key_refused",
        "login_ended",
        "no_credentials",
        "workload_refused",
    }
)
_SPARED: Final = frozenset({Feature.FORMS, Feature.SHARING})
"""What nights do without."""
_HIDDEN: Final = frozenset({"forbidden", "not_found"})


def check_credentials(facts: Facts) -> Iterator[Finding]:
    """Whether Google knows us."""
    if facts.embedded:
        yield skipped()
        return
    error = _find(facts, _CREDENTIALS)
    config = facts.config
    file = config.google.credentials
    given = config.secrets.google_credentials is not None
    if file is not None and not given:
        yield warning("credentials_absent", file=str(file))
    if error is not None:
        yield from_error(error)
    elif facts.account is not None:
        yield well(f"account_{facts.account.kind}", address=facts.account.address or "–")


def check_network(facts: Facts) -> Iterator[Finding]:
    """Whether Google can be reached from here."""
    if facts.embedded:
        yield skipped()
        return
    lost = [error for error in facts.refusals.values() if isinstance(error, UnreachableError)]
    yield from_error(lost[0]) if lost else well("network")


def check_clock(facts: Facts) -> Iterator[Finding]:
    """Whether this machine's clock agrees with Google's, which signed requests and leases need."""
    if facts.embedded:
        yield skipped()
    elif facts.ahead is None:
        yield skipped("not_seen")
    elif abs(facts.ahead) > _LATE:
        yield failure("clock_off", _NO_PERMISSION, minutes=_minutes(facts.ahead))
    elif abs(facts.ahead) > _ADRIFT:
        yield warning("clock_adrift", minutes=_minutes(facts.ahead))
    else:
        yield well("clock")


def check_apis(facts: Facts) -> Iterator[Finding]:
    """Whether each API that is needed is enabled in the project."""
    yield from _check_each(facts, "api_off", "apis")


def check_scopes(facts: Facts) -> Iterator[Finding]:
    """Whether what was granted covers what the configuration needs."""
    yield from _check_each(facts, "scope_missing", "scopes")


def _check_each(facts: Facts, code: str, fine: str) -> Iterator[Finding]:
    """Find what Drive, Forms and the others refuse for one reason."""
    if facts.embedded:
        yield skipped()
        return
    refused = [(feature, e) for feature, e in facts.refusals.items() if e.code == code]
    for feature, error in refused:
        yield from_error(error, Level.WARNING if feature in _SPARED else Level.FAILURE)
    if not refused:
        yield well(fine) if facts.account and not _is_out(facts) else skipped("not_seen")


def check_shared(facts: Facts) -> Iterator[Finding]:
    """Whether the spreadsheet exists and lets our account write."""
    error = facts.refusals.get(Feature.SHEETS)
    if facts.embedded:
        yield skipped() if error is None else from_error(error)
    elif error is None and facts.sharing is not None and not facts.sharing.can_edit:
        yield failure("read_only", _NO_PERMISSION)
    elif error is None:
        yield well("shared")
    elif error.code == "forbidden":
        address = facts.account.address if facts.account else ""
        if address:
            yield failure("not_shared", _NO_PERMISSION, address=address)
        else:
            yield failure("not_shared_with_you", _NO_PERMISSION)
    elif error.code == "not_found":
        yield from_error(error)
    else:
        yield skipped("not_seen")


def check_links(facts: Facts) -> Iterator[Finding]:
    """Whether somebody who was not invited can open a spreadsheet full of personal data."""
    if facts.embedded:
        yield skipped()
        return
    if facts.sharing is None or facts.sharing.kinds is None:
        # A reader is told of that first.
        hidden = facts.sharing is not None and facts.sharing.can_edit
        yield warning("links_hidden") if hidden else skipped("not_seen")
        return
    kinds = facts.sharing.kinds
    if "anyone" in kinds:
        yield failure("links_open")
    elif "domain" in kinds:
        yield warning("links_domain")
    else:
        yield well("links", count=len(kinds))


def _find(facts: Facts, codes: frozenset[str]) -> CohorteError | None:
    return next((error for error in facts.refusals.values() if error.code in codes), None)


def _is_out(facts: Facts) -> bool:
    """Tell whether we were not let in at all, so that nothing more could be seen."""
    error = facts.refusals.get(Feature.SHEETS)
    return error is not None and error.code not in {*_HIDDEN, "api_off", "scope_missing"}


def _minutes(ahead: timedelta) -> int:
    return round(abs(ahead) / timedelta(minutes=1))
