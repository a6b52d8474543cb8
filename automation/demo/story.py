"""A story to replay over the demo's answers: what people do, and the nights in between.

`config/demo/story.toml` says at its head what each kind of act means.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, NaiveDatetime, ValidationError

from automation.config.mistakes import BadTomlError, find_mistakes, parse_toml, tell_mistakes
from automation.config.sections import Section
from automation.config.values import Header, Text
from automation.core.rules import Language
from automation.errors import ConfigError
from automation.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path

Wall = NaiveDatetime
"""A date and time on the wall, in the spreadsheet's time zone."""
CellValue = str | bool | int | float | datetime | date | time
"""What somebody types in a cell; dates and times as such."""


class _Act(Section):
    """What every act says of itself.

    Attributes:
        at: When it happens.
        who: Who does it.
        say: What happens, in French, for whoever reads the story.
        say_en: The same in English.
    """

    at: Wall
    who: Literal["organiser", "participant"]
    say: Text
    say_en: Text


class Decide(_Act):
    """An organiser types in the column Décision of a person's row.

    Attributes:
        first_name: As in the register, compared folded; so is the last name.
        cohort: The code of the enrolment's cohort.
        decision: Any text; "" empties the cell.
    """

    kind: Literal["decide"]
    first_name: Text
    last_name: Text
    cohort: Text
    decision: str


class Edit(_Act):
    """Somebody sends their answer anew: Forms overwrites the row in place, timestamp included.

    Attributes:
        answer: The timestamp that the row bears until then.
        changes: New answers by header.
    """

    kind: Literal["edit"]
    answer: Wall
    new_timestamp: Wall
    changes: Mapping[Header, str]


class Set(_Act):
    """An organiser types in one cell of a tab.

    Attributes:
        tab: The tab's title.
        where: What tells the row from the others, by header.
        column: The header of the cell's column.
    """

    kind: Literal["set"]
    tab: Text
    where: Annotated[Mapping[Header, CellValue], Field(min_length=1)]
    column: Header
    value: CellValue


class Delete(_Act):
    """An organiser deletes a row of the response tab.

    Attributes:
        answer: The timestamp of the row.
    """

    kind: Literal["delete"]
    answer: Wall


class CallRoll(_Act):
    """Organisers call the roll of a meeting: whoever is not named was there.

    Attributes:
        meeting: Its number.
        absent: Names as in the register, compared folded; so are the others.
        guests: Whom they write below the participants.
        called: Whether they tick "Appel terminé".
    """

    kind: Literal["roll"]
    meeting: Annotated[int, Field(ge=1)]
    absent: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    excused: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    guests: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    called: bool = True


class Reply(_Act):
    """Somebody follows the link of a message to "Ma place", and answers there.

    Attributes:
        first_name: As in the register, compared folded; so is the last name.
        cohort: The code of the enrolment's cohort.
        wish: Which of the form's options they pick.
    """

    kind: Literal["reply"]
    first_name: Text
    last_name: Text
    cohort: Text
    wish: Literal["accept", "withdraw", "no_news"]


Act = Decide | Edit | Set | Delete | CallRoll | Reply


class Night(Section):
    """An instant at which Cohorte passes.

    Attributes:
        say: Why this night is worth a look, in French.
        say_en: The same in English.
    """

    at: Wall
    say: Text
    say_en: Text


def _require_order(moments: tuple[_Act | Night, ...]) -> tuple[_Act | Night, ...]:
    instants = [moment.at for moment in moments]
    if instants != sorted(set(instants)):
        raise ValueError("each must come later than the one before")
    return moments


class Story(Section):
    """What happens to the demo's programme, each list in order of time.

    Attributes:
        answers: File of the answers: those submitted since the night before arrive before the
            night; a row without a timestamp arrives with the row above it.
    """

    cohorts: Text
    meetings: Text
    answers: Text
    act: Annotated[
        tuple[Annotated[Act, Field(discriminator="kind")], ...],
        Field(strict=False),
        AfterValidator(_require_order),
    ] = ()
    night: Annotated[
        tuple[Night, ...], Field(strict=False, min_length=1), AfterValidator(_require_order)
    ]

    def acts_between(self, after: datetime | None, until: datetime) -> tuple[Act, ...]:
        """Return the acts later than `after` (all, without it), up to `until` inclusive."""
        return tuple(
            act for act in self.act if act.at <= until and (after is None or act.at > after)
        )


def load_story(path: Path) -> Story:
    """Return the story that a TOML file tells.

    Raises `ConfigError`, with one line for each mistake.
    """
    try:
        return Story.model_validate(parse_toml(path.read_bytes(), Language.FRENCH))
    except FileNotFoundError as error:
        raise ConfigError("no_config", path=str(path)) from error
    except BadTomlError as error:
        raise _error(path, str(error)) from error
    except ValidationError as error:
        lines = tell_mistakes(find_mistakes(error, Story), Language.FRENCH)
        raise _error(path, lines) from error


def _error(path: Path, mistakes: str) -> ConfigError:
    example = str(data_path("config", "demo", "story.toml"))
    return ConfigError("config", path=str(path), mistakes=mistakes, example=example)
