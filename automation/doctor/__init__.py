"""Everything that can go wrong with an installation, looked at one by one, with its remedy.

`gather` collects the facts in a few calls; each check is a function from those facts to findings, and
knows neither Google nor the network. A new check is one function, its line in `CHECKS`, and its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation.doctor import access, answers, letters, nights, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from automation.doctor.facts import Facts
    from automation.doctor.finding import Finding

__all__ = ["AREAS", "CHECKS", "Check", "examine", "exit_code"]


class Check(Struct, frozen=True, kw_only=True):
    """One thing to look at.

    Attributes:
        name: For scripts, and never changed.
        area: Under which heading people read it.
        look: Yields what it finds; one finding at least.
    """

    name: str
    area: str
    look: Callable[[Facts], Iterable[Finding]]


CHECKS: Final = (
    Check(name="credentials", area="access", look=access.check_credentials),
    Check(name="network", area="access", look=access.check_network),
    Check(name="clock", area="access", look=access.check_clock),
    Check(name="apis", area="access", look=access.check_apis),
    Check(name="scopes", area="access", look=access.check_scopes),
    Check(name="shared", area="access", look=access.check_shared),
    Check(name="links", area="access", look=access.check_links),
    Check(name="response_tab", area="answers", look=answers.check_response_tab),
    Check(name="questions", area="answers", look=answers.check_questions),
    Check(name="needless", area="answers", look=answers.check_needless),
    Check(name="consent", area="answers", look=answers.check_consent),
    Check(name="erasures", area="answers", look=answers.check_erasures),
    Check(name="form", area="answers", look=answers.check_form),
    Check(name="tabs", area="workbook", look=workbook.check_tabs),
    Check(name="protections", area="workbook", look=workbook.check_protections),
    Check(name="seals", area="workbook", look=workbook.check_seals),
    Check(name="journal", area="workbook", look=workbook.check_journal),
    Check(name="ledger", area="workbook", look=workbook.check_ledger),
    Check(name="sender", area="letters", look=letters.check_sender),
    Check(name="mailbox", area="letters", look=letters.check_mailbox),
    Check(name="spf", area="letters", look=letters.check_spf),
    Check(name="dkim", area="letters", look=letters.check_dkim),
    Check(name="dmarc", area="letters", look=letters.check_dmarc),
    Check(name="room", area="letters", look=letters.check_room),
    Check(name="templates", area="letters", look=letters.check_templates),
    Check(name="last_night", area="nights", look=nights.check_last_night),
    Check(name="schedule", area="nights", look=nights.check_schedule),
    Check(name="alerts", area="nights", look=nights.check_alerts),
)
"""In the order in which people read them, which is that in which to put things right."""

AREAS: Final = tuple(dict.fromkeys(check.area for check in CHECKS))


def examine(facts: Facts) -> Iterator[tuple[Check, Finding]]:
    """Yield what each check finds, in the order of `CHECKS`."""
    for check in CHECKS:
        for finding in check.look(facts):
            yield check, finding


def exit_code(findings: Iterable[Finding]) -> int:
    """Return how the command ends: 0 without a failure, else the code of the worst.

    The largest, as with the nights of several configurations: 78 configuration, 77 permission, 69
    Google can't be reached, 65 the workbook can't be used; 30 where nights go on all the same.
    """
    return max((finding.exit_code for finding in findings), default=0)
