"""Messages as Gmail keeps and shows them (RFC 5322, RFC 2045)."""

from __future__ import annotations

import html
import re
from base64 import b64decode, urlsafe_b64encode
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from automation.local.errors import refuse
from automation.local.gmail.refusals import INVALID_HEADER, NOT_BASE64, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

RECIPIENTS: Final = ("To", "Cc", "Bcc")
_ADDRESS: Final = re.compile(r"[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+")
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")
_SNIPPET: Final = 200  # characters, about


def decode_raw(text: str) -> bytes:
    """A message as it came in JSON: base64url, or plain base64, padded or not, with CRLF.

    Raises:
        ApiError: 400 when it is neither.
    """
    plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        found = b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        raise refuse(NOT_BASE64) from None
    return re.sub(rb"\r?\n|\r(?!\n)", b"\r\n", found)


def encode(content: bytes) -> str:
    """Bytes as Gmail sends them: base64url, padded."""
    return urlsafe_b64encode(content).decode("ascii")


def parse(raw: bytes) -> Message:
    """A message from its bytes; whatever they are, they are one."""
    return message_from_bytes(raw)


def split(raw: bytes) -> tuple[list[bytes], bytes]:
    """The header fields of a message, folds and line ends included, and all that follows them."""
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = re.split(rb"(?<=\r\n)(?![ \t])", head + b"\r\n")
    return [field for field in fields if field.strip()], b"\r\n" + body


def name_of(field: bytes) -> str:
    """The name of a header field, in lower case."""
    return field.partition(b":")[0].decode("ascii", "replace").strip().lower()


def header(message: Message, name: str) -> str:
    """A header in plain words, the first of its name; empty where it is missing."""
    return next((value for found, value in _fields(message) if found.lower() == name.lower()), "")


def _fields(part: Message) -> Iterator[tuple[str, str]]:
    """The header fields in plain words: without folds and encoded words (RFC 2047)."""
    # Plain `items` would turn UTF-8 that nobody encoded into question marks.
    for name, value in part.raw_items():
        text = _FOLD.sub("", value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        yield name, _decoded(text).strip()


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def addresses(message: Message, name: str) -> list[str]:
    """The addresses of a header.

    Raises:
        ApiError: 400 when one of them is none.
    """
    values = [value for found, value in _fields(message) if found.lower() == name.lower()]
    found = [address for _, address in getaddresses(values) if address or any(values)]
    if not all(_ADDRESS.fullmatch(address) for address in found):
        raise invalid(INVALID_HEADER, name=name)
    return found


def headers_of(part: Message) -> list[dict[str, str]]:
    """A part's headers as MessagePartHeaders, in their order."""
    return [{"name": name, "value": value} for name, value in _fields(part)]


def show_part(part: Message, part_id: str = "") -> dict[str, Any]:
    """A part as a MessagePart, with the parts below it; the whole message has no part id."""
    shown = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": filename_of(part),
        "headers": headers_of(part),
    }
    inner = parts_of(part)
    if inner:
        below = [show_part(one, number) for number, one in _numbered(inner, part_id)]
        return shown | {"body": {"size": 0}, "parts": below}
    content = content_of(part)
    kept_apart = {"attachmentId": attachment_id(part_id), "size": len(content)}
    inline = {"size": len(content)} | ({"data": encode(content)} if content else {})
    return shown | {"body": kept_apart if filename_of(part) else inline}


def _numbered(parts: list[Message], above: str) -> Iterator[tuple[str, Message]]:
    for index, part in enumerate(parts):
        yield (f"{above}.{index}" if above else str(index)), part


def parts_of(part: Message) -> list[Message]:
    """The parts below a part; none below a forwarded message, which is shown as a leaf."""
    inner: Any = part.get_payload()
    return list(inner) if part.get_content_maintype() == "multipart" and _is_parts(inner) else []


def _is_parts(inner: object) -> bool:
    return isinstance(inner, list)


def content_of(part: Message) -> bytes:
    """The content of a leaf, its transfer encoding undone."""
    inner: Any = part.get_payload(decode=True)
    if inner is None:  # a forwarded message
        return b"".join(one.as_bytes() for one in part.get_payload())  # type: ignore[union-attr]
    return bytes(inner)


def filename_of(part: Message) -> str:
    """The name of an attachment; empty for what is none."""
    return _decoded(part.get_filename() or "")


def attachment_id(part_id: str) -> str:
    """The id under which `attachments.get` answers the content of a part."""
    return "ANGj" + encode(f"part {part_id or 'whole'}".encode())


def leaves(part: Message, part_id: str = "") -> Iterator[tuple[str, Message]]:
    """Every part that has content of its own, with its id."""
    inner = parts_of(part)
    if not inner:
        yield part_id, part
    for number, one in _numbered(inner, part_id):
        yield from leaves(one, number)


def text_of(message: Message, kind: str) -> str:
    """The first text of a kind, `plain` or `html`, as it reads; empty where there is none."""
    for _, part in leaves(message):
        if part.get_content_type() == f"text/{kind}" and not filename_of(part):
            charset = part.get_content_charset("utf-8")
            try:
                return content_of(part).decode(charset, "replace")
            except LookupError:
                return content_of(part).decode("utf-8", "replace")
    return ""


def words_of(message: Message) -> str:
    """What a message says: its plain text, else its HTML without the tags."""
    return text_of(message, "plain") or _without_tags(text_of(message, "html"))


class _Words(HTMLParser):
    """Gathers the text between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self._hidden += tag in {"style", "script", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def _without_tags(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    return " ".join(words.found)


def snippet(message: Message) -> str:
    """The beginning of what a message says, escaped for HTML as Gmail does."""
    line = " ".join(words_of(message).split())
    if len(line) > _SNIPPET:
        line = line[:_SNIPPET].rpartition(" ")[0] or line[:_SNIPPET]
    return html.escape(line).replace("&#x27;", "&#39;")
