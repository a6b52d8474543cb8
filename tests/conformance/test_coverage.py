from __future__ import annotations

from automation.local.batch import offered_kinds
from automation.local.kinds.messages import KINDS
from tests.conformance.coverage import REASONS, TABLE, google_kinds, unknown_names, write_table


def test_the_table_of_what_is_offered_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == write_table(), (
        "run python -m tests.conformance.coverage"
    )


def test_each_kind_of_request_is_offered_or_has_a_reason() -> None:
    assert sorted(offered_kinds() | REASONS.keys()) == google_kinds()
    assert not offered_kinds() & REASONS.keys()


def test_each_kind_that_is_declared_is_applied() -> None:
    assert KINDS.keys() == offered_kinds()


def test_the_tables_declare_nothing_that_google_does_not_know() -> None:
    assert unknown_names() == []
