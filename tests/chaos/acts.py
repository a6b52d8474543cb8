"""What people do to the forms and to the sheet: each act at its instant, the same in every weather."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from automation.core.ledger import root_of
from automation.core.replies import make_code
from automation.core.text import fold
from tests.programme import TAB
from tests.world import PLACE_FORM, REPLY_HEADER, SECRET

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from automation.core.model import Cell, Number
    from tests.chaos.site import Site


class Act(Struct, frozen=True, kw_only=True):
    """Something that somebody does.

    Attributes:
        at: When; aware.
        why: In a few words, for whoever reads the trace.
    """

    at: datetime
    why: str

    def do(self, site: Site) -> None:
        raise NotImplementedError

    def __str__(self) -> str:
        told = {name: getattr(self, name) for name in self.__struct_fields__}
        told = {name: value for name, value in told.items() if name not in {"at", "why"}}
        return f"{self.why} {told}"


class Answer(Act, frozen=True, kw_only=True):
    """Somebody fills in the form.

    Attributes:
        told: Answers by question; so are the others' of this module.
    """

    told: Mapping[str, Cell]

    def do(self, site: Site) -> None:
        site.submit(TAB, self.told)


class Edit(Act, frozen=True, kw_only=True):
    """Somebody changes their answer: Forms overwrites it in place, timestamp included."""

    former: Mapping[str, Cell]
    told: Mapping[str, Cell]

    def do(self, site: Site) -> None:
        sheet_id, row = site.response_tab(), site.find_answer(TAB, self.former)
        for column, question in enumerate(site.grid(sheet_id)[0]):
            if question in self.told and self.told[question] != self.former.get(question):
                site.put(sheet_id, row, column, self.told[question])


class Reply(Act, frozen=True, kw_only=True):
    """Somebody follows the link of a message to "Ma place".

    Attributes:
        letter: Key of the message, which they must have got; "" for none.
    """

    number: Number
    offer: int
    wish: str
    letter: str = ""
    code: str = ""

    def do(self, site: Site) -> None:
        if self.letter:
            got = {root_of(key) for key in site.left()}
            assert root_of(self.letter) in got, ("lost: they never got it", self.letter)
        code = self.code or make_code(self.number, self.offer, SECRET)
        stamp = site.stamp(self.at)
        site.submit(PLACE_FORM.tab, dict(zip(REPLY_HEADER, (stamp, code, self.wish), strict=True)))


class Type(Act, frozen=True, kw_only=True):
    """An organiser types in a cell of the row of one of our tabs that says this."""

    tab: str
    where: Mapping[str, Cell]
    name: str
    cell: Cell

    def do(self, site: Site) -> None:
        site.type_by(self.tab, self.where, self.name, self.cell)


class Add(Act, frozen=True, kw_only=True):
    """An organiser fills in a new row."""

    tab: str
    cells: Mapping[str, Cell]

    def do(self, site: Site) -> None:
        site.append_to(self.tab, self.cells)


class Erase(Act, frozen=True, kw_only=True):
    """An organiser deletes a row of one of our tabs, or an answer."""

    tab: str
    where: Mapping[str, Cell]

    def do(self, site: Site) -> None:
        row = (
            site.find_row(self.tab, self.where)
            if self.tab in site.layout
            else site.find_answer(self.tab, self.where)
        )
        place = {"sheetId": site.sheet(self.tab), "dimension": "ROWS"}
        site.ask({"deleteDimension": {"range": {**place, "startIndex": row, "endIndex": row + 1}}})


class Tick(Act, frozen=True, kw_only=True):
    """Organisers tick a box, or write a note, on the roll of a meeting."""

    meeting: int
    number: Number
    box: str = "present"
    cell: Cell = True

    def do(self, site: Site) -> None:
        site.tick_by(self.meeting, self.number, self.box, self.cell)


class CallRoll(Act, frozen=True, kw_only=True):
    """Organisers write down who came along, and say that the roll is called."""

    meeting: int
    guests: tuple[str, ...] = ()

    def do(self, site: Site) -> None:
        for guest in self.guests:
            site.tick(self.meeting, guest)
        site.call_roll(self.meeting)


class Loss(Act, frozen=True, kw_only=True):
    """Somebody takes away what a night can't do without.

    Attributes:
        tab: A response tab, or one of ours.
        header: That is written over; "" where all the rows below the headers go.
    """

    tab: str
    header: str = ""

    def do(self, site: Site) -> None:
        sheet_id = site.sheet(self.tab)
        grid = site.grid(sheet_id)
        if self.header:
            folded = [fold(str(cell)) for cell in grid[0]]
            site.put(sheet_id, 0, folded.index(fold(self.header)), "Autre chose")
        else:
            rows = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 1}
            site.ask({"deleteDimension": {"range": {**rows, "endIndex": len(grid)}}})


class Deed(Act, frozen=True, kw_only=True):
    """An organiser sorts, inserts, moves or renames: nothing that should matter.

    Attributes:
        kind: sort, row, column, move or rename.
        chance: From 0 to 1: where.
    """

    tab: str
    kind: str
    chance: float
    options: Mapping[str, Any] = field(default_factory=dict)

    def do(self, site: Site) -> None:
        sheet_id = site.sheet(self.tab)
        grid = site.grid(sheet_id)
        rows, columns = max(2, len(grid)), max(map(len, grid), default=1)
        row, column = 1 + int(self.chance * (rows - 1)), int(self.chance * columns)
        match self.kind:
            case "sort":
                cells = {"sheetId": sheet_id, "startRowIndex": 1}
                order = "DESCENDING" if self.chance * 100 % 2 > 1 else "ASCENDING"
                spec = {"dimensionIndex": column, "sortOrder": order}
                site.ask({"sortRange": {"range": cells, "sortSpecs": [spec]}})
            case "row" | "column":
                dimension, at = ("ROWS", row) if self.kind == "row" else ("COLUMNS", column)
                place = {"sheetId": sheet_id, "dimension": dimension}
                place |= {"startIndex": at, "endIndex": at + 1}
                site.ask({"insertDimension": {"range": place, "inheritFromBefore": at > 1}})
            case "move":
                source = {"sheetId": sheet_id, "dimension": "COLUMNS"}
                source |= {"startIndex": column, "endIndex": column + 1}
                site.ask({"moveDimension": {"source": source, "destinationIndex": 0}})
            case "rename":
                properties = {"sheetId": sheet_id, "title": f"{self.tab} {column} {row}"}
                site.ask({"updateSheetProperties": {"properties": properties, "fields": "title"}})
            case _:
                raise ValueError(self.kind)
