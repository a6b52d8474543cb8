"""A plan, a night and what went wrong, in words: for the terminal and for the studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation import locale
from automation.bugs import show_whole, trace_bug
from automation.core.doors import Door
from automation.core.ledger import MailState
from automation.core.model import Phrase, phrase
from automation.errors import CohorteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.core.model import Problem
    from automation.core.plan import Plan
    from automation.core.roll_sheets import RollChange
    from automation.night import Night


def error_lines(error: CohorteError, language: str) -> tuple[str, str]:
    """Return what happened, and what to do."""
    values = {
        name: locale.say(language, value) if isinstance(value, Phrase) else value
        for name, value in error.values.items()
    }
    what = locale.text(language, f"error.{error.code}", **values)
    remedy = locale.text(language, f"error.{error.code}.remedy", **values)
    return what, f"→ {remedy}"


def tell_error(error: Exception, language: str, *, whole: bool) -> list[str]:
    """Return what to tell of what stopped a command: two lines, or of a bug its kind and its place.

    Args:
        whole: Whether somebody asked for all that it says, which may tell of people.
    """
    told = [locale.text(language, "bug.personal"), show_whole(error)] if whole else []
    if isinstance(error, CohorteError):
        return [*told, *error_lines(error, language)]
    what = locale.text(language, "bug.what", kind=type(error).__name__)
    return told or [*trace_bug(error), what, f"→ {locale.text(language, 'bug.remedy')}"]


def roll_line(roll: RollChange, language: str) -> str:
    """Return what happens to an attendance tab, with numbers only."""
    if roll.before is None:
        return locale.text(language, "plan.roll_new", meeting=roll.number, count=len(roll.added))
    if not (roll.added or roll.left):
        return locale.text(language, "plan.roll_updated", meeting=roll.number)
    return locale.text(
        language, "plan.roll", meeting=roll.number, added=len(roll.added), left=roll.left
    )


def mail_lines(plan: Plan, language: str) -> Iterator[str]:
    """Yield what a plan does about mail, with numbers only."""
    told = (
        ("plan.mail_due", len(plan.mail.due)),
        ("plan.mail_waiting", plan.mail.waiting),
        ("plan.mail_over_cap", plan.mail.over_cap),
        ("plan.mail_limbo", len(plan.mail.limbo)),
    )
    for code, count in told:
        if count:
            yield locale.text(language, code, count=count)


def plan_worries(plan: Plan, language: str, *, quote: bool) -> list[str]:
    """Return the notices and the problems of a plan, a line each.

    Args:
        quote: Whether to quote what people typed: never in a log.
    """
    return [
        *(locale.say(language, notice) for notice in plan.notices),
        *(problem_line(problem, language, quote=quote) for problem in plan.problems),
    ]


def problem_line(problem: Problem, language: str, *, quote: bool) -> str:
    """Return where a problem is, and what it is."""
    where = [problem.tab] if problem.tab else []
    if problem.row is not None:
        where.append(locale.text(language, "problem.row", row=problem.row))
    if problem.column:
        where.append(f"« {problem.column} »" if language == "fr" else f"“{problem.column}”")
    place = ", ".join(where)
    message = tell_problem(problem, language, quote=quote)
    colon = " : " if language == "fr" else ": "
    return f"{place}{colon}{message}" if place else message


def tell_problem(problem: Problem, language: str, *, quote: bool) -> str:
    """Return what a problem is; the cell is named beside it, so that nothing need be quoted."""
    code, values = problem.message
    shown = {name: value if quote or name != "value" else "…" for name, value in values}
    return locale.say(language, phrase(code, **shown))


def night_line(night: Night, language: str) -> str:
    """Return a night in one line, with numbers only: it may end in a log."""
    plan = night.plan
    touched = sum(1 for change in plan.changes if change.events)
    cohorts = night.snapshot.cohorts
    figures = [
        locale.text(
            language,
            "night.offered" if seats.offered else "night.cohort",
            code=cohort.code,
            offered=seats.offered,
            confirmed=seats.confirmed,
            places="?" if cohort.places is None else cohort.places,
            waiting=seats.waiting,
        )
        for cohort, (_, seats) in zip(cohorts, plan.seats, strict=True)
    ]
    sent = night.delivery.count(MailState.SENT) if night.delivery else 0
    mailed = [locale.text(language, "night.mailed", count=sent)] if sent else []
    return " · ".join([locale.text(language, "night.touched", count=touched), *figures, *mailed])


def worries(night: Night, language: str, *, quote: bool) -> list[str]:
    """Return what somebody should look at after a night, a line each, with numbers only."""
    return [
        *plan_worries(night.plan, language, quote=quote),
        *told_misplaced(night, language),
        *told_mail(night, language),
        *told_asides(night, language),
    ]


def told_mail(night: Night, language: str) -> list[str]:
    """Return what became of messages that did not leave, with numbers only."""
    delivery = night.delivery
    if delivery is None:
        return []
    counts = (
        ("night.mail_unknown", delivery.count(MailState.UNKNOWN)),
        ("night.mail_failed", delivery.count(MailState.FAILED)),
        ("night.mail_held", delivery.count(MailState.HELD)),
    )
    lines = [locale.text(language, code, count=count) for code, count in counts if count]
    lines += [problem_line(problem, language, quote=False) for problem in delivery.problems]
    if delivery.halted is not None:
        lines += error_lines(delivery.halted, language)
    return lines


def form_lines(night: Night, language: str) -> list[str]:
    """Return a line about what the form would be told; none where it was told so before."""
    record, doors = night.snapshot.form_record, night.plan.doors
    if record is None or doors is None or record.digest == doors.digest(language):
        return []
    words = {Door.OPEN: locale.text(language, "form.open")}
    words |= {Door(key): text for key, text in locale.labels("form_option", language).items()}
    told = [f"{c.code} {words[door]}" for c, door in zip(doors.cohorts, doors.of, strict=True)]
    if not doors.accepting:
        told.append(locale.text(language, "form.not_accepting"))
    return [locale.text(language, "plan.form", doors=", ".join(told))]


def told_asides(night: Night, language: str) -> list[str]:
    """Return what went wrong beside the night's work, and what to do about it."""
    return [
        line
        for aside in night.asides
        for line in (locale.text(language, aside.code), *error_lines(aside.error, language))
    ]


def told_misplaced(night: Night, language: str) -> list[str]:
    """Return a line about the rows that were not found as written, put right since or not."""
    receipt = night.receipt
    told: tuple[tuple[str, Iterable[object]], ...] = (
        ("notice.repaired", night.repaired),
        ("notice.misplaced", receipt.misplaced if receipt else ()),
        ("notice.pairs_misplaced", receipt.misplaced_pairs if receipt else ()),
        ("notice.rolls_misplaced", receipt.misplaced_rolls if receipt else ()),
    )
    lists = ((code, ", ".join(map(_numbers, numbers))) for code, numbers in told)
    return [locale.text(language, code, numbers=words) for code, words in lists if words]


def _numbers(about: object) -> str:
    """Return a number, or both of a pair."""
    return "–".join(map(str, about)) if isinstance(about, tuple) else str(about)
