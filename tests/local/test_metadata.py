"""Developer metadata, guards, and batches that are applied whole or not at all."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

import gspread
import pytest

from automation import local
from tests.local.desk import GUARD, Desk, block, dimension, guard, on_row, rows

if TYPE_CHECKING:
    from pathlib import Path


def search(book: Desk, **lookup: Any) -> list[int]:
    """The ids of the metadata that a lookup finds."""
    filters = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = book.post("/developerMetadata:search", filters).get("matchedDeveloperMetadata", [])
    return [entry["developerMetadata"]["metadataId"] for entry in found]


def test_a_guard_that_exists_refuses_the_whole_batch(book: Desk) -> None:
    book.batch(guard())
    before = book.dump()

    message = book.refusal(
        guard(value="run-2"), {"updateCells": {"start": {}, "rows": rows(["x"]), "fields": "*"}}
    )

    assert message == (
        f"Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with ID [{GUARD}] "
        "because developer metadata with that ID already exists."
    )
    assert book.dump() == before


@pytest.mark.parametrize(
    "last",
    [
        guard(),
        {"deleteSheet": {"sheetId": 99}},
        {"repeatCell": {"range": block(2000, 2001, 0, 1), "cell": {}, "fields": "note"}},
        {"appendDimension": {"dimension": "ROWS", "length": 500_000}},
        {"updateSheetProperties": {"properties": {"title": ""}, "fields": "title"}},
    ],
)
def test_a_batch_whose_last_request_is_invalid_leaves_no_trace(
    book: Desk, last: dict[str, Any]
) -> None:
    book.put("A1", [["a", "b"], ["c", "d"]])
    book.batch(guard(), on_row(1, 7), {"mergeCells": {"range": block(0, 1, 0, 1)}})
    before = book.dump()

    message = book.refusal(
        {"addSheet": {"properties": {"title": "Neuve"}}},
        {"appendCells": {"rows": rows(["e"]), "fields": "userEnteredValue"}},
        {"insertDimension": {"range": dimension("ROWS", 0, 5)}},
        {"deleteDimension": {"range": dimension("COLUMNS", 0, 1)}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}},
        {"updateSpreadsheetProperties": {"properties": {"title": "Autre"}, "fields": "title"}},
        guard(GUARD + 1),
        last,
    )

    assert message.startswith("Invalid requests[7].")
    assert book.dump() == before


@pytest.mark.parametrize(
    ("request_json", "what"),
    [
        ({"addDataSource": {}}, 'the request kind "addDataSource" at "requests[1]"'),
        (
            {"appendCells": {"rows": [], "tableId": "x"}},
            'the field "tableId" at "requests[1].appendCells"',
        ),
        (
            {
                "updateCells": {
                    "start": {},
                    "rows": [{"values": [{"pivotTable": {}}]}],
                    "fields": "*",
                }
            },
            '"pivotTable"',
        ),
        (
            {"updateCells": {"start": {}, "rows": [], "fields": "textFormatRuns"}},
            '"textFormatRuns"',
        ),
    ],
)
def test_what_is_not_offered_is_refused_aloud_and_nothing_is_applied(
    book: Desk, request_json: dict[str, Any], what: str
) -> None:
    before = book.dump()

    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.batch(guard(), request_json)

    assert (caught.value.code, caught.value.error["status"]) == (501, "UNIMPLEMENTED")
    assert what in caught.value.error["message"]
    assert book.dump() == before


@pytest.mark.nonconforming
@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "https://example.org/"),
        ("GET", "https://sheets.googleapis.com/v4/spreadsheets"),
        ("POST", "https://sheets.googleapis.com/v4/spreadsheets/x/sheets/0:moveTo"),
        ("GET", "https://sheets.googleapis.com/v4/spreadsheets/x?excludeTablesInBandedRanges=true"),
        ("GET", "https://www.googleapis.com/drive/v3/files?orderBy=sharedWithMeTime"),
        ("GET", "https://www.googleapis.com/drive/v3/files?q=sharedWithMe"),
    ],
)
def test_another_host_path_or_parameter_is_refused_aloud(method: str, url: str) -> None:
    with local.session() as session:
        answer = session.request(method, url)

    assert answer.status_code == 501
    assert "does not support" in answer.json()["error"]["message"]


@pytest.mark.parametrize("number", [0, -1])
def test_a_metadata_id_is_positive(book: Desk, number: int) -> None:
    assert "must be positive" in book.refusal(guard(number))


@pytest.mark.nonconforming
def test_a_metadata_id_fits_in_32_bits() -> None:
    with local.session() as session:
        made = Desk(session)
        answer = session.post(f"{made.url}:batchUpdate", json={"requests": [guard(2**31)]})

    assert answer.status_code == 400
    assert "TYPE_INT32" in answer.json()["error"]["message"]


def test_an_id_is_chosen_when_none_is_given(book: Desk) -> None:
    request = guard()
    del request["createDeveloperMetadata"]["developerMetadata"]["metadataId"]

    replies = book.batch(request, request)

    ids = [reply["createDeveloperMetadata"]["developerMetadata"]["metadataId"] for reply in replies]
    assert len(set(ids)) == 2
    assert all(0 < number < 2**31 for number in ids)


@pytest.mark.parametrize("missing", ["metadataKey", "visibility", "location"])
def test_metadata_needs_a_key_a_place_and_a_visibility(book: Desk, missing: str) -> None:
    request = guard()
    del request["createDeveloperMetadata"]["developerMetadata"][missing]

    assert missing in book.refusal(request)


def test_metadata_is_read_by_id(book: Desk) -> None:
    book.batch(guard())

    assert book.get(f"/developerMetadata/{GUARD}") == {
        "metadataId": GUARD,
        "metadataKey": "cohorte.guard",
        "metadataValue": "run-1",
        "location": {"locationType": "SPREADSHEET", "spreadsheet": True},
        "visibility": "DOCUMENT",
    }


def test_metadata_that_does_not_exist_is_not_found(book: Desk) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.get(f"/developerMetadata/{GUARD}")

    assert caught.value.error == {
        "code": 404,
        "message": "Requested entity was not found.",
        "status": "NOT_FOUND",
    }


def test_metadata_is_searched_updated_and_deleted(book: Desk) -> None:
    book.batch(guard(1, "a"), guard(2, "b"), on_row(4, 3))
    by_value = {"developerMetadataLookup": {"metadataValue": "a"}}
    found = (search(book, metadataKey="cohorte.guard"), search(book, locationType="ROW"))

    book.batch(
        {
            "updateDeveloperMetadata": {
                "dataFilters": [by_value],
                "developerMetadata": {"metadataValue": "c"},
                "fields": "metadataValue",
            }
        },
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 2}}}},
    )

    assert found == ([1, 2, 3], [3])
    assert search(book, metadataValue="c") == [1]
    assert search(book) == [1, 3]


def test_deleting_and_creating_one_id_in_a_batch_is_refused_aloud(book: Desk) -> None:
    book.batch(guard())
    lookup = {"developerMetadataLookup": {"metadataId": GUARD}}

    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}}, guard())

    assert caught.value.code == 501
    assert search(book) == [GUARD]


def test_metadata_on_a_row_follows_inserts_moves_and_sorting(book: Desk) -> None:
    book.put("A1", [["b"], ["a"], ["c"]])
    book.batch(on_row(1, 7))
    spec = {"dimensionIndex": 0, "sortOrder": "ASCENDING"}

    book.batch(
        {"insertDimension": {"range": dimension("ROWS", 0, 1)}},
        {"sortRange": {"range": block(1, 4, 0, 1), "sortSpecs": [spec]}},
        {"moveDimension": {"source": dimension("ROWS", 1, 2), "destinationIndex": 4}},
    )

    answer = book.get("/developerMetadata/7")
    assert answer["location"]["dimensionRange"] == {
        "dimension": "ROWS",
        "startIndex": 3,
        "endIndex": 4,
    }
    assert book.values("A4") == [["a"]]


def test_metadata_of_a_deleted_sheet_is_gone(book: Desk) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 5}}}, on_row(0, 7, sheet=5))

    book.batch({"deleteSheet": {"sheetId": 5}})

    assert search(book) == []


def test_a_spreadsheet_that_does_not_exist_is_not_found(book: Desk) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.http.fetch_sheet_metadata("nowhere")

    assert (caught.value.code, caught.value.error["status"]) == (404, "NOT_FOUND")


def test_drive_names_the_reason(book: Desk) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.http.get_file_drive_metadata("nowhere")

    assert caught.value.error["errors"][0]["reason"] == "notFound"


@pytest.mark.nonconforming
@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"requests": []}', b'{"requests": [{}]}', b'{"requests": [1]}']
)
def test_a_body_that_is_no_batch_is_refused(body: bytes) -> None:
    with local.session() as session:
        made = Desk(session)
        answer = session.post(f"{made.url}:batchUpdate", data=body)

    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


# Several processes


def _append_rows(path: Path, book_id: str, worker: int, count: int) -> None:
    with local.session(path) as session:
        book = Desk(session, book_id)
        for number in range(count):
            book.batch(
                {"appendCells": {"rows": rows([worker, number]), "fields": "userEnteredValue"}}
            )


def _take_guards(path: Path, book_id: str, worker: int, count: int) -> None:
    with local.session(path) as session:
        book = Desk(session, book_id)
        for number in range(count):
            row = {"appendCells": {"rows": rows([number, worker]), "fields": "userEnteredValue"}}
            body = {"requests": [guard(GUARD + number, str(worker)), row]}
            session.post(f"{book.url}:batchUpdate", json=body)


@pytest.mark.parametrize("work", [_append_rows, _take_guards])
def test_two_processes_lose_no_write_and_one_guard_wins(tmp_path: Path, work: Any) -> None:
    path = tmp_path / "workspace.db"
    count = 25
    with local.session(path) as session:
        book = Desk(session)
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=work, args=(path, book.id, n, count)) for n in (1, 2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)

        found = book.values("A1:B1000")

        assert [worker.exitcode for worker in workers] == [0, 0]
        if work is _append_rows:
            assert sorted(found) == [[worker, n] for worker in (1, 2) for n in range(count)]
        else:
            winners = {
                doc["metadataId"] - GUARD: int(doc["metadataValue"])
                for doc in book.get()["developerMetadata"]
            }
            assert sorted(found) == [[number, winners[number]] for number in range(count)]


def test_a_copy_has_everything_and_lives_on_its_own(book: Desk) -> None:
    book.put("A1", [["un"], ["deux"]])
    book.batch(guard())
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}/copy"

    copy = book.http.request("post", url, json={"name": "Copie"}).json()
    book.put("A1", [["trois"]])

    other = Desk(book.session, copy["id"])
    assert (copy["name"], other.get()["properties"]["title"]) == ("Copie", "Copie")
    assert other.values() == [["un"], ["deux"]]
    assert search(other, metadataId=GUARD) == [GUARD]
    assert search(other, metadataId=GUARD + 1) == []
    assert book.values() == [["trois"], ["deux"]]
