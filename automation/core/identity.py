"""Who is the same person.

Automatic, by exact composite key only: equal name and equal e-mail, with phones that are not both
present and different; or an identical resubmission, to the letter, from somebody who gave a
phone. A missed match costs an organiser one click; a false one loses a registration, so nothing
fuzzy decides here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
# Where a dot or a +tag in the local part still reaches the same mailbox.
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
_TAGGED = _DOTLESS | {
    "outlook.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "fastmail.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
}
_REGION = "CA"
_PLAIN_PHONE = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]{0,2}([2-9]\d\d)[ .-]?(\d{4})")
# Words around a number that the parser would read as vanity letters, and what follows "poste".
_EXTENSION = re.compile(r"(?i)[,;]?\s*(?:poste?|ext(?:ension)?|p|x|#)\.?\s*:?\s*\d+\s*$")
_PHONE_WORDS = re.compile(
    r"(?i)\b(?:cellulaire|cell|cel|maison|domicile|bureau|travail|t[ée]l)\b\.?"
)
_SEVERAL_PHONES = re.compile(r"(?i)\s*(?:/|;|\bou\b|\bor\b)\s*")
_SAINTS = {"st": "saint", "ste": "sainte"}


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return the name as it is compared: folded, St as Saint, in no order; "" for no name.

    A suffix (père, fils, jr) is part of it.
    """
    return " ".join(sorted(_SAINTS.get(word, word) for word in fold(name).split()))


def email_key(address: str) -> str:
    """Return the mailbox that an address reaches; "" for an empty or invalid address."""
    valid = valid_email(address)
    local, _, domain = valid.lower().rpartition("@")
    if domain in _TAGGED:
        local = local.partition("+")[0]
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local else ""


