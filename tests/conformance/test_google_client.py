"""Google's own Python client, built from its bundled documents, over the loopback server."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from automation import local
from automation.local.server import listen
from tests.conformance.discovery import check_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Service = Callable[[str, str], Any]

SHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"


@pytest.fixture
def service() -> Iterator[Service]:
    """Builds a service's client, which believes that it speaks to Google."""
    with local.session() as session, listen(session.store) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()

        made: list[Any] = []

        def make(name: str, version: str) -> Any:
            client = build(
                name,
                version,
                static_discovery=True,
                client_options={"api_endpoint": f"{server.url}{_BASES.get(name, '')}"},
                credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
            )
            made.append(client)
            return client

        yield make
        for client in made:
            client.close()
        server.shutdown()
        thread.join()


_BASES = {"drive": "/drive/v3/"}


def test_values_go_by_data_filter_and_sheets_to_another_file(service: Service) -> None:
    books = service("sheets", "v4").spreadsheets()
    number = books.create(body={"properties": {"title": "Programme"}}).execute()["spreadsheetId"]
    other = books.create(body={}).execute()["spreadsheetId"]
    named = {"name": "places", "range": {"endRowIndex": 2, "endColumnIndex": 1}}
    requests = [
        {"addNamedRange": {"namedRange": named}},
        {"addSheet": {"properties": {"sheetId": 7}}},
    ]
    books.batchUpdate(spreadsheetId=number, body={"requests": requests}).execute()
    values = books.values()
    found_filter = {"gridRange": {"sheetId": 7, "endRowIndex": 1}}
    data = [{"dataFilter": found_filter, "values": [["a", 1]], "majorDimension": "ROWS"}]
    body = {"valueInputOption": "RAW", "data": data}

    written = values.batchUpdateByDataFilter(spreadsheetId=number, body=body).execute()
    copied = (
        books.sheets()
        .copyTo(spreadsheetId=number, sheetId=7, body={"destinationSpreadsheetId": other})
        .execute()
    )
    read = values.get(spreadsheetId=other, range=f"'{copied['title']}'").execute()
    cleared = values.batchClearByDataFilter(
        spreadsheetId=number, body={"dataFilters": [found_filter]}
    ).execute()

    assert written["responses"][0]["updatedRange"] == "Sheet2!A1:B1"
    assert read["values"] == [["a", "1"]]
    assert cleared["clearedRanges"] == ["Sheet2!A1:Z1"]
    assert check_value("sheets.v4", "BatchUpdateValuesByDataFilterResponse", written) == []
    assert check_value("sheets.v4", "SheetProperties", copied) == []


def test_files_lie_in_folders_and_go_with_them(service: Service) -> None:
    files = service("drive", "v3").files()
    folder = files.create(body={"name": "Programme", "mimeType": FOLDER}).execute()["id"]
    made = files.create(body={"name": "Gens", "mimeType": SHEET, "parents": [folder]}).execute()
    copy = files.copy(fileId=made["id"], body={"name": "Copie"}).execute()
    files.update(
        fileId=copy["id"], body={"name": "Autre", "starred": True}, addParents="root"
    ).execute()

    query = f"'{folder}' in parents and mimeType = '{SHEET}' and trashed = false"
    inside = files.list(q=query, fields="files(id,parents,webViewLink)").execute()["files"]
    starred = files.list(q="starred = true or name contains 'zzz'").execute()["files"]
    files.update(fileId=made["id"], body={"trashed": True}).execute()
    trashed = files.list(q="not trashed = false", orderBy="name desc").execute()["files"]

    assert [(file["id"], file["parents"]) for file in inside] == [(made["id"], [folder])]
    assert [file["name"] for file in starred] == ["Autre"]
    assert [file["id"] for file in trashed] == [made["id"]]
    files.delete(fileId=folder).execute()
    with pytest.raises(HttpError) as caught:
        files.get(fileId=made["id"]).execute()
    assert caught.value.status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name = 'Gens d\\'ici'", ["Gens d'ici"]),
        ("name contains 'ici'", ["Gens d'ici"]),
        ("name contains 'ens'", []),
        ("name != 'Autre' and (name contains 'gens' or starred = true)", ["Gens d'ici"]),
        ("properties has { key='cohorte' and value='P26' }", ["Autre"]),
        ("modifiedTime > '2020-01-01T00:00:00'", ["Autre", "Gens d'ici"]),
        ("createdTime < '2020-01-01T00:00:00Z'", []),
        ("'comite@example.org' in owners", ["Autre", "Gens d'ici"]),
        ("'lise@example.org' in writers", []),
    ],
)
def test_drive_finds_what_a_query_means(service: Service, query: str, names: list[str]) -> None:
    files = service("drive", "v3").files()
    files.create(body={"name": "Gens d'ici", "mimeType": SHEET}).execute()
    properties = {"cohorte": "P26"}
    files.create(body={"name": "Autre", "mimeType": SHEET, "properties": properties}).execute()

    found = files.list(q=query, orderBy="name").execute()["files"]

    assert [file["name"] for file in found] == names


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("name = ", 400),
        ("name = 'x' and", 400),
        ("(name = 'x'", 400),
        ("visibility = 'limited'", 501),
    ],
)
def test_what_is_no_query_is_refused(service: Service, query: str, code: int) -> None:
    with pytest.raises(HttpError) as caught:
        service("drive", "v3").files().list(q=query).execute()

    assert caught.value.status_code == code


