"""The tables of the configuration file, and what the core needs to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
)

from automation.config.sense import as_table
from automation.config.values import (
    Address,
    Addresses,
    Clock,
    FieldKey,
    GoogleId,
    Header,
    Label,
    LocalPath,
    PrefilledLink,
    Reach,
    Sender,
    Text,
    Texts,
    WebAddress,
)
from automation.core.rules import (
    ExtraField,
    FieldMap,
    Language,
    PlaceForm,
    Rules,
    SummaryRules,
)
from automation.core.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator


class WorkspaceKind(StrEnum):
    """Where the spreadsheet lives."""

    EMBEDDED = "embedded"
    GOOGLE = "google"


class Transport(StrEnum):
    """How mail leaves."""

    GMAIL = "gmail"
    SMTP = "smtp"
    FOLDER = "folder"


class MailMode(StrEnum):
    """Whether mail waits for an organiser's approval."""

    REVIEW = "review"
    AUTOMATIC = "automatic"


class Paper(StrEnum):
    """The paper that the printer holds."""

    LETTER = "letter"
    A4 = "a4"


class Section(BaseModel):
    """A table of a TOML file: nothing converted silently, nothing unknown, nothing changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Workspace(Section):
    """[workspace]: where the spreadsheet lives.

    Attributes:
        path: The embedded workspace's file.
        spreadsheet: Its id; an embedded workspace with only one needs none.
    """

    kind: Annotated[WorkspaceKind, Field(strict=False)]
    path: LocalPath | None = None
    spreadsheet: GoogleId | None = None


class Google(Section):
    """[google]: on whose behalf we speak.

    Attributes:
        credentials: File of a service account's key or of a person's authorisation.
        subject: Whom a service account with domain-wide delegation acts for.
    """

    credentials: LocalPath | None = None
    subject: Address | None = None


class Responses(Section):
    """[responses]: where participants' answers arrive.

    Attributes:
        tabs: Titles of the response tabs, one or more.
        form_id: The form's id, where the Forms API may be asked for the responses' ids.
    """

    tabs: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    form_id: GoogleId | None = None


class Question(Section):
    """[fields.extra]: one more question shown in the register.

    Attributes:
        label: Header of the register's column; the question itself by default.
    """

    question: Header
    label: Label | None = None


class ChoiceQuestion(Question):
    """[fields.choices]: one more question, answered by picking among options."""

    options: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


class Fields(Section):
    """[fields]: which question feeds which field, by the header of its column.

    Attributes:
        name: The whole name, where the form does not ask for first and last names apart.
        group: What `Réservées à` of a cohort is compared with.
        language: In which language the person wants mail.
    """

    email: Header | None = None
    first_name: Header | None = None
    last_name: Header | None = None
    name: Header | None = None
    phone: Header | None = None
    municipality: Header | None = None
    cohort: Header | None = None
    group: Header | None = None
    language: Header | None = None
    consent: Header | None = None
    extra: Mapping[FieldKey, Annotated[Question, BeforeValidator(as_table)]] = {}
    choices: Mapping[FieldKey, ChoiceQuestion] = {}


class Programme(Section):
    """[programme]: what is printed on sign-in sheets and attestations.

    Attributes:
        name: None for that of the cohort.
        organisations: Those that are behind it.
        city: Where attestations are issued.
        signatories: Who signs them; none for one line for the committee.
        registration_url: Where the QR code of a sign-in sheet leads; short enough to be read.
    """

    name: Text | None = None
    organisations: Texts = ()
    city: Text | None = None
    signatories: Texts = ()
    registration_url: Annotated[WebAddress, Field(max_length=400)] | None = None


class Mail(Section):
    """[mail]: how and in whose name messages leave.

    Attributes:
        folder: Where `transport = "folder"` puts messages.
        daily_cap: Messages in any 24 hours.
        remind_hours: How long before a meeting its reminder is due.
        answer_hours: Between which hours of a working day the time to answer an offer may end, such
            as ["09:00", "20:00"]; None for any.
        survey_url: What people are asked to fill in after the programme.
        templates: Folder whose templates replace those that come with Cohorte, one by one.
    """

    transport: Annotated[Transport, Field(strict=False)] = Transport.GMAIL
    mode: Annotated[MailMode, Field(strict=False)] = MailMode.REVIEW
    sender: Sender | None = None
    reply_to: Address | None = None
    postal_address: Text | None = None
    folder: LocalPath | None = None
    daily_cap: Annotated[int, Field(ge=1, le=2000)] = 400
    remind_hours: Annotated[int, Field(ge=12, le=336)] = 48
    answer_hours: Annotated[tuple[Clock, Clock], Field(strict=False)] | None = None
    survey_url: WebAddress | None = None
    templates: LocalPath | None = None


class Smtp(Section):
    """[smtp]: the server, for `transport = "smtp"`."""

    host: Text | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    user: Text | None = None
    password_file: LocalPath | None = None


class MaPlace(Section):
    """[ma_place]: the short form by which people accept, withdraw or ask for no more news.

    Attributes:
        tab: Title of its response tab; None for no such form.
        code: Header of the question that the prefilled link fills.
        choice: Header of the question whose options are the next three.
        prefilled_url: The prefilled link, with CODE where the code goes.
        secret_file: File of the secret that codes are signed with.
    """

    tab: Text | None = None
    code: Header = "Code"
    choice: Header = "Que souhaitez-vous faire?"
    accept: Header = "J’accepte la place offerte"
    withdraw: Header = "Je me désiste"
    no_news: Header = "Je ne veux plus recevoir de nouvelles"
    prefilled_url: PrefilledLink | None = None
    secret_file: LocalPath | None = None


class Attendance(Section):
    """[attendance]: the tabs and sheets of a meeting.

    Attributes:
        days_before: How many days before a meeting its tab is made.
        paper: What sign-in sheets and attestations are printed on.
        templates: Folder whose templates of them replace those that come with Cohorte, one by one.
    """

    days_before: Annotated[int, Field(ge=0, le=60)] = 3
    paper: Annotated[Paper, Field(strict=False)] = Paper.LETTER
    templates: LocalPath | None = None


class Summary(Section):
    """[summary]: figures for the committee and its partners.

    Attributes:
        reach: How many people the programme could concern, in all or by municipality; None when
            unknown.
        suppress_below: Counts of fewer people are not shown to the partners; 1 shows them all.
        suppress_for_committee: Whether they are not shown in the committee's own tab either.
        partners_spreadsheet: Id of a spreadsheet shared with the partners.
    """

    reach: Reach | None = None
    suppress_below: Annotated[int, Field(ge=1, le=100)] = 5
    suppress_for_committee: bool = False
    partners_spreadsheet: GoogleId | None = None


class Committee(Section):
    """[committee]: the organisers."""

    editors: Addresses = ()
    digest_to: Addresses = ()


class Alerts(Section):
    """[alerts]: who learns that a night went wrong, or did not take place.

    Attributes:
        heartbeat: Address of a watchdog, asked for after each night.
        heartbeat_failed: The one asked for after a night that failed; None for the former with
            `/fail` at the end of its path.
    """

    heartbeat: WebAddress | None = None
    heartbeat_failed: WebAddress | None = None
    maintainer: Address | None = None


class Retention(Section):
    """[retention]: how long personal data are kept after the end of a cohort, in months."""

    months: Annotated[int, Field(ge=1, le=240)] = 24


class Secrets(Section):
    """What opens doors: from the environment, else from a file named in the configuration.

    None where neither gives it: whoever needs it says so.

    Attributes:
        google_credentials: JSON of a service account's key or of a person's authorisation.
    """

    google_credentials: SecretStr | None = None
    smtp_password: SecretStr | None = None
    ma_place: SecretStr | None = None

    variables: ClassVar[Mapping[str, str]] = {
        "google_credentials": "COHORTE_GOOGLE_CREDENTIALS",
        "smtp_password": "COHORTE_SMTP_PASSWORD",
        "ma_place": "COHORTE_MA_PLACE_SECRET",
    }


class Config(Section):
    """One installation of Cohorte."""

    language: Annotated[Language, Field(strict=False)] = Language.FRENCH
    workspace: Workspace
    google: Google = Google()
    responses: Responses
    fields: Fields
    programme: Programme = Programme()
    mail: Mail = Mail()
    smtp: Smtp = Smtp()
    ma_place: MaPlace = MaPlace()
    attendance: Attendance = Attendance()
    summary: Summary = Summary()
    committee: Committee = Committee()
    alerts: Alerts = Alerts()
    retention: Retention = Retention()
    _secrets: Secrets = PrivateAttr(default_factory=Secrets)

    @property
    def secrets(self) -> Secrets:
        """The secrets that were found when the file was loaded."""
        return self._secrets

    @property
    def rules(self) -> Rules:
        """What the core needs to know of this installation."""
        return Rules(
            language=self.language,
            fields=_map_fields(self.fields),
            place_form=_place_form(self.ma_place, self.secrets.ma_place),
            days_before=self.attendance.days_before,
            summary=SummaryRules(
                reach=self.summary.reach,
                suppress_below=self.summary.suppress_below,
                suppress_for_committee=self.summary.suppress_for_committee,
            ),
        )


def _map_fields(fields: Fields) -> FieldMap:
    return FieldMap(
        name=fields.name,
        first_name=fields.first_name,
        last_name=fields.last_name,
        email=fields.email,
        phone=fields.phone,
        municipality=fields.municipality,
        cohort=fields.cohort,
        consent=fields.consent,
        extra=tuple(_list_extra(fields)),
    )


def _list_extra(fields: Fields) -> Iterator[ExtraField]:
    """Yield the columns that this installation adds to the register, in the file's order."""
    for key, asked in (("group", fields.group), ("language", fields.language)):
        if asked is not None:
            yield ExtraField(key=key, question=asked, label=tidy(asked))
    for key, extra in (*fields.extra.items(), *fields.choices.items()):
        yield ExtraField(
            key=key,
            question=extra.question,
            label=tidy(extra.label or extra.question),
            options=extra.options if isinstance(extra, ChoiceQuestion) else (),
        )


def _place_form(ma_place: MaPlace, secret: SecretStr | None) -> PlaceForm | None:
    if ma_place.tab is None or secret is None:
        return None
    return PlaceForm(
        tab=ma_place.tab,
        code=ma_place.code,
        choice=ma_place.choice,
        accept=ma_place.accept,
        withdraw=ma_place.withdraw,
        no_news=ma_place.no_news,
        secret=secret.get_secret_value().encode(),
    )
