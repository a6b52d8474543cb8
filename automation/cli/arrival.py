"""The way to a first configuration: what is asked, looked at and proposed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct

from automation.cli.answers import (
    NONE,
    pick,
    pick_or_none,
    require_addresses,
    require_file_or_nothing,
    require_id,
    require_prefilled,
    require_sender,
    require_text,
)
from automation.errors import ConfigError, CredentialsError, WorkbookError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gspread import HTTPClient

    from automation.cli.context import Session
    from automation.cli.talking import Talk
    from automation.config import Config
    from automation.config.forms import FormsDescription
    from automation.config.proposal import Place, Post, Proposal
    from automation.workbook.form_making import MadeForm
    from automation.workbook.survey import SeenTab

_DATABASE: Final = "cohorte.db"
_KEY_FILE: Final = "google-credentials.json"
_SECRET_FILE: Final = "ma-place-secret.txt"  # noqa: S105 - the name of a file
_MAIL_FOLDER: Final = "courriels"
_LOCALES: Final = {"fr": "fr_CA", "en": "en_CA"}
_TRIES: Final = 5


class Given(Struct, frozen=True, kw_only=True):
    """What was said on the command line; None, or nothing, for what was not."""

    workspace: str | None
    path: Path | None
    spreadsheet: str | None
    credentials: Path | None
    tab: str | None
    fields: tuple[str, ...]
    form_url: str | None
    programme: str | None
    transport: str | None
    sender: str | None
    postal_address: str | None
    digest_to: tuple[str, ...]
    smtp_host: str | None
    smtp_user: str | None
    ma_place: str | None
    prefilled_url: str | None
    cohort: str | None
    cohort_name: str | None
    places: int | None
    opens: str | None
    closes: str | None
    meetings: tuple[str, ...]
    make_forms: bool
    non_interactive: bool


class _Home(Struct, frozen=True, kw_only=True):
    """Where the spreadsheet is: the keys of [workspace] and [google], "" for none.

    Attributes:
        by_robot: Whether a service account speaks to Google.
    """

    path: str = ""
    spreadsheet: str = ""
    credentials: str = ""
    by_robot: bool = False


class _Forms(Struct, frozen=True, kw_only=True):
    """The two forms that were made, and what they were made from."""

    description: FormsDescription
    registration: MadeForm
    place: MadeForm


class Arrival(Struct, frozen=True):
    """The way to a configuration that is not there yet."""

    session: Session
    talk: Talk
    given: Given

    @property
    def folder(self) -> Path:
        """Where the configuration goes."""
        return self.session.config_path.parent

    def settle(self) -> None:
        """Ask, look, propose, and write the configuration."""
        kind = self.talk.choose(
            "init.workspace",
            self.given.workspace,
            ("google", "embedded"),
            option="--workspace",
            default="google",
        )
        text = self._describe_google() if kind == "google" else self._describe_embedded()
        self._write(text)
        self.session.say("init.config", path=str(self.session.config_path))

    def _describe_google(self) -> str:
        spreadsheet = self.talk.ask(
            "init.spreadsheet", self.given.spreadsheet, option="--spreadsheet", check=require_id
        )
        credentials = self._find_credentials()
        draft = self._draft(kind="google", spreadsheet=spreadsheet, credentials=credentials)
        with self.session.workspace(draft) as workspace:
            spreadsheet_id = workspace.config.workspace.spreadsheet or ""
            address, is_robot = _account_of(workspace.http)
            tabs = self._reach(workspace.http, spreadsheet_id, address)
            made = None
            if self.given.make_forms:
                if is_robot:
                    raise ConfigError("forms_need_person")
                made = self._make_forms(workspace.http, spreadsheet_id)
                tabs = self._survey(workspace.http, spreadsheet_id)
        place = _Home(spreadsheet=spreadsheet, credentials=credentials, by_robot=is_robot)
        return self._describe(place, tabs, made)

    def _describe_embedded(self) -> str:
        from datetime import UTC

        from automation.workspace import open_workspace

        path = self.given.path or Path(_DATABASE)
        relative = Path(os.path.relpath(path, self.folder)).as_posix()
        draft = self._draft(kind="embedded", path=relative)
        with open_workspace(draft, lambda: self.session.moment(UTC), new=True) as workspace:
            spreadsheet_id = workspace.config.workspace.spreadsheet
            made = None
            # Nobody can have made a form in a workspace that is not there yet.
            if spreadsheet_id is None or self.given.make_forms:
                spreadsheet_id = spreadsheet_id or self._create_spreadsheet(workspace.http)
                made = self._make_forms(workspace.http, spreadsheet_id)
            tabs = self._survey(workspace.http, spreadsheet_id)
        return self._describe(_Home(path=relative), tabs, made)

    def _find_credentials(self) -> str:
        """Return the file of a key or an authorisation, as the configuration will name it."""
        usual = self.folder / _KEY_FILE
        default = str(usual) if usual.exists() else ""
        given = self.given.credentials
        path = self.talk.ask(
            "init.credentials",
            str(given) if given else None,
            option="--credentials",
            default=default,
            check=require_file_or_nothing,
        )
        return Path(os.path.relpath(path, self.folder)).as_posix() if path else ""

    def _draft(self, **workspace: str) -> Config:
        """Return enough of a configuration to open the workspace."""
        from automation.config import parse_config

        credentials = workspace.pop("credentials", "")
        lines = ["[workspace]", *(f"{key} = {json.dumps(v)}" for key, v in workspace.items())]
        lines += ["[google]", f"credentials = {json.dumps(credentials)}"] if credentials else []
        lines += ["[responses]", 'tabs = ["x"]', "[fields]", 'name = "x"']
        text = "\n".join(lines)
        return parse_config(text.encode(), self.session.config_path, self.session.env)

    def _reach(self, http: HTTPClient, spreadsheet_id: str, address: str) -> tuple[SeenTab, ...]:
        """Return the tabs of the spreadsheet, once somebody has shared it with our account."""
        if address:
            self.session.say("init.share", address=address)
        for _ in range(_TRIES):
            try:
                return self._survey(http, spreadsheet_id)
            except (CredentialsError, WorkbookError) as error:
                if error.code not in {"forbidden", "not_found"}:
                    raise
                if not self.talk.pause("init.not_shared"):
                    raise
        return self._survey(http, spreadsheet_id)

    def _survey(self, http: HTTPClient, spreadsheet_id: str) -> tuple[SeenTab, ...]:
        from automation.workbook.survey import survey_tabs

        return survey_tabs(http, spreadsheet_id)

    def _create_spreadsheet(self, http: HTTPClient) -> str:
        from automation.workbook.loading import create_spreadsheet

        language = self.session.language
        title, tab = (self.session.text(f"init.{name}") for name in ("book", "first_tab"))
        return create_spreadsheet(http, title, tab, locale=_LOCALES[language])

    def _make_forms(self, http: HTTPClient, spreadsheet_id: str) -> _Forms:
        """Return both forms once their answers go to the spreadsheet, which a human sees to."""
        from datetime import UTC

        from automation.config.forms import load_forms
        from automation.core.rules import Language
        from automation.workbook.form_making import make_forms
        from automation.workspace import link_embedded

        description = load_forms(self.folder, Language(self.session.language))
        made = make_forms(http, spreadsheet_id, description)
        for form in made:
            code = "init.form_made" if form.new else "init.form_there"
            self.session.say(code, title=form.title, url=form.edit_url)
        for _ in range(_TRIES):
            left, now = [form for form in made if not form.linked], self.session.moment(UTC)
            if not left:
                return _Forms(description=description, registration=made[0], place=made[1])
            linked = [link_embedded(http, form.id, spreadsheet_id, now) for form in left]
            if not all(linked):
                for form in left:
                    self.session.say("init.link", title=form.title, url=form.edit_url)
                if not self.talk.pause("init.linked"):
                    break
            made = make_forms(http, spreadsheet_id, description)
        raise ConfigError("forms_unlinked")

    def _describe(self, home: _Home, tabs: Sequence[SeenTab], made: _Forms | None) -> str:
        """Return the text of the configuration, asking for what can't be seen."""
        from automation.config.proposal import Installation, render_config
        from automation.core.rules import Language

        answers = self._choose_tab(tabs, made)
        proposal = self._propose(answers, made)
        post = self._describe_post()
        by_gmail = post is not None and post.transport == "gmail"
        more = Installation(
            spreadsheet=home.spreadsheet,
            credentials=home.credentials,
            subject=_bare_address(post.sender) if post and by_gmail and home.by_robot else "",
            form_id=made.registration.id if made else self._ask_form(home),
            programme=self.talk.ask(
                "init.programme", self.given.programme, option="--programme", default=""
            ),
            registration_url=made.registration.public_url if made else "",
            post=post,
            place=self._describe_place([tab for tab in tabs if tab is not answers], made),
            digest_to=self._ask_digest(),
        )
        language = Language(self.session.language)
        return render_config(
            proposal, tabs=[answers.title], workspace=home.path, language=language, more=more
        )

    def _ask_form(self, home: _Home) -> str:
        """Return the form that the answers come from; "" to do without."""
        if not home.spreadsheet and self.given.form_url is None:
            return ""
        return self.talk.ask(
            "init.form_url",
            self.given.form_url,
            option="--form",
            default="",
            check=lambda text: require_id(text) if text else "",
        )

    def _choose_tab(self, tabs: Sequence[SeenTab], made: _Forms | None) -> SeenTab:
        """Return the tab where answers arrive."""
        if not tabs:
            raise WorkbookError("init_no_tab")
        likely = [tab for tab in tabs if tab.takes_answers]
        if made:
            likely = [tab for tab in likely if _is_tab_of(made.registration, tab)]
            if not likely:
                raise ConfigError("forms_unlinked")
            # Linked again, a form gets a new tab, to the left of the former ones.
            return likely[0]
        likely.sort(key=_looks_like_second_form)
        titles = [tab.title for tab in tabs]
        self._number(titles)
        default = likely[0].title if likely else None
        title = self.talk.ask(
            "init.tab",
            self.given.tab,
            option="--tab",
            default=default,
            check=lambda text: pick(text, titles),
        )
        return next(tab for tab in tabs if tab.title == title)

    def _propose(self, tab: SeenTab, made: _Forms | None) -> Proposal:
        """Return which question gives what, as a person agreed to it."""
        from automation.config.forms import is_column_of
        from automation.config.proposal import propose_fields
        from automation.workbook.loading import find_boxes, find_stamp

        # The form may have been edited since it was made, or its description.
        described = made.description.propose() if made else None
        if described and all(is_column_of(one.question, tab.header) for one in described.all):
            return described
        stamp = find_stamp(tab.header, tab.rows)
        boxes = find_boxes(tab.header, tab.rows, stamp)
        proposal = propose_fields(tab.header, boxes)
        chosen = dict(self._read_given_fields(tab.header))
        if chosen:
            proposal = propose_fields(tab.header, boxes, chosen)
        self._show(proposal)
        if not chosen and not self.talk.agree("init.fields_right"):
            chosen = self._ask_fields(tab.header, proposal)
            proposal = propose_fields(tab.header, boxes, chosen)
            self._show(proposal)
        if not proposal.has_name:
            raise WorkbookError("init_no_name", tab=tab.title)
        return proposal

    def _read_given_fields(self, header: Sequence[str]) -> list[tuple[str, str]]:
        from automation.config.proposal import ORDER
        from automation.core.text import fold

        found = []
        for text in self.given.fields:
            key, equals, question = text.partition("=")
            known = {fold(one): one for one in header} | {"": ""}
            if not equals or key.strip() not in ORDER or fold(question) not in known:
                raise WrongUsageError("init_field", field=text, fields=", ".join(ORDER))
            found.append((key.strip(), known[fold(question)]))
        return found

    def _ask_fields(self, header: Sequence[str], proposal: Proposal) -> dict[str, str]:
        """Return the question of each field, one by one; "" for none."""
        from automation import locale
        from automation.config.proposal import ORDER
        from automation.core.text import tidy

        shown = [tidy(text) for text in header]
        self._number(shown)
        self.session.say("init.field_how")
        labels = locale.labels("field", self.session.language)
        proposed = {field.key: field.question for field in proposal.fields}
        found = {}
        for key in ORDER:
            default = tidy(proposed.get(key, "")) or NONE
            answer = self.talk.pick(labels[key], default, lambda text: pick_or_none(text, shown))
            found[key] = header[shown.index(answer)] if answer else ""
        return found

    def _number(self, texts: Sequence[str]) -> None:
        """Show a list to pick from, where somebody picks."""
        if self.talk.silent:
            return
        for number, text in enumerate(texts, start=1):
            click.echo(f"  {number:>2}  {text}")

    def _show(self, proposal: Proposal) -> None:
        """Show which question gives what."""
        from rich.markup import escape
        from rich.table import Table

        from automation import locale
        from automation.core.text import tidy

        labels = locale.labels("field", self.session.language)
        lines = Table(box=None, header_style="bold")
        lines.add_column(self.session.text("local.field"), no_wrap=True)
        lines.add_column(self.session.text("local.question"), overflow="fold")
        for one in proposal.fields:
            lines.add_row(labels[one.key], escape(tidy(one.question)))
        for one in proposal.extra:
            code = "local.boxes" if one.options else "local.extra"
            lines.add_row(self.session.text(code), escape(tidy(one.question)), style="dim")
        self.session.console().print(lines)

    def _describe_post(self) -> Post | None:
        """Return how messages leave; None where Cohorte writes to nobody."""
        from automation.config.proposal import Post

        given = self.given
        proposed = given.transport or ("none" if given.sender is None else "gmail")
        transport = self.talk.choose(
            "init.transport",
            given.transport,
            ("gmail", "smtp", "folder", "none"),
            option="--transport",
            default=proposed if self.talk.silent else "gmail",
        )
        if transport == "none":
            return None
        sender = self.talk.ask("init.sender", given.sender, option="--sender", check=require_sender)
        address = self.talk.ask(
            "init.postal_address", given.postal_address, option="--postal-address", default=""
        )
        by_smtp = transport == "smtp"
        return Post(
            transport=transport,
            sender=sender,
            postal_address=address,
            folder=_MAIL_FOLDER if transport == "folder" else "",
            smtp_host=self.talk.ask(
                "init.smtp_host", given.smtp_host, option="--smtp-host", check=require_text
            )
            if by_smtp
            else "",
            smtp_user=self.talk.ask(
                "init.smtp_user", given.smtp_user, option="--smtp-user", default=sender
            )
            if by_smtp
            else "",
        )

    def _ask_digest(self) -> tuple[str, ...]:
        given = ", ".join(self.given.digest_to) or None
        text = self.talk.ask(
            "init.digest_to", given, option="--digest-to", default="", check=require_addresses
        )
        return tuple(one.strip() for one in text.split(",") if one.strip())

    def _describe_place(self, tabs: Sequence[SeenTab], made: _Forms | None) -> Place | None:
        """Return the second form; None without one."""
        from automation.config.proposal import Place
        from automation.config.sections import MaPlace

        if made:
            asked = made.description.place
            linked = [tab for tab in tabs if tab.takes_answers and _is_tab_of(made.place, tab)]
            if not linked:
                raise ConfigError("forms_unlinked")
            return Place(
                tab=linked[0].title,
                code=asked.code,
                choice=asked.choice,
                accept=asked.accept,
                withdraw=asked.withdraw,
                no_news=asked.no_news,
                secret_file=_SECRET_FILE,
                prefilled_url=made.place.prefill(asked.code, "CODE"),
            )
        tab = self._choose_place_tab(tabs)
        if tab is None:
            return None
        usual = MaPlace()
        asked_for = _second_questions(tab)
        return Place(
            tab=tab.title,
            code=asked_for[0] or usual.code,
            choice=asked_for[1] or usual.choice,
            accept=usual.accept,
            withdraw=usual.withdraw,
            no_news=usual.no_news,
            secret_file=_SECRET_FILE,
            prefilled_url=self.talk.ask(
                "init.prefilled_url",
                self.given.prefilled_url,
                option="--prefilled-url",
                default="",
                check=lambda text: require_prefilled(text) if text else "",
            ),
        )

    def _choose_place_tab(self, tabs: Sequence[SeenTab]) -> SeenTab | None:
        titles = [tab.title for tab in tabs]
        likely = [tab.title for tab in tabs if _looks_like_second_form(tab)]
        if not titles and self.given.ma_place is None:
            return None
        self._number(titles)
        title = self.talk.ask(
            "init.ma_place",
            self.given.ma_place,
            option="--ma-place",
            default=likely[0] if likely and not self.talk.silent else NONE,
            check=lambda text: NONE if text in {"", NONE} else pick(text, titles),
        )
        return next((tab for tab in tabs if tab.title == title), None)

    def _write(self, text: str) -> None:
        """Write the configuration, once it is known to be one; never over another."""
        import secrets

        from automation.config import parse_config
        from automation.config.secret_files import write_secret
        from automation.config.sections import Secrets

        path, env = self.session.config_path, dict(self.session.env)
        variable, secret_file = Secrets.variables["ma_place"], self.folder / _SECRET_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        if "[ma_place]" in text and not env.get(variable) and not secret_file.exists():
            write_secret(secret_file, secrets.token_urlsafe(32))
        parse_config(text.encode(), path, env)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)


