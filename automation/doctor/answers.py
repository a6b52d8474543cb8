"""The form and its answers: where they arrive, what they ask, and whether any more may come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from automation.core.erasure import count_pending
from automation.core.responses import missing_question
from automation.core.text import fold, tidy
from automation.doctor.finding import Level, failure, from_error, skipped, warning, well
from automation.google.scopes import Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.config import Config
    from automation.core.responses import ResponseTable
    from automation.core.snapshot import Snapshot
    from automation.doctor.facts import Facts
    from automation.doctor.finding import Finding
    from automation.errors import CohorteError

_IN_EVERY_TAB: Final = frozenset({"email", "first_name", "last_name", "name", "phone"})
_CONSENT_WORDS: Final = 5
"""Fewer do not say to what one consents."""

# Folded: no accents, no capitals, apostrophes and hyphens as spaces. The first that fits tells.
_NEEDLESS: Final = {
    "sin": r"\bnas\b|\bsin\b|\bassurance sociale\b|\bsocial (insurance|security)\b|\bssn\b",
    "health_card": r"\bassurance maladie\b|\bnam\b|\bramq\b|\bhealth (card|insurance)\b",
    "bank": r"\bcompte bancaire\b|\bcarte de credit\b|\bbank account\b|\bcredit card\b|\bspecimen\b",
    "birth": r"\bdate de naissance\b|\bne(e)? le\b|\bdate of birth\b|\bbirth ?(day|date)\b|"
    r"\bquel age\b|\bvotre age\b|\bhow old\b|^age$",
    "health": r"\bsante\b|\bmaladies?\b|\bhandicaps?\b|\bdiagnosti\w*|\bmedica\w*|\billness\w*|"
    r"\bdisabilit\w*|\bhealth\b|\bgrossesse\b|\bpregnan\w*",
    "belonging": r"\breligi\w*|\borigine ethnique\b|\bethnic\w*|\borientation sexuelle\b|"
    r"\bsexual orientation\b|\bstatut d immigra\w*|\bimmigration status\b",
    "means": r"\brevenus?\b|\bsalaires?\b|\bincome\b|\bsalary\b|\betat civil\b|\bmarital\b",
}
_FORM_IS_AWAY: Final = frozenset({"form_forbidden", "form_not_found"})
_GRAVE: Final = frozenset({"sin", "health_card", "bank"})
"""What a registration never needs, and what a thief looks for."""


def check_response_tab(facts: Facts) -> Iterator[Finding]:
    """Whether the answers arrive where the configuration says."""
    if facts.trouble is not None and facts.lacks_answers:
        yield from_error(facts.trouble)
    elif facts.snapshot is None:
        yield skipped("not_seen")
    else:
        count = sum(len(table.rows) for table in facts.snapshot.responses)
        yield well("response_tab", tabs=", ".join(facts.config.responses.tabs), count=count)


def check_erasures(facts: Facts) -> Iterator[Finding]:
    """Whether a human still has to delete answers of people who were erased."""
    if facts.snapshot is None:
        yield skipped("not_seen")
        return
    count = count_pending(facts.snapshot)
    yield warning("erasures_pending", count=count) if count else well("erasures")


def check_questions(facts: Facts) -> Iterator[Finding]:
    """Whether each question that the configuration names heads a column; else the nearest header."""
    if facts.snapshot is None:
        yield skipped("not_seen")
        return
    missing = list(_find_missing(facts.config, facts.snapshot))
    trouble = facts.plan_trouble
    if not missing and trouble is not None and trouble.code == "missing_question":
        missing.append(trouble)
    yield from map(from_error, missing)
    if not missing:
        yield well("questions", count=len(list(_list_questions(facts.config))))


def _find_missing(config: Config, snapshot: Snapshot) -> Iterator[CohorteError]:
    """Yield an error for each question that no tab has, or not all that should."""
    tables = snapshot.responses
    for field, question in _list_questions(config):
        lacking = [table for table in tables if fold(question) not in _headers(table)]
        if lacking and (field in _IN_EVERY_TAB or len(lacking) == len(tables)):
            yield missing_question(lacking[0], question)
    replies = snapshot.replies
    for question in (config.ma_place.code, config.ma_place.choice) if replies else ():
        if replies is not None and fold(question) not in _headers(replies):
            yield missing_question(replies, question)


def check_needless(facts: Facts) -> Iterator[Finding]:
    """Whether the form asks what a registration does not need (Law 25, s. 5: necessary data only)."""
    if facts.snapshot is None:
        yield skipped("not_seen")
        return
    asked = {text for table in facts.snapshot.responses for text in _headers(table).values()}
    found = False
    for question in sorted(asked):
        kind = next((k for k, p in _NEEDLESS.items() if re.search(p, fold(question))), None)
        if kind is not None:
            found = True
            tell = failure if kind in _GRAVE else warning
            yield tell(f"needless_{kind}", question=question)
    if not found:
        yield well("needless")


def check_consent(facts: Facts) -> Iterator[Finding]:
    """Whether people say yes to something, and know to what (Law 25, s. 14; CASL, s. 10)."""
    question = facts.config.fields.consent
    if question is None:
        yield warning("consent_absent")
    elif len(fold(question).split()) < _CONSENT_WORDS:
        yield warning("consent_short", question=tidy(question))
    else:
        yield well("consent")


def check_form(facts: Facts) -> Iterator[Finding]:
    """Whether the form takes answers while a cohort is open to them."""
    if facts.config.responses.form_id is None:
        yield skipped("form_not_named")
        return
    error = facts.refusals.get(Feature.FORMS)
    if facts.form is None:
        if error is None or error.code not in _FORM_IS_AWAY:
            yield skipped("not_seen")  # told with what keeps us out
        else:
            # The sheet alone is read meanwhile.
            yield from_error(error, Level.WARNING)
        return
    state = facts.form.get("publishSettings", {}).get("publishState")
    opened = _list_open(facts.snapshot, facts) if facts.snapshot else ()
    if state is None:
        yield warning("form_legacy")
    elif state.get("isPublished") and state.get("isAcceptingResponses"):
        yield well("form_open")
    elif opened:
        yield failure("form_closed", cohorts=", ".join(opened))
    else:
        yield well("form_closed_rightly")


def _list_open(snapshot: Snapshot, facts: Facts) -> tuple[str, ...]:
    return tuple(
        cohort.code
        for cohort in snapshot.cohorts
        if cohort.places and not cohort.paused and cohort.admits(facts.now)
    )


def _list_questions(config: Config) -> Iterator[tuple[str, str]]:
    for name, value in config.fields:
        if isinstance(value, str):
            yield name, value
    for key, extra in (*config.fields.extra.items(), *config.fields.choices.items()):
        yield key, extra.question


def _headers(table: ResponseTable) -> dict[str, str]:
    """Return the headers of a response tab as written, by how they are compared."""
    return {fold(text): text for cell in table.header if (text := tidy(str(cell or "")))}
