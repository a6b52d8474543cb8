"""click's own words, in the language of the terminal: "Usage:", "Missing argument", "Try … for help".

click marks each of its texts for gettext, and looks a translation up when it needs one. We give
the catalogue's; what click says and the catalogue has not stays English.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from automation import locale
from automation.locale.own_words import CLICK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIRST: Final = "fr"
USUAL_FILE: Final = "config/cohorte.toml"
"""The configuration in use where nobody names one."""


class _Speech:
    """The language that click speaks in this process, and its texts in that language by click's."""

    language: str = _FIRST
    texts: Mapping[str, str] = {}


def speak(language: str) -> None:
    """Let click speak a language from now on."""
    words = locale.CATALOGUES[language]
    _Speech.language = language
    _Speech.texts = {text: words[f"click.{name}"] for name, text in CLICK.items()}
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            # The names under which click's modules import gettext's functions.
            for function, replacement in (("_", _translate), ("ngettext", _translate_count)):
                if function in vars(module):
                    setattr(module, function, replacement)


def spoken() -> str:
    """Return the language that click speaks."""
    return _Speech.language


def _translate(text: str) -> str:
    return _Speech.texts.get(text, text)


def _translate_count(one: str, several: str, count: int) -> str:
    # None is singular in French, plural in English.
    many = count > 1 or (count == 0 and _Speech.language != "fr")
    return _translate(several if many else one)


def find_language(args: Sequence[str], env: Mapping[str, str]) -> str:
    """Return the language that arguments ask for, else the configuration's, else French.

    Nothing is read for good yet, and nothing refused: what is wrong is told later, in that language.
    """
    asked = _value_of("--lang", args)
    if asked in locale.CATALOGUES:
        return asked
    path = _value_of("--config", args) or env.get("COHORTE_CONFIG") or USUAL_FILE
    return _language_of(path)


def _value_of(option: str, args: Sequence[str]) -> str:
    """Return what an option is given; "" for nothing."""
    for at, word in enumerate(args):
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else "".join(args[at + 1 : at + 2])
    return ""


def _language_of(path: str) -> str:
    """Return the language of a configuration; French where there is none, or none to be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib would be loaded for this alone
            import tomllib

            found = tomllib.load(file).get("language")
    except (OSError, ValueError):
        return _FIRST
    return found if isinstance(found, str) and found in locale.CATALOGUES else _FIRST


def name_values(command: click.Command, language: str) -> None:
    """Give the arguments and the values of options the names that people read in usage lines."""
    words = locale.CATALOGUES[language]
    for param in command.params:
        name = words.get(f"metavar.{param.name}")
        if name and isinstance(param, click.Argument):
            name = name if param.required else f"[{name}]"
            name += "…" if param.nargs != 1 else ""
        if name:
            param.metavar = name
    if isinstance(command, click.Group):
        command.subcommand_metavar = words["metavar.commands"]