@lru_cache(maxsize=65_536)
def valid_email(address: str) -> str:
    """Return the address with its domain in ASCII; "" where it is not an address (RFC 5321)."""
    trimmed = tidy(address).removeprefix("mailto:")
    if _PLAIN_EMAIL.fullmatch(trimmed.lower()) and len(trimmed.partition("@")[0]) <= 64:  # noqa: PLR2004 - RFC 5321, 4.5.3.1.1
        return trimmed
    try:
        # Reserved names such as example.com are somebody's test, not a mistake in the address.
        valid = validate_email(
            trimmed, check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        return ""
    return f"{valid.local_part}@{valid.ascii_domain}"


@lru_cache(maxsize=65_536)
def phone_keys(text: str) -> frozenset[str]:
    """Return the numbers in a phone answer, as E.164; empty where there is none to call.

    Seven digits, and placeholders such as 000-000-0000, are no number.
    """
    plain = _PLAIN_PHONE.fullmatch(text.strip())
    if plain is not None:
        return _real_numbers([f"+1{plain[1]}{plain[2]}{plain[3]}"])
    pieces = _SEVERAL_PHONES.split(_PHONE_WORDS.sub(" ", text))
    return _real_numbers(
        number for piece in pieces if (number := _parse_phone(_EXTENSION.sub("", piece)))
    )


def _parse_phone(text: str) -> str:
    try:
        parsed = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return ""
    # "Possible" asks for enough digits, area code included, which is all that fictional numbers
    # fulfil.
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _real_numbers(numbers: Iterable[str]) -> frozenset[str]:
    return frozenset(n for n in numbers if len(set(n[-7:])) > 1 and len(set(n[-10:])) > 2)  # noqa: PLR2004 - 111-111-1112 is nobody's


class Likeness(NamedTuple):
    """What is compared of a registration: see the keys above.

    Attributes:
        answers: Hash of all that was answered, to the letter; "" where it is not known.
    """

    name: str
    email: str
    phones: frozenset[str]
    answers: str = ""


def likeness(name: str, email: str, phone: str, answer_hash: str = "") -> Likeness:
    """Return the keys of a registration from what the person wrote.

    Args:
        answer_hash: Hash of the answers beside name, e-mail and phone; "" where it is not known.
    """
    answers = f"{answer_hash}\x1f{email}\x1f{phone}" if answer_hash else ""
    return Likeness(name_key(name), email_key(email), phone_keys(phone), answers)


class _Trace(NamedTuple):
    """What one registration told of somebody."""

    source: int
    person: Any
    phones: frozenset[str]


@dataclass(slots=True)
class Directory:
    """The people known so far, found by exact composite keys.

    Where a group of equal names and e-mails holds clashing phones, an answer without a phone
    belongs to whom the oldest registration of the group does.
    """

    _by_key: defaultdict[tuple[str, ...], list[_Trace]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _keys: dict[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def find(self, who: Likeness) -> Any | None:
        """Return the person that this surely is, else None."""
        for key in _keys(who):
            person = _agreeing(self._by_key.get(key, ()), who.phones)
            if person is not None:
                return person
        return None

    def put(self, source: int, person: Any, *told: Likeness) -> None:
        """Remember what a registration says of somebody, instead of what it said before.

        Args:
            source: The registration's number; the lower, the older.
            told: Its likeness, once for each answer that led to it.
        """
        for key in self._keys.get(source, ()):
            self._by_key[key] = [trace for trace in self._by_key[key] if trace.source != source]
        phones = frozenset().union(*(who.phones for who in told))
        self._keys[source] = tuple(dict.fromkeys(key for who in told for key in _keys(who)))
        for key in self._keys[source]:
            self._by_key[key].append(_Trace(source, person, phones))


def _keys(who: Likeness) -> tuple[tuple[str, ...], ...]:
    """Return what must be equal: name and mailbox; else, to the letter, an answer with a phone."""
    if not who.name:
        return ()
    if who.email:
        return ((who.name, who.email),)
    return ((who.name, "", who.answers),) if who.phones and who.answers else ()


def _agreeing(traces: Iterable[_Trace], phones: frozenset[str]) -> Any | None:
    """Return the oldest person with one of these phones, else the oldest without a clash."""
    known: dict[Any, frozenset[str]] = {}
    for trace in sorted(traces, key=lambda trace: trace.source):
        known[trace.person] = known.get(trace.person, frozenset()) | trace.phones
    shared = (person for person, theirs in known.items() if theirs & phones)
    open_ended = (person for person, theirs in known.items() if not (theirs and phones))
    return next(chain(shared, open_ended), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A pair that may be one person, for an organiser to settle.

    Attributes:
        score: Likeness out of 100.
        reason: Why, in words.
    """

    a: Any
    b: Any
    score: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Who is whom.

    Attributes:
        clusters: Ids of one person each, two or more in each, in order of their oldest.
        suggestions: Pairs for an organiser; no pair is both.
    """

    clusters: tuple[frozenset[Any], ...]
    suggestions: tuple[Suggestion, ...] = ()


def match_registrations(registrations: Iterable[Any]) -> Matches:
    """Return the registrations that are surely one person's.

    Args:
        registrations: Mappings or objects with id, name, email and phone, in any order; ids are
            unique and sort by age, oldest first.
    """
    directory = Directory()
    clusters: defaultdict[Any, set[Any]] = defaultdict(set)
    oldest_first = sorted(_identified(registrations), key=lambda pair: pair[0])
    for age, (identifier, who) in enumerate(oldest_first):
        found = directory.find(who)
        person = identifier if found is None else found
        directory.put(age, person, who)
        clusters[person].add(identifier)
    return Matches(clusters=tuple(frozenset(ids) for ids in clusters.values() if len(ids) > 1))


def _identified(registrations: Iterable[Any]) -> Iterable[tuple[Any, Likeness]]:
    for registration in registrations:
        get = registration.get if isinstance(registration, Mapping) else _getter(registration)
        yield get("id"), likeness(get("name") or "", get("email") or "", get("phone") or "")


def _getter(registration: object) -> Any:
    return lambda name: getattr(registration, name, None)
