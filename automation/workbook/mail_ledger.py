"""The ledger while messages leave: each record is a guarded write of its own, and renews the lease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.ledger import MailState
from automation.core.mailing import show_mailing
from automation.google.sheets import read_ranges
from automation.workbook.cells import parse_text, to_wire
from automation.workbook.layout import MAIL, find_columns
from automation.workbook.requests import Lines, Pen, log_line, merge_rows, show_row
from automation.workbook.writer import write_guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from gspread import HTTPClient

    from automation.core.ledger import Mailing, MailRow
    from automation.core.model import Enrolment, Number
    from automation.core.plan import Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.workbook.guards import Run
    from automation.workbook.requests import Unit


class Ledger:
    """Records what becomes of messages, right after a night was written.

    Attributes:
        revision: That of its latest guard.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - where, what is there, and by whom
        self,
        http: HTTPClient,
        snapshot: Snapshot,
        rules: Rules,
        run: Run,
        revision: int,
        plan: Plan,
        rows: Mapping[str, MailRow],
        enrolments: Mapping[Number, Enrolment],
    ) -> None:
        """Take over after the write of a night.

        Args:
            revision: Of that write.
            rows: What Courriels shows since then, by key.
        """
        self.revision = revision
        self._http, self._snapshot, self._rules, self._run = http, snapshot, rules, run
        self._rows, self._enrolments = dict(rows), enrolments
        self._pen = Pen(snapshot, rules)
        self._plan = plan
        self._told: dict[str, Mailing] = {}
        self._last: datetime = run.clock()

    def record(self, mailings: Iterable[Mailing], *, goes_on: bool) -> None:
        """Append a line for each message; the last record also redraws their rows in Courriels.

        Raises `ConflictError` where another run wrote meanwhile: nothing more may leave then.
        """
        lines = list(mailings)
        self._told.update((mailing.key, mailing) for mailing in lines)
        requests: Unit = [log_line(self._pen, mailing) for mailing in lines]
        self.revision += 1
        if not goes_on:
            # The journal tells of every revision that ends a run.
            sent = sum(m.state is MailState.SENT for m in self._told.values())
            revision = to_wire(self.revision)
            journal = Lines(self._pen, self._plan, self._run.run_id, revision)
            requests += [*self._redraw(), journal.of_mail(sent)]
        self._last = write_guarded(
            self._http,
            self._snapshot.spreadsheet_id,
            merge_rows([requests]),
            self._run,
            revision=self.revision,
            last_write=self._last,
            goes_on=goes_on,
        )

    def _redraw(self) -> Unit:
        """Return the requests that show in Courriels what became of each message."""
        if not self._told:
            return []
        (grid,) = read_ranges(
            self._http, self._snapshot.spreadsheet_id, [{"sheetId": MAIL.sheet_id}]
        )
        columns = find_columns(MAIL, grid[0] if grid else ())
        if any(column.required and column.key not in columns for column in MAIL.columns):
            return []  # the next night says so, and redraws
        self._pen.places[MAIL.key] = columns
        at = columns["key"]
        places = {
            parse_text(row[at]): index for index, row in enumerate(grid) if index and at < len(row)
        }
        requests: Unit = []
        for key, mailing in self._told.items():
            before = self._rows.get(key)
            zone = self._snapshot.zone
            after = show_mailing(mailing, before, self._enrolments, self._rules, zone)
            if key in places and before is not None:
                requests += show_row(self._pen, places, before, after)
        return requests
