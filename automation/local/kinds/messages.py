"""The requests of a batchUpdate, field by field."""

from __future__ import annotations

from typing import Final

from automation.local.chart_messages import (
    CHART_SPEC,
    EMBEDDED_CHART,
    EMBEDDED_OBJECT_BORDER,
    EMBEDDED_OBJECT_POSITION,
)
from automation.local.messages import (
    BASIC_FILTER,
    BOOL,
    BORDER,
    CELL,
    CONDITIONAL_FORMAT,
    DATA_FILTER,
    DIMENSION,
    DIMENSION_PROPERTIES,
    DIMENSION_RANGE,
    GRID_COORDINATE,
    GRID_RANGE,
    INT,
    METADATA,
    PROTECTED_RANGE,
    ROWS,
    SHEET_PROPERTIES,
    SORT_SPEC,
    SPREADSHEET_PROPERTIES,
    TEXT,
    VALIDATION,
    message,
)
from automation.local.object_messages import BANDED_RANGE
from automation.local.schema import Many, Message, choice

KINDS: Final[dict[str, Message]] = {
    "addSheet": message("AddSheetRequest", properties=SHEET_PROPERTIES),
    "deleteSheet": message("DeleteSheetRequest", sheetId=INT),
    "duplicateSheet": message(
        "DuplicateSheetRequest",
        sourceSheetId=INT,
        insertSheetIndex=INT,
        newSheetId=INT,
        newSheetName=TEXT,
    ),
    "updateSheetProperties": message(
        "UpdateSheetPropertiesRequest", properties=SHEET_PROPERTIES, fields=TEXT
    ),
    "updateSpreadsheetProperties": message(
        "UpdateSpreadsheetPropertiesRequest", properties=SPREADSHEET_PROPERTIES, fields=TEXT
    ),
    "updateCells": message(
        "UpdateCellsRequest",
        one_of="start range",
        rows=ROWS,
        fields=TEXT,
        start=GRID_COORDINATE,
        range=GRID_RANGE,
    ),
    "appendCells": message("AppendCellsRequest", sheetId=INT, rows=ROWS, fields=TEXT),
    "repeatCell": message("RepeatCellRequest", range=GRID_RANGE, cell=CELL, fields=TEXT),
    "insertDimension": message(
        "InsertDimensionRequest", range=DIMENSION_RANGE, inheritFromBefore=BOOL
    ),
    "deleteDimension": message("DeleteDimensionRequest", range=DIMENSION_RANGE),
    "moveDimension": message("MoveDimensionRequest", source=DIMENSION_RANGE, destinationIndex=INT),
    "appendDimension": message(
        "AppendDimensionRequest", sheetId=INT, dimension=DIMENSION, length=INT
    ),
    "updateDimensionProperties": message(
        "UpdateDimensionPropertiesRequest",
        range=DIMENSION_RANGE,
        properties=DIMENSION_PROPERTIES,
        fields=TEXT,
    ),
    "autoResizeDimensions": message("AutoResizeDimensionsRequest", dimensions=DIMENSION_RANGE),
    "setDataValidation": message(
        "SetDataValidationRequest", range=GRID_RANGE, rule=VALIDATION, filteredRowsIncluded=BOOL
    ),
    "addProtectedRange": message("AddProtectedRangeRequest", protectedRange=PROTECTED_RANGE),
    "updateProtectedRange": message(
        "UpdateProtectedRangeRequest", protectedRange=PROTECTED_RANGE, fields=TEXT
    ),
    "deleteProtectedRange": message("DeleteProtectedRangeRequest", protectedRangeId=INT),
    "addConditionalFormatRule": message(
        "AddConditionalFormatRuleRequest", rule=CONDITIONAL_FORMAT, index=INT
    ),
    "deleteConditionalFormatRule": message(
        "DeleteConditionalFormatRuleRequest", sheetId=INT, index=INT
    ),
    "sortRange": message("SortRangeRequest", range=GRID_RANGE, sortSpecs=Many(SORT_SPEC)),
    "setBasicFilter": message("SetBasicFilterRequest", filter=BASIC_FILTER),
    "clearBasicFilter": message("ClearBasicFilterRequest", sheetId=INT),
    "createDeveloperMetadata": message(
        "CreateDeveloperMetadataRequest", developerMetadata=METADATA
    ),
    "updateDeveloperMetadata": message(
        "UpdateDeveloperMetadataRequest",
        dataFilters=Many(DATA_FILTER),
        developerMetadata=METADATA,
        fields=TEXT,
    ),
    "deleteDeveloperMetadata": message("DeleteDeveloperMetadataRequest", dataFilter=DATA_FILTER),
    "mergeCells": message(
        "MergeCellsRequest",
        range=GRID_RANGE,
        mergeType=choice("MERGE_ALL MERGE_COLUMNS MERGE_ROWS"),
    ),
    "unmergeCells": message("UnmergeCellsRequest", range=GRID_RANGE),
    "updateBorders": message(
        "UpdateBordersRequest",
        range=GRID_RANGE,
        top=BORDER,
        bottom=BORDER,
        left=BORDER,
        right=BORDER,
        innerHorizontal=BORDER,
        innerVertical=BORDER,
    ),
    "addChart": message("AddChartRequest", chart=EMBEDDED_CHART),
    "updateChartSpec": message("UpdateChartSpecRequest", chartId=INT, spec=CHART_SPEC),
    "updateEmbeddedObjectPosition": message(
        "UpdateEmbeddedObjectPositionRequest",
        objectId=INT,
        newPosition=EMBEDDED_OBJECT_POSITION,
        fields=TEXT,
    ),
    "updateEmbeddedObjectBorder": message(
        "UpdateEmbeddedObjectBorderRequest",
        objectId=INT,
        border=EMBEDDED_OBJECT_BORDER,
        fields=TEXT,
    ),
    "deleteEmbeddedObject": message("DeleteEmbeddedObjectRequest", objectId=INT),
    "addBanding": message("AddBandingRequest", bandedRange=BANDED_RANGE),
    "updateBanding": message("UpdateBandingRequest", bandedRange=BANDED_RANGE, fields=TEXT),
    "deleteBanding": message("DeleteBandingRequest", bandedRangeId=INT),
}
"""The kinds of request that a batchUpdate may hold."""
