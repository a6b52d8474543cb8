"""Who writes: what every message says of its sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from automation.errors import ConfigError
from automation.mail.addresses import read_address, read_mailbox
from automation.mail.mistakes import AddressError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from automation.config import Config
    from automation.mail.addresses import Mailbox


class Office(Struct, frozen=True, kw_only=True):
    """The committee as its messages name it.

    Attributes:
        sender: Whom messages come from; its display name is how the committee signs.
        contact: Where answers go; may be the sender.
        postal_address: On one line. Every message must say it (CASL, s. 6; SOR/2012-36, s. 2).
        programme: The programme's name.
        organisations: Those behind it.
        unsubscribe: Where to write for no more news; may be the contact.
        zone: The spreadsheet's, in which days and hours are told.
        workbook: The spreadsheet's id: makes a meeting's identity unique in the world.
    """

    sender: Mailbox
    contact: Mailbox
    postal_address: str
    programme: str
    organisations: tuple[str, ...] = ()
    unsubscribe: Mailbox
    zone: ZoneInfo
    workbook: str


def make_office(config: Config, zone: ZoneInfo, workbook: str) -> Office:
    """Return what the configuration says of who writes.

    Raises `ConfigError` without a sender or a postal address, or where one is no good address.
    """
    mail, programme = config.mail, config.programme
    if mail.sender is None:
        raise ConfigError("no_sender")
    if mail.postal_address is None:
        raise ConfigError("no_postal_address")
    try:
        sender = read_mailbox(mail.sender)
        contact = read_address(mail.reply_to or sender.address)
    except AddressError as error:
        raise ConfigError("bad_sender") from error
    name = programme.name or sender.name or sender.address
    return Office(
        sender=sender._replace(name=sender.name or name),
        contact=contact,
        postal_address=mail.postal_address,
        programme=name,
        organisations=programme.organisations,
        unsubscribe=contact,
        zone=zone,
        workbook=workbook,
    )
