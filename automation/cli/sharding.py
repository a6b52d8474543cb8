"""Which configurations one worker of several takes care of."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SHARD = re.compile(r"(\d{1,6})/(\d{1,6})")
_VARIABLES = (
    # https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/ : a job tells no pod
    # how many there are.
    ("JOB_COMPLETION_INDEX", "COHORTE_SHARDS"),
    # https://cloud.google.com/run/docs/container-contract
    ("CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT"),
)


class Shard(Struct, frozen=True):
    """One worker of several.

    Attributes:
        index: From 0.
    """

    index: int
    count: int


ALONE = Shard(0, 1)


def list_configs(given: Iterable[Path]) -> list[Path]:
    """Return configuration files, each once, in the order given; a folder stands for its *.toml."""
    found: dict[Path, Path] = {}
    for path in given:
        inside = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not inside:
            raise WrongUsageError("no_configs", folder=str(path))
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def find_shard(option: str | None, env: Mapping[str, str]) -> Shard:
    """Return which worker this is: as the option says, else as the scheduler does, else the only one.

    Raises `WrongUsageError` for what is no shard, or where a scheduler says which of an unknown number.
    """
    if option is not None:
        return _parse(option)
    for index, count in _VARIABLES:
        if index not in env:
            continue
        if count not in env:
            raise WrongUsageError("shard_of_how_many", index=index, count=count)
        return _parse(f"{env[index]}/{env[count]}")
    return ALONE


def _parse(text: str) -> Shard:
    """Return the shard in I/N; I counts from 0 or from 1, as one likes: N/N is 0/N."""
    found = _SHARD.fullmatch(text.strip())
    index, count = (int(found[1]), int(found[2])) if found else (1, 0)
    if index > count or count == 0:
        raise WrongUsageError("bad_shard", value=text)
    return Shard(index % count, count)


def cut(paths: Sequence[Path], count: int) -> list[list[Path]]:
    """Return the parts of so many workers: each path in one, whatever order they are given in.

    Neighbours in the alphabet stay together, so that those who share an account, and its quota, may
    be kept in one folder.
    """
    ordered = sorted(paths, key=lambda path: str(path.resolve()))
    edges = [len(ordered) * index // count for index in range(count + 1)]
    return [ordered[start:end] for start, end in pairwise(edges)]
