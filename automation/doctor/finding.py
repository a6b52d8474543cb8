"""What a check finds: how bad it is, and the words for it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.errors import CohorteError

_GOES_ON: Final = 30
"""The exit code of a failure that keeps no night from passing."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    SKIPPED = "skipped"
    """Not needed here, or not to be seen before something else is put right."""
    WARNING = "warning"
    """Worth a look; nights go on."""
    FAILURE = "failure"
    """To be put right."""


class Finding(Struct, frozen=True, kw_only=True):
    """What one check found.

    Attributes:
        code: The catalogue's entry is `doctor.CODE`, or `error.CODE` for one from an error; so is
            that of the remedy, which warnings and failures have, with `.remedy` behind it.
        values: The placeholders of both.
        exit_code: How a command ends because of it; 0 but for failures.
    """

    level: Level
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    exit_code: int = 0
    from_error: bool = False

    @property
    def has_remedy(self) -> bool:
        """Whether there is something to do."""
        return self.level in {Level.WARNING, Level.FAILURE}


def well(code: str, /, **values: object) -> Finding:
    """Return that something is as it should be."""
    return Finding(level=Level.OK, code=code, values=values)


def skipped(code: str = "not_needed", /, **values: object) -> Finding:
    """Return that there was nothing to look at."""
    return Finding(level=Level.SKIPPED, code=code, values=values)


def warning(code: str, /, **values: object) -> Finding:
    """Return that something is worth a look."""
    return Finding(level=Level.WARNING, code=code, values=values)


def failure(code: str, /, exit_code: int = _GOES_ON, **values: object) -> Finding:
    """Return that something is to be put right."""
    return Finding(level=Level.FAILURE, code=code, values=values, exit_code=exit_code)


def from_error(error: CohorteError, level: Level = Level.FAILURE) -> Finding:
    """Return what an error says, and how it ends a night."""
    return Finding(
        level=level,
        code=error.code,
        values=error.values,
        exit_code=error.exit_code if level is Level.FAILURE else 0,
        from_error=True,
    )
