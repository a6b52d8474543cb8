"""The studio opens from the terminal, to this machine alone, over an embedded workspace alone."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
from click.testing import CliRunner

from automation.cli import main
from tests.studio.town import found_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

CONFIG = """
[workspace]
kind = "google"
spreadsheet = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
[responses]
tabs = ["R"]
[fields]
name = "Nom complet"
"""


@contextmanager
def opened(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command in a folder; yield it and what it said until it told how to stop."""
    command = [sys.executable, "-m", "automation", "--lang", "en", *words, "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # The runner of the tests may have been started with Ctrl-C ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        said = ""
        try:
            for line in process.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            yield process, said
        finally:
            process.kill()


def stop(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    return process.returncode, out.strip(), err


def test_the_link_that_it_shows_opens_the_programme_and_ctrl_c_closes_it(tmp_path: Path) -> None:
    config = found_town(tmp_path)

    with opened(tmp_path, "--config", str(config), "studio") as (process, said):
        link = re.search(r"http://127\.0\.0\.1:\d+/enter/\S+", said)
        assert link is not None, said
        visitor = requests.Session()
        page = visitor.get(link[0], timeout=20).text
        stranger = requests.get(link[0].partition("/enter")[0], timeout=20)
        ended = stop(process)

    assert "Le rendez-vous" in page
    assert "Where the cohorts stand" in page
    assert stranger.status_code == 403
    assert ended == (0, "Closed.", "")


def test_without_a_workspace_it_offers_a_demonstration_and_makes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, "studio", "essai") as (process, said):
        link = re.search(r"http://\S+", said)
        assert link is not None, said
        page = requests.Session().get(link[0], timeout=20).text
        stop(process)

    assert "Prepare the demonstration" in page
    assert "essai" in page
    assert not (tmp_path / "essai").exists()


def test_a_workspace_at_google_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohorte.toml"
    path.write_text(CONFIG, "utf-8")

    result = CliRunner().invoke(main, ["--config", str(path), "studio"])

    assert result.exit_code == 78
    assert "espace d’essai" in result.stderr


def test_a_taken_port_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        result = CliRunner().invoke(main, ["studio", str(tmp_path / "d"), "--port", port])

    assert result.exit_code == 2
    assert port in result.stderr


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("automation.studio")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "flask", None)

    result = CliRunner().invoke(main, ["studio", str(tmp_path / "d")])

    assert result.exit_code == 78
    assert "pip install 'cohorte[studio]'" in result.stderr


def test_no_other_command_pays_for_the_studio() -> None:
    probe = "import sys, automation.cli, automation.night; print('flask' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True, text=True)

    assert ran.stdout.strip() == "False"
