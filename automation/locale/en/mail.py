"""Mail: the words around the templates, and what is wrong with them."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "mail.greeting": "Hello {name},",
    "mail.greeting_nobody": "Hello,",
    "mail.moment": "{day} at {hour}",
    "mail.from": "{day}, at {start}",
    "mail.from_to": "{day}, {start} to {end}",
    "mail.list": "{others} and {last}",
    "mail.link": "{label}: {url}",
    "mail.calendar_file": "meetings.ics",
    "mail.meeting": "Meeting",
    "mail.meeting_called_off": "CANCELLED – {summary}",
    "mail.meeting_host": "Led by: {host}",
    "mail.meeting_questions": "To reach us: {address}",
    "error.no_sender": "The configuration does not say in whose name to write.",
    "error.no_sender.remedy": "In [mail], give “sender”, for instance “The committee <committee@example.org>”.",
    "error.no_postal_address": "The configuration does not give the postal address that every message must bear.",
    "error.no_postal_address.remedy": "In [mail], give “postal_address”.",
    "error.bad_sender": "The sender's address can't be used.",
    "error.bad_sender.remedy": "Correct “sender” or “reply_to” in [mail].",
    # What keeps a message from being written
    "mail.no_address": "Without an e-mail address.",
    "mail.bad_address": "The e-mail address is not valid.",
    "mail.accented_address": "The e-mail address has an accent before the @: few servers accept that. Ask for another.",
    "mail.bad_link": "A link of the message leads nowhere: it must begin with https://.",
    # A template's mistakes
    "template.missing": "This template has no French version.",
    "template.unreadable": "The file can't be read: save it as UTF-8.",
    "template.no_front": "The template must begin with a line “---”, its header, then another line “---”.",
    "template.bad_line": "This line of the header can't be understood: write “word: value”.",
    "template.unknown_entry": "“{name}” is no word of the header: choose among {names}.",
    "template.only_in_french": "“{name}” is set in the French version only.",
    "template.no_entry": "“{name}” is missing from the header.",
    "template.bad_entry": "“{name}”: “{value}” won't do.",
    "template.syntax": "Badly written tag: {error}",
    "template.unknown_variable": "Unknown variable: “{name}”. Those of this template: {names}.",
    "template.failed": "This passage can't be rendered: {error}",
    "template.empty": "This value does not exist for this message ({error}): put “{{% if … is defined %}}” around it.",
    "template.bad_link": "This link leads nowhere: it must begin with https://, http:// or mailto:.",
    "template.no_block": "The message does not give {what}, which every message must give.",
    "template.block_sender": "the name of who writes",
    "template.block_postal_address": "the postal address",
    "template.block_contact": "the address to reach us at",
    "template.block_place": "the link to My place",
    "template.block_unsubscribe": "how to receive no more news",
}
