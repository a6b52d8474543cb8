"""The errors that stop a command, each with its exit code and what to do about it.

Bad data is never one of these: it is a value, `automation.core.model.Problem`, and the night goes
on. Exit codes follow `sysexits.h` where that table has a fitting entry.
"""

from __future__ import annotations

from typing import ClassVar


class CohorteError(Exception):
    """What stopped the command: two lines for the person at the terminal.

    The words stand in `automation.locale`, under `error.CODE` (what happened, in which tab and
    row) and `error.CODE.remedy` (what to do); nothing personal may be among the values.

    Attributes:
        code: Names the error in the catalogue.
        values: Its placeholders: text, numbers, or phrases of the catalogue.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class WrongUsageError(CohorteError):
    """The command was asked for something that does not exist (exit code 2, as click's own)."""

    exit_code = 2


class BrakeError(CohorteError):
    """The night would hurt many people at once: a human must look first."""

    exit_code = 20


class StalePlanError(CohorteError):
    """The plan that was looked at is no longer the plan that would be applied."""

    exit_code = 21


class WorkbookError(CohorteError):
    """The workbook's data cannot be used (EX_DATAERR)."""

    exit_code = 65


class UnreachableError(CohorteError):
    """Google cannot be reached, or does not answer properly (EX_UNAVAILABLE)."""

    exit_code = 69


class ConflictError(CohorteError):
    """Another run is under way, or won (EX_TEMPFAIL)."""

    exit_code = 75


class CredentialsError(CohorteError):
    """Google refuses us: credentials or permission (EX_NOPERM)."""

    exit_code = 77


class ConfigError(CohorteError):
    """The configuration cannot be used (EX_CONFIG)."""

    exit_code = 78


class BugError(CohorteError):
    """What nobody foresaw, for the maintainer: the terminal tells its kind and its place (`bugs`)."""
