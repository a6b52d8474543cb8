"""What people who registered do, want, and how they heard of it: each question by answer.

Which questions are counted follows from the configuration alone, so that none moves about as answers
come in: those of [fields.choices], the fields that Cohorte knows by name (trade, group, language),
and the municipality. Every other free text is a comment; see `comments`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from automation.core.summary.attending import usual
from automation.core.summary.tables import OTHER, Row, Table
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from automation.core.model import Enrolment, Number
    from automation.core.rules import ExtraField, FieldMap

COUNTED: Final = frozenset({"trade", "group", "language"})
"""Keys of the free-text fields whose answers are counted as they are."""

NEEDS: Final = "needs."
"""How the keys of these tables begin; the field's follows."""

CHOICES_BETWEEN: Final = " ; "
"""What stands between the options of a checkbox answer in the register."""

_SAINT = re.compile(r"\bst(e?)\b")


def count_needs(
    kept: Sequence[Enrolment], fields: FieldMap, known: Mapping[str, int]
) -> tuple[Table, ...]:
    """Return a table for each counted question: each person's latest answer that is not empty.

    Args:
        kept: The enrolments that count, the oldest first.
        known: The known self-employed of each municipality, by name.
    """
    tables = [
        _count_options(extra, latest_answers(kept, at))
        if extra.options
        else _count_texts(extra.key, extra.label, latest_answers(kept, at))
        for at, extra in enumerate(fields.extra)
        if is_counted(extra)
    ]
    if fields.municipality is not None:
        tables.append(_count_towns(kept, known))
    return tuple(tables)


def is_counted(extra: ExtraField) -> bool:
    """Tell whether a question's answers are counted rather than quoted."""
    return bool(extra.options) or extra.key in COUNTED


def latest_answers(kept: Iterable[Enrolment], at: int) -> dict[Number, str]:
    """Return what each person last answered to an extra question, by its place among them."""
    return {
        one.person: one.extra[at] for one in kept if at < len(one.extra) and one.extra[at].strip()
    }


def _count_options(extra: ExtraField, answers: Mapping[Number, str]) -> Table:
    """Return a row for each option, in the form's order, and one for whatever is none of them."""
    options = {fold(option): tidy(option) for option in extra.options}
    # Most answers are one of a few combinations.
    counts: Counter[str] = Counter()
    most = 0
    for answer, people in Counter(answers.values()).items():
        ticked = {fold(piece) for piece in answer.split(CHOICES_BETWEEN)} - {""}
        rows = {piece if piece in options else OTHER for piece in ticked}
        most = max(most, len(rows))
        for row in rows:
            counts[row] += people
    rows_shown = [Row(key=k, label=label, figures=(counts[k],)) for k, label in options.items()]
    if counts[OTHER] and OTHER not in options:
        rows_shown.append(Row(key=OTHER, figures=(counts[OTHER],)))
    return Table(
        key=f"{NEEDS}{extra.key}",
        title=extra.label,
        columns=("people",),
        rows=tuple(rows_shown),
        base=len(answers),
        exclusive=most <= 1,
    )


def _count_texts(key: str, title: str, answers: Mapping[Number, str]) -> Table:
    """Return a row for each answer, the most frequent first."""
    counts, spellings = _tally_texts(answers.values())
    rows = [
        Row(key=text, label=usual(spellings[text]), figures=(counts[text],), written=True)
        for text in sorted(counts, key=lambda text: (-counts[text], text))
    ]
    return Table(
        key=f"{NEEDS}{key}",
        title=title,
        columns=("people",),
        rows=tuple(rows),
        base=len(answers),
        exclusive=True,
        ranked=True,
    )


def _count_towns(kept: Iterable[Enrolment], known: Mapping[str, int]) -> Table:
    """Return a row for each municipality, with how many self-employed it is known to have."""
    answers = {one.person: one.municipality for one in kept if fold(one.municipality)}
    counts, spellings = _tally_texts(answers.values(), town_key)
    labels = {town_key(name): tidy(name) for name in known}
    figures = {town_key(name): count for name, count in known.items()}
    every = sorted(counts.keys() | labels.keys(), key=lambda town: (-counts[town], town))
    rows = [
        Row(
            key=town,
            label=labels.get(town) or usual(spellings[town]),
            figures=(counts[town], figures.get(town)),
            written=town not in labels,
        )
        for town in every
    ]
    return Table(
        key=f"{NEEDS}municipality",
        columns=("people", "known"),
        rows=tuple(rows),
        base=len(answers),
        exclusive=True,
        ranked=True,
    )


def town_key(name: str) -> str:
    """Return a municipality as it is compared: folded, St as Saint."""
    return _SAINT.sub(r"saint\1", fold(name))


def _tally_texts(
    answers: Iterable[str], key_of: Callable[[str], str] = fold
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Return how many gave each answer, and how they wrote it, by the answer's key."""
    counts: Counter[str] = Counter()
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, people in Counter(answers).items():
        key = key_of(text)
        counts[key] += people
        spellings[key][tidy(text)] += people
    return counts, spellings
