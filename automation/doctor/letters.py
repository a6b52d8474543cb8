"""The mail account: who writes, from which mailbox, whether others believe it, and how many may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from automation import locale
from automation.config.sections import Transport
from automation.core.ledger import count_left
from automation.doctor.finding import failure, from_error, skipped, warning, well
from automation.errors import ConfigError
from automation.google.accounts import AccountKind
from automation.google.scopes import Feature
from automation.mail.addresses import read_mailbox
from automation.mail.mistakes import AddressError
from automation.mail.office import make_office
from automation.mail.samples import SAMPLE_OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.config import Config
    from automation.doctor.facts import Facts
    from automation.doctor.finding import Finding

_CONFIG: Final = 78
_CONSUMER_CAP: Final = 500
"""Messages a day that Gmail takes from a consumer account."""
CONSUMER_DOMAINS: Final = frozenset({"gmail.com", "googlemail.com"})
"""Whose DNS is Google's business."""
_GOOGLE_SPF: Final = "_spf.google.com"
_MAILBOX: Final = frozenset({"no_delegation", "no_mailbox", "no_signing", "no_such_subject"})


def check_sender(facts: Facts) -> Iterator[Finding]:
    """Whether every message would name its sender and a postal address (CASL, s. 6)."""
    mail = facts.config.mail
    if mail.sender is None:
        yield skipped("nobody_writes")
        return
    try:
        make_office(facts.config, SAMPLE_OFFICE.zone, "doctor")
    except ConfigError as error:
        yield from_error(error)
        return
    if mail.transport is Transport.FOLDER and mail.folder is None:
        yield failure("no_folder", _CONFIG)
    elif mail.transport is Transport.SMTP and facts.config.smtp.host is None:
        yield failure("no_smtp_host", _CONFIG)
    else:
        yield well("sender", mode=f"{mail.mode}", transport=f"{mail.transport}")


def check_mailbox(facts: Facts) -> Iterator[Finding]:
    """Whether Gmail lets us write, from the mailbox of the sender."""
    config = facts.config
    if facts.embedded or not writes_by_gmail(config):
        yield skipped()
        return
    error = facts.refusals.get(Feature.MAIL)
    kind = facts.account.kind if facts.account else AccountKind.PERSON
    if kind is not AccountKind.PERSON and config.google.subject is None:
        yield failure("no_subject", _CONFIG)
    elif error is not None and error.code in _MAILBOX:
        yield from_error(error)
    elif facts.mailbox is None:
        yield skipped("not_seen")
    elif facts.mailbox.casefold() != sender_address(config).casefold():
        yield warning("another_sender")
    else:
        yield well("mailbox")


def check_spf(facts: Facts) -> Iterator[Finding]:
    """Whether the domain says who may send for it (RFC 7208)."""
    if facts.records is None:
        yield skipped()
        return
    records = facts.records.spf
    domain = sender_domain(facts.config)
    if records is None:
        yield skipped("not_seen")
        return
    policies = [text.lower() for text in records if text.lower().startswith("v=spf1")]
    by_gmail = writes_by_gmail(facts.config)
    if not policies:
        yield failure("spf_absent", domain=domain)
    elif len(policies) > 1:
        yield failure("spf_twice", domain=domain)  # RFC 7208, 4.5: as good as none
    elif "+all" in policies[0].split():
        yield warning("spf_open", domain=domain)
    elif by_gmail and _GOOGLE_SPF not in policies[0] and "redirect=" not in policies[0]:
        yield warning("spf_without_google", domain=domain)
    else:
        yield well("spf", domain=domain)


def check_dkim(facts: Facts) -> Iterator[Finding]:
    """Whether messages are signed with a key that the domain shows (RFC 6376)."""
    if facts.records is None:
        yield skipped()
        return
    records, domain = facts.records.dkim, sender_domain(facts.config)
    if records is None:
        yield skipped("not_seen")
    elif any(_has_key(text) for text in records):
        yield well("dkim", domain=domain)
    elif writes_by_gmail(facts.config):
        yield failure("dkim_absent", domain=domain)
    else:
        yield warning("dkim_unseen", domain=domain)


def check_dmarc(facts: Facts) -> Iterator[Finding]:
    """Whether the domain says what to do with messages that only pretend (RFC 7489)."""
    if facts.records is None:
        yield skipped()
        return
    records, domain = facts.records.dmarc, sender_domain(facts.config)
    if records is None:
        yield skipped("not_seen")
    elif any(text.lower().startswith("v=dmarc1") for text in records):
        yield well("dmarc", domain=domain)
    else:
        yield warning("dmarc_absent", domain=domain)


def check_room(facts: Facts) -> Iterator[Finding]:
    """Whether any more messages may leave today."""
    mail = facts.config.mail
    if mail.sender is None or facts.snapshot is None:
        yield skipped("nobody_writes" if mail.sender is None else "not_seen")
        return
    consumer = sender_domain(facts.config) in CONSUMER_DOMAINS
    if consumer and writes_by_gmail(facts.config) and mail.daily_cap > _CONSUMER_CAP:
        yield warning("cap_too_high", cap=mail.daily_cap)
    left = max(0, mail.daily_cap - count_left(facts.snapshot.mailings.values(), facts.now))
    if left:
        yield well("room", left=left, cap=mail.daily_cap)
    else:
        yield warning("no_room", cap=mail.daily_cap)


def check_templates(facts: Facts) -> Iterator[Finding]:
    """Whether each message can be written to anybody."""
    language = facts.config.language.value
    for problem in facts.mistakes:
        where = problem.tab if problem.row is None else f"{problem.tab}:{problem.row}"
        what = locale.say(language, problem.message)
        yield failure("template", _CONFIG, where=where, what=what)
    if not facts.mistakes:
        yield well("templates")


def writes_by_gmail(config: Config) -> bool:
    """Tell whether messages leave by Gmail."""
    return config.mail.sender is not None and config.mail.transport is Transport.GMAIL


def sender_address(config: Config) -> str:
    """Return whom messages come from; "" where nobody writes, or under an address that is none."""
    try:
        return read_mailbox(config.mail.sender or "").address
    except AddressError:
        return ""


def sender_domain(config: Config) -> str:
    """Return the domain that messages come from; "" like `sender_address`."""
    return sender_address(config).rpartition("@")[2].lower()


def _has_key(text: str) -> bool:
    """Tell whether a record shows a key; an empty one says that it was withdrawn."""
    tags = dict(part.strip().partition("=")[::2] for part in text.split(";"))
    return bool(tags.get("p", "").strip())
