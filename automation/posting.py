"""A night's mail, from the configuration to the mailbox: who writes, how it leaves, what goes with it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from automation.config.sections import MailMode, Transport, WorkspaceKind
from automation.core.announcements import announce
from automation.core.attendance import count_presences, meeting_order, starts_at
from automation.core.ledger import Mailing, MailState, mail_key, make_mark, make_reference
from automation.core.letters import Attachment, Kind, Letter, Template, ToMaintainer
from automation.core.mailing.departed import MEMORY
from automation.core.model import OFFER_WINDOW, phrase
from automation.core.rules import LetterPolicy, PostRules
from automation.core.text import fold
from automation.core.writing import open_desk, promise, write_letter
from automation.errors import (
    CohorteError,
    ConfigError,
    CredentialsError,
    UnreachableError,
    WrongUsageError,
)
from automation.google.retries import ONCE, PATIENT
from automation.mail.compose import compose
from automation.mail.delivery import Delivery, Post, deliver
from automation.mail.mistakes import LetterError, TemplateError
from automation.mail.office import make_office
from automation.mail.samples import SAMPLE_OFFICE, sample_letter
from automation.mail.templates import Templates
from automation.mail.transport import Parcel, Prepared, Sent, Unsent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import requests

    from automation.config import Config
    from automation.core.model import Enrolment
    from automation.core.plan import Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.core.writing import Desk
    from automation.google.retries import Retries
    from automation.mail import transport
    from automation.mail.delivery import Book
    from automation.mail.gmail import Discarded
    from automation.mail.templates import Rendered
    from automation.mail.transport import Fate
    from automation.workbook.guards import Run

_SHEET_URL: Final = "https://docs.google.com/spreadsheets/d/{id}/edit"
_UNHURRIED: Final = 1_000_000
"""Messages a minute where nobody counts."""


class PostOffice(Struct, frozen=True, kw_only=True):
    """How an installation writes to people.

    Attributes:
        rules: Those of the configuration; they say how mail is treated, where there is any.
    """

    config: Config
    rules: Rules
    templates: Templates


def open_post_office(config: Config) -> PostOffice:
    """Return how an installation writes to people: not at all without a sender in [mail]."""
    templates = _read_templates(config.mail.templates)
    rules = config.rules
    if config.mail.sender is not None:
        rules = replace(rules, post=_read_policies(config, templates))
    return PostOffice(config=config, rules=rules, templates=templates)


@cache
def _read_templates(folder: Path | None) -> Templates:
    """Return the templates of a folder; read once, however many nights pass."""
    return Templates(folder)


def _read_policies(config: Config, templates: Templates) -> PostRules:
    mail = config.mail
    return PostRules(
        automatic=mail.mode is MailMode.AUTOMATIC,
        daily_cap=mail.daily_cap,
        policies={template: _read_policy(template, templates) for template in Template},
        digest=bool(config.committee.digest_to),
        remind=timedelta(hours=mail.remind_hours),
        place_url=config.ma_place.prefilled_url or "",
        form_url=config.programme.registration_url or "",
        survey_url=mail.survey_url or "",
        hours=mail.answer_hours,
    )


def _read_policy(template: Template, templates: Templates) -> LetterPolicy:
    """Return what a template says of itself; what ours says where the committee's has a mistake."""
    try:
        facts = templates.read_facts(template)
    except TemplateError:
        facts = _read_templates(None).read_facts(template)
    return LetterPolicy(
        promo=facts.kind is Kind.PROMO, priority=facts.priority, expires=facts.expires
    )