def test_a_list_comes_a_page_at_a_time(service: Service) -> None:
    files = service("drive", "v3").files()
    for index in range(5):
        files.create(body={"name": f"n{index}", "mimeType": SHEET}).execute()

    request, pages = files.list(pageSize=2, orderBy="name"), []
    while request is not None:
        answer = request.execute()
        pages.append([file["name"] for file in answer["files"]])
        request = files.list_next(request, answer)

    assert pages == [["n0", "n1"], ["n2", "n3"], ["n4"]]


def test_a_spreadsheet_leaves_as_plain_text(service: Service) -> None:
    books = service("sheets", "v4").spreadsheets()
    number = books.create(body={}).execute()["spreadsheetId"]
    body = {"values": [["Nom", "a,b"], ["Élise"]]}
    books.values().update(
        spreadsheetId=number, range="A1", valueInputOption="RAW", body=body
    ).execute()
    files = service("drive", "v3").files()

    plain = files.export(fileId=number, mimeType="text/csv").execute()
    tabs = files.export(fileId=number, mimeType="text/tab-separated-values").execute()

    assert plain.decode() == 'Nom,"a,b"\r\nÉlise,'
    assert tabs.decode() == "Nom\ta,b\r\nÉlise\t"
    with pytest.raises(HttpError) as caught:
        files.export(fileId=number, mimeType="application/pdf").execute()
    assert caught.value.status_code == 501


def test_permissions_change_and_the_owner_stays(service: Service) -> None:
    drive = service("drive", "v3")
    number = drive.files().create(body={"mimeType": SHEET}).execute()["id"]
    permissions = drive.permissions()
    given = {"type": "user", "role": "reader", "emailAddress": "lise@example.org"}
    key = permissions.create(fileId=number, body=given).execute()["id"]
    permissions.update(fileId=number, permissionId=key, body={"role": "writer"}).execute()

    found = permissions.get(fileId=number, permissionId=key, fields="*").execute()
    listed = permissions.list(fileId=number, fields="permissions(id,role)").execute()
    owner = next(p["id"] for p in listed["permissions"] if p["role"] == "owner")

    assert (found["role"], found["emailAddress"]) == ("writer", "lise@example.org")
    assert check_value("drive.v3", "Permission", found) == []
    for refused in (
        permissions.delete(fileId=number, permissionId=owner),
        permissions.update(fileId=number, permissionId=key, body={"role": "owner"}),
        permissions.create(fileId=number, body={"type": "user", "role": "reader"}),
    ):
        with pytest.raises(HttpError):
            refused.execute()
    permissions.delete(fileId=number, permissionId=key).execute()
    assert len(permissions.list(fileId=number).execute()["permissions"]) == 1


def test_comments_are_answered_resolved_and_deleted(service: Service) -> None:
    drive = service("drive", "v3")
    number = drive.files().create(body={"mimeType": SHEET}).execute()["id"]
    comments, replies = drive.comments(), drive.replies()
    body = {"content": "Qui <confirme> ?", "anchor": "{}"}
    key = comments.create(fileId=number, body=body, fields="id").execute()["id"]
    place = {"fileId": number, "commentId": key}
    answer = replies.create(
        **place, body={"content": "Moi", "action": "resolve"}, fields="*"
    ).execute()
    replies.update(**place, replyId=answer["id"], body={"content": "Nous"}, fields="id").execute()
    comments.update(**place, body={"content": "Qui ?"}, fields="id").execute()

    found = comments.get(**place, fields="*").execute()
    replies.delete(**place, replyId=answer["id"]).execute()
    comments.delete(**place).execute()

    assert (found["content"], found["resolved"], found["author"]["me"]) == ("Qui ?", True, True)
    assert found["replies"][0]["content"] == "Nous"
    assert check_value("drive.v3", "Comment", found) == []
    assert comments.list(fileId=number, fields="comments").execute() == {"comments": []}
    deleted = comments.list(fileId=number, fields="comments", includeDeleted=True).execute()
    assert deleted["comments"][0]["deleted"] is True
    with pytest.raises(HttpError):
        comments.list(fileId=number).execute()


def test_drive_says_who_calls(service: Service) -> None:
    about = service("drive", "v3").about().get(fields="user(emailAddress,me)").execute()

    assert about == {"user": {"me": True, "emailAddress": "comite@example.org"}}


def test_a_form_is_made_published_and_read(service: Service) -> None:
    forms = service("forms", "v1").forms()
    made = forms.create(body={"info": {"title": "Inscription"}}).execute()
    item = {"title": "Nom", "questionItem": {"question": {"textQuestion": {}}}}
    create = {"createItem": {"item": item, "location": {"index": 0}}}
    answer = forms.batchUpdate(formId=made["formId"], body={"requests": [create]}).execute()
    state = {"publishState": {"isPublished": True, "isAcceptingResponses": True}}
    body = {"publishSettings": state, "updateMask": "*"}
    published = forms.setPublishSettings(formId=made["formId"], body=body).execute()

    found = forms.get(formId=made["formId"]).execute()

    assert found["items"][0]["itemId"] == answer["replies"][0]["createItem"]["itemId"]
    assert forms.responses().list(formId=made["formId"]).execute() == {}
    for schema, value in (
        ("Form", found),
        ("BatchUpdateFormResponse", answer),
        ("SetPublishSettingsResponse", published),
    ):
        assert check_value("forms.v1", schema, value) == []
