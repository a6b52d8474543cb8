"""Response tabs become registrations.

The tab is the participants': columns may be added, moved or repeated, cells may hold anything. A
response is known by its key: the tab's sheet id, the timestamp and a hash of name, e-mail and
phone as written, so that no later change of how we compare names makes an answer new. Where the
Forms API tells its id, that is its key instead: see `automation.core.enrolment.ids`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation.core.instants import from_wall, to_wall
from automation.core.model import Key, Problem, Registration, phrase
from automation.core.nearness import name_nearest
from automation.core.text import CELL_ROOM, clip, fold, tidy
from automation.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell
    from automation.core.rules import FieldMap

# Forms writes the timestamp first, under a header in the language of whoever made the form.
_TIMESTAMP = "Horodateur"
TIMESTAMP_HEADERS: Final = frozenset({"horodateur", "horodatage", "timestamp"})
"""How Forms heads the column of timestamps, folded."""

_NAME_FIELDS = ("first_name", "last_name", "name")
_FIELDS = (*_NAME_FIELDS, "email", "phone", "municipality", "cohort", "consent")
_KEY_FIELDS = frozenset({*_NAME_FIELDS, "email", "phone"})
_SHEET_KEY = re.compile(r"\d+\.[0-9a-f]{24}")


class ResponseTable(Struct, frozen=True, kw_only=True):
    """A response tab as read: the header row, and the rows below it (the first is row 2).

    Attributes:
        hides: Whether merged cells hide part of some rows, which are left blank.
    """

    sheet_id: int
    title: str
    header: tuple[Cell, ...]
    rows: Sequence[Sequence[Cell]]
    hides: bool = False


class _Columns(Struct, frozen=True):
    """Where the fields stand in one table: indexes from 0, several where a header repeats."""

    timestamp: int
    fields: tuple[tuple[str, tuple[int, ...]], ...]
    extra: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]
    others: tuple[tuple[str, int], ...]


def read_registrations(
    tables: Sequence[ResponseTable],
    fields: FieldMap,
    zone: ZoneInfo,
    ids: Mapping[tuple[int, int], str] | None = None,
) -> tuple[tuple[Registration, ...], tuple[Problem, ...]]:
    """Return the registrations in order of (submitted at, key), and what could not be read.

    Their keys are those of the sheet. A response that stands twice, to the letter, is one.

    Args:
        ids: The form's id of a response, by its tab's sheet id and its row, where it is known.

    Raises `WorkbookError` where a question
    of the configuration is in no table, or one that says who answered is missing from any.
    """
    ids = ids or {}
    _require_questions(tables, fields)
    by_key: dict[Key, Registration] = {}
    problems: list[Problem] = []
    for table in tables:
        columns = _find_columns(table, fields)
        for registration in _read_table(table, columns, zone, ids):
            other = by_key.get(registration.key)
            if other is None or _content(registration) < _content(other):
                by_key[registration.key] = registration
            if other is not None:
                problems.append(_doubled(table, registration, other))
            elif registration.submitted_at is None:
                problems.append(_undated(table, columns, registration))
    return tuple(sorted(by_key.values(), key=submission_order)), tuple(problems)


def submission_order(registration: Registration) -> tuple[bool, float, str, str]:
    """Sort key: by submission, then by content; answers without a time come last."""
    at = registration.submitted_at
    return (
        at is None,
        at.timestamp() if at else 0.0,
        registration.answer_hash,
        registration.key,
    )


def _content(registration: Registration) -> tuple[str, str]:
    """Sort key of responses with one key: which of them counts must not depend on their rows."""
    return registration.answer_hash, registration.first_name


def split_choices(answer: str, options: Sequence[str]) -> tuple[str, ...]:
    """Return the options ticked in a checkbox answer; what is no known option stays in one piece.

    Forms joins the ticked options with ", ", and an option may hold commas itself: known options
    are matched longest first.
    """
    known = _longest_first(tuple(options))
    chosen: list[str] = []
    rest = tidy(answer)
    while rest:
        piece = _known_prefix(rest, known) or _until_known(rest, known)
        chosen.append(piece)
        rest = rest[len(piece) + 2 :]
    return tuple(filter(None, chosen))


@lru_cache
def _longest_first(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, map(tidy, options)), key=len, reverse=True))


def _known_prefix(text: str, known: Iterable[str]) -> str:
    for option in known:
        if text.startswith(option) and text[len(option) : len(option) + 2] in {"", ", "}:
            return option
    return ""


def _until_known(text: str, known: Sequence[str]) -> str:
    comma = text.find(", ")
    while comma >= 0:
        if _known_prefix(text[comma + 2 :], known):
            return text[:comma]
        comma = text.find(", ", comma + 2)
    return text


def _require_questions(tables: Sequence[ResponseTable], fields: FieldMap) -> None:
    headers = [{fold(cell_text(cell)) for cell in table.header} for table in tables]
    anywhere: set[str] = set().union(*headers)
    for field, question in _questions(fields):
        places = [anywhere] if field not in _KEY_FIELDS else headers
        for table, found in zip(tables, places, strict=False):
            if fold(question) not in found:
                raise missing_question(table, question)


def _questions(fields: FieldMap) -> Iterator[tuple[str, str]]:
    for field in _FIELDS:
        question = getattr(fields, field)
        if question is not None:
            yield field, question
    for extra in fields.extra:
        yield extra.key, extra.question


def missing_question(table: ResponseTable, question: str) -> WorkbookError:
    """Return the error of a question that a tab lacks; it names the nearest header."""
    headers = [cell_text(cell) for cell in table.header]
    if TIMESTAMP_HEADERS.isdisjoint(map(fold, headers)):
        headers = []  # the header row is gone: what stands there is somebody's answer
    return WorkbookError(
        "missing_question",
        question=tidy(question),
        tab=table.title,
        nearest=name_nearest(question, headers),
    )


def _find_columns(table: ResponseTable, fields: FieldMap) -> _Columns:
    headers = [fold(cell_text(cell)) for cell in table.header]

    def where(question: str) -> tuple[int, ...]:
        return tuple(i for i, header in enumerate(headers) if header == fold(question))

    found = {name: where(q) for name in _FIELDS if (q := getattr(fields, name)) is not None}
    extra = tuple((where(extra.question), extra.options) for extra in fields.extra)
    mapped = {i for places in (*found.values(), *(at for at, _ in extra)) for i in places}
    timestamp = timestamp_column(headers)
    if timestamp in mapped:
        raise missing_question(table, _TIMESTAMP)
    in_key = {timestamp, *(i for name in _KEY_FIELDS for i in found.get(name, ()))}
    return _Columns(
        timestamp=timestamp,
        fields=tuple(found.items()),
        extra=extra,
        others=tuple((h, i) for i, h in enumerate(headers) if h and i not in in_key),
    )


def timestamp_column(headers: Sequence[str]) -> int:
    """Return where the timestamps stand among folded headers; first, where none says so."""
    return next((i for i, h in enumerate(headers) if h in TIMESTAMP_HEADERS), 0)


def _read_table(
    table: ResponseTable,
    columns: _Columns,
    zone: ZoneInfo,
    ids: Mapping[tuple[int, int], str],
) -> Iterator[Registration]:
    for row_number, row in enumerate(table.rows, start=2):
        texts = [tidy(cell_text(cell)) for cell in row]
        values = {name: _first_text(texts, indexes) for name, indexes in columns.fields}
        stamp = row[columns.timestamp] if columns.timestamp < len(row) else None
        wall = to_wall(stamp)
        if wall is None and not any((tidy(cell_text(stamp)), *values.values())):
            continue
        first, last = _split_name(values)
        key = _key(table.sheet_id, stamp if wall is None else wall.isoformat(), values)
        yield Registration(
            key=key,
            sheet_key=key,
            response_id=ids.get((table.sheet_id, row_number), ""),
            tab=table.title,
            row=row_number,
            submitted_at=None if wall is None else from_wall(wall, zone),
            first_name=first,
            last_name=last,
            email=values.get("email", ""),
            phone=values.get("phone", ""),
            municipality=values.get("municipality", ""),
            cohort_choice=values.get("cohort", ""),
            consent=values.get("consent", ""),
            extra=tuple(_extra_text(texts, indexes, opts) for indexes, opts in columns.extra),
            answer_hash=_hash_answers(texts, columns.others),
        )


def _hash_answers(texts: Sequence[str], columns: Iterable[tuple[str, int]]) -> str:
    """Hash the answers beside the key; where their columns stand does not matter."""
    return digest_parts(
        sorted(f"{h}={texts[i]}" for h, i in columns if i < len(texts) and texts[i])
    )


def _key(sheet_id: int, stamp: Cell, values: dict[str, str]) -> Key:
    """Hash what tells a response from the others; the sheet id stays readable in front."""
    name = " ".join(values[part] for part in _NAME_FIELDS if values.get(part))
    who = (str(stamp), name, values.get("email", ""), values.get("phone", ""))
    return Key(f"{sheet_id}.{digest_parts(who)}")


def is_sheet_key(key: str) -> bool:
    """Tell whether a key is that of a row, and not the id that Google gave a response."""
    return bool(_SHEET_KEY.fullmatch(key))


def digest_parts(parts: Iterable[str]) -> str:
    """Return a hash of texts, 24 letters."""
    text = "\x1f".join(parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _split_name(values: dict[str, str]) -> tuple[str, str]:
    whole = values.get("name", "")
    first, last = values.get("first_name", ""), values.get("last_name", "")
    if not whole or first or last:
        return first, last
    before, comma, after = whole.partition(",")
    if comma and after.strip():
        return after.strip(), before.strip()
    first, _, last = whole.partition(" ")
    return first, last


def _first_text(texts: Sequence[str], indexes: tuple[int, ...]) -> str:
    for index in indexes:
        if index < len(texts) and texts[index]:
            return clip(texts[index], CELL_ROOM)
    return ""


def _extra_text(texts: Sequence[str], indexes: tuple[int, ...], options: tuple[str, ...]) -> str:
    text = _first_text(texts, indexes)
    return _join_choices(text, options) if options else text


@lru_cache
def _join_choices(answer: str, options: tuple[str, ...]) -> str:
    return clip(" ; ".join(split_choices(answer, options)), CELL_ROOM)


def cell_text(cell: Cell) -> str:
    """Return what a cell says, as it would be written."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    # Sheets turns a phone number into a number: no ".0", no exponent.
    return str(int(cell)) if isinstance(cell, int) or cell.is_integer() else repr(cell)


def _doubled(table: ResponseTable, one: Registration, other: Registration) -> Problem:
    rows = sorted((one.row, other.row))
    return Problem(tab=table.title, row=rows[1], message=phrase("response.doubled", row=rows[0]))


def _undated(table: ResponseTable, columns: _Columns, registration: Registration) -> Problem:
    return Problem(
        tab=table.title,
        row=registration.row,
        column=tidy(cell_text(table.header[columns.timestamp])) if table.header else "",
        message=phrase("response.undated"),
    )
