from __future__ import annotations

from email import message_from_string
from email.headerregistry import Address
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.core.text import tidy
from automation.mail.addresses import (
    Mailbox,
    mailbox_header,
    read_address,
    read_mailbox,
    tame_name,
    text_header,
)
from automation.mail.mistakes import AddressError

TEXT = st.text(max_size=200).map(tidy)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("helene@example.org", "helene@example.org"),
        (" Helene.T+rdv@Example.ORG ", "Helene.T+rdv@Example.ORG"),
        ("info@fermé.example", "info@xn--ferm-epa.example"),
        ("mailto:a@example.org", "a@example.org"),
    ],
)
def test_an_address_is_read_with_its_domain_in_ascii(address: str, read: str) -> None:
    assert read_address(address).address.lower() == read.lower()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "mail.no_address"),
        ("  ", "mail.no_address"),
        ("hélène@example.org", "mail.accented_address"),
        ("helene", "mail.bad_address"),
        ("a@example.org, b@example.org", "mail.bad_address"),
        ("a@example.org\r\nBcc: b@example.org", "mail.bad_address"),
        ("<a@example.org>", "mail.bad_address"),
        ("a@example.org>", "mail.bad_address"),
        ("a b@example.org", "mail.bad_address"),
        ("x" * 10_000 + "@example.org", "mail.bad_address"),
    ],
)
def test_what_is_no_address_says_why(address: str, why: str) -> None:
    with pytest.raises(AddressError) as caught:
        read_address(address)

    assert caught.value.message.code == why


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("a@example.org", Mailbox("", "a@example.org")),
        ("Le comité <a@example.org>", Mailbox("Le comité", "a@example.org")),
        ('"Roy, Lise" <a@example.org>', Mailbox("Roy, Lise", "a@example.org")),
    ],
)
def test_a_sender_has_a_name_and_an_address(text: str, mailbox: Mailbox) -> None:
    assert read_mailbox(text) == mailbox


@pytest.mark.parametrize(
    "name",
    ["Lise Roy", "Roy, Lise", 'Lise "Lili" Roy', "Hélène", "Lise \\ Roy", "=?utf-8?q?x?=", "a@b.c"],
)
def test_a_name_comes_back_as_it_was(name: str) -> None:
    header = mailbox_header("To", Mailbox(name, "a@example.org"))

    parsed = message_from_string(f"{header}\r\n\r\n", policy=SMTP)["To"]

    assert parsed.addresses == (Address(name, "a", "example.org"),)


@given(name=TEXT)
@settings(max_examples=100)
def test_any_name_makes_one_recipient_in_short_ascii_lines(name: str) -> None:
    mailbox = read_address("a@example.org", name)

    header = mailbox_header("To", mailbox)

    parsed = message_from_string(f"{header}\r\n\r\n", policy=SMTP)
    assert parsed.keys() == ["To"]
    assert [one.addr_spec for one in parsed["To"].addresses] == ["a@example.org"]
    # Python 3.11's parser keeps the space between two encoded words of a name.
    shown = parsed["To"].addresses[0].display_name
    assert shown.replace(" ", "") == mailbox.name.replace(" ", "")
    assert header.isascii()
    assert max(map(len, header.split("\r\n"))) <= 78


@given(value=TEXT)
@settings(max_examples=100)
def test_any_subject_comes_back_as_it_was(value: str) -> None:
    header = text_header("Subject", value)

    parsed = message_from_string(f"{header}\r\n\r\n", policy=SMTP)
    assert parsed["Subject"] == value
    assert header.isascii()
    assert max(map(len, header.split("\r\n"))) <= 78


@pytest.mark.parametrize("name", ["J.-P. Roy", "Hélène", "M. A. Caron", "Anne-Marie"])
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert tame_name(name) == name
