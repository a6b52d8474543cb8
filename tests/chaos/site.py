"""A programme as the simulator lives with it: a clock of its own, hands in the sheet, its mailbox."""

from __future__ import annotations

import re
import shutil
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from automation import local
from automation.core.instants import to_serial
from automation.core.ledger import root_of
from automation.core.model import Damage, HandledState
from automation.core.text import fold
from automation.google.client import Client
from automation.google.retries import ONCE, Retries
from automation.google.sheets import read_ranges
from automation.local.store import Store
from automation.workbook.layout import find_columns, roll_tab, tabs
from automation.workbook.sheet import open_sheet
from automation.workbook.view import to_value
from tests.programme import Programme
from tests.world import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from gspread import HTTPClient

    from automation.core.model import Cell
    from automation.core.snapshot import Snapshot
    from automation.local import FaultPlan
    from automation.workbook.layout import Tab
    from tests.chaos.letterbox import Letterbox

_KEY = re.compile(rb"^X-Cohorte-Key:\s*(\S+)", re.MULTILINE | re.IGNORECASE)

State = dict[tuple[str, str], str]
"""What a night leaves, as text: by the tab, and by what the row is about."""


class Sight(Struct, frozen=True):
    """The whole workbook at one instant, as a night reads it and cell by cell."""

    snapshot: Snapshot
    grids: dict[int, list[list[Any]]]


