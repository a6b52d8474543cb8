"""The embedded Google Workspace: Google's REST APIs, answered in process from SQLite.

    import gspread
    from automation import local

    client = gspread.Client(auth=None, session=local.session())
    client.create("Programme")

It speaks the wire format, so the same client code runs against Google and against this. What it
does not offer it refuses with 501 UNIMPLEMENTED and a message that says what; it ignores nothing.
"""

from automation.local.faults import Fault, FaultPlan
from automation.local.transport import Call, LocalAdapter, LocalSession, adapter, session

__all__ = ["Call", "Fault", "FaultPlan", "LocalAdapter", "LocalSession", "adapter", "session"]
