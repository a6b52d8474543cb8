"""The embedded sheet against a naive one: lists of lists, changed in the obvious way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from automation.local import grid
from tests.local.desk import GUARD, Desk, desk, dimension, on_row

if TYPE_CHECKING:
    import pytest

HEIGHT, WIDTH = 11, 5
Value = str | int | None
Cell = tuple[Value, str]
EMPTY: Cell = (None, "")

values = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from(["a", "B", "b", "=1", "é"]))
cells = st.tuples(values, st.sampled_from(["", "", "note", "autre"]))
lines = st.lists(st.lists(cells, min_size=1, max_size=WIDTH), min_size=1, max_size=4)
indexes = st.integers(0, 40)


@dataclass
class Line:
    """A row of the naive sheet."""

    cells: list[Cell] = field(default_factory=list)
    metadata: list[int] = field(default_factory=list)


def cell_data(cell: Cell) -> dict[str, Any]:
    """CellData of a naive cell."""
    value, note = cell
    entered: dict[str, Any] = {}
    if value is not None:
        kind = "stringValue" if isinstance(value, str) else "numberValue"
        entered = {"userEnteredValue": {kind: value}}
    return entered | ({"note": note} if note else {})


def sort_key(cell: Cell) -> tuple[bool, int, Any]:
    """Ascending, blanks last."""
    value = cell[0]
    if value is None:
        return True, 0, 0
    return False, int(isinstance(value, str)), value.casefold() if isinstance(value, str) else value


class NaiveSheet(RuleBasedStateMachine):
    """Every rule does the same to both sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.width = WIDTH
        self.model: list[Line] = []
        self.guards = 0
        self.book: Desk

    @initialize()
    def open(self) -> None:
        self.book = desk()
        size = {"rowCount": HEIGHT, "columnCount": WIDTH}
        fields = "gridProperties(rowCount,columnCount)"
        self.send("updateSheetProperties", properties={"gridProperties": size}, fields=fields)
        self.model = [self.blank() for _ in range(HEIGHT)]

    def teardown(self) -> None:
        self.book.session.close()

    def blank(self) -> Line:
        return Line([EMPTY] * self.width)

    def send(self, kind: str, **content: Any) -> None:
        self.book.batch({kind: content})

    @rule(lines=lines, row=indexes, column=indexes)
    def update(self, lines: list[list[Cell]], row: int, column: int) -> None:
        top, left = row % len(self.model), column % self.width
        lines = [line[: self.width - left] for line in lines][: len(self.model) - top]
        wide = max(map(len, lines))
        data = [{"values": [cell_data(cell) for cell in line]} for line in lines]
        where = {"sheetId": 0, "rowIndex": top, "columnIndex": left}
        self.send("updateCells", start=where, rows=data, fields="userEnteredValue,note")
        for line, target in zip(lines, self.model[top:], strict=False):
            target.cells[left : left + wide] = line + [EMPTY] * (wide - len(line))

    @rule(lines=lines)
    def append(self, lines: list[list[Cell]]) -> None:
        used = [
            n
            for n, line in enumerate(self.model, 1)
            if any(cell[0] is not None for cell in line.cells)
        ]
        top = max(used, default=0)
        lines = [line[: self.width] for line in lines]
        data = [{"values": [cell_data(cell) for cell in line]} for line in lines]
        self.send("appendCells", sheetId=0, rows=data, fields="userEnteredValue,note")
        for row, line in enumerate(lines, top):
            if row == len(self.model):
                self.model.append(self.blank())
            self.model[row].cells[: len(line)] = line

    @rule(row=indexes, count=st.integers(1, 9))
    def insert_rows(self, row: int, count: int) -> None:
        at = row % (len(self.model) + 1)
        self.send("insertDimension", range=dimension("ROWS", at, at + count))
        self.model[at:at] = [self.blank() for _ in range(count)]

    @precondition(lambda self: len(self.model) > 3)
    @rule(row=indexes, count=st.integers(1, 6))
    def delete_rows(self, row: int, count: int) -> None:
        at = row % (len(self.model) - 1) + 1
        self.send("deleteDimension", range=dimension("ROWS", at, at + count))
        del self.model[at : at + count]

    @rule(row=indexes, count=st.integers(1, 6), to=indexes)
    def move_rows(self, row: int, count: int, to: int) -> None:
        start = row % len(self.model)
        end = min(start + count, len(self.model))
        to %= len(self.model) + 1
        if start < to < end:
            return
        self.send("moveDimension", source=dimension("ROWS", start, end), destinationIndex=to)
        moved = self.model[start:end]
        del self.model[start:end]
        target = to - len(moved) if to > start else to
        self.model[target:target] = moved

    @rule(row=indexes, column=indexes, down=st.booleans())
    def sort(self, row: int, column: int, down: bool) -> None:
        top, column = row % len(self.model), column % self.width
        spec = {"dimensionIndex": column, "sortOrder": "DESCENDING" if down else "ASCENDING"}
        where = {"sheetId": 0, "startRowIndex": top}
        self.send("sortRange", range=where, sortSpecs=[spec])
        tail = self.model[top:]
        filled = [line for line in tail if line.cells[column][0] is not None]
        blank = [line for line in tail if line.cells[column][0] is None]
        filled.sort(key=lambda line: sort_key(line.cells[column]), reverse=down)
        self.model[top:] = filled + blank

    @precondition(lambda self: self.width < 9)
    @rule(column=indexes, count=st.integers(1, 2))
    def insert_columns(self, column: int, count: int) -> None:
        at = column % (self.width + 1)
        self.send("insertDimension", range=dimension("COLUMNS", at, at + count))
        for line in self.model:
            line.cells[at:at] = [EMPTY] * count
        self.width += count

    @precondition(lambda self: self.width > 2)
    @rule(column=indexes)
    def delete_column(self, column: int) -> None:
        at = column % self.width
        self.send("deleteDimension", range=dimension("COLUMNS", at, at + 1))
        for line in self.model:
            del line.cells[at]
        self.width -= 1

    @rule(row=indexes)
    def mark(self, row: int) -> None:
        at = row % len(self.model)
        self.guards += 1
        self.book.batch(on_row(at, GUARD + self.guards))
        self.model[at].metadata.append(GUARD + self.guards)

    @invariant()
    def both_are_the_same(self) -> None:
        if not self.model:
            return
        fields = "sheets(properties.gridProperties,data(rowData.values(userEnteredValue,note),rowMetadata.developerMetadata.metadataId))"
        sheet = self.book.get(fields=fields)["sheets"][0]
        data = sheet["data"][0]
        found = [
            [read_cell(cell) for cell in row.get("values", [])] for row in data.get("rowData", [])
        ]
        expected = [trimmed(line.cells) for line in self.model]
        while expected and not expected[-1]:
            expected.pop()
        assert found == expected
        ids = [
            [entry["metadataId"] for entry in row.get("developerMetadata", [])]
            for row in data["rowMetadata"]
        ]
        assert ids == [line.metadata for line in self.model]
        assert sheet["properties"]["gridProperties"] == {
            "rowCount": len(self.model),
            "columnCount": self.width,
        }
        assert self.book.values() == plain(self.model)


def read_cell(cell: dict[str, Any]) -> Cell:
    """A naive cell from CellData."""
    value: Value = next(iter(cell.get("userEnteredValue", {}).values()), None)
    return value, cell.get("note", "")


def trimmed(cells_: list[Cell]) -> list[Cell]:
    """Without the empty cells at the end."""
    kept = list(cells_)
    while kept and kept[-1] == EMPTY:
        kept.pop()
    return kept


def plain(model: list[Line]) -> list[list[Any]]:
    """What `values.get` answers."""
    rows = [["" if value is None else value for value, _ in line.cells] for line in model]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def test_the_embedded_sheet_does_what_a_naive_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "BLOCK", 4)
    monkeypatch.setattr(grid, "_KEPT", 2)

    run_state_machine_as_test(
        NaiveSheet,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
