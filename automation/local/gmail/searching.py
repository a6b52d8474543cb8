"""The `q` parameter: Gmail's search language, as far as a program needs it.

    in:sent after:1673845200 "Cohorte R-7K3F9Q"
    from:lise@example.org (subject:rencontre OR subject:"place offerte") -label:draft

Words match whole words, whatever their case and accents; a word with signs inside is a phrase.
Days begin at midnight in California (Google, "Search and filter messages").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from automation.local.errors import unsupported
from automation.local.gmail import mime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.local.gmail.mailbox import Kept

Test = Callable[["Kept"], bool]

_TOKEN: Final = re.compile(
    r'\s*(?:(-?)([A-Za-z][A-Za-z0-9_]*):(?=\S)|([(){}])|(-)?"([^"]*)"|(-(?=\S))|([^\s(){}"]+))'
)
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_DAY: Final = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_AGE: Final = re.compile(r"(\d+)([dmy])")
_AGE_DAYS: Final = {"d": 1, "m": 30, "y": 365}
_HEADERS: Final = {"from": ("From",), "to": mime.RECIPIENTS, "cc": ("Cc",), "bcc": ("Bcc",)}
_PLACES: Final = {"draft": "DRAFT", "drafts": "DRAFT"}
_LATER: Final = frozenset({"after", "newer", "newer_than"})
_TIMES: Final = _LATER | {"before", "older", "older_than"}
_OPERATORS: Final = _TIMES | {*_HEADERS, "subject", "in", "label", "is", "has", "rfc822msgid"}
_ELSEWHERE: Final = frozenset(
    {"list", "deliveredto", "category", "size", "larger", "smaller", "filename", "around"}
)


def parse_query(text: str, now_ms: int) -> Test:
    """Which messages a query means.

    Args:
        now_ms: The clock's time, in milliseconds since 1970, for `newer_than:`.

    Raises:
        ApiError: 501 for an operator that is not offered here.
    """
    return _Reader(text, now_ms).read()


class _Reader:
    """Reads a query from left to right."""

    def __init__(self, text: str, now_ms: int) -> None:
        self._text = text
        self._now = now_ms
        self._tokens = list(_TOKEN.finditer(text.strip()))
        self._place = 0

    def read(self) -> Test:
        """The whole query; a bracket that closes nothing is passed over, as Gmail does."""
        tests: list[Test] = []
        while self._place < len(self._tokens):
            tests.append(self._all(""))
            self._place += 1
        return lambda kept: all(test(kept) for test in tests)

    def _peek(self) -> str:
        """The next token's text; empty at the end."""
        if self._place >= len(self._tokens):
            return ""
        return self._tokens[self._place][0].strip()

    def _all(self, operator: str) -> Test:
        """Terms that must all hold, up to a closing bracket; OR binds two neighbours."""
        groups: list[list[Test]] = []
        joins = False
        while self._peek() not in {"", ")", "}"}:
            if self._peek() == "OR":
                self._place += 1
                joins = bool(groups)
                continue
            term = self._term(operator)
            if joins:
                groups[-1].append(term)
            else:
                groups.append([term])
            joins = False
        return lambda kept: all(any(test(kept) for test in group) for group in groups)

    def _any(self, operator: str) -> Test:
        """Terms of which one must hold, up to a closing brace."""
        terms: list[Test] = []
        while self._peek() not in {"", ")", "}"}:
            terms.append(self._term(operator))
        return lambda kept: any(test(kept) for test in terms)

    def _term(self, operator: str) -> Test:
        token = self._tokens[self._place]
        self._place += 1
        minus, named, bracket, minus_quoted, quoted, minus_alone, word = token.groups()
        if minus_alone:
            return _negated(self._term(operator))
        if named:
            return self._named(named.lower(), negative=bool(minus))
        if bracket:
            inner = self._any(operator) if bracket == "{" else self._all(operator)
            self._place += 1
            return inner
        found = self._test(operator, word if quoted is None else quoted)
        return _negated(found) if minus_quoted else found

    def _named(self, name: str, *, negative: bool) -> Test:
        if name in _ELSEWHERE:
            raise unsupported(f'the search operator "{name}:"')
        if name in _OPERATORS:
            found = self._term(name)
        else:
            # Not an operator: "Objet:x" is text.
            words = _words(f"{name} {self._peek().strip(chr(34))}")
            self._place += 1
            found = _holds(("",), words)
        return _negated(found) if negative else found

    def _test(self, operator: str, value: str) -> Test:
        if operator in {"in", "label", "is"}:
            return _in_place(value.casefold())
        if operator == "has":
            return _with_attachment(value)
        if operator == "rfc822msgid":
            wanted = f"<{value.strip('<>')}>"
            return lambda kept: mime.header(kept.message, "Message-ID") == wanted
        if operator in _TIMES:
            return self._when(operator, value)
        return _holds((operator,), _words(value))

    def _when(self, operator: str, value: str) -> Test:
        by_age = operator.endswith("_than")
        limit = self._now - self._age(value) if by_age else self._instant(value)
        later = operator in _LATER
        return lambda kept: (kept.stamp >= limit) is later

    def _instant(self, value: str) -> int:
        """A day, or seconds since 1970, in milliseconds."""
        if re.fullmatch(r"\d{9,11}", value):
            return int(value) * 1000
        day = _DAY.fullmatch(value)
        try:
            year, month, number = (int(part) for part in day.groups()) if day else (0, 0, 0)
            return round(datetime(year, month, number, tzinfo=_PACIFIC).timestamp() * 1000)
        except ValueError:
            raise unsupported(f'the search date "{value}"') from None

    def _age(self, value: str) -> int:
        found = _AGE.fullmatch(value)
        if not found:
            raise unsupported(f'the search age "{value}"')
        days = int(found[1]) * _AGE_DAYS[found[2]]
        return timedelta(days=days) // timedelta(milliseconds=1)


def _negated(test: Test) -> Test:
    return lambda kept: not test(kept)


def _in_place(name: str) -> Test:
    if name == "anywhere":
        return lambda _kept: True
    label = _PLACES.get(name, name.upper())
    return lambda kept: label in kept.labels


def _with_attachment(value: str) -> Test:
    if value != "attachment":
        raise unsupported(f'the search operator "has:{value}"')
    return lambda kept: any(mime.filename_of(part) for _, part in mime.leaves(kept.message))


def _holds(fields: tuple[str, ...], words: list[str]) -> Test:
    """Whether one of the fields has those words in a row; the field without a name is all text."""

    def test(kept: Kept) -> bool:
        shown = _searched(kept)
        return any(_contains(shown[field], words) for field in fields)

    return test


def _searched(kept: Kept) -> Mapping[str, list[str]]:
    """The words of a message, by operator."""
    message = kept.message
    by_name = {
        operator: _words(" ".join(mime.header(message, name) for name in names))
        for operator, names in _HEADERS.items()
    }
    subject = _words(mime.header(message, "Subject"))
    body = _words(mime.words_of(message))
    gap = [""]  # no phrase goes from one field to the next
    whole = subject + gap + body + gap + by_name["from"] + gap + by_name["to"]
    return by_name | {"subject": subject, "": whole}


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return re.findall(r"\w+", plain)


def _contains(text: list[str], words: list[str]) -> bool:
    size = len(words)
    return any(text[start : start + size] == words for start in range(len(text) - size + 1))
