"""The roll of a meeting, as values: who was expected, who was ticked, and who came along."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from automation.core.model import Number


class Presence(StrEnum):
    """What a roll tells of somebody. An unticked box says nothing until the roll is called."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"
    UNKNOWN = "unknown"


class RollRow(Struct, frozen=True, kw_only=True):
    """A participant on the attendance tab of a meeting.

    Attributes:
        name: As in the register; so is `business`.
        left: Whether they no longer are expected: the row is struck out, and its ticks stay.
        present: The organisers' box; so is `excused`.
        torn: Whether its seal does not fit: its ticks may be somebody else's.
    """

    number: Number
    name: str = ""
    business: str = ""
    left: bool = False
    present: bool = False
    excused: bool = False
    note: str = ""
    torn: bool = False


class Guest(Struct, frozen=True, kw_only=True):
    """Somebody who came along without being expected: one row below the participants."""

    name: str = ""
    present: bool = False
    note: str = ""


class Roll(Struct, frozen=True, kw_only=True):
    """The attendance tab of one meeting.

    Attributes:
        meeting: Its number.
        title: The tab's title.
        called: Whether the organisers ticked "Appel terminé".
        rows: The participants in the order of the sheet; numbers are unique.
        guests: The rows without a number that say anything.
        own_title: Whether its title is still one of ours.
        stale: Whether its heading says something else than Rencontres does.
        readable: Whether its header row was found; nothing is known of it otherwise.
    """

    meeting: int
    title: str
    called: bool = False
    rows: tuple[RollRow, ...] = ()
    guests: tuple[Guest, ...] = ()
    own_title: bool = True
    stale: bool = False
    readable: bool = True
