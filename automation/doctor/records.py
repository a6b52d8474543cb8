"""What the sender's domain says of itself in the DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from automation.doctor.facts import Records
from automation.doctor.letters import CONSUMER_DOMAINS, sender_domain, writes_by_gmail

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.config import Config

    Lookup = Callable[[str], tuple[str, ...] | None]
    """Returns the texts (TXT) at a name, () for none, None where nobody answers."""

_PATIENCE: Final = 4.0
_GMAIL: Final = ("google",)
_USUAL: Final = ("selector1", "default", "mail", "dkim", "s1", "google")
"""Selectors that mail servers choose by themselves; any other is legal too (RFC 6376, section 3.1)."""


def look_up_texts(name: str) -> tuple[str, ...] | None:
    """Ask the resolver of this machine for the texts at a name."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError):
        return None
    return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)


def find_records(config: Config, lookup: Lookup) -> Records | None:
    """Return what the sender's domain says; None where messages leave into a folder, or are Google's."""
    domain = sender_domain(config)
    folder = config.mail.transport.value == "folder"
    if not domain or folder or domain in CONSUMER_DOMAINS:
        return None
    spf = lookup(domain)
    if spf is None:
        return Records()  # nobody answers: no use to ask, and wait, again
    return Records(
        spf=spf,
        dkim=_find_key(domain, _GMAIL if writes_by_gmail(config) else _USUAL, lookup),
        dmarc=_find_policy(domain, lookup),
    )


def _find_key(domain: str, selectors: tuple[str, ...], lookup: Lookup) -> tuple[str, ...] | None:
    answered = False
    for selector in selectors:
        texts = lookup(f"{selector}._domainkey.{domain}")
        if texts:
            return texts
        answered = answered or texts is not None
    return () if answered else None


def _find_policy(domain: str, lookup: Lookup) -> tuple[str, ...] | None:
    """Return the domain's own policy, else that of the domain above it (RFC 7489, section 6.6.3)."""
    texts = lookup(f"_dmarc.{domain}")
    above = domain.partition(".")[2]
    return (lookup(f"_dmarc.{above}") or texts) if texts == () and "." in above else texts
