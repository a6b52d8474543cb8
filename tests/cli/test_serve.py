"""Any client of Google's APIs can be pointed at the embedded workspace."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import pytest
import requests
from click.testing import CliRunner

from automation.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
[workspace]
kind = "embedded"
path = "kept/cohorte.db"
[responses]
tabs = ["R"]
[fields]
name = "Nom complet"
"""


@pytest.fixture(name="config")
def fixture_config(tmp_path: Path) -> Path:
    path = tmp_path / "cohorte.toml"
    path.write_text(CONFIG)
    return path


@contextmanager
def serving(config: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yield it and what it said until it told how to stop."""
    command = [sys.executable, "-m", "automation", "--lang", "en", "--config", str(config)]
    with subprocess.Popen(
        [*command, *options, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # The runner of the tests may have been started with Ctrl-C ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        try:
            yield process, _until(process.stdout, "Ctrl-C")
        finally:
            process.kill()


def _until(stream: IO[str], word: str) -> str:
    said = ""
    for line in stream:
        said += line
        if word in line:
            break
    return said


def stop(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err


def url_in(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found is not None, said
    return found[0]


def test_it_says_where_it_listens_and_stops_on_ctrl_c(config: Path) -> None:
    with serving(config, "--at", "2023-01-16T02:00:00+00:00", "-v") as (process, said):
        made = requests.post(f"{url_in(said)}/v4/spreadsheets", json={}, timeout=20)
        fields = {"fields": "createdTime"}
        book = made.json()["spreadsheetId"]
        file = requests.get(f"{url_in(said)}/drive/v3/files/{book}", fields, timeout=20).json()
        code, out, err = stop(process)

    assert "no spreadsheet yet" in said
    assert file == {"createdTime": "2023-01-16T02:00:00.000Z"}
    assert (code, out.strip()) == (0, "Stopped.")
    assert err.splitlines()[0] == "POST /v4/spreadsheets 200"
    assert (config.parent / "kept/cohorte.db").is_file()


def test_what_it_says_of_gspread_works_as_it_stands(config: Path) -> None:
    for title in ("Programme", ""):
        with serving(config) as (process, said):
            snippet = said[said.index("    import gspread") :].partition("Ctrl-C")[0]
            script = f"{textwrap.dedent(snippet)}\nprint(book.id, book.title)"
            ran = subprocess.run(
                [sys.executable, "-c", script],
                capture_output=True,
                check=True,
                text=True,
                env={**os.environ, "no_proxy": "*"},
            )
            book, told = ran.stdout.split()
            assert told == "Programme"
            assert title or f"{url_in(said)}/v4/spreadsheets/{book}" in said
            assert stop(process)[0] == 0


def test_a_workspace_at_google_is_not_served(config: Path) -> None:
    text = config.read_text().replace("embedded", "google").replace("path", "spreadsheet")
    config.write_text(text)

    result = CliRunner().invoke(main, ["--config", str(config), "serve"])

    assert result.exit_code == 78
    assert "embarqué" in result.stderr


def test_a_taken_port_is_told_in_words(config: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        result = CliRunner().invoke(main, ["--config", str(config), "serve", "--port", port])

    assert result.exit_code == 2
    assert port in result.stderr
    assert "--port 0" in result.stderr


def test_no_other_command_pays_for_the_server() -> None:
    probe = "import sys, automation.cli, automation.local; print('http.server' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True, text=True)

    assert ran.stdout.strip() == "False"
