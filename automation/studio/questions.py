"""The questions of a form, as a participant meets them.

Where the configuration names a form, it is that one. A response tab alone has headers and answers, and
no form: what kind each question is, is read from the configuration and from the answers that are
there, as somebody who makes a form anew would.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation import locale
from automation.core.responses import cell_text, split_choices, timestamp_column
from automation.core.text import fold, tidy
from automation.google.calls import TIMEOUT
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.workbook.sheet import require_answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gspread import HTTPClient

    from automation.config import Config

_FORMS_URL: Final = "https://forms.googleapis.com/v1/forms"
_COLLECTS_NOT: Final = "DO_NOT_COLLECT"
_FEW: Final = 3
_LONG: Final = 60
"""Letters beyond which an answer wants more than one line."""
_MOST: Final = 5_000
"""Letters of an answer, at the most."""


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "tel"
    PARAGRAPH = "paragraph"
    ONE = "one"
    """One of the options."""
    BOXES = "boxes"
    """Any number of the options."""


class Question(Struct, frozen=True, kw_only=True):
    """A question of a form.

    Attributes:
        name: Of its control in the page.
        header: As in the response tab, line breaks and all.
        options: For a choice.
        id: That of the form's own question; "" without a form, or for the address it collects.
    """

    name: str
    header: str
    kind: Kind
    options: tuple[str, ...] = ()
    required: bool = False
    id: str = ""

    @property
    def title(self) -> str:
        """The question in one line."""
        return tidy(self.header)

    def read(self, given: Sequence[str]) -> tuple[str, ...]:
        """Return the answer from what the page sent: a text, or what was picked; () for none."""
        if self.kind in {Kind.ONE, Kind.BOXES}:
            picked = tuple(option for option in self.options if option in given)
            return picked if self.kind is Kind.BOXES else picked[:1]
        text = (given[0] if given else "").replace("\r\n", "\n").strip()[:_MOST]
        return (text,) if text else ()


class Paper(Struct, frozen=True, kw_only=True):
    """A form.

    Attributes:
        form_id: The form's own id; "" for one that we made up over a response tab.
        tab: The title of that tab; so is `header`, of all its columns.
        stamp: Index of the column of timestamps.
        closed: Whether it takes no answers now.
    """

    questions: tuple[Question, ...]
    form_id: str = ""
    tab: str = ""
    header: tuple[str, ...] = ()
    stamp: int = 0
    closed: bool = False

    def row(self, answers: Mapping[str, Sequence[str]], stamp: str) -> list[str]:
        """Return the row of the response tab that answers make, by the question's name."""
        row = [", ".join(answers.get(_name(index), ())) for index in range(len(self.header))]
        row[self.stamp] = stamp
        return row


def read_registration_form(http: HTTPClient, config: Config, language: str) -> Paper | None:
    """Return the registration form; None where there is none, nor a response tab."""
    if config.responses.form_id is not None:
        url = f"{_FORMS_URL}/{config.responses.form_id}"
        answer = http.session.get(url, timeout=TIMEOUT)
        return _read_form(answer.json(), config) if answer.ok else None
    return _imagine_form(http, config, language)


def _read_form(form: Mapping[str, Any], config: Config) -> Paper:
    """Return a form as the Forms API tells it; questions of a kind that we don't ask are left out."""
    asked = []
    if form.get("settings", {}).get("emailCollectionType", _COLLECTS_NOT) != _COLLECTS_NOT:
        header = config.fields.email or "E-mail"
        asked.append(Question(name=_name(0), header=header, kind=Kind.EMAIL, required=True))
    kinds = {fold(q): kind for q, kind in _known_kinds(config) if q}
    for index, item in enumerate(form.get("items", ()), start=1):
        question = item.get("questionItem", {}).get("question", {})
        found = _read_question(question, kinds.get(fold(item.get("title", "")), Kind.TEXT))
        if found is not None:
            kind, options = found
            asked.append(
                Question(
                    name=_name(index),
                    header=item.get("title", ""),
                    kind=kind,
                    options=options,
                    required=bool(question.get("required")),
                    id=question["questionId"],
                )
            )
    state = form.get("publishSettings", {}).get("publishState", {})
    return Paper(
        questions=tuple(asked),
        form_id=form["formId"],
        closed=not state.get("isAcceptingResponses", True),
    )


