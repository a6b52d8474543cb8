"""What the embedded workspace offers of Google's APIs, as a table.

`python -m tests.conformance.coverage` writes `coverage.md` beside this file; a test keeps it true.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from automation.local.answers import SPREADSHEET
from automation.local.batch import offered_kinds
from automation.local.kinds.messages import KINDS
from automation.local.routes import ROUTES
from automation.local.schema import Choice, Many, Message, Scalar
from tests.conformance.discovery import DOCUMENTS, load, methods_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.local.schema import Spec

TABLE: Final = Path(__file__).with_name("coverage.md")
REASONS: Final = {
    "addDataSource": "a data source lies outside of the workspace",
    "updateDataSource": "a data source lies outside of the workspace",
    "deleteDataSource": "a data source lies outside of the workspace",
    "refreshDataSource": "a data source lies outside of the workspace",
    "cancelDataSourceRefresh": "a data source lies outside of the workspace",
    "insertComment": "comments are kept by Drive here, and hang on no cell",
    "addCommentReply": "comments are kept by Drive here, and hang on no cell",
    "updateCommentPost": "comments are kept by Drive here, and hang on no cell",
    "deleteComment": "comments are kept by Drive here, and hang on no cell",
    "deleteCommentReply": "comments are kept by Drive here, and hang on no cell",
}
"""Why a kind of request is not offered."""


def google_kinds() -> list[str]:
    """The kinds of request that Google knows, in order."""
    return sorted(load("sheets.v4")["schemas"]["Request"]["properties"])


def write_table() -> str:
    """The whole of `coverage.md`."""
    kinds, offered = google_kinds(), offered_kinds()
    lines = [
        "# What the embedded workspace offers of Google's APIs",
        "",
        "Written by `python -m tests.conformance.coverage` from the discovery documents and the",
        "tables of `automation/local`. What is not offered is answered 501, saying what.",
        "",
        f"## Kinds of request in a batchUpdate: {len(offered)} of {len(kinds)}",
        "",
        "Not offered:",
        "",
        *(f"- `{kind}`: {REASONS[kind]}" for kind in kinds if kind not in offered),
        "",
        "Offered: " + ", ".join(f"`{kind}`" for kind in kinds if kind in offered) + ".",
        "",
        "## Fields that are not offered, by message",
        "",
        *_field_lines(),
        "",
        "## Methods",
        *(line for document in DOCUMENTS for line in _method_lines(document)),
    ]
    return "\n".join(lines) + "\n"


def _field_lines() -> Iterator[str]:
    schemas = load("sheets.v4")["schemas"]
    for name, message in sorted(declared_messages().items()):
        missing = [
            field for field in sorted(schemas[name].get("properties", {})) if absent(message, field)
        ]
        if missing:
            yield f"- {name}: " + ", ".join(f"`{field}`" for field in missing)


def absent(message: Message, field: str) -> bool:
    """Whether a message is declared without a field."""
    return message.fields.get(field, Scalar.ABSENT) is Scalar.ABSENT


def declared_messages() -> dict[str, Message]:
    """The messages that requests and answers of Sheets are made of, by their name at Google."""
    found: dict[str, Message] = {}
    for root in (*KINDS.values(), SPREADSHEET):
        _collect(root, found)
    return found


def _collect(spec: Spec, found: dict[str, Message]) -> None:
    if isinstance(spec, Many):
        _collect(spec.item, found)
    elif isinstance(spec, Message) and spec.name not in found:
        found[spec.name] = spec
        for inner in spec.fields.values():
            _collect(inner, found)


def unknown_names() -> list[str]:
    """What the tables declare and Google does not know: messages, fields, values of enums."""
    schemas = load("sheets.v4")["schemas"]
    wrong: list[str] = []
    for name, message in declared_messages().items():
        known = schemas.get(name)
        if known is None:
            wrong.append(name)
            continue
        for field, spec in message.fields.items():
            declared = known.get("properties", {}).get(field)
            if declared is None:
                wrong.append(f"{name}.{field}")
            elif isinstance(spec, Choice):
                extra = spec.values - set(declared.get("enum", ()))
                wrong += [f"{name}.{field}: {value}" for value in sorted(extra)]
    return wrong


def _method_lines(document: str) -> Iterator[str]:
    methods = methods_of(document)
    offered = [spec["id"] for spec in methods if _is_offered(document, spec)]
    yield ""
    yield f"{document}: {len(offered)} of {len(methods)}"
    yield ""
    for spec in methods:
        if spec["id"] in offered:
            yield f"- `{spec['id']}`"


def _is_offered(document: str, spec: dict[str, Any]) -> bool:
    root = load(document)
    path = re.sub(r"\{\+?\w+\}", "1", f"/{root['servicePath']}{spec['path']}")
    host = urlsplit(root["rootUrl"]).hostname
    found = (
        route.path.fullmatch(path)
        for route in ROUTES
        if (route.method, route.host) == (spec["httpMethod"], host)
    )
    # `files/generateIds` would pass for the file of that name.
    return any(match and set(match.groupdict().values()) <= {"1"} for match in found)


if __name__ == "__main__":
    TABLE.write_text(write_table(), encoding="utf-8")
