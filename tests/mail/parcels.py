"""Messages that are ready to leave, for the tests of transports."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from automation.mail.transport import Parcel


def parcel(key: str = "a1b2", reference: str = "", body: str = "", **headers: str) -> Parcel:
    """A message with a text of its own; an underscore in a header's name is a hyphen."""
    message = EmailMessage(policy=SMTP)
    given = {
        "From": "Le comité <comite@example.org>",
        "To": "Lise Côté <lise@example.com>",
        "Subject": "Une place vous est offerte – l’équilibre",
    }
    for name, value in (given | headers).items():
        message[name.replace("_", "-")] = value
    named = reference or f"R-{key}"
    message.set_content(body or f"Bonjour Lise,\n.\nVoilà.\n\nRéférence : {named}\n")
    message.add_alternative("<p>Bonjour Lise,</p>", subtype="html")
    return Parcel(key=key, reference=named, message=message)
