"""The embedded mailbox answers as Gmail's does."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64decode
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

from automation import local
from automation.errors import WorkbookError
from automation.local import Account, Fault, FaultPlan
from tests.local.post import BEGAN, GMAIL, Post, encoded, letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

MINE = Account(address="comite@example.org")


@pytest.fixture(name="post")
def fixture_post() -> Iterator[Post]:
    made = Post()
    yield made
    made.session.close()


def refusal(response: requests.Response) -> tuple[int, str, str, str]:
    """Code, status, reason and text of a refusal."""
    error = response.json()["error"]
    assert response.status_code == error["code"]
    assert error["errors"][0]["message"] == error["message"]
    return error["code"], error["status"], error["errors"][0]["reason"], error["message"]


def test_a_new_mailbox_is_empty(post: Post) -> None:
    assert post.get("/messages") == {"resultSizeEstimate": 0}
    assert post.get("/drafts") == {"resultSizeEstimate": 0}
    assert post.get("/threads") == {"resultSizeEstimate": 0}
    assert post.get("/profile") == {
        "emailAddress": "comite@example.org",
        "messagesTotal": 0,
        "threadsTotal": 0,
        "historyId": "1",
    }


def test_a_draft_is_a_container_around_a_message(post: Post) -> None:
    made = post.draft()

    listed = post.get("/drafts")
    assert made["message"]["labelIds"] == ["DRAFT"]
    assert made["message"]["threadId"] == made["message"]["id"]
    assert len(made["message"]["id"]) == 16
    assert listed["drafts"] == [
        {
            "id": made["id"],
            "message": {name: made["message"][name] for name in ("id", "threadId")},
        }
    ]
    assert post.get(f"/drafts/{made['id']}", format="minimal")["message"]["snippet"] == "Bonjour"


def test_a_draft_that_is_sent_is_gone_and_its_thread_stays(post: Post) -> None:
    made = post.draft()

    sent = post.send_draft(made["id"]).json()

    assert sent["labelIds"] == ["SENT"]
    assert sent["threadId"] == made["message"]["threadId"]
    assert sent["id"] != made["message"]["id"]
    assert post.get("/drafts") == {"resultSizeEstimate": 0}
    thread = post.get(f"/threads/{sent['threadId']}", format="minimal")
    assert [one["id"] for one in thread["messages"]] == [sent["id"]]
    assert post.ask("GET", f"/messages/{made['message']['id']}").status_code == 404


def test_a_draft_is_sent_once(post: Post) -> None:
    made = post.draft()
    sent = post.send_draft(made["id"]).json()

    again = post.send_draft(made["id"])
    by_message = post.send_draft(sent["id"])

    missing = (404, "NOT_FOUND", "notFound", "Requested entity was not found.")
    assert refusal(again) == missing
    assert refusal(by_message) == (
        400,
        "INVALID_ARGUMENT",
        "invalidArgument",
        "Message not a draft",
    )
    assert post.found("in:sent") == [sent["id"]]


def test_a_message_gets_an_id_of_gmails_own_and_no_search_finds_ours(post: Post) -> None:
    ours = "<cohorte-7@example.org>"
    made = post.draft(Message_ID=ours, X_Cohorte_Key="a1b2")
    drafted = post.headers(made["message"]["id"])

    sent = post.send_draft(made["id"]).json()

    headers = post.headers(sent["id"])
    assert headers["Message-ID"].endswith("@mail.gmail.com>")
    assert headers["Message-ID"] != drafted["Message-ID"]
    assert headers["X-Cohorte-Key"] == "a1b2"
    assert post.found(f"rfc822msgid:{ours}") == []
    assert post.found(f"rfc822msgid:{headers['Message-ID']}") == [sent["id"]]
    raw = urlsafe_b64decode(post.get(f"/messages/{sent['id']}", format="raw")["raw"])
    assert b"cohorte-7" not in raw


def test_updating_a_draft_replaces_its_message_and_keeps_its_thread(post: Post) -> None:
    made = post.draft(body="Avant")

    changed = post.ask(
        "PUT", f"/drafts/{made['id']}", {"message": {"raw": encoded(letter(body="Après"))}}
    ).json()

    assert changed["id"] == made["id"]
    assert changed["message"]["threadId"] == made["message"]["threadId"]
    assert changed["message"]["id"] != made["message"]["id"]
    assert post.get(f"/drafts/{made['id']}")["message"]["snippet"] == "Après"
    assert post.get("/profile")["messagesTotal"] == 1


def test_a_deleted_draft_is_gone_for_ever(post: Post) -> None:
    made = post.draft()

    first, second = (post.ask("DELETE", f"/drafts/{made['id']}") for _ in range(2))

    assert (first.status_code, first.content) == (204, b"")
    assert second.status_code == 404
    assert post.get("/messages") == {"resultSizeEstimate": 0}


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"To": "personne@quelquepart"}, "Invalid To header"),
        ({"To": "Lise Roy"}, "Invalid To header"),
        ({"Cc": "a@example.org, b@"}, "Invalid Cc header"),
        ({"From": "comite"}, "Invalid From header"),
    ],
)
def test_what_is_no_address_is_refused_with_the_draft(
    post: Post, headers: dict[str, str], text: str
) -> None:
    answer = post.ask("POST", "/drafts", {"message": {"raw": encoded(letter(**headers))}})

    assert refusal(answer) == (400, "INVALID_ARGUMENT", "invalidArgument", text)


def test_a_draft_may_lack_recipients_and_then_not_leave(post: Post) -> None:
    made = post.draft(To="")

    answer = post.send_draft(made["id"])

    assert refusal(answer)[3] == "Recipient address required"
    assert post.get("/drafts")["resultSizeEstimate"] == 1


def test_a_message_goes_to_a_hundred_people_at_most(post: Post) -> None:
    many = ", ".join(f"p{number}@example.org" for number in range(101))

    refused = post.ask("POST", "/messages/send", {"raw": encoded(letter(To=many))})
    taken = post.ask("POST", "/messages/send", {"raw": encoded(letter(To=many[:-18]))})

    assert (refused.status_code, taken.status_code) == (400, 200)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Missing draft message"),
        ({"message": {}}, "'raw' RFC822 payload message string"),
        ({"message": {"raw": "Ceci n’est pas"}}, "Base64 decoding failed"),
        ({"message": {"raw": "YQ=A"}}, "Base64 decoding failed"),
    ],
)
@pytest.mark.nonconforming
def test_a_draft_without_a_message_is_refused(body: Any, text: str) -> None:
    with local.session() as session:
        answer = session.post(f"{GMAIL}/me/drafts", json=body)

    assert answer.status_code == 400
    assert text in answer.json()["error"]["message"]


def test_plain_base64_is_taken_too_and_lines_end_as_they_should(post: Post) -> None:
    raw = letter(body="ÿþ>?\nfin").replace("\r\n", "\n").encode()

    sent = post.post("/messages/send", {"raw": b64encode(raw).decode().rstrip("=")})

    kept = urlsafe_b64decode(post.get(f"/messages/{sent['id']}", format="raw")["raw"])
    assert kept.endswith("\r\n\r\nÿþ>?\r\nfin\r\n".encode())
    assert b"\n" not in kept.replace(b"\r\n", b"")


def test_the_parts_of_a_message_come_as_gmail_shows_them(post: Post) -> None:
    message = EmailMessage()
    message["To"] = "lise@example.org"
    message["Subject"] = "Rencontre du 16 janvier : l’équilibre"
    message.set_content("Bonjour Lise,\nc’est <demain>.")
    message.add_alternative("<p>Bonjour Lise</p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar", filename="rencontre.ics")

    sent = post.send(raw=message.as_string())
    shown = post.get(f"/messages/{sent['id']}")

    assert shown["snippet"] == "Bonjour Lise, c’est &lt;demain&gt;."
    assert shown["internalDate"] == str(round(BEGAN.timestamp() * 1000))
    payload = shown["payload"]
    subjects = [one["value"] for one in payload["headers"] if one["name"] == "Subject"]
    assert subjects == ["Rencontre du 16 janvier : l’équilibre"]
    assert (payload["partId"], payload["mimeType"]) == ("", "multipart/mixed")
    assert payload["body"] == {"size": 0}
    both, calendar = payload["parts"]
    assert [one["partId"] for one in both["parts"]] == ["0.0", "0.1"]
    assert urlsafe_b64decode(both["parts"][1]["body"]["data"]) == b"<p>Bonjour Lise</p>\r\n"
    assert (calendar["filename"], calendar["body"]["size"]) == ("rencontre.ics", 15)
    path = f"/messages/{sent['id']}/attachments/{calendar['body']['attachmentId']}"
    assert urlsafe_b64decode(post.get(path)["data"]) == b"BEGIN:VCALENDAR"


def test_metadata_has_the_headers_that_are_asked_for(post: Post) -> None:
    sent = post.send(X_Cohorte_Key="a1b2")
    path = f"/messages/{sent['id']}"

    some = post.get(path, format="metadata", metadataHeaders=["x-cohorte-key", "Bcc"])
    none = post.get(path, format="metadata", metadataHeaders=["Bcc"])

    assert some["payload"] == {
        "mimeType": "text/plain",
        "headers": [{"name": "X-Cohorte-Key", "value": "a1b2"}],
    }
    assert none["payload"] == {"mimeType": "text/plain"}
    assert "payload" not in post.get(path, format="minimal")


def test_a_message_gets_the_headers_that_it_lacks(post: Post) -> None:
    sent = post.send()
    dated = post.send(From="Cohorte <a@example.org>", Date="Sun, 01 Jan 2023 08:00:00 -0500")

    headers, kept = post.headers(sent["id"]), post.headers(dated["id"])
    assert headers["From"] == "comite@example.org"
    assert headers["Date"] == "Mon, 16 Jan 2023 07:00:00 +0000"
    assert kept["From"] == "Cohorte <a@example.org>"
    assert kept["Date"] == "Sun, 01 Jan 2023 08:00:00 -0500"


def test_what_one_writes_to_oneself_arrives(post: Post) -> None:
    sent = post.send(To="comite@example.org")

    assert set(sent["labelIds"]) == {"UNREAD", "SENT", "INBOX"}
    assert post.found("in:inbox is:unread") == [sent["id"]]


def test_a_reply_joins_the_thread_and_a_likeness_does_not(post: Post) -> None:
    first = post.send(Subject="Place offerte")
    known_as = post.headers(first["id"])["Message-ID"]

    reply = post.send(Subject="Re: Place offerte", In_Reply_To=known_as)
    alike = post.send(Subject="Place offerte")

    assert reply["threadId"] == first["threadId"]
    assert alike["threadId"] != first["threadId"]
    threads = post.get("/threads")["threads"]
    assert [one["id"] for one in threads] == [alike["threadId"], first["threadId"]]


def test_lists_come_in_pages_and_nothing_twice(post: Post) -> None:
    made = [post.draft(Subject=str(number)) for number in range(5)]

    first = post.get("/drafts", maxResults=2)
    post.draft(Subject="entre-temps")
    second = post.get("/drafts", maxResults=2, pageToken=first["nextPageToken"])
    third = post.get("/drafts", maxResults=2, pageToken=second["nextPageToken"])

    pages = [one["id"] for page in (first, second, third) for one in page["drafts"]]
    assert pages == [one["id"] for one in reversed(made)]
    assert "nextPageToken" not in third
    assert post.ask("GET", "/drafts", pageToken="suite").status_code == 400


def test_labels_count_what_they_mark(post: Post) -> None:
    post.draft()
    post.send()

    names = {one["id"] for one in post.get("/labels")["labels"]}
    assert {"DRAFT", "SENT", "INBOX", "UNREAD", "TRASH"} <= names
    assert post.get("/labels/SENT")["messagesTotal"] == 1
    assert post.ask("GET", "/labels/Cohorte").status_code == 404
    assert len(post.get("/messages", labelIds=["DRAFT"])["messages"]) == 1


def test_a_mask_leaves_the_rest_out(post: Post) -> None:
    made = post.draft()

    assert post.get("/drafts", fields="drafts(id,message.threadId)") == {
        "drafts": [{"id": made["id"], "message": {"threadId": made["message"]["threadId"]}}]
    }
    assert post.ask("GET", "/drafts", fields="drafts(colour)").status_code == 400


def test_an_account_reads_its_own_mailbox_only(post: Post) -> None:
    answer = post.ask("GET", "/messages", user="lise@example.org")

    text = "Delegation denied for comite@example.org"
    assert refusal(answer) == (403, "PERMISSION_DENIED", "forbidden", text)
    assert post.ask("GET", "/profile", user="Comite@example.org").ok


def test_ids_that_cannot_be_are_told_from_those_that_are_not(post: Post) -> None:
    assert refusal(post.ask("GET", "/messages/msg-a-r-1"))[3] == "Invalid id value"
    assert post.ask("GET", "/messages/185b9a0c0e000001").status_code == 404
    assert post.ask("GET", "/threads/185b9a0c0e000001").status_code == 404
    assert post.ask("GET", "/drafts/r-12").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/messages/send", {"raw": encoded(letter()), "threadId": "185b9a0c0e000001"}),
        ("POST", "/drafts/send", {"message": {"raw": encoded(letter())}}),
        ("POST", "/messages/185b9a0c0e000001/trash", None),
        ("GET", "/history", None),
        ("GET", "/messages?q=larger:5M", None),
    ],
)
def test_what_is_not_offered_is_refused(post: Post, method: str, path: str, body: Any) -> None:
    answer = post.ask(method, path, body)

    assert answer.status_code == 501
    assert "does not support" in answer.json()["error"]["message"]


def test_so_many_messages_leave_in_a_day_and_no_more() -> None:
    post = Post(account=Account(messages_a_day=2))
    post.send()
    post.clock.pass_by(hours=1)
    post.send()
    made = post.draft()

    refused = post.send_draft(made["id"])
    post.clock.pass_by(hours=23)
    taken = post.send_draft(made["id"])

    text = "User-rate limit exceeded.  Retry after 2023-01-17T07:00:00.000Z (Mail sending)"
    assert refusal(refused) == (429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", text)
    assert taken.ok
    post.session.close()


def test_the_quota_of_a_minute_can_be_counted() -> None:
    post = Post(account=Account(messages_a_minute=1))
    post.send()

    answers = [post.ask("POST", "/messages/send", {"raw": encoded(letter())})]
    post.clock.pass_by(minutes=1)
    answers.append(post.ask("POST", "/messages/send", {"raw": encoded(letter())}))

    assert refusal(answers[0])[:3] == (403, "PERMISSION_DENIED", "rateLimitExceeded")
    assert answers[1].ok
    post.session.close()


def test_a_lost_answer_may_have_sent_the_draft() -> None:
    faults = FaultPlan(at={2: Fault.UNAVAILABLE_AFTER, 3: Fault.RATE_LIMIT})
    post = Post(faults=faults)
    made = post.draft()

    lost = post.send_draft(made["id"])
    limited = post.send_draft(made["id"])
    again = post.send_draft(made["id"])

    assert [lost.status_code, limited.status_code, again.status_code] == [503, 429, 404]
    assert refusal(limited)[2] == "rateLimitExceeded"
    assert len(post.found("in:sent")) == 1
    post.session.close()


def test_a_mailbox_outlives_the_process_and_each_account_has_its_own(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    first = Post(path)
    made = first.draft()
    first.session.close()

    again, other = Post(path), Post(path, account=Account(address="lise@example.org"))

    assert again.send_draft(made["id"]).ok
    assert other.get("/messages") == {"resultSizeEstimate": 0}
    for post in (again, other):
        post.session.close()


def test_a_workspace_from_before_there_was_mail_gets_a_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with local.session(path) as session:
        session.store.connection.execute("DROP TABLE mail")
        session.store.connection.execute("PRAGMA user_version=1")

    post = Post(path)

    assert post.send()["labelIds"] == ["SENT"]
    post.session.close()


def test_people_can_read_the_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    post = Post(path)
    post.send(Subject="=?utf-8?q?L=E2=80=99hiver?=", body="Bonjour\r\nà tous")
    post.draft(Subject="Plus tard", X_Cohorte_Key="a1b2")
    post.session.close()

    first, second = local.read_mailbox(path)

    assert (first.is_sent, first.subject, first.text) == (True, "L’hiver", "Bonjour\nà tous\n")
    assert (first.to, first.at) == ("Lise <lise@example.org>", BEGAN)
    assert (second.is_draft, second.headers["x-cohorte-key"]) == (True, "a1b2")
    assert local.read_mailbox(path, address="personne@example.org") == ()


def test_looking_at_a_mailbox_makes_no_file(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("Rencontre du 16 janvier. " * 100, encoding="utf-8")

    with pytest.raises(FileNotFoundError):
        local.read_mailbox(tmp_path / "absent.db")
    with pytest.raises(WorkbookError):
        local.read_mailbox(other)

    assert not (tmp_path / "absent.db").exists()
