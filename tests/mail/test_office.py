from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from automation.config import parse_config
from automation.errors import ConfigError
from automation.mail.office import make_office

if TYPE_CHECKING:
    from automation.config import Config

TORONTO = ZoneInfo("America/Toronto")
BASE = """
[workspace]
kind = "embedded"
path = "x.db"
[responses]
tabs = ["R"]
[fields]
name = "Nom"
"""


def config(mail: str) -> Config:
    return parse_config((BASE + mail).encode(), Path("cohorte.toml"), {})


def test_the_office_is_what_the_configuration_says() -> None:
    office = make_office(
        config("""
[programme]
name = "Le rendez-vous"
organisations = ["CDC"]
[mail]
sender = "Le comité <comite@example.org>"
reply_to = "bonjour@example.org"
postal_address = "100, rue Principale"
"""),
        TORONTO,
        "abc",
    )

    assert office.sender == ("Le comité", "comite@example.org")
    assert office.contact.address == office.unsubscribe.address == "bonjour@example.org"
    assert (office.programme, office.organisations) == ("Le rendez-vous", ("CDC",))


def test_a_sender_without_a_name_signs_for_the_programme() -> None:
    mail = '[programme]\nname = "Le rendez-vous"\n[mail]\nsender = "a@example.org"\n'

    office = make_office(config(f'{mail}postal_address = "1, rue A"'), TORONTO, "abc")

    assert office.sender.name == "Le rendez-vous"
    assert office.contact.address == "a@example.org"


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        ("", "no_sender"),
        ('[mail]\nsender = "a@example.org"', "no_postal_address"),
        ('[mail]\nsender = "é@example.org"\npostal_address = "1, rue A"', "bad_sender"),
    ],
)
def test_mail_needs_a_sender_and_a_postal_address(mail: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make_office(config(mail), TORONTO, "abc")

    assert caught.value.code == code
