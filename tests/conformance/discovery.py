"""Checks requests and answers against Google's discovery documents.

The documents come with google-api-python-client, a development dependency. A violation is a
sentence that says where and what; an empty list means that the call fits the schema.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

DOCUMENTS: Final = ("sheets.v4", "drive.v3", "gmail.v1", "forms.v1")
_INT_BITS: Final = {"int32": 31, "uint32": 32}
_FIELD_MASK: Final = re.compile(r"[\w*.,/()\s]+")
_HTML: Final = re.compile(rb"\s*<")
_TOLERATED: Final = frozenset({("drive.files.get", "includeItemsFromAllDrives")})
_TOLERATED_FIELDS: Final = frozenset({"Permission.withLink"})
"""What gspread sends, what is not in the document, and what Google accepts all the same."""
_OTHERS: Final = re.compile(r"/upload/drive/v2/files/[^/]+")
"""gspread imports CSV through version 2, whose document is another one."""


class _Method(Struct, frozen=True):
    """A method of an API, found for a call."""

    document: dict[str, Any]
    spec: dict[str, Any]

    def parameter(self, name: str) -> dict[str, Any] | None:
        """The declaration of a query parameter."""
        known = {**self.document["parameters"], **self.spec.get("parameters", {})}
        found: dict[str, Any] | None = known.get(name)
        return found


def check_request(method: str, url: str, body: bytes | str | None) -> list[str]:
    """What is wrong with a request."""
    found = _find(method, url)
    if found is None and _OTHERS.fullmatch(urlsplit(url).path):
        return []
    if found is None:
        return [f"{method} {url}: no such method in the discovery documents"]
    violations = _check_query(found, url)
    expected = found.spec.get("request")
    if not body:
        return violations
    if expected is None:
        return [*violations, f"{found.spec['id']}: takes no body"]
    return violations + _check_json(found.document, expected, body)


def check_response(method: str, url: str, status: int, body: bytes | str) -> list[str]:
    """What is wrong with an answer."""
    found = _find(method, url)
    if found is None and _OTHERS.fullmatch(urlsplit(url).path):
        return []
    if found is None:
        return [f"{method} {url}: no such method in the discovery documents"]
    if status >= 400:
        return _check_error(status, body)
    expected = found.spec.get("response")
    if found.spec["id"] == "drive.files.export":
        return []
    if expected is None:
        return [f"{found.spec['id']}: answers nothing"] if body else []
    return _check_json(found.document, expected, body)


def check_value(document: str, schema: str, value: object) -> list[str]:
    """What is wrong with a JSON value that should be a schema of a document such as `sheets.v4`."""
    return _check(load(document), {"$ref": schema}, value, schema)


def methods_of(name: str) -> list[dict[str, Any]]:
    """The methods of a document, in the order of their ids."""
    return sorted(_walk(load(name)), key=lambda spec: spec["id"])


@cache
def load(name: str) -> dict[str, Any]:
    """A discovery document, such as `sheets.v4`."""
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    document: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return document


@cache
def _methods() -> tuple[tuple[str, str, re.Pattern[str], _Method], ...]:
    """(HTTP method, host, path, method) of everything that the documents know."""
    found = []
    for name in DOCUMENTS:
        document = load(name)
        root = urlsplit(document["rootUrl"])
        for spec in _walk(document):
            path = f"/{document['servicePath']}{spec['path']}"
            found.append(
                (spec["httpMethod"], root.hostname or "", _template(path), _Method(document, spec))
            )
    # The longest template first, so that `{range}:append` wins over `{range}`.
    return tuple(sorted(found, key=lambda entry: -len(entry[2].pattern)))


def _walk(resource: dict[str, Any]) -> list[dict[str, Any]]:
    own = list(resource.get("methods", {}).values())
    return own + [spec for inner in resource.get("resources", {}).values() for spec in _walk(inner)]


def _template(path: str) -> re.Pattern[str]:
    """A path template such as `v4/spreadsheets/{spreadsheetId}:batchUpdate` as a pattern.

    Only a range may hold a colon.
    """
    parts = re.split(r"(\{\+?\w+\})", path)
    return re.compile("".join(_pattern_of(part) for part in parts))


def _pattern_of(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return "[^/]+" if part == "{range}" else "[^/:]+"


def _find(method: str, url: str) -> _Method | None:
    parts = urlsplit(url)
    for http_method, host, template, found in _methods():
        if (http_method, host) == (method.upper(), parts.hostname) and template.fullmatch(
            parts.path
        ):
            return found
    return None


def _check_query(found: _Method, url: str) -> list[str]:
    violations = []
    for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True):
        spec = found.parameter(name)
        where = f"{found.spec['id']}?{name}"
        if spec is None:
            if (found.spec["id"], name) not in _TOLERATED:
                violations.append(f"{where}: unknown parameter")
        else:
            violations += _check(found.document, spec, _typed(spec, value), where)
    return violations


def _typed(spec: dict[str, Any], text: str) -> object:
    """A parameter's text as the JSON it stands for."""
    if spec["type"] == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if spec["type"] == "integer":
        return int(text) if re.fullmatch(r"-?\d+", text) else text
    return text


