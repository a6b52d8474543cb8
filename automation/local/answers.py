"""What an answer about a whole spreadsheet may hold, for the masks over it."""

from __future__ import annotations

from typing import Final

from automation.local.chart_messages import EMBEDDED_CHART
from automation.local.messages import (
    ABSENT,
    BASIC_FILTER,
    CONDITIONAL_FORMAT,
    GRID_DATA,
    GRID_RANGE,
    METADATA,
    PROTECTED_RANGE,
    SHEET_PROPERTIES,
    SPREADSHEET_PROPERTIES,
    TEXT,
    message,
)
from automation.local.object_messages import (
    BANDED_RANGE,
    DIMENSION_GROUP,
    FILTER_VIEW,
    NAMED_RANGE,
    SLICER,
    TABLE,
)
from automation.local.schema import Many

SHEET: Final = message(
    "Sheet",
    properties=SHEET_PROPERTIES,
    data=Many(GRID_DATA),
    merges=Many(GRID_RANGE),
    conditionalFormats=Many(CONDITIONAL_FORMAT),
    protectedRanges=Many(PROTECTED_RANGE),
    basicFilter=BASIC_FILTER,
    developerMetadata=Many(METADATA),
    charts=Many(EMBEDDED_CHART),
    bandedRanges=Many(BANDED_RANGE),
    filterViews=Many(FILTER_VIEW),
    slicers=Many(SLICER),
    tables=Many(TABLE),
    rowGroups=Many(DIMENSION_GROUP),
    columnGroups=Many(DIMENSION_GROUP),
    commentAnchors=ABSENT,
)
SPREADSHEET: Final = message(
    "Spreadsheet",
    spreadsheetId=TEXT,
    properties=SPREADSHEET_PROPERTIES,
    sheets=Many(SHEET),
    developerMetadata=Many(METADATA),
    spreadsheetUrl=TEXT,
    namedRanges=Many(NAMED_RANGE),
    dataSources=ABSENT,
    dataSourceSchedules=ABSENT,
    comments=ABSENT,
    commentsViewMode=ABSENT,
)
