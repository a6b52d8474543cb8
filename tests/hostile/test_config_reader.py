"""Whatever stands in the configuration file, somebody is told a line a mistake, in their words."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from automation.config import Config, parse_config
from automation.config.mistakes import list_keys
from automation.errors import ConfigError
from tests.hostile.strings import NAUGHTY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MINIMAL: Final[Mapping[str, Mapping[str, Any]]] = {
    "workspace": {"kind": "embedded", "path": "cohorte.db"},
    "responses": {"tabs": ["Réponses"]},
    "fields": {"name": "Nom"},
}
_SCALARS = st.sampled_from(
    (
        *("true", "-1", "0", "9223372036854775807", "99999999999999999999", "nan", "-inf", "1e400"),
        *("2023-01-16", "07:30:00", "2023-01-16T07:30:00Z", "[]", "{}", "[[]]", "{a = {b = 1}}"),
        *('"embedded"', '"a@b.example"', '"https://a.example/CODE"', '"09:00"', '""', '"\\u0000"'),
        *('["09:00", "08:00"]', '["a@b.example", 3]', "[1, 2, 3]", '"../.."', '"~"'),
    )
) | st.sampled_from(NAUGHTY).map(lambda text: json.dumps(_sayable(text), ensure_ascii=False))
_LINE: Final = re.compile(r"(?:\[[\w.]+\] [\w °\s]+|\w+|n° \d+|ce n’est pas du TOML valide)\s: .+")
_KEYS = st.sampled_from(sorted(list_keys(Config)))


def _sayable(text: str) -> str:
    """A text that TOML can hold between quotes."""
    return text.replace("\x7f", " ")


def _read(text: str | bytes) -> list[str]:
    """Return the lines of complaint about a configuration; none where it serves."""
    content = text if isinstance(text, bytes) else text.encode()
    try:
        parse_config(content, Path("there/cohorte.toml"), {})
    except ConfigError as error:
        lines = str(error.values["mistakes"]).split("\n")
        assert all(line.strip() for line in lines)
        assert all("Traceback" not in line and "pydantic" not in line for line in lines)
        return lines
    return []


def _tables() -> dict[str, dict[str, str]]:
    """Return what every file needs, each value as TOML."""
    return {
        section: {key: json.dumps(one, ensure_ascii=False) for key, one in keys.items()}
        for section, keys in _MINIMAL.items()
    }


def _write(path: Sequence[str], value: str) -> str:
    """Return TOML that has the value at a path, over what every file needs."""
    tables = _tables()
    *sections, key = ("essai" if part == "*" else part for part in path)
    if not sections:
        return f"{key} = {value}\n{_render(tables)}"
    tables.setdefault(".".join(sections), {})[key] = value
    return _render(tables)


def _render(tables: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"[{section}]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items())
        for section, keys in tables.items()
    )


@settings(max_examples=2 * settings().max_examples)
@given(path=_KEYS, value=_SCALARS)
def test_any_value_under_any_key_serves_or_is_told_on_a_line_by_its_key(
    path: tuple[str, ...], value: str
) -> None:
    lines = _read(_write(path, value))

    assert all(_LINE.fullmatch(line) for line in lines), lines


def test_a_value_of_several_lines_is_quoted_on_one() -> None:
    (line,) = _read(_write(("alerts", "maintainer"), '"lise\\nbcc: tous@exemple.test"'))

    assert "lise bcc: tous@exemple.test" in line


def test_an_endless_value_is_quoted_in_short() -> None:
    (line,) = _read(_write(("alerts", "maintainer"), f'"{"a" * 50_000}"'))

    assert len(line) < 300


@given(text=st.text(max_size=60) | st.binary(max_size=40))
@example(text="[" * 3000)
@example(text="a = " + "[" * 3000)
@example(text="a = " + "{a = " * 3000)
@example(text="a." * 3000 + "a = 1")
@example(text="a = " + "9" * 5000)
@example(text="a = 0x" + "f" * 5000)
@example(text="a = 1e9999")
@example(text="a = 2023-02-30")
@example(text="a = 25:00:00")
@example(text="\ufeff\ufeff")
@example(text=b"\x00")
@example(text=b"\xff\xfea")
@example(text='fields = "Nom"')
@example(text="[[fields]]")
@example(text="[fields.extra.a.b.c]")
@example(text='[fields.choices]\na = ["b"]')
def test_any_text_at_all_is_told_as_mistakes(text: str | bytes) -> None:
    with suppress(UnicodeEncodeError):
        assert _read(text)


@pytest.mark.parametrize("key", ["a", "name", "sujet", "é", "", "a.b", "x" * 41, "A"])
def test_any_key_of_a_question_of_ones_own_serves_or_is_told(key: str) -> None:
    quoted = json.dumps(key, ensure_ascii=False)

    lines = _read(f'{_render(_tables())}\n[fields.extra]\n{quoted} = "Métier"')

    assert lines == [] if key in {"a", "sujet"} else lines
