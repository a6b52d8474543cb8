"""The demonstration: a story played on an embedded workspace, night after night.

Answers arrive as the form would bring them, organisers type in their sheet with gspread as any
script of theirs could, and between their acts Cohorte passes as it does every night. The workbook
alone remembers how far the story went, so a demonstration that was cut off anywhere goes on from
there: each act may be done over without harm. (For that, an answer is edited or deleted in the story
a night or more after it came.)
"""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from gspread import Spreadsheet
from gspread.utils import DateTimeOption, ValueInputOption, ValueRenderOption
from msgspec import Struct

from automation.core.instants import to_wall, wall_serial
from automation.core.replies import make_code
from automation.core.text import fold
from automation.demo.roll import call_roll
from automation.demo.story import CallRoll, Decide, Delete, Edit, Reply, Set, load_story
from automation.google.sheets import list_spreadsheets
from automation.night import run_night
from automation.resources import data_path
from automation.workbook.cells import parse_text
from automation.workbook.layout import JOURNAL, enrolment_tab, find_columns
from automation.workbook.loading import add_responses, add_rows, create_spreadsheet
from automation.workbook.loading.csv_table import read_csv
from automation.workbook.loading.typed import read_dates
from automation.workbook.reader import read_snapshot
from automation.workbook.view import find_tab, read_tab
from automation.workspace import with_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from gspread import HTTPClient
    from gspread.worksheet import Worksheet

    from automation.config import Config
    from automation.core.model import Cell
    from automation.demo.story import Act, CellValue, Story
    from automation.demo.story import Night as StoryNight
    from automation.night import Night
    from automation.workbook.layout import Tab
    from automation.workbook.loading.csv_table import CsvTable

CONFIG: Final = "demo.toml"
_SECRET: Final = "secret-ma-place.txt"  # noqa: S105 - the name of its file
_STORY = ("demo", "story.toml")
_FRENCH, _ENGLISH = 'language = "fr"', 'language = "en"'