class Clock(Struct):
    """The machine's clock, which may step, and how long it ran, which never goes back."""

    at: datetime
    elapsed: float = 0.0

    def tell(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.elapsed += seconds

    def retries(self) -> Retries:
        """Return the patience of a real run, whose waits take no time."""
        return Retries(sleep=self.sleep, clock=lambda: self.elapsed, jitter=lambda: 0.5)


class Site(Programme, frozen=True):
    """An embedded workspace in a file, whose clock follows the simulation.

    Attributes:
        letterbox: What left by another way than the workspace's own mailbox.
    """

    clock: Clock = field(default_factory=lambda: Clock(datetime.max.replace(tzinfo=UTC)))
    letterbox: Letterbox | None = None

    @contextmanager
    def session(
        self, faults: FaultPlan | None = None, retries: Retries = ONCE
    ) -> Iterator[HTTPClient]:
        with local.session(self.path, clock=self.clock.tell, faults=faults) as session:
            yield Client(session, retries)

    def in_place(self) -> AbstractContextManager[None]:
        """Let messages that leave by a server or into a folder come into the letterbox."""
        return self.letterbox.in_place() if self.letterbox else nullcontext()

    def forked(self, path: Path) -> Site:
        """Return a site that goes on from here in a file of its own, with a clock of its own."""
        shutil.copyfile(self.path, path)
        letterbox = self.letterbox.forked() if self.letterbox else None
        config, folder = self.config, self.config.mail.folder
        if folder is not None:
            own = path.with_suffix(".courriels")
            shutil.copytree(folder, own, dirs_exist_ok=True) if folder.exists() else None
            mail = config.mail.model_copy(update={"folder": own})
            config = config.model_copy(update={"mail": mail})
        return replace(
            self, path=path, config=config, clock=Clock(self.clock.at), letterbox=letterbox
        )

    def stamp(self, at: datetime) -> float:
        """Return a timestamp as a form writes it."""
        return to_serial(at, ZONE)

    # Hands.

    @property
    def layout(self) -> dict[str, Tab]:
        """Our tabs, by key."""
        return {tab.key: tab for tab in tabs(self.config.rules.fields.extra)}

    def sheet(self, key: str) -> int:
        """Return the sheet id of one of our tabs, or of a response tab by its title."""
        layout = self.layout
        return layout[key].sheet_id if key in layout else self.response_tab(key)

    def grid(self, sheet_id: int) -> list[list[Any]]:
        """Return a tab's cells."""
        with self.session() as http:
            (grid,) = read_ranges(http, self.spreadsheet_id, [{"sheetId": sheet_id}])
        return grid

    def type_by(self, key: str, where: Mapping[str, Cell], name: str, cell: Cell) -> None:
        """Let an organiser type in the row of one of our tabs in which some columns say something."""
        tab = self.layout[key]
        grid = self.grid(tab.sheet_id)
        places = find_columns(tab, grid[0])
        self.put(tab.sheet_id, _find(grid, places, where), places[name], cell)

    def find_row(self, key: str, where: Mapping[str, Cell]) -> int:
        """Return the row, from 0, in which some columns of one of our tabs say something."""
        tab = self.layout[key]
        grid = self.grid(tab.sheet_id)
        return _find(grid, find_columns(tab, grid[0]), where)

    def append_to(self, key: str, cells: Mapping[str, Cell]) -> None:
        """Let an organiser fill in the first row below the last one that says anything."""
        tab = self.layout[key]
        grid = self.grid(tab.sheet_id)
        places = find_columns(tab, grid[0])
        for name, cell in cells.items():
            self.put(tab.sheet_id, len(grid), places[name], cell)

    def submit(self, title: str, told: Mapping[str, Cell]) -> None:
        """Let a form write below its last answer, each answer in the column of its question."""
        sheet_id = self.response_tab(title)
        grid = self.grid(sheet_id)
        self.put(sheet_id, len(grid), 0, *[told.get(str(q), "") for q in grid[0]])

    def find_answer(self, title: str, told: Mapping[str, Cell]) -> int:
        """Return the row, from 0, of an answer that says this in the columns of these questions."""
        grid = self.grid(self.response_tab(title))
        return _find(grid, {str(q): index for index, q in enumerate(grid[0])}, told)

    def tick_by(self, meeting: int, number: int, box: str, cell: Cell) -> None:
        """Let an organiser tick or write beside somebody's number on a roll."""
        tab = roll_tab(meeting)
        grid = self.grid(tab.sheet_id)
        places = find_columns(tab, grid[tab.header])
        self.put(tab.sheet_id, _find(grid, places, {"number": number}), places[box], cell)

    # What can be seen from outside.

    def left(self) -> list[str]:
        """Return the key of each message that left, as often as it did: as the mailbox sees it."""
        if self.letterbox is not None:
            return [key_of(raw) for raw in self.letterbox.taken]
        store = Store(self.path)
        with closing(store), store.reading() as connection:
            rows = connection.execute("SELECT raw FROM mail WHERE labels LIKE '%\"SENT\"%'")
            return [key_of(raw) for (raw,) in rows]

    def look(self) -> Sight:
        """Read everything once."""
        return Sight(self.snapshot(), self.grids())

    def tell_state(self, sight: Sight) -> State:
        """Return all that a night leaves, but for instants, run ids, and how it went about it.

        Of an instant the day is kept. Rows stand by what they are about, in whichever order; those
        of the Sommaire are in the order of the cohorts, which organisers sort. Raises AssertionError
        where a row is damaged that a night can put right.
        """
        snapshot, grids, about = sight.snapshot, sight.grids, {"title": ""}
        damaged = {e.number: e.damage for e in snapshot.register if e.frozen}
        # Whose cells were torn apart is restored from the answer: without one, a human must look.
        answered = {h.number for h in snapshot.handled.values() if h.state is HandledState.ACTED}
        hopeless = {n for n, damage in damaged.items() if damage is Damage.TORN} - answered
        assert set(damaged) <= hopeless, ("a row is damaged", damaged)
        found: State = {}
        for tab in self.layout.values():
            if tab.key == "mail_log":
                continue  # as Courriels shows it
            sheet = open_sheet(tab, about, grids[tab.sheet_id])
            columns = [tab.column(k) for k in sheet.standing.columns if k not in _VOLATILE[tab.key]]
            rows = [
                {c.key: _daily(to_value(c, row.get(c.key), snapshot.zone)) for c in columns}
                for row in sheet.rows()
            ]
            found |= _by_subject(tab.key, rows)
        for number, roll in snapshot.rolls.items():
            rows_of = sorted(roll.rows, key=lambda row: row.number)
            found["roll", str(number)] = repr((roll.title, roll.called, rows_of, roll.guests))
        for key, board in snapshot.boards.items():
            found["board", key] = repr((sorted(map(repr, board.grid)), sorted(board.charts)))
        return found


def key_of(raw: bytes) -> str:
    """Return the key that a message bears."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    found = _KEY.search(head)
    return found[1].decode() if found else "?"


_STEPS = {"step", "seal", "at", "run", "revision", "handled_at"}
_VOLATILE: dict[str, set[str]] = {
    "cohorts": set(),
    "meetings": {"seal"},
    "enrolments": {"seal"},
    "duplicates": {"seal"},
    "mail": {"planned_at", "reference", "error", "action", "action_seen"},
    "journal": _STEPS,
    "handled": {"handled_at"},
}
_RUNS = {"night", "apply", "made", "mailed"}
_SUBJECT = {
    "cohorts": ("code",),
    "meetings": ("number", "cohort", "date"),
    "enrolments": ("number",),
    "duplicates": ("a", "b"),
    "handled": ("key", "state"),
}


def _by_subject(key: str, rows: list[dict[str, Any]]) -> State:
    """Return a tab's rows by what they are about; those with nothing in them are left out."""
    found: State = {}
    if key == "mail":
        # Of a message sent again by hand, the latest attempt counts.
        for row in sorted(rows, key=lambda row: (len(str(row["key"])), str(row["key"]))):
            if row["key"]:
                told = {k: v for k, v in row.items() if k != "key"}
                found[key, root_of(str(row["key"]))] = repr(told)
        return found
    if key == "journal":
        lines: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            if row["event"] not in _RUNS:
                lines.setdefault((key, f"{row['number']} {row['other'] or ''}"), []).append(
                    str(row)
                )
        return {about: "\n".join(sorted(told)) for about, told in lines.items()}
    for row in rows:
        if any(cell not in {None, "", False} for cell in row.values()):
            about = " ".join(str(row[name]) for name in _SUBJECT[key])
            found[key, about] = found.get((key, about), "") + repr(row)
    return found


def _daily(value: object) -> object:
    """Return the day of an instant, and everything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(ZONE).date().isoformat() if value.tzinfo else value.date()
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*", value):
        return _daily(datetime.fromisoformat(value))
    return value


def _find(
    grid: Sequence[Sequence[Any]], places: Mapping[str, int], where: Mapping[str, Cell]
) -> int:
    for index, row in enumerate(grid):
        cells = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        if index and all(_same(cells.get(name, ""), cell) for name, cell in where.items()):
            return index
    raise LookupError(f"no row says {dict(where)}")


def _same(one: Cell, other: Cell) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-6
    return fold(str(one)) == fold(str(other))
