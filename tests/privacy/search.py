"""Searching for what is hers: in texts, in letters, in what Cohorte remembers."""

from __future__ import annotations

import hashlib
import json
import quopri
import re
import sqlite3
from base64 import b32encode, b64encode
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from automation import local
from automation.core.responses import digest_parts
from automation.core.text import fold
from automation.google.sheets import read_everything
from automation.workbook.layout import JOURNAL, MAIL_LOG
from tests.privacy.story import HERS, PHONE
from tests.programme import TAB
from tests.world import PLACE_FORM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.programme import Programme

_OTHERS: Final = ("helene.fortin", "Hélène", "Fortin", "Caron", "Boulanger", "midi@exemple")

_TELLING: Final = 6
"""Letters that tell of somebody: fewer stand anywhere."""


def everything(programme: Programme) -> dict[str, Any]:
    """Return all texts of the spreadsheet but the participants' own tabs, by tab."""
    with programme.session() as http:
        about = read_everything(http, programme.spreadsheet_id)
    sheets = {str(s["properties"]["title"]): s for s in about.pop("sheets")}
    return {"": about} | {t: s for t, s in sheets.items() if t not in {TAB, PLACE_FORM.tab}}


def found_in(value: object, wanted: Sequence[str] = HERS) -> set[str]:
    """Return which values a text, or a JSON value, holds."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    digits = re.sub(r"\D", "", text)
    shown = {one for one in wanted if one.casefold() in text.casefold()}
    return shown | ({PHONE} if PHONE in wanted and "4185550177" in digits else set())


def named(text: str) -> set[str]:
    """Return which values of anybody's a text holds."""
    return found_in(text, (*HERS, *_OTHERS))


def letters_to(programme: Programme, address: str) -> str:
    """Return all that was written to somebody, decoded."""
    found = []
    for message in local.read_mailbox(programme.path):
        if address in message.to:
            whole = message_from_bytes(message.raw, policy=default)
            parts = [part for part in whole.walk() if part.get_content_maintype() == "text"]
            found += [str(whole["Subject"]), *(str(part.get_content()) for part in parts)]
    return "\n".join(found)


def memory(programme: Programme) -> str:
    """Return what the journal, the ledger and the guards hold, notes of organisers apart."""
    rows = [*programme.rows(JOURNAL.key), *programme.rows(MAIL_LOG.key)]
    about: Any = programme.picture()
    return json.dumps([rows, about[0].get("developerMetadata")], ensure_ascii=False, default=str)


def disguises(value: str) -> dict[str, str]:
    """Return a value as storage may hold it, each way by its name; hashes of it alone included."""
    folded = fold(value)
    digits = re.sub(r"\D", "", value)
    found = {
        "plain": value,
        "upper": value.upper(),
        "folded": folded,
        "joined": folded.replace(" ", ""),
        "JSON": json.dumps(value)[1:-1],
        "percent": quote(value, safe=""),
        "quoted-printable": quopri.encodestring(value.encode(), header=True).decode()[:40],
    }
    if len(digits) >= len("4185550177"):
        found["digits"] = digits
    for skipped in range(3):
        whole = b64encode(b" " * skipped + value.encode()).decode()
        # The letters at either end are made of what stands beside the value, too.
        found[f"base64 {skipped}"] = whole[4 * bool(skipped) : -4][:40]
    for form in {value, value.casefold(), folded, digits, f"+1{digits}"} - {"", "+1"}:
        found[f"ours {form}"] = digest_parts((form,))
        for kind in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s"):
            raw = hashlib.new(kind, form.encode()).digest()
            found |= {
                f"{kind} {form}": raw.hex()[:20],
                f"{kind} 64 {form}": b64encode(raw)[:16].decode(),
            }
            found[f"{kind} 32 {form}"] = b32encode(raw).decode()[:20].lower()
    return {name: text for name, text in found.items() if len(text) > _TELLING}


def storage_of(programme: Programme) -> str:
    """Return all that the workspace's file holds, as it stands and with its messages decoded."""
    found = []
    with closing(sqlite3.connect(programme.path)) as connection:
        for table in ("spreadsheets", "sheets", "blocks", "metadata", "documents", "mail"):
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - names of ours
                found += [
                    c.decode("utf-8", "replace") if isinstance(c, bytes) else str(c) for c in row
                ]
    messages = local.read_mailbox(programme.path)
    return "\n".join([*found, *(_decode(message.raw) for message in messages)])


def _decode(raw: bytes) -> str:
    whole = message_from_bytes(raw, policy=default)
    parts = [part.get_content() for part in whole.walk() if not part.is_multipart()]
    return "\n".join([*map(str, whole.values()), *map(str, parts)])


def shown_in(text: str, values: Sequence[str]) -> set[tuple[str, str]]:
    """Return which values a text holds, each with how: plainly, or in disguise."""
    return {
        (value, name)
        for value in values
        for name, disguise in disguises(value).items()
        if disguise in text
    }
