"""Searching for what is hers: in texts, in letters, in what Cohorte remembers."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any, Final

from automation import local
from automation.google.sheets import read_everything
from automation.workbook.layout import JOURNAL, MAIL_LOG
from tests.privacy.story import HERS, PHONE
from tests.programme import TAB
from tests.world import PLACE_FORM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.programme import Programme

_OTHERS: Final = ("helene.fortin", "Hélène", "Fortin", "Caron", "Boulanger", "midi@exemple")


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