def send_letters(  # noqa: PLR0913, PLR0917 - what, from where, and by whom
    office: PostOffice,
    session: requests.Session,
    snapshot: Snapshot,
    plan: Plan,
    run: Run,
    book: Book,
    retries: Retries = PATIENT,
) -> Delivery:
    """Let a night's messages leave.

    Args:
        session: That of the workspace: an embedded one has the mailbox too.
        book: Where their fate is recorded.
        retries: How patient the way is by which they leave.

    Where there is no way for them to leave, nothing does, and the delivery says why. Raises
    `ConflictError` where another run took over.
    """
    config, post = office.config, office.rules.post
    if post is None:
        raise ConfigError("no_sender")
    desk = open_desk(
        snapshot,
        plan,
        office.rules,
        post,
        committee=config.committee.digest_to,
        link=_link(config, snapshot),
    )
    home = snapshot.home or snapshot.spreadsheet_id
    with ExitStack() as opened:
        try:
            way = opened.enter_context(_open_transport(config, session, retries))
            sender = make_office(config, snapshot.zone, home)
        except (ConfigError, CredentialsError, UnreachableError) as error:
            book.record((), goes_on=False)
            return Delivery(halted=error)
        return deliver(
            plan.mail,
            Post(
                desk=desk,
                office=sender,
                templates=office.templates,
                transport=way,
                attach=_Attestations(config, snapshot, run).attach,
                clock=run.clock,
            ),
            book,
        )


def _link(config: Config, snapshot: Snapshot) -> str:
    google = config.workspace.kind is WorkspaceKind.GOOGLE
    return _SHEET_URL.format(id=snapshot.spreadsheet_id) if google else ""


@contextmanager
def _open_transport(
    config: Config, session: requests.Session | None, retries: Retries = PATIENT
) -> Iterator[transport.Transport]:
    """Open the way by which messages leave.

    Args:
        session: That of an embedded workspace, which has the mailbox too.
    """
    if config.mail.transport is Transport.FOLDER:
        from automation.mail.folder import FolderTransport

        if config.mail.folder is None:
            raise ConfigError("no_mail_folder")
        yield FolderTransport(config.mail.folder)
    elif config.mail.transport is Transport.SMTP:
        from automation.mail.smtp import Server, SmtpTransport

        smtp, secret = config.smtp, config.secrets.smtp_password
        if smtp.host is None:
            raise ConfigError("no_smtp_host")
        server = Server(
            host=smtp.host,
            port=smtp.port,
            user=smtp.user or "",
            password=secret.get_secret_value() if secret else "",
        )
        with SmtpTransport(server) as way:
            yield way
    elif config.workspace.kind is WorkspaceKind.GOOGLE:
        from automation.google.pacing import follow
        from automation.google.session import mail_session
        from automation.mail.gmail import GmailTransport

        with mail_session(config) as own:
            follow(session, own)
            yield GmailTransport(own, retries=retries)
    elif session is not None:
        from automation.google.pacing import Pace
        from automation.mail.gmail import GmailTransport

        yield GmailTransport(session, retries=retries, pace=Pace(a_minute=_UNHURRIED))
    else:
        raise UnreachableError("mailbox_not_made")


class _Attestations:
    """Makes the attestation that goes with somebody's last message, where they earned one."""

    def __init__(self, config: Config, snapshot: Snapshot, run: Run) -> None:
        self._config, self._snapshot, self._run = config, snapshot, run
        self._presences = count_presences(snapshot)

    def attach(self, mailing: Mailing) -> tuple[Attachment, ...]:
        """Return what goes with a message; raises `ConfigError` without the extra `pdf`."""
        if mailing.template is not Template.FAREWELL:
            return ()
        from automation.papers.attestations import render_attestations
        from automation.papers.from_programme import attestations_of
        from automation.papers.pdf import make_pdf

        register = tuple(e for e in self._snapshot.register if e.number == mailing.number)
        cohorts = [c for c in self._snapshot.cohorts if any(e.cohort == c.code for e in register)]
        now = self._run.clock()
        earned = attestations_of(
            cohorts,
            replace(self._snapshot, register=register),
            self._presences,
            self._config.programme,
            now.astimezone(self._snapshot.zone).date(),
        )
        if not earned:
            return ()
        html = render_attestations(
            earned,
            language=self._config.language.value,
            paper=self._config.attendance.paper,
            folder=self._config.attendance.templates,
        )
        content = make_pdf(html, made_at=now)
        return (Attachment(name="attestation.pdf", type="application/pdf", content=content),)


