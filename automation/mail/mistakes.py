"""What keeps one message from being written; the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.core.model import Phrase, Problem


class LetterError(Exception):
    """One letter cannot become a message: a value of its own stands in the way.

    Attributes:
        message: Why, for the organisers; without anything personal.
    """

    def __init__(self, message: Phrase) -> None:
        super().__init__(message)
        self.message = message


class AddressError(LetterError):
    """Nobody can be written to at this address."""


class TemplateError(LetterError):
    """A template has a mistake.

    Attributes:
        problem: The same, with the template's file as its tab, and the line from 1 as its row.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
