"""What Cohorte stands on at run time, as a table: each library, its licence, and what it is for.

`python -m tests.supply.licences` writes `licences.md` beside this file; a test keeps it true.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TABLE: Final = Path(__file__).with_name("licences.md")

PURPOSES: Final = {
    "babel": "dates and numbers as French and English write them",
    "click": "the command line",
    "css-inline": "messages that mail programs show as they are meant",
    "dnspython": "doctor's look at SPF, DKIM and DMARC",
    "email-validator": "which addresses can be written to",
    "google-auth": "credentials",
    "google-auth-oauthlib": "login",
    "gspread": "the calls to Sheets",
    "icalendar": "invitations",
    "jinja2": "templates",
    "markdown-it-py": "messages written in Markdown",
    "msgspec": "values that are cheap to make and to change",
    "phonenumbers": "phone numbers that compare equal",
    "pydantic": "the configuration, and its mistakes",
    "rapidfuzz": "how alike two names are",
    "requests": "HTTP",
    "rich": "tables and colours in a terminal",
    "segno": "the QR code of a sign-in sheet",
    "tzdata": "time zones on machines that have none",
    "xlsxwriter": "export to Excel",
}
"""Why each direct dependency is worth having."""

_NAMES: Final = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""What some say in words of their own, as SPDX writes it."""


def list_locked() -> tuple[str, ...]:
    """Return the names in the lock of what runs, in order."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return tuple(re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE))


def find_licence(name: str) -> str:
    """Return the SPDX expression of an installed distribution's licence; "?" where it says none."""
    about = metadata(name)
    said = (
        *(about.get_all("License-Expression") or ()),
        *(words.partition("\n")[0] for words in about.get_all("License") or ()),
        *(
            words.rpartition("::")[2].strip()
            for words in about.get_all("Classifier") or ()
            if words.startswith("License ::")
        ),
    )
    found = next((words for words in said if words), "?")
    return _NAMES.get(found, found)


def write_table() -> str:
    """Return the whole of `licences.md`."""
    lines = [
        "# What Cohorte stands on",
        "",
        "Written by `python -m tests.supply.licences` from the lock and what the libraries say of",
        "themselves. Those without a purpose are needed by the others. The extras `pdf` and",
        "`studio`, and what only development needs, are not in it.",
        "",
        "| library | licence | what for |",
        "|---|---|---|",
        *(
            f"| {name} | {find_licence(name)} | {PURPOSES.get(name, '')} |"
            for name in list_locked()
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(write_table(), encoding="utf-8")