def preview_letter(
    office: PostOffice,
    snapshot: Snapshot,
    plan: Plan,
    enrolment: Enrolment,
    template: Template,
) -> Rendered:
    """Return a message as somebody would get it tonight, whatever their state.

    Raises `ConfigError` where [mail] lacks something, `LetterError` where it can't be written.
    """
    post = office.rules.post
    if post is None:
        raise ConfigError("no_sender")
    desk = open_desk(snapshot, plan, office.rules, post)
    mailing = _imagine(snapshot, plan, enrolment, template, desk)
    letter = write_letter(mailing, desk)
    if letter is None:
        raise LetterError(phrase("mailing.untrue"))
    home = snapshot.home or snapshot.spreadsheet_id
    return office.templates.render(letter, make_office(office.config, snapshot.zone, home))


def _imagine(
    snapshot: Snapshot, plan: Plan, enrolment: Enrolment, template: Template, desk: Desk
) -> Mailing:
    """Return a message that was never planned, about somebody's next or last meeting."""
    ours = [m for m in desk.meetings.values() if fold(m.cohort) == fold(enrolment.cohort)]
    ours.sort(key=meeting_order)
    coming = [m for m in ours if (starts_at(m, snapshot.zone) or plan.now) > plan.now]
    about = next(iter(coming or ours[-1:]), None)
    occasion = f"{about.number}.{about.sequence}" if about else "0"
    if template is Template.NEXT_COHORT:
        occasion = enrolment.cohort
    mark = make_mark(snapshot.home or snapshot.spreadsheet_id)
    key = mail_key(enrolment.number, template, occasion, mark=mark)
    cohort = desk.cohort_of(enrolment)
    window = cohort.window if cohort else OFFER_WINDOW
    return Mailing(
        key=key,
        number=enrolment.number,
        template=template,
        occasion=occasion,
        about=announce(about) if about else "",
        planned_at=plan.now,
        expires_at=plan.now,
        reference=make_reference(enrolment.cohort, enrolment.number, key),
        at=plan.now,
        deadline=promise(plan.now, window, desk.post, snapshot.zone),
    )


def send_sample(  # noqa: PLR0913, PLR0917 - what, to whom, when, and as what
    office: PostOffice,
    session: requests.Session,
    template: Template,
    address: str,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
) -> None:
    """Send a sample of a message to an address, by the way in which messages leave.

    Args:
        token: Four random letters, so that a second sample is another message.

    Raises `ConfigError` where [mail] lacks something, `WrongUsageError` for an address nobody can
    be written to, and `UnreachableError` where it did not leave.
    """
    sender = make_office(office.config, SAMPLE_OFFICE.zone, "sample")
    sample = sample_letter(template, office.rules.language)
    now = moment(SAMPLE_OFFICE.zone)
    letter = replace(sample, key=f"{sample.key}{token}", address=address, written_at=now)
    try:
        message = compose(letter, sender, office.templates)
    except LetterError as error:
        raise WrongUsageError("no_sample", why=error.message) from error
    parcel = Parcel(key=letter.key, reference=letter.reference, message=message.parse())
    with _open_transport(office.config, session) as way:
        made = way.prepare([parcel])[parcel.key]
        fate = made if isinstance(made, Unsent) else way.send(parcel, made)
    if not isinstance(fate, Sent):
        raise UnreachableError("sample_unsent", why=fate.reason)


def ask_fates(
    office: PostOffice, session: requests.Session, mailings: Iterable[Mailing]
) -> dict[str, MailState]:
    """Ask what became of messages on their way, by key: sent, expired since it did not, or unknown.

    Raises `ConfigError`, `CredentialsError` or `UnreachableError` where nobody can be asked.
    """
    waiting = tuple(mailings)
    if not waiting:
        return {}
    with _open_transport(office.config, session) as way:
        return {m.key: _state_of(way.find(_remember(m))) for m in waiting}