def _check_json(document: dict[str, Any], spec: dict[str, Any], body: bytes | str) -> list[str]:
    try:
        value = json.loads(body)
    except ValueError:
        return [f"{spec['$ref']}: not JSON"]
    return _check(document, spec, value, spec["$ref"])


def _check_error(status: int, body: bytes | str) -> list[str]:
    raw = body.encode() if isinstance(body, str) else body
    if status >= 500 and _HTML.match(raw):
        return []
    try:
        error = json.loads(raw)["error"]
    except (ValueError, KeyError, TypeError):
        return [f"error {status}: not Google's shape"]
    violations = []
    if error.get("code") != status:
        violations.append(f"error {status}: code is {error.get('code')!r}")
    if not isinstance(error.get("message"), str):
        violations.append(f"error {status}: no message")
    if not isinstance(error.get("status"), str) and not isinstance(error.get("errors"), list):
        violations.append(f"error {status}: neither status nor errors")
    return violations


def _check(document: dict[str, Any], spec: dict[str, Any], value: object, where: str) -> list[str]:
    if value is None:
        return []
    if "$ref" in spec:
        return _check(document, document["schemas"][spec["$ref"]], value, where)
    kind = spec.get("type", "any")
    if kind == "object":
        return _check_object(document, spec, value, where)
    if kind == "array":
        if not isinstance(value, list):
            return [f"{where}: {value!r} is not a list"]
        return [
            violation
            for index, item in enumerate(value)
            for violation in _check(document, spec["items"], item, f"{where}[{index}]")
        ]
    return (
        []
        if kind == "any" or _fits(kind, spec, value)
        else [f"{where}: {value!r} is no {_name(spec)}"]
    )


def _check_object(
    document: dict[str, Any], spec: dict[str, Any], value: object, where: str
) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is not an object"]
    known = spec.get("properties", {})
    other = spec.get("additionalProperties")
    violations = []
    for name, inner in value.items():
        expected = known.get(name, other)
        if expected is None:
            if f"{where}.{name}" not in _TOLERATED_FIELDS:
                violations.append(f"{where}.{name}: unknown field")
        else:
            violations += _check(document, expected, inner, f"{where}.{name}")
    return violations


def _fits(kind: str, spec: dict[str, Any], value: object) -> bool:
    if kind == "string":
        return isinstance(value, str) and _fits_string(spec, value)
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if kind == "number":
        return math.isfinite(value)
    return (
        isinstance(value, int) and -(2**31) <= value < 2 ** _INT_BITS[spec.get("format", "int32")]
    )


def _fits_string(spec: dict[str, Any], value: str) -> bool:
    if "enum" in spec and value not in spec["enum"]:
        return False
    kind = spec.get("format")
    if kind in {"int64", "uint64"}:
        return re.fullmatch(r"-?\d{1,20}", value) is not None
    if kind in {"date-time", "google-datetime"}:
        return (
            re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
            is not None
        )
    if kind == "byte":
        return re.fullmatch(r"[\w+/-]*={0,2}", value, re.ASCII) is not None
    return kind != "google-fieldmask" or _FIELD_MASK.fullmatch(value) is not None


def _name(spec: dict[str, Any]) -> str:
    name = str(spec.get("format") or spec["type"])
    return f"{name} of {spec['enum']}" if "enum" in spec else name
