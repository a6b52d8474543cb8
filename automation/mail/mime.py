"""A message's octets (RFC 5322, RFC 2045), written in a tenth of the time `email` takes.

The structure is always the same: the text and the HTML as alternatives, and whatever is attached
beside them. Everything is ASCII, in lines ended by CRLF. Tests hold it against `email`: what is
written here parses back to the same message.
"""

from __future__ import annotations

from base64 import encodebytes
from binascii import b2a_qp
from email.utils import encode_rfc2231
from functools import lru_cache
from typing import TYPE_CHECKING

from automation.core.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.letters import Attachment


def write_message(
    headers: Iterable[str], text: str, html: str, attachments: Sequence[Attachment], key: str
) -> bytes:
    """Return the message; `headers` are folded already, `key` makes the boundaries.

    "=_" stands in no quoted-printable or base64 line: no body can hold a boundary.
    """
    top = "\r\n".join((*headers, "MIME-Version: 1.0", ""))
    inner = f"=_a_{key}"
    parts = (_write_text(text, "plain"), _write_text(html, "html"))
    body = _join_parts("alternative", inner, parts)
    if attachments:
        files = map(_write_attachment, attachments)
        body = _join_parts("mixed", f"=_m_{key}", (body, *files))
    return top.encode("ascii") + body


def _join_parts(kind: str, boundary: str, parts: Iterable[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'.encode()
    line = f"\r\n--{boundary}".encode()
    return head + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"


def _write_text(text: str, kind: str) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + b2a_qp(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")


@lru_cache(maxsize=64)
def _write_attachment(attachment: Attachment) -> bytes:
    head = (
        f"Content-Type: {attachment.type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {_name_file(attachment.name)}\r\n\r\n"
    )
    return head.encode("ascii") + encodebytes(attachment.content).replace(b"\n", b"\r\n")


def _name_file(name: str) -> str:
    shown = tidy(name)
    if shown.isascii() and not {'"', "\\"} & set(shown):
        return f'filename="{shown}"'
    return f"filename*={encode_rfc2231(shown, 'utf-8')}"
