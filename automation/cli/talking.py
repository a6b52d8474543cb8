"""A conversation at the terminal, in which each answer may also have been given as an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from automation.cli.asking import read_yes_or_no
from automation.errors import WrongUsageError
from automation.locale import typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from automation.cli.context import Session


class Talk(Struct, frozen=True):
    """What is asked of the person at the terminal, if there is one.

    Attributes:
        silent: Whether nothing may be asked: what was not given is as proposed, or missing.
    """

    session: Session
    silent: bool

    def ask(
        self,
        code: str,
        given: str | None,
        *,
        option: str,
        default: str | None = None,
        check: Callable[[str], str] = str,
    ) -> str:
        """Return a text; the default may be "".

        Args:
            code: The question, an entry of the catalogue.
            given: What the option said; None where it was not given.
            option: Its name, for whoever could not be asked.
            check: Returns the text as it should be, or raises ValueError.
        """
        if given is not None:
            try:
                return check(given.strip())
            except ValueError as error:
                raise WrongUsageError("init_option", option=option) from error
        if not self.silent:
            return self.pick(self.session.text(code), default, check)
        if default is None:
            raise WrongUsageError("init_needs", option=option)
        return default

    def choose(
        self,
        code: str,
        given: str | None,
        choices: Sequence[str],
        *,
        option: str,
        default: str | None,
    ) -> str:
        """Return one of several identifiers."""

        def known(text: str) -> str:
            if text not in choices:
                raise ValueError(text)
            return text

        return self.ask(code, given, option=option, default=default, check=known)

    def pick(self, question: str, default: str | None, check: Callable[[str], str]) -> str:
        """Return what somebody answers, asked until it can be understood."""

        def understand(text: str) -> str:
            try:
                return check(text.strip())
            except ValueError as error:
                raise click.UsageError(self.session.text("init.not_understood")) from error

        return str(self._prompt(question, default, understand))

    def agree(self, code: str) -> bool:
        """Return whether a proposal is right; where nobody can be asked, it is."""
        if self.silent:
            return True
        question = self.session.text(code)
        return bool(self._prompt(question, None, lambda text: read_yes_or_no(self.session, text)))

    def pause(self, code: str) -> bool:
        """Wait until somebody says that something is done; return False where nobody can."""
        if self.silent:
            return False
        self._prompt(self.session.text(code), "", str)
        return True

    def _prompt(
        self, question: str, default: str | None, understand: Callable[[str], object]
    ) -> object:
        colon = typeset(" : ") if self.session.language == "fr" else ": "
        try:
            return click.prompt(
                question,
                default=default,
                show_default=bool(default),
                value_proc=understand,
                prompt_suffix=" "
                if question.endswith(("?", "? (oui/non)", "? (yes/no)"))
                else colon,
            )
        except click.Abort:
            raise WrongUsageError("init_nobody") from None
