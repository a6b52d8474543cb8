"""click's own words, and what stands for an argument."""

from __future__ import annotations

from typing import Final

from automation.locale.own_words import CLICK

WORDS: Final[dict[str, str]] = {
    **{f"click.{name}": text for name, text in CLICK.items()},
    # What stands for an argument, or for the value of an option.
    "metavar.commands": "COMMAND [ARGS]…",
    "metavar.config_path": "FILE",
    "metavar.at": "INSTANT",
    "metavar.folder": "DIR",
    "metavar.file": "FILE",
    "metavar.out": "FILE",
    "metavar.kind": "KIND",
    "metavar.path": "FILE",
    "metavar.keep": "FILE",
    "metavar.credentials": "FILE",
    "metavar.client": "FILE",
    "metavar.configs": "FILE",
    "metavar.port": "NUMBER",
    "metavar.places": "NUMBER",
    "metavar.months": "NUMBER",
    "metavar.window": "HOURS",
    "metavar.meeting": "NO.",
    "metavar.number": "NO.",
    "metavar.a": "NO.",
    "metavar.b": "NO.",
    "metavar.who": "E-MAIL|NAME|NO.",
    "metavar.references": "REFERENCE",
    "metavar.address": "E-MAIL",
    "metavar.sender": "E-MAIL",
    "metavar.digest_to": "E-MAIL",
    "metavar.template": "TEMPLATE",
    "metavar.tab": "TAB",
    "metavar.ma_place": "TAB",
    "metavar.fields": "FIELD=QUESTION",
    "metavar.programme": "NAME",
    "metavar.name": "NAME",
    "metavar.cohort_name": "NAME",
    "metavar.smtp_user": "NAME",
    "metavar.smtp_host": "SERVER",
    "metavar.postal_address": "TEXT",
    "metavar.digest": "DIGEST",
    "metavar.meetings": "“DATE [HH:MM-HH:MM] [THEME]”",
}
