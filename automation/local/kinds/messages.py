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
from automation.local.object_messages import (
    BANDED_RANGE,
    DIMENSION_GROUP,
    FILTER_VIEW,
    NAMED_RANGE,
    SLICER,
    SLICER_SPEC,
    SOURCE_AND_DESTINATION,
    TABLE,
)
from automation.local.schema import Many, Message, choice

_PASTE: Final = choice(
    "PASTE_NORMAL PASTE_VALUES PASTE_FORMAT PASTE_NO_BORDERS PASTE_FORMULA "
    "PASTE_DATA_VALIDATION PASTE_CONDITIONAL_FORMATTING"
)

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
    "updateConditionalFormatRule": message(
        "UpdateConditionalFormatRuleRequest",
        one_of="rule newIndex",
        index=INT,
        sheetId=INT,
        rule=CONDITIONAL_FORMAT,
        newIndex=INT,
    ),
    "addNamedRange": message("AddNamedRangeRequest", namedRange=NAMED_RANGE),
    "updateNamedRange": message("UpdateNamedRangeRequest", namedRange=NAMED_RANGE, fields=TEXT),
    "deleteNamedRange": message("DeleteNamedRangeRequest", namedRangeId=TEXT),
    "addFilterView": message("AddFilterViewRequest", filter=FILTER_VIEW),
    "updateFilterView": message("UpdateFilterViewRequest", filter=FILTER_VIEW, fields=TEXT),
    "duplicateFilterView": message("DuplicateFilterViewRequest", filterId=INT),
    "deleteFilterView": message("DeleteFilterViewRequest", filterId=INT),
    "addSlicer": message("AddSlicerRequest", slicer=SLICER),
    "updateSlicerSpec": message(
        "UpdateSlicerSpecRequest", slicerId=INT, spec=SLICER_SPEC, fields=TEXT
    ),
    "addTable": message("AddTableRequest", table=TABLE),
    "updateTable": message("UpdateTableRequest", table=TABLE, fields=TEXT),
    "deleteTable": message("DeleteTableRequest", tableId=TEXT),
    "addDimensionGroup": message("AddDimensionGroupRequest", range=DIMENSION_RANGE),
    "updateDimensionGroup": message(
        "UpdateDimensionGroupRequest", dimensionGroup=DIMENSION_GROUP, fields=TEXT
    ),
    "deleteDimensionGroup": message("DeleteDimensionGroupRequest", range=DIMENSION_RANGE),
    "copyPaste": message(
        "CopyPasteRequest",
        source=GRID_RANGE,
        destination=GRID_RANGE,
        pasteType=_PASTE,
        pasteOrientation=choice("NORMAL TRANSPOSE"),
    ),
    "cutPaste": message(
        "CutPasteRequest", source=GRID_RANGE, destination=GRID_COORDINATE, pasteType=_PASTE
    ),
    "pasteData": message(
        "PasteDataRequest",
        one_of="delimiter html",
        coordinate=GRID_COORDINATE,
        data=TEXT,
        type=_PASTE,
        delimiter=TEXT,
        html=BOOL,
    ),
    "insertRange": message("InsertRangeRequest", range=GRID_RANGE, shiftDimension=DIMENSION),
    "deleteRange": message("DeleteRangeRequest", range=GRID_RANGE, shiftDimension=DIMENSION),
    "autoFill": message(
        "AutoFillRequest",
        one_of="range sourceAndDestination",
        range=GRID_RANGE,
        sourceAndDestination=SOURCE_AND_DESTINATION,
        useAlternateSeries=BOOL,
    ),
    "findReplace": message(
        "FindReplaceRequest",
        one_of="range sheetId allSheets",
        find=TEXT,
        replacement=TEXT,
        matchCase=BOOL,
        matchEntireCell=BOOL,
        searchByRegex=BOOL,
        includeFormulas=BOOL,
        range=GRID_RANGE,
        sheetId=INT,
        allSheets=BOOL,
    ),
    "textToColumns": message(
        "TextToColumnsRequest",
        source=GRID_RANGE,
        delimiter=TEXT,
        delimiterType=choice("COMMA SEMICOLON PERIOD SPACE CUSTOM AUTODETECT"),
    ),
    "trimWhitespace": message("TrimWhitespaceRequest", range=GRID_RANGE),
    "deleteDuplicates": message(
        "DeleteDuplicatesRequest", range=GRID_RANGE, comparisonColumns=Many(DIMENSION_RANGE)
    ),
    "randomizeRange": message("RandomizeRangeRequest", range=GRID_RANGE),
}
"""The kinds of request that a batchUpdate may hold."""
