"""The messages of the Sheets API that the embedded workspace understands, field by field."""

from __future__ import annotations

from typing import Final

from automation.local.schema import Many, Message, Scalar, Spec, choice

INT, NUMBER, BOOL, TEXT = Scalar.INT32, Scalar.DOUBLE, Scalar.BOOL, Scalar.STRING
ANY, ABSENT = Scalar.ANY, Scalar.ABSENT


def message(name: str, /, one_of: str = "", **fields: Spec) -> Message:
    """A message from its fields; `one_of` names those of which only one may be set."""
    return Message(name, fields, frozenset(one_of.split()))


DIMENSION: Final = choice("ROWS COLUMNS")
RENDER: Final = choice("FORMATTED_VALUE UNFORMATTED_VALUE FORMULA")
DATE_RENDER: Final = choice("SERIAL_NUMBER FORMATTED_STRING")
INPUT: Final = choice("RAW USER_ENTERED")

GRID_RANGE: Final = message(
    "GridRange",
    sheetId=INT,
    startRowIndex=INT,
    endRowIndex=INT,
    startColumnIndex=INT,
    endColumnIndex=INT,
)
DIMENSION_RANGE: Final = message(
    "DimensionRange", sheetId=INT, dimension=DIMENSION, startIndex=INT, endIndex=INT
)
GRID_COORDINATE: Final = message("GridCoordinate", sheetId=INT, rowIndex=INT, columnIndex=INT)

COLOR: Final = message("Color", red=NUMBER, green=NUMBER, blue=NUMBER, alpha=NUMBER)
COLOR_STYLE: Final = message(
    "ColorStyle",
    one_of="rgbColor themeColor",
    rgbColor=COLOR,
    themeColor=choice("TEXT BACKGROUND ACCENT1 ACCENT2 ACCENT3 ACCENT4 ACCENT5 ACCENT6 LINK"),
)
BORDER: Final = message(
    "Border",
    style=choice("DOTTED DASHED SOLID SOLID_MEDIUM SOLID_THICK NONE DOUBLE"),
    width=INT,
    color=COLOR,
    colorStyle=COLOR_STYLE,
)
TEXT_FORMAT: Final = message(
    "TextFormat",
    foregroundColor=COLOR,
    foregroundColorStyle=COLOR_STYLE,
    fontFamily=TEXT,
    fontSize=INT,
    bold=BOOL,
    italic=BOOL,
    strikethrough=BOOL,
    underline=BOOL,
    link=message("Link", uri=TEXT),
)
CELL_FORMAT: Final = message(
    "CellFormat",
    numberFormat=message(
        "NumberFormat",
        type=choice("TEXT NUMBER PERCENT CURRENCY DATE TIME DATE_TIME SCIENTIFIC"),
        pattern=TEXT,
    ),
    backgroundColor=COLOR,
    backgroundColorStyle=COLOR_STYLE,
    borders=message("Borders", top=BORDER, bottom=BORDER, left=BORDER, right=BORDER),
    padding=message("Padding", top=INT, right=INT, bottom=INT, left=INT),
    horizontalAlignment=choice("LEFT CENTER RIGHT"),
    verticalAlignment=choice("TOP MIDDLE BOTTOM"),
    wrapStrategy=choice("OVERFLOW_CELL LEGACY_WRAP CLIP WRAP"),
    textDirection=choice("LEFT_TO_RIGHT RIGHT_TO_LEFT"),
    textFormat=TEXT_FORMAT,
    hyperlinkDisplayType=choice("LINKED PLAIN_TEXT"),
    textRotation=message("TextRotation", one_of="angle vertical", angle=INT, vertical=BOOL),
)
EXTENDED_VALUE: Final = message(
    "ExtendedValue",
    one_of="numberValue stringValue boolValue formulaValue",
    numberValue=NUMBER,
    stringValue=TEXT,
    boolValue=BOOL,
    formulaValue=TEXT,
)

