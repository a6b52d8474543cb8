"""Checkbox answers, which the form's own download joins with ";" and its sheet with ", "."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from automation.core.text import tidy
from automation.workbook.loading.typed import names_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Piece = str
    Pieces = tuple[Piece, ...]

# Forms puts nothing behind its semicolon; people put a space.
_FORM_JOIN = re.compile(r";(?=\S)")
_SHEET_JOIN = ", "
_FEWEST_OPTIONS = 2
_FEWEST_BY_FORM, _FEWEST_BY_SHEET = 2, 3
"""Answers with several pieces that it takes to believe in boxes: commas have other uses."""
_KNOWN_SHARE = 0.7  # of all pieces; the rest are what people wrote under "Other"
_ALWAYS = 5  # times that one piece follows another before they pass for one option


def find_options(answers: Sequence[str], *, by_form: bool) -> tuple[str, ...]:
    """Return the options of a checkbox question, as far as its answers show; () for no such.

    Options come back over several answers, in ever other company; one that nobody ticked twice
    is not found. In order of first appearance.

    Args:
        by_form: Whether the answers are joined as in the form's own download.
    """
    texts = [text for answer in answers if (text := tidy(answer))]
    if by_form:
        return _recurring([tuple(_FORM_JOIN.split(text)) for text in texts], _FEWEST_BY_FORM)
    found = _merge_halves([tuple(text.split(_SHEET_JOIN)) for text in texts])
    return _recurring(found, _FEWEST_BY_SHEET) if _mingle(found) else ()


def find_boxes(
    header: Sequence[str], rows: Sequence[Sequence[str]], stamp: int | None
) -> dict[str, tuple[str, ...]]:
    """Return the options of each column of a file that seems to be a checkbox question's.

    Args:
        stamp: Index of the column of timestamps, by which the form's own download is known.
    """
    times = [row[stamp] for row in rows] if stamp is not None else []
    by_form = any(map(names_zone, times))
    columns = {
        text: find_options([row[index] for row in rows], by_form=by_form)
        for index, text in enumerate(header)
        if index != stamp
    }
    return {text: options for text, options in columns.items() if options}


def join_as_sheet(answer: str, options: Sequence[str]) -> str:
    """Return a checkbox answer of the form's own download as its sheet holds it."""
    longest_first = sorted(map(tidy, options), key=len, reverse=True)
    return _SHEET_JOIN.join(filter(None, _split(tidy(answer), longest_first)))


def ticks_any(answer: str, options: Sequence[str]) -> bool:
    """Tell whether some piece of an answer of the form's own download is a known option."""
    longest_first = sorted(map(tidy, options), key=len, reverse=True)
    return not set(longest_first).isdisjoint(_split(tidy(answer), longest_first))


def _split(rest: str, longest_first: Sequence[str]) -> Iterator[Piece]:
    """Yield what was ticked: known options, which may hold semicolons, and what is between."""
    while rest:
        known = (o for o in longest_first if rest == o or rest.startswith(f"{o};"))
        piece = next(known, None) or _FORM_JOIN.split(rest, maxsplit=1)[0]
        yield piece
        rest = rest[len(piece) + 1 :]


def _recurring(answers: Sequence[Pieces], fewest: int) -> tuple[str, ...]:
    counts = Counter(piece for pieces in answers for piece in set(pieces))
    options = [piece for piece in _in_order(answers) if piece and counts[piece] > 1]
    combined = sum(len(pieces) > 1 for pieces in answers)
    doubled = any(len(set(pieces)) < len(pieces) for pieces in answers)
    share = sum(counts[option] for option in options) / max(counts.total(), 1)
    found = combined >= fewest and len(options) >= _FEWEST_OPTIONS and share >= _KNOWN_SHARE
    return tuple(options) if found and not doubled else ()


def _in_order(answers: Iterable[Pieces]) -> Iterable[Piece]:
    return dict.fromkeys(piece for pieces in answers for piece in pieces)


def _mingle(answers: Sequence[Pieces]) -> bool:
    """Tell whether some piece comes first and, elsewhere, later: a town and its province do not."""
    first = {pieces[0] for pieces in answers}
    return any(piece in first for pieces in answers for piece in pieces[1:])


def _merge_halves(answers: list[Pieces]) -> list[Pieces]:
    """Put together again the options that hold a comma themselves."""
    while True:
        halves = set(_find_halves(answers))
        merged = [tuple(_merge(pieces, halves)) for pieces in answers]
        if merged == answers:
            return answers
        answers = merged


def _find_halves(answers: Iterable[Pieces]) -> Iterator[tuple[Piece, Piece]]:
    """Yield the pairs of neighbours that seem to be one option."""
    padded = [("", *pieces, "") for pieces in answers]
    pairs = Counter(pair for pieces in padded for pair in pairwise(pieces))
    alone = Counter(piece for pieces in padded for piece in pieces)
    for (one, two), count in pairs.items():
        if not one or not two or count != alone[two]:
            continue
        # A second half goes on in lower case, or the two were never seen apart.
        if two[0].islower() or (count == alone[one] and count >= _ALWAYS):
            yield one, two


def _merge(pieces: Pieces, halves: set[tuple[Piece, Piece]]) -> Iterator[Piece]:
    held = ""
    last = ""
    for piece in pieces:
        if held and (last, piece) not in halves:
            yield held
            held = ""
        held = f"{held}{_SHEET_JOIN}{piece}" if held else piece
        last = piece
    if held:
        yield held
