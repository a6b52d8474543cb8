"""Keys: what is compared of a name, an address, a phone number and a place, and never shown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from rapidfuzz import process
from rapidfuzz.distance import OSA

from automation.core.text import fold, tidy

# An address that needs no closer look (RFC 5321, 4.5.3.1.1: at most 64 before the @).
PLAIN_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
# Where a dot or a +tag in the local part still reaches the same mailbox.
DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})
_TAGGED: Final = DOTLESS | {
    "outlook.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "fastmail.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
}
# Providers whose names people mistype, and domains that look like a mistake and are none.
_PROVIDERS: Final = (
    "gmail.com",
    "hotmail.com",
    "hotmail.ca",
    "hotmail.fr",
    "outlook.com",
    "live.ca",
    "live.com",
    "yahoo.ca",
    "yahoo.com",
    "yahoo.fr",
    "icloud.com",
    "videotron.ca",
    "sympatico.ca",
    "globetrotter.net",
    "cgocable.ca",
    "bell.net",
    "telus.net",
    "protonmail.com",
)
_REAL_DOMAINS: Final = frozenset(_PROVIDERS) | {
    "mail.com",
    "ymail.com",
    "email.com",
    "gmx.com",
    "hotmail.be",
    "hotmail.it",
    "hotmail.es",
    "live.fr",
    "live.be",
    "outlook.fr",
    "outlook.ca",
    "yahoo.it",
    "yahoo.es",
    "yahoo.de",
    "belle.net",
    "dell.net",
    "ball.net",
    "tell.net",
}
_MISTAKEN: Final = {
    "gmail.ca": "gmail.com",
    "gmail.fr": "gmail.com",
    "gmail.co": "gmail.com",
    "videotron.com": "videotron.ca",
    "videotron.qc.ca": "videotron.ca",
    "sympatico.com": "sympatico.ca",
    "globetrotter.qc.ca": "globetrotter.net",
    "globetrotter.com": "globetrotter.net",
}
_REGION: Final = "CA"
PLAIN_PHONE = re.compile(
    r"(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]{0,2}([2-9]\d\d)[ .-]?(\d{4})", re.ASCII
)
# Words around a number that the parser would read as vanity letters, and what follows "poste".
_EXTENSION = re.compile(r"(?i)[,;]?\s*(?:poste?|ext(?:ension)?|p|x|#)\.?\s*:?\s*\d+\s*$")
_PHONE_WORDS = re.compile(
    r"(?i)\(?\b(?:cellulaire|cell|cel|maison|domicile|bureau|travail|t[ée]l)\b\.?\)?"
)
_A_DIGIT = re.compile(r"\d")
_SEVERAL_PHONES = re.compile(r"(?i)\s*(?:/|;|\bou\b|\bor\b)\s*")
_SAINTS: Final = {"st": "saint", "ste": "sainte"}


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return the name as it is compared: folded, St as Saint, in no order; "" for no name.

    A suffix (père, fils, jr) is part of it. Municipalities are compared by the same key.
    """
    return " ".join(sorted(folded_words(name)))


def folded_words(name: str) -> list[str]:
    """Return the words of a name as they are compared, in the order written."""
    return [_SAINTS.get(word, word) for word in fold(name).split()]


def email_key(address: str) -> str:
    """Return the mailbox that an address reaches; "" for an empty or invalid address."""
    plain = address.strip().lower()
    if not PLAIN_EMAIL.fullmatch(plain):
        plain = valid_email(address).lower()
    local, _, domain = plain.rpartition("@")
    return _mailbox(local, domain)


def _mailbox(local: str, domain: str) -> str:
    if domain in _TAGGED:
        local = local.partition("+")[0]
        if domain in DOTLESS:
            local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local else ""


def repaired_email(mailbox: str) -> str:
    """Return the mailbox that was probably meant: a typo in the domain mended, any +tag dropped.

    Enough for a suggestion only. Idempotent; "" for "".

    Args:
        mailbox: A key, as of `email_key`.
    """
    local, _, domain = mailbox.rpartition("@")
    if domain in _REAL_DOMAINS and "+" not in local:
        return mailbox
    repaired = repaired_domain(domain)
    bare = local.partition("+")[0] or local
    return mailbox if (bare, repaired) == (local, domain) else _mailbox(bare, repaired) or mailbox


@lru_cache(maxsize=8192)
def repaired_domain(domain: str) -> str:
    """Return the provider that one slip of a key turned into this domain, else the domain."""
    if domain in _REAL_DOMAINS:
        return domain
    slips = process.extract(domain, _PROVIDERS, scorer=OSA.distance, score_cutoff=1, limit=2)
    return slips[0][0] if len(slips) == 1 else _MISTAKEN.get(domain, domain)


@lru_cache(maxsize=262_144)
def valid_email(address: str) -> str:
    """Return the address with its domain in ASCII; "" where it is not an address (RFC 5321)."""
    trimmed = tidy(address).removeprefix("mailto:")
    if PLAIN_EMAIL.fullmatch(trimmed.lower()):
        return trimmed
    try:
        # Reserved names such as example.com are somebody's test, not a mistake in the address.
        valid = validate_email(
            trimmed, check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        return ""
    return f"{valid.local_part}@{valid.ascii_domain}"


@lru_cache(maxsize=262_144)
def phone_keys(text: str) -> frozenset[str]:
    """Return the numbers in a phone answer, as E.164; empty where there is none to call.

    Seven digits, and placeholders such as 000-000-0000, are no number.
    """
    return frozenset(phone_numbers(text))


def phone_numbers(text: str) -> tuple[str, ...]:
    """Return the same as `phone_keys`, in the order written."""
    if not text:
        return ()
    number = _plain_number(text)
    if number:
        return (number,) if _is_real(number) else ()
    if not _A_DIGIT.search(text):
        return ()
    pieces = _SEVERAL_PHONES.split(_PHONE_WORDS.sub(" ", text.replace("\n", " ")))
    numbers = (_parse_phone(_EXTENSION.sub("", piece)) for piece in pieces)
    return tuple(dict.fromkeys(number for number in numbers if number and _is_real(number)))


def _plain_number(text: str) -> str:
    """Return the North American number that the text is, as the library would; else ""."""
    found = PLAIN_PHONE.fullmatch(text.strip())
    return f"+1{found[1]}{found[2]}{found[3]}" if found else ""


@lru_cache(maxsize=8192)
def _parse_phone(text: str) -> str:
    plain = _plain_number(text)
    if plain:
        return plain
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


def _is_real(number: str) -> bool:
    """Tell a number from a placeholder: 111-111-1112 is nobody's."""
    different = len(set(number[-7:]))
    return different > 2 or (different > 1 and len(set(number[-10:])) > 2)  # noqa: PLR2004 - above
