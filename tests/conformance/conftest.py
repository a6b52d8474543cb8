from __future__ import annotations

from tests.conformance.workspaces import client, sheet, spreadsheet, workspace

__all__ = ["client", "sheet", "spreadsheet", "workspace"]