CONDITION: Final = message(
    "BooleanCondition",
    type=choice(
        "NUMBER_GREATER NUMBER_GREATER_THAN_EQ NUMBER_LESS NUMBER_LESS_THAN_EQ NUMBER_EQ "
        "NUMBER_NOT_EQ NUMBER_BETWEEN NUMBER_NOT_BETWEEN TEXT_CONTAINS TEXT_NOT_CONTAINS "
        "TEXT_STARTS_WITH TEXT_ENDS_WITH TEXT_EQ TEXT_NOT_EQ TEXT_IS_EMAIL TEXT_IS_URL DATE_EQ "
        "DATE_BEFORE DATE_AFTER DATE_ON_OR_BEFORE DATE_ON_OR_AFTER DATE_BETWEEN DATE_NOT_BETWEEN "
        "DATE_IS_VALID DATE_NOT_EQ ONE_OF_RANGE ONE_OF_LIST BLANK NOT_BLANK CUSTOM_FORMULA BOOLEAN"
    ),
    values=Many(
        message(
            "ConditionValue",
            one_of="userEnteredValue relativeDate",
            userEnteredValue=TEXT,
            relativeDate=choice("PAST_YEAR PAST_MONTH PAST_WEEK YESTERDAY TODAY TOMORROW"),
        )
    ),
)
VALIDATION: Final = message(
    "DataValidationRule", condition=CONDITION, inputMessage=TEXT, strict=BOOL, showCustomUi=BOOL
)
CELL: Final = message(
    "CellData",
    userEnteredValue=EXTENDED_VALUE,
    userEnteredFormat=CELL_FORMAT,
    dataValidation=VALIDATION,
    note=TEXT,
    effectiveValue=ABSENT,
    effectiveFormat=ABSENT,
    formattedValue=ABSENT,
    hyperlink=ABSENT,
    textFormatRuns=ABSENT,
    pivotTable=ABSENT,
    chipRuns=ABSENT,
)
ROWS: Final = Many(ANY)
"""Rows of cells: read by `cells.read_rows`, which is made for a hundred thousand of them."""

VISIBILITY: Final = choice("DOCUMENT PROJECT")
LOCATION_TYPE: Final = choice("ROW COLUMN SHEET SPREADSHEET")
LOCATION: Final = message(
    "DeveloperMetadataLocation",
    one_of="spreadsheet sheetId dimensionRange",
    locationType=LOCATION_TYPE,
    spreadsheet=BOOL,
    sheetId=INT,
    dimensionRange=DIMENSION_RANGE,
)
METADATA: Final = message(
    "DeveloperMetadata",
    metadataId=INT,
    metadataKey=TEXT,
    metadataValue=TEXT,
    location=LOCATION,
    visibility=VISIBILITY,
)
DATA_FILTER: Final = message(
    "DataFilter",
    one_of="a1Range gridRange developerMetadataLookup",
    a1Range=TEXT,
    gridRange=GRID_RANGE,
    developerMetadataLookup=message(
        "DeveloperMetadataLookup",
        metadataId=INT,
        metadataKey=TEXT,
        metadataValue=TEXT,
        visibility=VISIBILITY,
        locationType=LOCATION_TYPE,
        metadataLocation=LOCATION,
        locationMatchingStrategy=choice("EXACT_LOCATION INTERSECTING_LOCATION"),
    ),
)

PROTECTED_RANGE: Final = message(
    "ProtectedRange",
    protectedRangeId=INT,
    range=GRID_RANGE,
    unprotectedRanges=Many(GRID_RANGE),
    description=TEXT,
    warningOnly=BOOL,
    requestingUserCanEdit=BOOL,
    editors=message("Editors", users=Many(TEXT), groups=Many(TEXT), domainUsersCanEdit=BOOL),
)
INTERPOLATION_POINT: Final = message(
    "InterpolationPoint",
    type=choice("MIN MAX NUMBER PERCENT PERCENTILE"),
    value=TEXT,
    color=COLOR,
    colorStyle=COLOR_STYLE,
)
CONDITIONAL_FORMAT: Final = message(
    "ConditionalFormatRule",
    one_of="booleanRule gradientRule",
    ranges=Many(GRID_RANGE),
    booleanRule=message("BooleanRule", condition=CONDITION, format=CELL_FORMAT),
    gradientRule=message(
        "GradientRule",
        minpoint=INTERPOLATION_POINT,
        midpoint=INTERPOLATION_POINT,
        maxpoint=INTERPOLATION_POINT,
    ),
)
SORT_SPEC: Final = message("SortSpec", dimensionIndex=INT, sortOrder=choice("ASCENDING DESCENDING"))
CRITERIA: Final = message("FilterCriteria", hiddenValues=Many(TEXT), condition=CONDITION)
FILTER_SPEC: Final = message("FilterSpec", columnIndex=INT, filterCriteria=CRITERIA)
BASIC_FILTER: Final = message(
    "BasicFilter",
    range=GRID_RANGE,
    sortSpecs=Many(SORT_SPEC),
    filterSpecs=Many(FILTER_SPEC),
    criteria=ABSENT,
    tableId=ABSENT,
)

