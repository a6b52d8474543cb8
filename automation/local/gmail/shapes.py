"""The messages of the Gmail API, field by field."""

from __future__ import annotations

from typing import Final

from automation.local.messages import ABSENT, BOOL, INT, TEXT, message
from automation.local.schema import Many, Message, Spec, choice

PART: Final = message(
    "MessagePart",
    partId=TEXT,
    mimeType=TEXT,
    filename=TEXT,
    headers=Many(message("MessagePartHeader", name=TEXT, value=TEXT)),
    body=message("MessagePartBody", attachmentId=TEXT, size=INT, data=TEXT),
    parts=Many(ABSENT),
)
MESSAGE: Final = message(
    "Message",
    id=TEXT,
    threadId=TEXT,
    labelIds=Many(TEXT),
    snippet=TEXT,
    historyId=TEXT,
    internalDate=TEXT,
    payload=PART,
    sizeEstimate=INT,
    raw=TEXT,
    classificationLabelValues=ABSENT,
)
DRAFT: Final = message("Draft", id=TEXT, message=MESSAGE)
THREAD: Final = message("Thread", id=TEXT, snippet=TEXT, historyId=TEXT, messages=Many(MESSAGE))
LABEL: Final = message(
    "Label",
    id=TEXT,
    name=TEXT,
    messageListVisibility=TEXT,
    labelListVisibility=TEXT,
    type=TEXT,
    messagesTotal=INT,
    messagesUnread=INT,
    threadsTotal=INT,
    threadsUnread=INT,
    color=ABSENT,
)
PROFILE: Final = message(
    "Profile", emailAddress=TEXT, messagesTotal=INT, threadsTotal=INT, historyId=TEXT
)
BODY: Final = message("MessagePartBody", attachmentId=TEXT, size=INT, data=TEXT)


def _list(name: str, items: str, item: Spec) -> Message:
    return Message(name, {items: Many(item), "nextPageToken": TEXT, "resultSizeEstimate": INT})


MESSAGE_LIST: Final = _list("ListMessagesResponse", "messages", MESSAGE)
DRAFT_LIST: Final = _list("ListDraftsResponse", "drafts", DRAFT)
THREAD_LIST: Final = _list("ListThreadsResponse", "threads", THREAD)
LABEL_LIST: Final = message("ListLabelsResponse", labels=Many(LABEL))

NEW_MESSAGE: Final = message("Message", raw=TEXT, threadId=ABSENT)
NEW_DRAFT: Final = message("Draft", id=TEXT, message=NEW_MESSAGE)
DRAFT_TO_SEND: Final = message("Draft", id=TEXT, message=ABSENT)

PAGE: Final[dict[str, Spec]] = {
    "q": TEXT,
    "pageToken": TEXT,
    "maxResults": INT,
    "includeSpamTrash": BOOL,
}
LABELLED: Final[dict[str, Spec]] = PAGE | {"labelIds": Many(TEXT)}
DETAIL: Final[dict[str, Spec]] = {"format": choice("minimal full raw metadata")}
HEADERS: Final[dict[str, Spec]] = {"metadataHeaders": Many(TEXT)}
OF_MESSAGE: Final = DETAIL | HEADERS
OF_THREAD: Final = HEADERS | {"format": choice("minimal full metadata")}
