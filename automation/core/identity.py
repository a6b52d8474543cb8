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
from typing import TYPE_CHECKING, Any, NamedTuple

import idna
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
        valid = validate_email(trimmed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    domain = valid.ascii_domain or idna.encode(valid.domain, uts46=True).decode("ascii")
    return f"{valid.local_part}@{domain}"


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
    # "Possible" asks for enough digits, which is all that fictional numbers fulfil.
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _real_numbers(numbers: Iterable[str]) -> frozenset[str]:
    return frozenset(n for n in numbers if len(set(n[-7:])) > 1 and len(set(n[-10:])) > 2)  # noqa: PLR2004 - 111-111-1112 is nobody's


class Likeness(NamedTuple):
    """What is compared of a registration: see the keys above.

    Attributes:
        resubmission: Hash of the answers beside name, e-mail and phone; "" where it is not known.
    """

    name: str
    email: str
    phones: frozenset[str]
    resubmission: str = ""


def likeness(name: str, email: str, phone: str, resubmission: str = "") -> Likeness:
    """Return the keys of a registration from what the person wrote."""
    return Likeness(name_key(name), email_key(email), phone_keys(phone), resubmission)


@dataclass(slots=True)
class _Known:
    person: Any
    phones: set[str]


@dataclass(slots=True)
class Directory:
    """The people known so far, found by exact composite keys.

    People must be added oldest first: the oldest registration is the identity, and where a group
    of equal names and e-mails holds clashing phones, an answer without a phone belongs to the
    oldest.
    """

    _by_email: defaultdict[tuple[str, str], list[_Known]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _by_answer: dict[tuple[str, frozenset[str], str], Any] = field(default_factory=dict)

    def find(self, who: Likeness) -> Any | None:
        """Return the person that this surely is, else None."""
        known = self._same_mailbox(who)
        if known is not None:
            return known.person
        if not (who.name and who.phones and who.resubmission):
            return None
        return self._by_answer.get((who.name, who.phones, who.resubmission))

    def add(self, who: Likeness, person: Any) -> None:
        """Remember that a registration of that likeness is that person's."""
        if who.name and who.phones and who.resubmission and not who.email:
            self._by_answer.setdefault((who.name, who.phones, who.resubmission), person)
        if not (who.name and who.email):
            return
        known = self._same_mailbox(who)
        if known is not None and known.person == person:
            known.phones |= who.phones
        else:
            self._by_email[who.name, who.email].append(_Known(person, set(who.phones)))

    def _same_mailbox(self, who: Likeness) -> _Known | None:
        if not (who.name and who.email):
            return None
        group = self._by_email.get((who.name, who.email), ())
        shared = (known for known in group if known.phones & who.phones)
        open_ended = (known for known in group if not (known.phones and who.phones))
        return next(shared, None) or next(open_ended, None)


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
    for identifier, who in sorted(_identified(registrations), key=lambda pair: pair[0]):
        found = directory.find(who)
        person = identifier if found is None else found
        directory.add(who, person)
        clusters[person].add(identifier)
    return Matches(clusters=tuple(frozenset(ids) for ids in clusters.values() if len(ids) > 1))


def _identified(registrations: Iterable[Any]) -> Iterable[tuple[Any, Likeness]]:
    for registration in registrations:
        get = registration.get if isinstance(registration, Mapping) else _getter(registration)
        yield get("id"), likeness(get("name") or "", get("email") or "", get("phone") or "")


def _getter(registration: object) -> Any:
    return lambda name: getattr(registration, name, None)