DIMENSION_PROPERTIES: Final = message(
    "DimensionProperties",
    pixelSize=INT,
    hiddenByUser=BOOL,
    hiddenByFilter=ABSENT,
    developerMetadata=ABSENT,
)
SHEET_PROPERTIES: Final = message(
    "SheetProperties",
    sheetId=INT,
    title=TEXT,
    index=INT,
    sheetType=choice("GRID OBJECT"),
    gridProperties=message(
        "GridProperties",
        rowCount=INT,
        columnCount=INT,
        frozenRowCount=INT,
        frozenColumnCount=INT,
        hideGridlines=BOOL,
        rowGroupControlAfter=BOOL,
        columnGroupControlAfter=BOOL,
    ),
    hidden=BOOL,
    tabColor=COLOR,
    tabColorStyle=COLOR_STYLE,
    rightToLeft=BOOL,
    dataSourceSheetProperties=ABSENT,
)
SPREADSHEET_PROPERTIES: Final = message(
    "SpreadsheetProperties",
    title=TEXT,
    locale=TEXT,
    timeZone=TEXT,
    autoRecalc=choice("ON_CHANGE MINUTE HOUR"),
    defaultFormat=ABSENT,
    spreadsheetTheme=ABSENT,
    iterativeCalculationSettings=ABSENT,
    importFunctionsExternalUrlAccessAllowed=ABSENT,
)
GRID_DATA: Final = message(
    "GridData",
    startRow=INT,
    startColumn=INT,
    rowData=Many(message("RowData", values=Many(CELL))),
    rowMetadata=Many(DIMENSION_PROPERTIES),
    columnMetadata=Many(DIMENSION_PROPERTIES),
)
NEW_SPREADSHEET: Final = message(
    "Spreadsheet",
    properties=SPREADSHEET_PROPERTIES,
    sheets=Many(message("Sheet", properties=SHEET_PROPERTIES)),
)

VALUE_RANGE: Final = message(
    "ValueRange", range=TEXT, majorDimension=DIMENSION, values=Many(Many(ANY))
)
BATCH_GET_BY_FILTER: Final = message(
    "BatchGetValuesByDataFilterRequest",
    dataFilters=Many(DATA_FILTER),
    majorDimension=DIMENSION,
    valueRenderOption=RENDER,
    dateTimeRenderOption=DATE_RENDER,
)
BATCH_UPDATE_VALUES: Final = message(
    "BatchUpdateValuesRequest",
    valueInputOption=INPUT,
    data=Many(VALUE_RANGE),
    includeValuesInResponse=BOOL,
    responseValueRenderOption=RENDER,
    responseDateTimeRenderOption=DATE_RENDER,
)
UPDATE_BY_FILTER: Final = message(
    "BatchUpdateValuesByDataFilterRequest",
    valueInputOption=INPUT,
    data=Many(
        message(
            "DataFilterValueRange",
            dataFilter=DATA_FILTER,
            majorDimension=DIMENSION,
            values=Many(Many(ANY)),
        )
    ),
    includeValuesInResponse=BOOL,
    responseValueRenderOption=RENDER,
    responseDateTimeRenderOption=DATE_RENDER,
)
CLEAR_BY_FILTER: Final = message(
    "BatchClearValuesByDataFilterRequest", dataFilters=Many(DATA_FILTER)
)
COPY_SHEET: Final = message("CopySheetToAnotherSpreadsheetRequest", destinationSpreadsheetId=TEXT)
BATCH_CLEAR: Final = message("BatchClearValuesRequest", ranges=Many(TEXT))
EMPTY: Final = message("Empty")
SEARCH_METADATA: Final = message("SearchDeveloperMetadataRequest", dataFilters=Many(DATA_FILTER))
GET_BY_FILTER: Final = message(
    "GetSpreadsheetByDataFilterRequest", dataFilters=Many(DATA_FILTER), includeGridData=BOOL
)
BATCH_UPDATE: Final = message(
    "BatchUpdateSpreadsheetRequest",
    requests=Many(ANY),
    includeSpreadsheetInResponse=BOOL,
    responseRanges=Many(TEXT),
    responseIncludeGridData=BOOL,
)
