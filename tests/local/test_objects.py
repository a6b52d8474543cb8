"""Named ranges, filter views, slicers, tables, groups and rules: what lies on a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local.desk import block, desk, dimension

if TYPE_CHECKING:
    from tests.local.desk import Desk


def name(text: str, *area: int, **more: Any) -> dict[str, Any]:
    return {"addNamedRange": {"namedRange": {"name": text, "range": block(*area)} | more}}


def test_a_named_range_reads_like_any_other(book: Desk) -> None:
    book.put("A1", [["a", "b"], ["c", "d"]])

    (reply,) = book.batch(name("places", 0, 2, 1, 2))

    named = reply["addNamedRange"]["namedRange"]
    assert named["range"]["startRowIndex"] == 0
    assert book.get(fields="namedRanges")["namedRanges"] == [named]
    assert book.get("/values/Places")["range"] == "Sheet1!B1:B2"
    assert book.values("places") == [["b"], ["d"]]


def test_writing_to_a_named_range_stays_within_it(book: Desk) -> None:
    book.batch(name("places", 0, 1, 1, 2))

    book.put("places", [["x"]])

    assert book.values() == [["", "x"]]


@pytest.mark.parametrize("text", ["", "A1", "R1C1", "1er", "deux mots", "true", "x" * 251])
def test_a_name_that_formulas_could_not_hold_is_refused(book: Desk, text: str) -> None:
    assert "not valid" in book.refusal(name(text, 0, 1, 0, 1))


def test_names_and_ids_are_taken_once(book: Desk) -> None:
    book.batch(name("places", 0, 1, 0, 1, namedRangeId="n1"))

    assert "already exists" in book.refusal(name("PLACES", 0, 1, 0, 1))
    assert "already exists" in book.refusal(name("other", 0, 1, 0, 1, namedRangeId="n1"))
    assert "No NamedRange with id: n2" in book.refusal({"deleteNamedRange": {"namedRangeId": "n2"}})


def test_a_named_range_is_renamed_moved_and_deleted(book: Desk) -> None:
    book.batch(name("places", 0, 1, 0, 1, namedRangeId="n1"))
    changed = {"namedRangeId": "n1", "name": "seats", "range": block(4, 5, 0, 1)}

    book.batch({"updateNamedRange": {"namedRange": changed, "fields": "name"}})
    renamed = book.get(fields="namedRanges")["namedRanges"][0]
    book.batch({"deleteNamedRange": {"namedRangeId": "n1"}})

    assert (renamed["name"], renamed["range"]["endRowIndex"]) == ("seats", 1)
    assert book.get(fields="namedRanges") == {}


def test_a_named_range_follows_its_rows_and_goes_with_the_last(book: Desk) -> None:
    book.batch(name("places", 2, 4, 0, 1))

    book.batch({"insertDimension": {"range": dimension("ROWS", 3, 5)}})
    stretched = book.get(fields="namedRanges")["namedRanges"][0]["range"]
    book.batch({"deleteDimension": {"range": dimension("ROWS", 2, 6)}})

    assert (stretched["startRowIndex"], stretched["endRowIndex"]) == (2, 6)
    assert book.get(fields="namedRanges") == {}


def test_a_copied_file_has_the_named_ranges_too(book: Desk) -> None:
    book.batch(name("places", 2, 4, 0, 1))
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}/copy"

    copy = book.http.request("post", url, json={"name": "Copie"}).json()["id"]

    assert book.get(fields="namedRanges") == type(book)(book.session, copy).get(
        fields="namedRanges"
    )


def test_a_filter_view_is_added_changed_copied_and_deleted(book: Desk) -> None:
    (reply,) = book.batch({"addFilterView": {"filter": {"range": block(0, 9, 0, 3)}}})
    view = reply["addFilterView"]["filter"]
    number = view["filterViewId"]

    spec = {"filterSpecs": [{"columnIndex": 1, "filterCriteria": {"hiddenValues": ["x"]}}]}
    given = {"filterViewId": number, "title": "Sans x"} | spec
    book.batch({"updateFilterView": {"filter": given, "fields": "title,filterSpecs"}})
    (copied,) = book.batch({"duplicateFilterView": {"filterId": number}})
    book.batch({"deleteFilterView": {"filterId": number}})

    assert view["title"] == "Filter 1"
    assert copied["duplicateFilterView"]["filter"]["title"] == "Copy of Sans x"
    (left,) = book.sheet("filterViews")["filterViews"]
    assert left["filterSpecs"] == spec["filterSpecs"]
    assert left["filterViewId"] != number


def test_the_columns_that_a_filter_looks_at_move_with_it(book: Desk) -> None:
    specs = [{"columnIndex": n, "filterCriteria": {"hiddenValues": ["x"]}} for n in (1, 2)]
    given = {"range": block(0, 9, 0, 5), "filterSpecs": specs, "sortSpecs": [{"dimensionIndex": 2}]}
    book.batch({"setBasicFilter": {"filter": given}})

    book.batch({"deleteDimension": {"range": dimension("COLUMNS", 1, 2)}})

    basic = book.sheet("basicFilter")["basicFilter"]
    assert [spec["columnIndex"] for spec in basic["filterSpecs"]] == [1]
    assert basic["sortSpecs"] == [{"dimensionIndex": 1}]
    assert basic["range"]["endColumnIndex"] == 4


def hidden(book: Desk) -> list[int]:
    """The rows that a filter hides."""
    rows = book.sheet("data.rowMetadata.hiddenByFilter")["data"][0]["rowMetadata"]
    return [row for row, one in enumerate(rows) if one.get("hiddenByFilter")]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"hiddenValues": ["Bo"]}, [2]),
        ({"hiddenValues": [""]}, [3]),
        ({"condition": {"type": "NOT_BLANK"}}, [3]),
        ({"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "AN"}]}}, [2, 3]),
        ({"condition": {"type": "TEXT_NOT_EQ", "values": [{"userEnteredValue": "bo"}]}}, [2]),
    ],
)
def test_a_basic_filter_hides_rows_by_what_they_show(
    book: Desk, criteria: dict[str, Any], expected: list[int]
) -> None:
    book.put("A1", [["Nom", "n"], ["Anne", 1], ["Bo", 2], [None, 3], ["Jeanne", 4]])
    spec = {"columnIndex": 0, "filterCriteria": criteria}

    book.batch({"setBasicFilter": {"filter": {"range": block(0, 5, 0, 2), "filterSpecs": [spec]}}})

    assert hidden(book) == expected
    book.batch({"clearBasicFilter": {"sheetId": 0}})
    assert hidden(book) == []


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("NUMBER_GREATER", ["2"], [1, 2]),
        ("NUMBER_NOT_BETWEEN", ["2", "3"], [2, 3]),
        ("DATE_ON_OR_AFTER", ["1899-12-31"], [1]),
    ],
)
def test_a_basic_filter_hides_rows_by_their_numbers(
    book: Desk, kind: str, values: list[str], expected: list[int]
) -> None:
    book.put("A1", [["n"], [0.5], [2], [3], [4]])
    given = [{"userEnteredValue": value} for value in values]
    spec = {"filterCriteria": {"condition": {"type": kind, "values": given}}}

    book.batch({"setBasicFilter": {"filter": {"range": block(0, 5, 0, 1), "filterSpecs": [spec]}}})

    assert hidden(book) == expected


def test_a_filter_by_what_is_no_number_is_refused(book: Desk) -> None:
    condition = {"type": "NUMBER_EQ", "values": [{"userEnteredValue": "beaucoup"}]}
    spec = {"filterCriteria": {"condition": condition}}

    assert "Invalid condition values" in book.refusal(
        {"setBasicFilter": {"filter": {"filterSpecs": [spec]}}}
    )


def test_a_slicer_shares_its_ids_with_charts(book: Desk) -> None:
    slicer = {"slicerId": 5, "spec": {"dataRange": block(0, 9, 0, 3), "title": "Cohorte"}}
    book.batch({"addSlicer": {"slicer": slicer}})

    changed = {"columnIndex": 2, "backgroundColor": {"red": 1}}
    fields = "columnIndex,backgroundColor"
    book.batch({"updateSlicerSpec": {"slicerId": 5, "spec": changed, "fields": fields}})

    (found,) = book.sheet("slicers")["slicers"]
    assert found["spec"]["title"] == "Cohorte"
    assert found["spec"]["backgroundColorStyle"] == {"rgbColor": {"red": 1}}
    pie = {"pieChart": {"series": {"sourceRange": {"sources": [block(0, 9, 0, 1)]}}}}
    assert "already exists" in book.refusal({"addChart": {"chart": {"chartId": 5, "spec": pie}}})
    book.batch({"deleteEmbeddedObject": {"objectId": 5}})
    assert book.sheet("slicers") == {}


def test_a_table_knows_its_columns(book: Desk) -> None:
    book.put("A1", [["Nom", None, "Places"], ["Anne", None, 3]])
    given = {
        "range": block(0, 3, 0, 3),
        "columnProperties": [{"columnIndex": 2, "columnType": "DOUBLE"}],
    }

    (reply,) = book.batch({"addTable": {"table": given}})

    table = reply["addTable"]["table"]
    assert table["name"] == "Table1"
    assert [column["columnName"] for column in table["columnProperties"]] == [
        "Nom",
        "Column 2",
        "Places",
    ]
    assert table["columnProperties"][2]["columnType"] == "DOUBLE"
    assert book.sheet("tables")["tables"] == [table]
    over = {"addTable": {"table": {"range": block(2, 4, 0, 1)}}}
    assert "over another table" in book.refusal(over)


def test_a_table_is_renamed_and_goes_with_its_cells(book: Desk) -> None:
    book.put("A1", [["Nom", "hors"], ["Anne", "hors"]])
    given = {"tableId": "t1", "name": "Noms", "range": block(0, 2, 0, 1)}
    book.batch({"addTable": {"table": given}})

    book.batch({"updateTable": {"table": {"tableId": "t1", "name": "Gens"}, "fields": "name"}})
    renamed = book.sheet("tables.name")["tables"]
    book.batch({"deleteTable": {"tableId": "t1"}})

    assert renamed == [{"name": "Gens"}]
    assert book.values() == [["", "hors"], ["", "hors"]]


def test_a_duplicated_sheet_s_table_has_its_own_name(book: Desk) -> None:
    book.batch({"addTable": {"table": {"name": "Gens", "range": block(0, 2, 0, 1)}}})

    book.batch({"duplicateSheet": {"insertSheetIndex": 1}})

    names = [book.sheet("tables.name", index)["tables"][0]["name"] for index in (0, 1)]
    assert names == ["Gens", "Table1"]


def test_a_merge_of_which_one_cell_is_left_is_none(book: Desk) -> None:
    book.batch(
        {"mergeCells": {"range": block(0, 1, 0, 2), "mergeType": "MERGE_ALL"}},
        {"mergeCells": {"range": block(3, 5, 0, 2), "mergeType": "MERGE_ALL"}},
    )

    book.batch({"deleteDimension": {"range": dimension("COLUMNS", 1, 2)}})

    (merge,) = book.sheet("merges")["merges"]
    assert (merge["startRowIndex"], merge["endRowIndex"], merge["endColumnIndex"]) == (3, 5, 1)


def group(kind: str, start: int, end: int, *, delete: bool = False) -> dict[str, Any]:
    verb = "deleteDimensionGroup" if delete else "addDimensionGroup"
    return {verb: {"range": dimension(kind, start, end)}}


def stretches(reply: dict[str, Any]) -> list[tuple[int, int, int]]:
    (answer,) = reply.values()
    groups = answer.get("dimensionGroups", [])
    return [(g["depth"], g["range"]["startIndex"], g["range"]["endIndex"]) for g in groups]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ((1, 5), [(1, 1, 5), (2, 1, 4)]),  # the example that Google documents: B:D, then B:E
        ((2, 5), [(1, 1, 5), (2, 2, 4)]),  # B:D, then C:E
        ((2, 3), [(1, 1, 4), (2, 2, 3)]),
        ((6, 8), [(1, 1, 4), (1, 6, 8)]),
    ],
)
def test_groups_over_groups_are_deeper(
    book: Desk, second: tuple[int, int], expected: list[tuple[int, int, int]]
) -> None:
    book.batch(group("COLUMNS", 1, 4))

    (reply,) = book.batch(group("COLUMNS", *second))

    assert stretches(reply) == expected
    assert len(book.sheet("columnGroups")["columnGroups"]) == len(expected)


def test_deleting_a_group_makes_its_rows_less_deep(book: Desk) -> None:
    book.batch(group("COLUMNS", 1, 5), group("COLUMNS", 2, 4))

    (reply,) = book.batch(group("COLUMNS", 3, 5, delete=True))

    assert stretches(reply) == [(1, 1, 4), (2, 2, 3)]  # the example that Google documents
    assert "no group" in book.refusal(group("COLUMNS", 0, 2, delete=True))


def test_a_collapsed_group_hides_its_rows(book: Desk) -> None:
    book.batch(group("ROWS", 1, 3))
    where = {"range": dimension("ROWS", 1, 3), "depth": 1}
    request = {"dimensionGroup": where | {"collapsed": True}, "fields": "collapsed"}

    book.batch({"updateDimensionGroup": request})

    assert book.sheet("rowGroups")["rowGroups"][0]["collapsed"] is True
    hidden = book.sheet("data.rowMetadata.hiddenByUser")["data"][0]["rowMetadata"][:4]
    assert hidden == [{}, {"hiddenByUser": True}, {"hiddenByUser": True}, {}]


def test_groups_follow_their_rows(book: Desk) -> None:
    book.batch(group("ROWS", 1, 3), group("COLUMNS", 1, 3))

    book.batch({"insertDimension": {"range": dimension("ROWS", 0, 4)}})

    assert book.sheet("rowGroups")["rowGroups"][0]["range"]["startIndex"] == 5
    assert book.sheet("columnGroups")["columnGroups"][0]["range"]["startIndex"] == 1


def rule(*area: int, text: str = "x") -> dict[str, Any]:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]}
    boolean = {"condition": condition, "format": {"backgroundColor": {"red": 1}}}
    return {"ranges": [block(*area)], "booleanRule": boolean}


def test_a_conditional_format_is_replaced_and_moved(book: Desk) -> None:
    for text in "abc":
        book.batch({"addConditionalFormatRule": {"rule": rule(0, 9, 0, 1, text=text), "index": 0}})

    (replaced,) = book.batch(
        {"updateConditionalFormatRule": {"index": 0, "rule": rule(0, 1, 0, 1, text="z")}}
    )
    (moved,) = book.batch(
        {"updateConditionalFormatRule": {"index": 0, "newIndex": 2, "sheetId": 0}}
    )

    answer = replaced["updateConditionalFormatRule"]
    assert answer["oldRule"]["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "c"}]
    assert moved["updateConditionalFormatRule"]["newIndex"] == 2
    texts = [
        one["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        for one in book.sheet("conditionalFormats")["conditionalFormats"]
    ]
    assert texts == ["b", "a", "z"]


def test_a_gradient_has_two_ends(book: Desk) -> None:
    ends = {"minpoint": {"type": "MIN", "color": {"green": 1}}, "maxpoint": {"type": "MAX"}}
    gradient = {"ranges": [block(0, 9, 0, 1)], "gradientRule": ends}

    book.batch({"addConditionalFormatRule": {"rule": gradient}})

    (found,) = book.sheet("conditionalFormats")["conditionalFormats"]
    assert found["gradientRule"]["minpoint"]["colorStyle"] == {"rgbColor": {"green": 1}}
    ends["maxpoint"] = {}
    assert "No interpolationPointType specified." in book.refusal(
        {"addConditionalFormatRule": {"rule": gradient}}
    )


def test_a_workspace_of_the_version_before_opens() -> None:
    old = desk()
    old.session.store.connection.execute("DROP TABLE documents")
    old.session.store.connection.execute("PRAGMA user_version=2")

    old.session.store._prepare(None)

    old.batch(name("places", 0, 1, 0, 1))
    old.session.close()
