"""The embedded Google Workspace: Google's REST APIs, answered in process from SQLite.

    import gspread
    from automation import local

    client = gspread.Client(auth=None, session=local.session())
    client.create("Programme")

It speaks the wire format, so the same client code runs against Google and against this. What it
does not offer it refuses with 501 UNIMPLEMENTED and a message that says what; it ignores nothing.

Known divergences, besides that 501:
- Formulas are computed only where they are literals or one operation on two numbers (`formulas`);
  the rest reads as "Loading...". References are not rewritten when rows move.
- Typed text is understood in English and French, without currencies, fractions or month names
  (`entering`). Number formats beyond dates, times, decimals, thousands and percent show as
  "Automatic" does (`rendering`).
- A basic filter hides no rows, and protections stop nobody: whoever has the session is the owner.
- A row is sorted by code points without case, not by the locale's collation (`kinds.sorting`).
- A range that `moveDimension` would tear apart stays where it is (`dimensions.moved`).
- Google's answer to a batch that deletes metadata and creates some under the same id is not known:
  here it is a 501, so that nothing comes to rely on it.
- Quotas are not counted, but those of sending mail (`Account`); `FaultPlan` brings their errors on
  demand.
- What is known to differ in the mailbox stands in `gmail`.
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
