"""What lies on a sheet besides cells and charts, and the names of ranges, field by field."""

from __future__ import annotations

from typing import Final

from automation.local.chart_messages import EMBEDDED_OBJECT_POSITION
from automation.local.messages import (
    ABSENT,
    BOOL,
    COLOR,
    COLOR_STYLE,
    CONDITION,
    CRITERIA,
    DIMENSION,
    DIMENSION_RANGE,
    FILTER_SPEC,
    GRID_RANGE,
    INT,
    SORT_SPEC,
    TEXT,
    TEXT_FORMAT,
    message,
)
from automation.local.schema import Many, choice

BANDING_PROPERTIES: Final = message(
    "BandingProperties",
    firstBandColor=COLOR,
    firstBandColorStyle=COLOR_STYLE,
    footerColor=COLOR,
    footerColorStyle=COLOR_STYLE,
    headerColor=COLOR,
    headerColorStyle=COLOR_STYLE,
    secondBandColor=COLOR,
    secondBandColorStyle=COLOR_STYLE,
)
BANDED_RANGE: Final = message(
    "BandedRange",
    bandedRangeId=INT,
    bandedRangeReference=ABSENT,
    columnProperties=BANDING_PROPERTIES,
    range=GRID_RANGE,
    rowProperties=BANDING_PROPERTIES,
)
FILTER_VIEW: Final = message(
    "FilterView",
    criteria=ABSENT,
    filterSpecs=Many(FILTER_SPEC),
    filterViewId=INT,
    namedRangeId=TEXT,
    range=GRID_RANGE,
    sortSpecs=Many(SORT_SPEC),
    tableId=TEXT,
    title=TEXT,
)
SLICER_SPEC: Final = message(
    "SlicerSpec",
    applyToPivotTables=BOOL,
    backgroundColor=COLOR,
    backgroundColorStyle=COLOR_STYLE,
    columnIndex=INT,
    dataRange=GRID_RANGE,
    filterCriteria=CRITERIA,
    horizontalAlignment=choice("LEFT CENTER RIGHT"),
    textFormat=TEXT_FORMAT,
    title=TEXT,
)
SLICER: Final = message(
    "Slicer",
    position=EMBEDDED_OBJECT_POSITION,
    slicerId=INT,
    spec=SLICER_SPEC,
)
TABLE_COLUMN_DATA_VALIDATION_RULE: Final = message(
    "TableColumnDataValidationRule",
    condition=CONDITION,
)
TABLE_COLUMN_PROPERTIES: Final = message(
    "TableColumnProperties",
    columnIndex=INT,
    columnName=TEXT,
    columnType=choice(
        "DOUBLE CURRENCY PERCENT DATE TIME DATE_TIME TEXT BOOLEAN DROPDOWN "
        "FILES_CHIP PEOPLE_CHIP FINANCE_CHIP PLACE_CHIP RATINGS_CHIP"
    ),
    dataValidationRule=TABLE_COLUMN_DATA_VALIDATION_RULE,
)
TABLE_ROWS_PROPERTIES: Final = message(
    "TableRowsProperties",
    firstBandColorStyle=COLOR_STYLE,
    footerColorStyle=COLOR_STYLE,
    headerColorStyle=COLOR_STYLE,
    secondBandColorStyle=COLOR_STYLE,
)
TABLE: Final = message(
    "Table",
    columnProperties=Many(TABLE_COLUMN_PROPERTIES),
    name=TEXT,
    range=GRID_RANGE,
    rowsProperties=TABLE_ROWS_PROPERTIES,
    tableId=TEXT,
)
DIMENSION_GROUP: Final = message(
    "DimensionGroup",
    collapsed=BOOL,
    depth=INT,
    range=DIMENSION_RANGE,
)
NAMED_RANGE: Final = message(
    "NamedRange",
    name=TEXT,
    namedRangeId=TEXT,
    range=GRID_RANGE,
)
POST_AUTHOR: Final = message(
    "PostAuthor",
    anonymous=BOOL,
    displayName=TEXT,
    me=BOOL,
    user=TEXT,
)
POST: Final = message(
    "Post",
    assigneeEmail=TEXT,
    author=POST_AUTHOR,
    commentAction=choice("NO_COMMENT_ACTION_CHANGE RESOLVE REOPEN"),
    content=TEXT,
    contentHtml=TEXT,
    createTime=TEXT,
    deleted=BOOL,
    fromCopiedSpreadsheet=BOOL,
    fromImportedSpreadsheet=BOOL,
    postId=TEXT,
    updateTime=TEXT,
)
COMMENT_THREAD: Final = message(
    "CommentThread",
    anchorId=TEXT,
    commentId=TEXT,
    headPost=POST,
    plainTextQuote=TEXT,
    replies=Many(POST),
    status=choice("OPEN RESOLVED"),
)
SOURCE_AND_DESTINATION: Final = message(
    "SourceAndDestination",
    dimension=DIMENSION,
    fillLength=INT,
    source=GRID_RANGE,
)
