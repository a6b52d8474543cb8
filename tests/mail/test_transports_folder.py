"""Messages in a folder: whole or not at all, once and for ever."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from automation.errors import UnreachableError
from automation.mail import folder as module
from automation.mail.folder import FolderTransport
from automation.mail.transport import Prepared, Sent, Unsent
from tests.mail.parcels import parcel


class PowerCutError(BaseException):
    """The machine went off."""


def one_prepared(folder: Path, key: str = "a1b2") -> Prepared:
    found = FolderTransport(folder).prepare([parcel(key)])[key]
    assert isinstance(found, Prepared)
    return found


def shown(folder: Path) -> list[str]:
    """What a person sees in the folder."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_file_is_named_by_its_key_whatever_that_is(tmp_path: Path) -> None:
    key = "../a#1"
    prepared = one_prepared(tmp_path, key)

    fate = FolderTransport(tmp_path).send(parcel(key), prepared)

    assert shown(tmp_path) == ["%2E%2E%2Fa%231.eml"]
    assert isinstance(fate, Sent)
    (trace,) = FolderTransport(tmp_path).sent_since(fate.at) if fate.at else ()
    assert (trace.key, trace.id) == (key, fate.id)


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_crash_leaves_a_whole_message_or_none(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = one_prepared(tmp_path)

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(os, step, cut)
        with pytest.raises(PowerCutError):
            FolderTransport(tmp_path).send(parcel(), prepared)
    found = FolderTransport(tmp_path).find(prepared)
    again = FolderTransport(tmp_path).send(parcel(), prepared)

    assert isinstance(found, Unsent)
    assert isinstance(again, Sent)
    assert shown(tmp_path) == ["a1b2.eml"]


def test_a_crash_after_the_link_is_found_as_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = one_prepared(tmp_path)

    def cut(_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(module, "_keep_names", cut)
        with pytest.raises(PowerCutError):
            FolderTransport(tmp_path).send(parcel(), prepared)

    assert isinstance(FolderTransport(tmp_path).find(prepared), Sent)


def test_a_message_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    prepared = one_prepared(tmp_path)
    transport = FolderTransport(tmp_path)
    transport.send(parcel(body="Avant"), prepared)

    fate = transport.send(parcel(body="Après"), prepared)

    assert isinstance(fate, Sent)
    assert "Avant" in (tmp_path / "a1b2.eml").read_text(encoding="ascii")


def send_many(folder: str, body: str) -> int:
    """Put twenty messages into a folder; count those that say they are there."""
    transport = FolderTransport(Path(folder))
    parcels = [parcel(f"k{number}", body=body) for number in range(20)]
    prepared = transport.prepare(parcels)
    fates = [
        transport.send(one, kept)
        for one in parcels
        if isinstance(kept := prepared[one.key], Prepared)
    ]
    return sum(isinstance(fate, Sent) for fate in fates)


def test_two_processes_at_once_write_each_message_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(send_many, str(tmp_path), body) for body in ("Premier", "Second")]
        counts = [run.result() for run in runs]

    assert counts == [20, 20]
    assert len(shown(tmp_path)) == 20
    texts = [path.read_text(encoding="ascii") for path in tmp_path.glob("*.eml")]
    assert all(("Premier" in text) != ("Second" in text) for text in texts)
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_cannot_be_is_told_before_anything_leaves(tmp_path: Path) -> None:
    taken = tmp_path / "messages"
    taken.write_text("un fichier", encoding="utf-8")

    with pytest.raises(UnreachableError, match="mail_folder"):
        FolderTransport(taken).prepare([parcel()])