class StoryClock(Struct):
    """Tells the embedded workspace the time of the story."""

    now: datetime = datetime(2022, 11, 21, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant, aware."""
        return self.now


class Window(Struct, frozen=True, kw_only=True):
    """What happens between two nights, the first excluded, the last included.

    Attributes:
        answers: Rows of the answers' file, with the instant on the wall at which each arrives.
    """

    night: StoryNight
    answers: tuple[tuple[datetime, Sequence[str]], ...]
    acts: tuple[Act, ...]


class Demo(Struct, frozen=True, kw_only=True):
    """A story, and the workspace where it is played.

    Attributes:
        config: With the spreadsheet's id.
        header: Of the answers' file.
        windows: All those of the story, in order.
    """

    http: HTTPClient
    config: Config
    story: Story
    header: tuple[str, ...]
    windows: tuple[Window, ...]

    @property
    def spreadsheet_id(self) -> str:
        """The id of the spreadsheet where it is played."""
        return self.config.workspace.spreadsheet or ""


def prepare_folder(folder: Path, language: str) -> Path:
    """Copy the demonstration's files, and return the path of its configuration.

    What is there already stays, so that anybody may change it and play again.
    """
    source = data_path("config", "demo")
    (folder / source.name).mkdir(parents=True, exist_ok=True)
    for file in sorted(path for path in source.iterdir() if path.is_file()):
        _copy(file, folder / source.name / file.name)
    # A secret that everybody can read is refused, be it one that protects nobody.
    (folder / source.name / _SECRET).chmod(0o600)
    _copy(data_path("config", CONFIG), folder / CONFIG, language)
    return folder / CONFIG


def _copy(source: Path, target: Path, language: str = "fr") -> None:
    """Copy a file whole or not at all."""
    if target.exists():
        return
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    if language == "en":
        text = part.read_text(encoding="utf-8").replace(_FRENCH, _ENGLISH, 1)
        part.write_text(text, encoding="utf-8")
    part.replace(target)


def open_demo(http: HTTPClient, config: Config, folder: Path, title: str) -> Demo:
    """Return the story of a folder, with its spreadsheet, which is made if there is none.

    Args:
        title: That of a new spreadsheet.
    """
    story = load_story(folder.joinpath(*_STORY))
    files = folder / _STORY[0]
    answers = read_csv(files / story.answers)
    if config.workspace.spreadsheet is None:
        found = list_spreadsheets(http) or [
            create_spreadsheet(http, title, config.responses.tabs[0], answers.header)
        ]
        config = with_spreadsheet(config, found[0])
    if config.ma_place.tab is not None:
        book = config.workspace.spreadsheet or ""
        add_responses(http, book, config.ma_place.tab, _place_header(config), ())
    demo = Demo(
        http=http,
        config=config,
        story=story,
        header=answers.header,
        windows=tuple(_cut_windows(story, answers)),
    )
    if not find_played(demo):
        add_responses(http, demo.spreadsheet_id, config.responses.tabs[0], answers.header, ())
        for key, name in (("cohorts", story.cohorts), ("meetings", story.meetings)):
            table = read_csv(files / name)
            add_rows(http, config, key, table.header, table.rows)
    return demo


def _cut_windows(story: Story, answers: CsvTable) -> Iterator[Window]:
    arrivals = tuple(_list_arrivals(answers))
    after = None
    for night in story.night:
        yield Window(
            night=night,
            answers=tuple(
                (at, row)
                for at, row in arrivals
                if at <= night.at and (after is None or at > after)
            ),
            acts=story.acts_between(after, night.at),
        )
        after = night.at


def _list_arrivals(answers: CsvTable) -> Iterator[tuple[datetime, Sequence[str]]]:
    """Yield each answer with when it arrives; one without a timestamp comes with the one above."""
    walls = read_dates([row[0] for row in answers.rows], day_first=True)
    at = datetime.min  # noqa: DTZ901 - on the wall, before everything
    for wall, row in zip(walls, answers.rows, strict=True):
        at = wall or at
        yield at, row


def find_played(demo: Demo) -> frozenset[datetime]:
    """Return the nights that the journal tells of, as instants on the wall."""
    snapshot = read_snapshot(demo.http, demo.config)
    if JOURNAL.key not in snapshot.standings:
        return frozenset()
    return frozenset(
        datetime.fromisoformat(str(line["at"])).replace(tzinfo=None)
        for line in read_tab(demo.http, demo.config, JOURNAL)
        if line["event"] == "night" and line["at"]
    )


def play(
    demo: Demo, clock: StoryClock, zone: ZoneInfo, token: Callable[[], str]
) -> Iterator[tuple[Window, Night]]:
    """Play the nights that have not passed yet, each with what happens before it."""
    played = find_played(demo)
    for window in demo.windows:
        if window.night.at in played:
            continue
        for at, happen in _order_events(demo, window):
            clock.now = at.replace(tzinfo=zone)
            happen()
        now = clock.now = window.night.at.replace(tzinfo=zone)
        night = run_night(
            demo.http,
            demo.config,
            event="night",
            moment=lambda _, now=now: now,  # type: ignore[misc]
            token=token(),
        )
        yield window, night


def _order_events(demo: Demo, window: Window) -> list[tuple[datetime, Callable[[], object]]]:
    """Return what people do in a window, in order of time; each may be done twice."""
    tab = demo.config.responses.tabs[0]

    def answer(row: Sequence[str]) -> Callable[[], object]:
        return lambda: add_responses(demo.http, demo.spreadsheet_id, tab, demo.header, [row])

    def do(act: Act) -> Callable[[], object]:
        return lambda: perform(demo, act)

    events = [(at, answer(row)) for at, row in window.answers]
    events += [(act.at, do(act)) for act in window.acts]
    return sorted(events, key=lambda event: event[0])


def perform(demo: Demo, act: Act) -> None:
    """Do what somebody does; an act whose row is no longer there is left out."""
    book = Spreadsheet(demo.http, {"id": demo.spreadsheet_id})
    match act:
        case Decide():
            tab = enrolment_tab(demo.config.rules.fields.extra)
            who = {
                "first_name": act.first_name,
                "last_name": act.last_name,
                "cohort": act.cohort,
            }
            _type_in(_open(book, tab), tab, who, "decision", act.decision)
        case Set():
            tab = find_tab(demo.config, act.tab)
            keys = {_find_key(tab, header): value for header, value in act.where.items()}
            _type_in(_open(book, tab), tab, keys, _find_key(tab, act.column), act.value)
        case CallRoll():
            call_roll(book, read_snapshot(demo.http, demo.config), act)
        case Reply():
            _reply(demo, act)
        case Edit():
            _edit_answer(book.worksheet(demo.config.responses.tabs[0]), act)
        case Delete():
            _delete_answer(book.worksheet(demo.config.responses.tabs[0]), act.answer)


def _reply(demo: Demo, act: Reply) -> None:
    """Answer in "Ma place" with the code that the link of one's messages bears."""
    form, place = demo.config.rules.place_form, demo.config.ma_place
    snapshot = read_snapshot(demo.http, demo.config)
    name = f"{act.first_name} {act.last_name}"
    found = [
        enrolment
        for enrolment in snapshot.register
        if fold(enrolment.name) == fold(name) and fold(enrolment.cohort) == fold(act.cohort)
    ]
    if form is None or not found:
        return
    code = make_code(found[0].number, found[0].offer, form.secret)
    choice = {"accept": place.accept, "withdraw": place.withdraw, "no_news": place.no_news}
    rows = [(f"{act.at:%Y-%m-%d %H:%M:%S}", code, choice[act.wish])]
    add_responses(demo.http, demo.spreadsheet_id, form.tab, _place_header(demo.config), rows)


def _place_header(config: Config) -> tuple[str, ...]:
    return ("Horodateur", config.ma_place.code, config.ma_place.choice)


def _open(book: Spreadsheet, tab: Tab) -> Worksheet:
    return book.get_worksheet_by_id(tab.sheet_id)


def _find_key(tab: Tab, header: str) -> str:
    """Return which of a tab's columns a header of either language names; KeyError for none."""
    (key, *_) = find_columns(tab, [header]) or (header,)
    return tab.column(key).key


def _read_grid(sheet: Worksheet) -> list[list[Any]]:
    return sheet.get_all_values(
        value_render_option=ValueRenderOption.unformatted,
        date_time_render_option=DateTimeOption.serial_number,
    )


def _type_in(
    sheet: Worksheet, tab: Tab, where: Mapping[str, CellValue], column: str, value: CellValue
) -> None:
    """Type in the first row whose cells show those values, as an organiser would."""
    header, *rows = _read_grid(sheet)
    places = find_columns(tab, header)
    for number, row in enumerate(rows, start=2):
        if all(_shows(row[places[key]], wanted) for key, wanted in where.items()):
            sheet.update_cell(number, places[column] + 1, _typed(value))
            return


def _shows(cell: Cell, wanted: CellValue) -> bool:
    if isinstance(wanted, str):
        return fold(parse_text(cell)) == fold(wanted)
    return bool(cell == _serial(wanted))


def _serial(value: CellValue) -> Cell:
    """Return the cell that a value makes."""
    if isinstance(value, datetime):
        return wall_serial(value)
    if isinstance(value, date):
        return wall_serial(datetime.combine(value, time()))
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute) / timedelta(days=1)
    return value


def _typed(value: CellValue) -> str | int | float:
    """Return what somebody types to enter a value."""
    return value if isinstance(value, str | int | float) else str(value)


def _find_answer(rows: Sequence[Sequence[Cell]], stamp: datetime) -> int | None:
    """Return the index of the row that bears a timestamp."""
    return next((i for i, row in enumerate(rows) if row and to_wall(row[0]) == stamp), None)


def _edit_answer(sheet: Worksheet, act: Edit) -> None:
    """Overwrite an answer in place, its timestamp included, as Forms does."""
    header, *rows = _read_grid(sheet)
    index = _find_answer(rows, act.answer)
    if index is None:
        return
    new = {fold(question): answer for question, answer in act.changes.items()}
    row = [new.get(fold(parse_text(h)), cell) for h, cell in zip(header, rows[index], strict=True)]
    row[0] = wall_serial(act.new_timestamp)
    place = f"A{index + 2}"
    sheet.update([row], place, value_input_option=ValueInputOption.raw)


def _delete_answer(sheet: Worksheet, stamp: datetime) -> None:
    _, *rows = _read_grid(sheet)
    index = _find_answer(rows, stamp)
    if index is not None:
        sheet.delete_rows(index + 2)
