"""The embedded Google Workspace: Google's REST APIs, answered in process from SQLite.

    import gspread
    from automation import local

    client = gspread.Client(auth=None, session=local.session())
    client.create("Programme")

It speaks the wire format of Sheets, Drive, Forms and Gmail, so the same client code runs against
Google and against this. What it does not offer it refuses with 501 UNIMPLEMENTED and a message that
says what; it ignores nothing. `tests/conformance/coverage.md` lists what is and is not offered.

Known divergences, besides that 501:
- Formulas are computed only where they are literals or one operation on two numbers (`formulas`);
  the rest reads as "Loading...". Copying rewrites their references; moving rows does not.
- Typed text is understood in English and French, without fractions, dates that lack a year, and
  money that is not the locale's (`entering`). A number pattern with several groups of digits shows
  as "Automatic" does (`patterns`).
- Filter views and slicers hide no rows; the basic filter does (`filtering`). Bands and rules do not
  show in an `effectiveFormat`. Permissions stop nobody: whoever has the session is the owner. A
  protection stops those whom it does not name among its editors, if it names any (`locks`).
- A row is sorted by code points without case, not by the locale's collation (`kinds.sorting`).
- A range that `moveDimension` would tear apart stays where it is (`dimensions.moved`).
- A chart without a position hangs on the first cell of the first sheet. A sheet of its own comes
  after all others, and there a chart can only be redrawn; the sheet goes as a whole. A copied sheet's named
  ranges stay with the original.
- Comments are Drive's, on a file as a whole. Who is given a permission gets no mail.
- Google's answer to a batch that deletes metadata and creates some under the same id is not known:
  here it is a 501, so that nothing comes to rely on it.
- Quotas are not counted, but those of sending mail (`Account`); `FaultPlan` brings their errors on
  demand.
- What is known to differ in the mailbox stands in `gmail`, and in Excel files in `xlsx`.
"""

from automation.local.account import Account
from automation.local.faults import Fault, FaultPlan
from automation.local.gmail.reading import MailboxMessage, read_mailbox
from automation.local.transport import Call, LocalAdapter, LocalSession, adapter, session

__all__ = [
    "Account",
    "Call",
    "Fault",
    "FaultPlan",
    "LocalAdapter",
    "LocalSession",
    "MailboxMessage",
    "adapter",
    "read_mailbox",
    "session",
]