def _read_question(
    question: Mapping[str, Any], text_kind: Kind
) -> tuple[Kind, tuple[str, ...]] | None:
    """Return how a question of the Forms API is answered, and its options."""
    if "textQuestion" in question:
        return (Kind.PARAGRAPH if question["textQuestion"].get("paragraph") else text_kind), ()
    if "choiceQuestion" in question:
        choice = question["choiceQuestion"]
        kind = Kind.BOXES if choice["type"] == "CHECKBOX" else Kind.ONE
        return kind, tuple(o["value"] for o in choice["options"] if o.get("value"))
    return None


def _imagine_form(http: HTTPClient, config: Config, language: str) -> Paper | None:
    """Return the form to which the first response tab may belong; None where that is not there."""
    title = config.responses.tabs[0]
    spreadsheet_id = config.workspace.spreadsheet or ""
    about = get_spreadsheet(http, spreadsheet_id)
    properties = {sheet["properties"]["title"]: sheet["properties"] for sheet in about["sheets"]}
    if title not in properties:
        return None
    require_answers(properties[title])
    (grid,) = read_ranges(http, spreadsheet_id, [{"sheetId": properties[title]["sheetId"]}])
    if not grid:
        return None
    header = tuple(cell_text(cell) for cell in grid[0])
    stamp = timestamp_column(header)
    rows = [[cell_text(cell) for cell in row] for row in grid[1:]]
    questions = tuple(_ask(config, header, rows, stamp, language))
    return Paper(tab=title, header=header, stamp=stamp, questions=questions)


def read_place_form(config: Config) -> Paper | None:
    """Return "Ma place", the form to which the link of a message leads; None without it."""
    place = config.rules.place_form
    if place is None:
        return None
    options = (place.accept, place.withdraw, place.no_news)
    header = ("Horodateur", place.code, place.choice)
    return Paper(
        tab=place.tab,
        header=header,
        stamp=0,
        questions=(
            Question(name=_name(1), header=place.code, kind=Kind.TEXT, required=True),
            Question(
                name=_name(2), header=place.choice, kind=Kind.ONE, options=options, required=True
            ),
        ),
    )


def _name(index: int) -> str:
    return f"q{index}"


def _ask(
    config: Config,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    stamp: int,
    language: str,
) -> Iterator[Question]:
    """Yield a question for each column but the timestamps', those without a header left out."""
    kinds = {fold(q): kind for q, kind in _known_kinds(config) if q}
    required = {fold(q) for q in _required(config) if q}
    options = {fold(c.question): c.options for c in config.fields.choices.values()}
    consent = fold(config.fields.consent or "")
    for index, text in enumerate(header):
        key = fold(text)
        if index == stamp or not key:
            continue
        answers = [row[index] for row in rows if index < len(row) and row[index]]
        if key in options:
            several = any(len(split_choices(one, options[key])) > 1 for one in answers)
            kind = Kind.BOXES if several or not answers else Kind.ONE
            offered = options[key]
        elif consent and key == consent:
            kind = Kind.BOXES
            offered = tuple(dict.fromkeys(answers))[:_FEW] or (
                locale.text(language, "studio.consent_option"),
            )
        else:
            long = any(len(one) > _LONG or "\n" in one for one in answers)
            kind = kinds.get(key, Kind.PARAGRAPH if long else Kind.TEXT)
            offered = ()
        yield Question(
            name=_name(index), header=text, kind=kind, options=offered, required=key in required
        )


def _known_kinds(config: Config) -> tuple[tuple[str | None, Kind], ...]:
    fields = config.fields
    plain = (fields.first_name, fields.last_name, fields.name, fields.municipality)
    return (
        (fields.email, Kind.EMAIL),
        (fields.phone, Kind.PHONE),
        *((question, Kind.TEXT) for question in plain),
    )


def _required(config: Config) -> tuple[str | None, ...]:
    fields = config.fields
    return (fields.first_name, fields.last_name, fields.name, fields.consent)