def list_departed(
    office: PostOffice, session: requests.Session, now: datetime
) -> tuple[tuple[str, datetime], ...]:
    """Return the keys of messages that left lately, as the mailbox remembers, and when each did.

    Raises `ConfigError`, `CredentialsError` or `UnreachableError` where nobody can be asked.
    """
    if office.rules.post is None:
        return ()
    with _open_transport(office.config, session) as way:
        return tuple((trace.key, trace.at) for trace in way.sent_since(now - MEMORY) or ())


def _remember(mailing: Mailing) -> Prepared:
    return Prepared(
        key=mailing.key,
        reference=mailing.reference,
        draft=mailing.draft,
        thread=mailing.thread,
    )


def _state_of(fate: Fate) -> MailState:
    if isinstance(fate, Sent):
        return MailState.SENT
    return MailState.EXPIRED if isinstance(fate, Unsent) else MailState.UNKNOWN


def discard_drafts(
    office: PostOffice, session: requests.Session, mailings: Iterable[Mailing]
) -> Discarded:
    """Delete the drafts of messages that certainly did not leave; only Gmail makes any.

    Raises `CredentialsError` or `UnreachableError` where the mailbox can't be asked.
    """
    from automation.mail.gmail import Discarded, GmailTransport

    messages = {mailing.key: mailing for mailing in mailings}
    if not messages or office.config.mail.transport is not Transport.GMAIL:
        return Discarded()
    doubtful = {key for key, m in messages.items() if m.state is MailState.UNKNOWN}
    with _open_transport(office.config, session) as way:
        if not isinstance(way, GmailTransport):
            return Discarded()
        return way.discard({key: m.reference for key, m in messages.items()}, doubtful)


def tell_maintainer(  # noqa: PLR0913 - what happened, when, and how to say so
    config: Config,
    session: requests.Session | None,
    *,
    error: str,
    remedy: str,
    code: str,
    at: datetime,
    run: str,
) -> bool:
    """Write to the maintainer that a night failed; tell whether a message left.

    At most once a day for the same error, and best effort: what stopped the night may well keep
    this message from leaving too, which is nobody's news.

    Args:
        code: Tells this error from others.
        at: Aware.
    """
    if config.alerts.maintainer is None or config.mail.sender is None:
        return False
    with suppress(CohorteError, LetterError, OSError):
        moment = at.astimezone(SAMPLE_OFFICE.zone)
        home = config.workspace.spreadsheet or str(config.workspace.path)
        about = f"{home}\x1f{code}\x1f{moment.date()}"
        letter = Letter(
            key=f"failed-{blake2b(about.encode(), digest_size=10).hexdigest()}",
            template=Template.FAILED,
            language=config.rules.language,
            written_at=moment,
            address=config.alerts.maintainer,
            details=ToMaintainer(failed_at=moment, run=run, error=error, remedy=remedy),
        )
        templates = _read_templates(config.mail.templates)
        sender = make_office(config, SAMPLE_OFFICE.zone, "failed")
        parcel = Parcel(
            key=letter.key, reference="", message=compose(letter, sender, templates).parse()
        )
        with _open_transport(config, session, ONCE) as way:
            return _send_once(way, parcel, moment - timedelta(days=1))
    return False


def _send_once(way: transport.Transport, parcel: Parcel, since: datetime) -> bool:
    """Send a message unless it left before, as the mailbox remembers, or this machine."""
    traces = way.sent_since(since)
    mark = Path(tempfile.gettempdir()) / f"cohorte-{parcel.key}"
    known = mark.exists() if traces is None else any(t.key == parcel.key for t in traces)
    if known:
        return False
    made = way.prepare([parcel])[parcel.key]
    fate = made if isinstance(made, Unsent) else way.send(parcel, made)
    if traces is None and not isinstance(fate, Unsent):
        mark.touch(exist_ok=False)
    return isinstance(fate, Sent)
