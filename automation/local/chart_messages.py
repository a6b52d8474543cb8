"""Charts, field by field."""

from __future__ import annotations

from typing import Final

from automation.local.messages import (
    ABSENT,
    BOOL,
    COLOR,
    COLOR_STYLE,
    FILTER_SPEC,
    GRID_COORDINATE,
    GRID_RANGE,
    INT,
    NUMBER,
    SORT_SPEC,
    TEXT,
    TEXT_FORMAT,
    message,
)
from automation.local.schema import Many, choice

_AGGREGATE: Final = choice("AVERAGE COUNT MAX MEDIAN MIN SUM")
_BASIC: Final = choice("BAR LINE AREA COLUMN SCATTER COMBO STEPPED_AREA")

EMBEDDED_OBJECT_BORDER: Final = message(
    "EmbeddedObjectBorder",
    color=COLOR,
    colorStyle=COLOR_STYLE,
)
OVERLAY_POSITION: Final = message(
    "OverlayPosition",
    anchorCell=GRID_COORDINATE,
    heightPixels=INT,
    offsetXPixels=INT,
    offsetYPixels=INT,
    widthPixels=INT,
)
EMBEDDED_OBJECT_POSITION: Final = message(
    "EmbeddedObjectPosition",
    one_of="newSheet overlayPosition sheetId",
    newSheet=BOOL,
    overlayPosition=OVERLAY_POSITION,
    sheetId=INT,
)
TEXT_POSITION: Final = message(
    "TextPosition",
    horizontalAlignment=choice("LEFT CENTER RIGHT"),
)
CHART_AXIS_VIEW_WINDOW_OPTIONS: Final = message(
    "ChartAxisViewWindowOptions",
    viewWindowMax=NUMBER,
    viewWindowMin=NUMBER,
    viewWindowMode=choice("DEFAULT_VIEW_WINDOW_MODE VIEW_WINDOW_MODE_UNSUPPORTED EXPLICIT PRETTY"),
)
BASIC_CHART_AXIS: Final = message(
    "BasicChartAxis",
    format=TEXT_FORMAT,
    position=choice("BOTTOM_AXIS LEFT_AXIS RIGHT_AXIS"),
    title=TEXT,
    titleTextPosition=TEXT_POSITION,
    viewWindowOptions=CHART_AXIS_VIEW_WINDOW_OPTIONS,
)
CHART_DATE_TIME_RULE: Final = message(
    "ChartDateTimeRule",
    type=choice(
        "SECOND MINUTE HOUR HOUR_MINUTE HOUR_MINUTE_AMPM DAY_OF_WEEK DAY_OF_YEAR "
        "DAY_OF_MONTH DAY_MONTH MONTH QUARTER YEAR YEAR_MONTH YEAR_QUARTER "
        "YEAR_MONTH_DAY"
    ),
)
CHART_HISTOGRAM_RULE: Final = message(
    "ChartHistogramRule",
    intervalSize=NUMBER,
    maxValue=NUMBER,
    minValue=NUMBER,
)
CHART_GROUP_RULE: Final = message(
    "ChartGroupRule",
    one_of="dateTimeRule histogramRule",
    dateTimeRule=CHART_DATE_TIME_RULE,
    histogramRule=CHART_HISTOGRAM_RULE,
)
CHART_SOURCE_RANGE: Final = message(
    "ChartSourceRange",
    sources=Many(GRID_RANGE),
)
CHART_DATA: Final = message(
    "ChartData",
    aggregateType=_AGGREGATE,
    columnReference=ABSENT,
    groupRule=CHART_GROUP_RULE,
    sourceRange=CHART_SOURCE_RANGE,
)
BASIC_CHART_DOMAIN: Final = message(
    "BasicChartDomain",
    domain=CHART_DATA,
    reversed=BOOL,
)
DATA_LABEL: Final = message(
    "DataLabel",
    customLabelData=CHART_DATA,
    placement=choice("CENTER LEFT RIGHT ABOVE BELOW INSIDE_END INSIDE_BASE OUTSIDE_END"),
    textFormat=TEXT_FORMAT,
    type=choice("NONE DATA CUSTOM"),
)
LINE_STYLE: Final = message(
    "LineStyle",
    type=choice(
        "INVISIBLE CUSTOM SOLID DOTTED MEDIUM_DASHED MEDIUM_DASHED_DOTTED "
        "LONG_DASHED LONG_DASHED_DOTTED"
    ),
    width=INT,
)
POINT_STYLE: Final = message(
    "PointStyle",
    shape=choice("CIRCLE DIAMOND HEXAGON PENTAGON SQUARE STAR TRIANGLE X_MARK"),
    size=NUMBER,
)
BASIC_SERIES_DATA_POINT_STYLE_OVERRIDE: Final = message(
    "BasicSeriesDataPointStyleOverride",
    color=COLOR,
    colorStyle=COLOR_STYLE,
    index=INT,
    pointStyle=POINT_STYLE,
)
BASIC_CHART_SERIES: Final = message(
    "BasicChartSeries",
    color=COLOR,
    colorStyle=COLOR_STYLE,
    dataLabel=DATA_LABEL,
    lineStyle=LINE_STYLE,
    pointStyle=POINT_STYLE,
    series=CHART_DATA,
    styleOverrides=Many(BASIC_SERIES_DATA_POINT_STYLE_OVERRIDE),
    targetAxis=choice("BOTTOM_AXIS LEFT_AXIS RIGHT_AXIS"),
    type=_BASIC,
)
BASIC_CHART_SPEC: Final = message(
    "BasicChartSpec",
    axis=Many(BASIC_CHART_AXIS),
    chartType=_BASIC,
    compareMode=choice("DATUM CATEGORY"),
    domains=Many(BASIC_CHART_DOMAIN),
    headerCount=INT,
    interpolateNulls=BOOL,
    legendPosition=choice("BOTTOM_LEGEND LEFT_LEGEND RIGHT_LEGEND TOP_LEGEND NO_LEGEND"),
    lineSmoothing=BOOL,
    series=Many(BASIC_CHART_SERIES),
    stackedType=choice("NOT_STACKED STACKED PERCENT_STACKED"),
    threeDimensional=BOOL,
    totalDataLabel=DATA_LABEL,
)
BUBBLE_CHART_SPEC: Final = message(
    "BubbleChartSpec",
    bubbleBorderColor=COLOR,
    bubbleBorderColorStyle=COLOR_STYLE,
    bubbleLabels=CHART_DATA,
    bubbleMaxRadiusSize=INT,
    bubbleMinRadiusSize=INT,
    bubbleOpacity=NUMBER,
    bubbleSizes=CHART_DATA,
    bubbleTextStyle=TEXT_FORMAT,
    domain=CHART_DATA,
    groupIds=CHART_DATA,
    legendPosition=choice(
        "BOTTOM_LEGEND LEFT_LEGEND RIGHT_LEGEND TOP_LEGEND NO_LEGEND INSIDE_LEGEND"
    ),
    series=CHART_DATA,
)
CANDLESTICK_SERIES: Final = message(
    "CandlestickSeries",
    data=CHART_DATA,
)
CANDLESTICK_DATA: Final = message(
    "CandlestickData",
    closeSeries=CANDLESTICK_SERIES,
    highSeries=CANDLESTICK_SERIES,
    lowSeries=CANDLESTICK_SERIES,
    openSeries=CANDLESTICK_SERIES,
)
CANDLESTICK_DOMAIN: Final = message(
    "CandlestickDomain",
    data=CHART_DATA,
    reversed=BOOL,
)
CANDLESTICK_CHART_SPEC: Final = message(
    "CandlestickChartSpec",
    data=Many(CANDLESTICK_DATA),
    domain=CANDLESTICK_DOMAIN,
)
HISTOGRAM_SERIES: Final = message(
    "HistogramSeries",
    barColor=COLOR,
    barColorStyle=COLOR_STYLE,
    data=CHART_DATA,
)
HISTOGRAM_CHART_SPEC: Final = message(
    "HistogramChartSpec",
    bucketSize=NUMBER,
    legendPosition=choice(
        "BOTTOM_LEGEND LEFT_LEGEND RIGHT_LEGEND TOP_LEGEND NO_LEGEND INSIDE_LEGEND"
    ),
    outlierPercentile=NUMBER,
    series=Many(HISTOGRAM_SERIES),
    showItemDividers=BOOL,
)
ORG_CHART_SPEC: Final = message(
    "OrgChartSpec",
    labels=CHART_DATA,
    nodeColor=COLOR,
    nodeColorStyle=COLOR_STYLE,
    nodeSize=choice("SMALL MEDIUM LARGE"),
    parentLabels=CHART_DATA,
    selectedNodeColor=COLOR,
    selectedNodeColorStyle=COLOR_STYLE,
    tooltips=CHART_DATA,
)
PIE_CHART_SPEC: Final = message(
    "PieChartSpec",
    domain=CHART_DATA,
    legendPosition=choice(
        "BOTTOM_LEGEND LEFT_LEGEND RIGHT_LEGEND TOP_LEGEND NO_LEGEND LABELED_LEGEND"
    ),
    pieHole=NUMBER,
    series=CHART_DATA,
    threeDimensional=BOOL,
)
BASELINE_VALUE_FORMAT: Final = message(
    "BaselineValueFormat",
    comparisonType=choice("COMPARISON_TYPE_UNDEFINED ABSOLUTE_DIFFERENCE PERCENTAGE_DIFFERENCE"),
    description=TEXT,
    negativeColor=COLOR,
    negativeColorStyle=COLOR_STYLE,
    position=TEXT_POSITION,
    positiveColor=COLOR,
    positiveColorStyle=COLOR_STYLE,
    textFormat=TEXT_FORMAT,
)
CHART_CUSTOM_NUMBER_FORMAT_OPTIONS: Final = message(
    "ChartCustomNumberFormatOptions",
    prefix=TEXT,
    suffix=TEXT,
)
KEY_VALUE_FORMAT: Final = message(
    "KeyValueFormat",
    position=TEXT_POSITION,
    textFormat=TEXT_FORMAT,
)
SCORECARD_CHART_SPEC: Final = message(
    "ScorecardChartSpec",
    aggregateType=_AGGREGATE,
    baselineValueData=CHART_DATA,
    baselineValueFormat=BASELINE_VALUE_FORMAT,
    customFormatOptions=CHART_CUSTOM_NUMBER_FORMAT_OPTIONS,
    keyValueData=CHART_DATA,
    keyValueFormat=KEY_VALUE_FORMAT,
    numberFormatSource=choice("CHART_NUMBER_FORMAT_SOURCE_UNDEFINED FROM_DATA CUSTOM"),
    scaleFactor=NUMBER,
)
TREEMAP_CHART_COLOR_SCALE: Final = message(
    "TreemapChartColorScale",
    maxValueColor=COLOR,
    maxValueColorStyle=COLOR_STYLE,
    midValueColor=COLOR,
    midValueColorStyle=COLOR_STYLE,
    minValueColor=COLOR,
    minValueColorStyle=COLOR_STYLE,
    noDataColor=COLOR,
    noDataColorStyle=COLOR_STYLE,
)
TREEMAP_CHART_SPEC: Final = message(
    "TreemapChartSpec",
    colorData=CHART_DATA,
    colorScale=TREEMAP_CHART_COLOR_SCALE,
    headerColor=COLOR,
    headerColorStyle=COLOR_STYLE,
    hideTooltips=BOOL,
    hintedLevels=INT,
    labels=CHART_DATA,
    levels=INT,
    maxValue=NUMBER,
    minValue=NUMBER,
    parentLabels=CHART_DATA,
    sizeData=CHART_DATA,
    textFormat=TEXT_FORMAT,
)
WATERFALL_CHART_DOMAIN: Final = message(
    "WaterfallChartDomain",
    data=CHART_DATA,
    reversed=BOOL,
)
WATERFALL_CHART_CUSTOM_SUBTOTAL: Final = message(
    "WaterfallChartCustomSubtotal",
    dataIsSubtotal=BOOL,
    label=TEXT,
    subtotalIndex=INT,
)
WATERFALL_CHART_COLUMN_STYLE: Final = message(
    "WaterfallChartColumnStyle",
    color=COLOR,
    colorStyle=COLOR_STYLE,
    label=TEXT,
)
WATERFALL_CHART_SERIES: Final = message(
    "WaterfallChartSeries",
    customSubtotals=Many(WATERFALL_CHART_CUSTOM_SUBTOTAL),
    data=CHART_DATA,
    dataLabel=DATA_LABEL,
    hideTrailingSubtotal=BOOL,
    negativeColumnsStyle=WATERFALL_CHART_COLUMN_STYLE,
    positiveColumnsStyle=WATERFALL_CHART_COLUMN_STYLE,
    subtotalColumnsStyle=WATERFALL_CHART_COLUMN_STYLE,
)
WATERFALL_CHART_SPEC: Final = message(
    "WaterfallChartSpec",
    connectorLineStyle=LINE_STYLE,
    domain=WATERFALL_CHART_DOMAIN,
    firstValueIsTotal=BOOL,
    hideConnectorLines=BOOL,
    series=Many(WATERFALL_CHART_SERIES),
    stackedType=choice("STACKED SEQUENTIAL"),
    totalDataLabel=DATA_LABEL,
)
CHART_SPEC: Final = message(
    "ChartSpec",
    one_of="basicChart bubbleChart candlestickChart histogramChart orgChart pieChart scorecardChart treemapChart waterfallChart",
    altText=TEXT,
    backgroundColor=COLOR,
    backgroundColorStyle=COLOR_STYLE,
    basicChart=BASIC_CHART_SPEC,
    bubbleChart=BUBBLE_CHART_SPEC,
    candlestickChart=CANDLESTICK_CHART_SPEC,
    dataSourceChartProperties=ABSENT,
    filterSpecs=Many(FILTER_SPEC),
    fontName=TEXT,
    hiddenDimensionStrategy=choice(
        "SKIP_HIDDEN_ROWS_AND_COLUMNS SKIP_HIDDEN_ROWS SKIP_HIDDEN_COLUMNS SHOW_ALL"
    ),
    histogramChart=HISTOGRAM_CHART_SPEC,
    maximized=BOOL,
    orgChart=ORG_CHART_SPEC,
    pieChart=PIE_CHART_SPEC,
    scorecardChart=SCORECARD_CHART_SPEC,
    sortSpecs=Many(SORT_SPEC),
    subtitle=TEXT,
    subtitleTextFormat=TEXT_FORMAT,
    subtitleTextPosition=TEXT_POSITION,
    title=TEXT,
    titleTextFormat=TEXT_FORMAT,
    titleTextPosition=TEXT_POSITION,
    treemapChart=TREEMAP_CHART_SPEC,
    waterfallChart=WATERFALL_CHART_SPEC,
)
EMBEDDED_CHART: Final = message(
    "EmbeddedChart",
    border=EMBEDDED_OBJECT_BORDER,
    chartId=INT,
    position=EMBEDDED_OBJECT_POSITION,
    spec=CHART_SPEC,
)