def _bare_address(sender: str) -> str:
    from email.utils import parseaddr

    return parseaddr(sender)[1]


def _account_of(http: HTTPClient) -> tuple[str, bool]:
    """Return our address at Google, "" where it is not known, and whether it is a service account's."""
    from automation.google.accounts import AccountKind
    from automation.google.session import GoogleSession

    if not isinstance(http.session, GoogleSession):
        return "", False
    account = http.session.account
    return account.address, account.kind is AccountKind.SERVICE


def _is_tab_of(form: MadeForm, tab: SeenTab) -> bool:
    """Tell whether a tab has a column for each question of a form."""
    from automation.config.forms import is_column_of

    return all(is_column_of(question, tab.header) for question in form.entries)


def _second_questions(tab: SeenTab) -> tuple[str, str]:
    """Return the questions of a second form that seem to be the code and the choice; "" for none."""
    from automation.core.responses import TIMESTAMP_HEADERS
    from automation.core.text import fold

    asked = [text for text in tab.header if fold(text) and fold(text) not in TIMESTAMP_HEADERS]
    code = next((text for text in asked if "code" in fold(text).split()), "")
    return code, next((text for text in asked if code and text != code), "")


def _looks_like_second_form(tab: SeenTab) -> bool:
    return tab.takes_answers and all(_second_questions(tab)) and len(tab.header) <= 4  # noqa: PLR2004 - a stamp, two questions, perhaps an address
