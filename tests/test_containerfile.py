"""The image: locked, without secrets, without root. Nothing here needs an engine for containers."""

from __future__ import annotations

import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

_TOP = Path(__file__).parents[1]


def _stages() -> list[list[tuple[str, str]]]:
    """Return each stage's instructions and what they say."""
    text = (_TOP / "Containerfile").read_text("utf-8")
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text))
    stages: list[list[tuple[str, str]]] = []
    for line in filter(None, joined.splitlines()):
        name, _, said = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, said))
    return stages


def _ships(path: str) -> bool:
    """Whether .dockerignore lets a file or folder in: the last line that fits decides."""
    inside = True
    for line in (_TOP / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!")
        if (
            line
            and line[0] != "#"
            and (fnmatch(path, pattern) and path.count("/") == pattern.count("/"))
        ):
            inside = line[0] == "!"
    return inside


def test_whatever_is_fetched_is_held_against_the_lock() -> None:
    installs = [
        shlex.split(said)
        for stage in _stages()
        for name, said in stage
        if name == "RUN" and "pip" in said
    ]

    assert installs
    for words in installs:
        assert "--require-hashes" in words or "--no-index" in words


def test_it_runs_without_root_and_writes_nowhere_but_in_tmp() -> None:
    final = _stages()[-1]
    said = dict(final)
    env = dict(pair.split("=", 1) for pair in shlex.split(said["ENV"]))

    assert int(said["USER"].partition(":")[0]) > 0
    assert (env["HOME"], env["PYTHONDONTWRITEBYTECODE"]) == ("/tmp", "1")  # noqa: S108
    assert [name for name, _ in final[final.index(("USER", said["USER"])) :]] == [
        "USER",
        "WORKDIR",
        "ENTRYPOINT",
        "CMD",
    ]


def test_no_configuration_and_no_secret_gets_in() -> None:
    secrets = ("cohorte.toml", "google-credentials.json", "smtp-mot-de-passe.txt", "cohorte.env")

    assert not any(_ships(f"config/{name}") for name in secrets)
    assert not any(_ships(name) for name in (".git", ".venv", "cohorte.db", "tests"))
    copied = [said.split()[:-1] for stage in _stages() for name, said in stage if name == "COPY"]
    assert all(_ships(name) for names in copied for name in names)
    shipped = ("demo", "demo.toml", "example.toml", "schedules")
    assert all(_ships(f"config/{name}") for name in shipped)
    tracked = {path.name for path in (_TOP / "config").iterdir()}
    assert set(shipped) <= tracked


def test_the_image_holds_what_the_lock_knows_of() -> None:
    said = " ".join(text for stage in _stages() for _, text in stage)

    assert "requirements-dev.txt" in said
    assert "cohorte[pdf]" in said
