"""Drive's search language: https://developers.google.com/workspace/drive/api/guides/ref-search-terms.

Terms joined by `and`, `or`, `not` and parentheses. A term that is not offered here is a 501.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from automation.local.drive.refusals import invalid
from automation.local.errors import unsupported

if TYPE_CHECKING:
    from collections.abc import Callable

    File = dict[str, Any]
    Fits = Callable[[File], bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<sign><=|>=|!=|<|>|=)
    | (?P<mark>[(){}])
    | (?P<word>[\w]+)
    )""",
    re.VERBOSE,
)
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ROLES: Final = {
    "owners": ("owner",),
    "writers": ("owner", "organizer", "fileOrganizer", "writer"),
    "readers": ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"),
}
_TIMES: Final = ("modifiedTime", "createdTime")


def parse_query(text: str) -> Fits:
    """The test that a query means; an empty one lets everything pass.

    Raises:
        ApiError: 400 for what is no query, 501 for a term that is not offered.
    """
    parser = _Parser(text)
    if not parser.tokens:
        return lambda _file: True
    fits = parser.either()
    if parser.tokens:
        raise parser.wrong()
    return fits


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if not found:
                raise self.wrong()
            kind = found.lastgroup or ""
            token = found[kind]
            if kind == "text":
                token = re.sub(r"\\(.)", r"\1", token[1:-1])
            self.tokens.append((kind, token))
            place = found.end()

    def wrong(self) -> Exception:
        return invalid(f"Invalid Value: {self.text}", "invalid")

    def next(self) -> tuple[str, str]:
        if not self.tokens:
            raise self.wrong()
        return self.tokens.pop(0)

    def _take(self, word: str) -> bool:
        if self.tokens and self.tokens[0] == ("word", word):
            self.tokens.pop(0)
            return True
        return False

    def either(self) -> Fits:
        fits = self.both()
        while self._take("or"):
            fits = _or(fits, self.both())
        return fits

    def both(self) -> Fits:
        fits = self.term()
        while self._take("and"):
            fits = _and(fits, self.term())
        return fits

    def term(self) -> Fits:
        if self._take("not"):
            inner = self.term()
            return lambda file: not inner(file)
        kind, token = self.next()
        if (kind, token) == ("mark", "("):
            fits = self.either()
            if self.next() != ("mark", ")"):
                raise self.wrong()
            return fits
        if kind == "text":
            return self._within(token)
        return self._compared(token)

    def _within(self, value: str) -> Fits:
        """`'x' in parents`, `'anne@example.org' in writers`."""
        if not self._take("in"):
            raise self.wrong()
        _, collection = self.next()
        if collection == "parents":
            return lambda file: value in file["parents"]
        if collection in _ROLES:
            roles = _ROLES[collection]
            return lambda file: any(
                p["role"] in roles and p.get("emailAddress", "").casefold() == value.casefold()
                for p in file["permissions"]
            )
        raise unsupported(f"the Drive query {self.text!r}")

    def _compared(self, name: str) -> Fits:
        if not self.tokens:
            raise unsupported(f"the Drive query {self.text!r}")
        _, sign = self.next()
        if name in {"properties", "appProperties"} and sign == "has":
            return self._has(name)
        kind, value = self.next()
        if kind not in {"text", "word"}:
            raise self.wrong()
        if name in {"name", "fullText"} and sign == "contains":
            return lambda file: _contains(file["name"], value)
        if name in {"name", "mimeType"} and sign in {"=", "!="}:
            return lambda file: _COMPARE[sign](file[name], value)
        if name == "mimeType" and sign == "contains":
            return lambda file: file["mimeType"].startswith(value)
        if name in {"trashed", "starred"} and sign in {"=", "!="}:
            return lambda file: _COMPARE[sign](file[name], value == "true")
        if name in _TIMES and sign in _COMPARE:
            moment = self._moment(value)
            return lambda file: _COMPARE[sign](_read(file[name]), moment)
        raise unsupported(f"the Drive query {self.text!r}")

    def _has(self, name: str) -> Fits:
        """`properties has { key='k' and value='v' }`."""
        expected = [
            ("mark", "{"), ("word", "key"), ("sign", "="), None, ("word", "and"),
            ("word", "value"), ("sign", "="), None, ("mark", "}"),
        ]  # fmt: skip
        texts = []
        for one in expected:
            token = self.next()
            if one is None:
                texts.append(token[1])
            elif token != one:
                raise self.wrong()
        key, value = texts
        return lambda file: file.get(name, {}).get(key) == value

    def _moment(self, text: str) -> datetime:
        try:
            return _read(text)
        except ValueError:
            raise self.wrong() from None


def _or(one: Fits, other: Fits) -> Fits:
    return lambda file: one(file) or other(file)


def _and(one: Fits, other: Fits) -> Fits:
    return lambda file: one(file) and other(file)


def _read(text: str) -> datetime:
    """An RFC 3339 time; without an offset it is UTC, as Drive documents."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _contains(name: str, value: str) -> bool:
    """Whether a name, or a word in it, begins with a text: Drive does not look inside words."""
    name, value = name.casefold(), value.casefold()
    return re.search(rf"(?<!\w){re.escape(value)}", name) is not None


def parse_order(text: str) -> list[tuple[Callable[[File], Any], bool]]:
    """What to sort by, and whether from the end: `folder,modifiedTime desc,name`.

    Raises:
        ApiError: 501 for another key.
    """
    order = []
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, way = part.partition(" ")
        if name not in _ORDER or way not in {"", "desc"}:
            raise unsupported(f"the order {text!r} of a Drive list")
        order.append((_ORDER[name], way == "desc"))
    return order


_ORDER: Final[dict[str, Callable[[File], Any]]] = {
    "name": lambda file: file["name"].casefold(),
    "name_natural": lambda file: [
        (part.zfill(20) if part.isdecimal() else part.casefold())
        for part in re.split(r"(\d+)", file["name"])
    ],
    "createdTime": lambda file: file["createdTime"],
    "modifiedTime": lambda file: file["modifiedTime"],
    "folder": lambda file: not file["mimeType"].endswith(".folder"),
    "starred": lambda file: not file["starred"],
}
