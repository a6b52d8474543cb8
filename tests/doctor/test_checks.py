"""Each check, from facts to findings: what it says when all is well, and when it is not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from automation import locale
from automation.config import parse_config
from automation.core.ledger import Mailing, MailState
from automation.core.letters import Template
from automation.core.model import Handled, HandledState, Key, Number, Phrase, Problem, phrase
from automation.doctor import CHECKS, examine, exit_code
from automation.doctor.facts import Facts, Records
from automation.doctor.finding import Finding, Level
from automation.errors import CredentialsError, UnreachableError, WorkbookError
from automation.google.accounts import Account, AccountKind
from automation.google.drive import Sharing
from automation.google.scopes import Feature
from automation.night import plan_night
from tests.programme import NOW, TAB, small_programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.config import Config
    from automation.core.snapshot import Snapshot
    from automation.errors import CohorteError

    Spoil = Callable[[Facts], Facts]

_CONFIG: Final = f"""
[workspace]
kind = "google"
spreadsheet = "1Feuille"
[google]
subject = "comite@example.org"
[responses]
tabs = ["{TAB}"]
form_id = "1Formulaire"
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
consent = "J’accepte que le comité m’écrive au sujet des rencontres"
[fields.extra]
trade = "Métier"
[mail]
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale"
[alerts]
heartbeat = "https://example.org/veille"
maintainer = "entretien@example.org"
"""
_OPEN: Final = {"publishSettings": {"publishState": {"isPublished": True}}}
_ACCEPTING: Final = {"isPublished": True, "isAcceptingResponses": True}


def _parse(text: str) -> Config:
    env = {"COHORTE_GOOGLE_CREDENTIALS": "{}"}
    return parse_config(text.encode(), Path("cohorte.toml"), env)


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """An installation in which all is well."""
    programme = small_programme(tmp_path_factory.mktemp("well"))
    programme.night()
    with programme.session() as http:
        night = plan_night(http, programme.config, lambda _: NOW)
    snapshot = _with_header(
        night.snapshot, "J’accepte que le comité m’écrive au sujet des rencontres"
    )
    return Facts(
        config=_parse(_CONFIG),
        now=NOW,
        account=Account(kind=AccountKind.SERVICE, address="cohorte@example.iam"),
        ahead=timedelta(seconds=2),
        snapshot=snapshot,
        plan=night.plan,
        protected=frozenset(s.sheet_id for s in snapshot.standings.values()),
        sharing=Sharing(can_edit=True, kinds=("user", "user")),
        form={"publishSettings": {"publishState": _ACCEPTING}},
        mailbox="comite@example.org",
        records=Records(
            spf=("v=spf1 include:_spf.google.com ~all",),
            dkim=("v=DKIM1; k=rsa; p=MIIB",),
            dmarc=("v=DMARC1; p=none",),
        ),
        nights=(NOW,),
    )


def _with_header(snapshot: Snapshot, *more: str) -> Snapshot:
    """Return the snapshot with more questions in the response tab."""
    (table,) = snapshot.responses
    return replace(snapshot, responses=(replace(table, header=(*table.header, *more)),))


def _find(facts: Facts, name: str) -> list[Finding]:
    return [finding for check, finding in examine(facts) if check.name == name]


def _codes(facts: Facts, name: str) -> list[str]:
    return [finding.code for finding in _find(facts, name)]


# How to spoil an installation, one way each.


def _refused(feature: Feature, error: CohorteError) -> Spoil:
    return lambda facts: replace(facts, refusals={feature: error})


def _unread(error: CohorteError) -> Spoil:
    return lambda facts: replace(
        facts, snapshot=None, plan=None, protected=None, refusals={Feature.SHEETS: error}
    )


def _sees(**fields: Any) -> Spoil:
    return lambda facts: replace(facts, **fields)


def _configured(old: str, new: str) -> Spoil:
    assert old in _CONFIG
    return lambda facts: replace(facts, config=_parse(_CONFIG.replace(old, new)))


def _holds(**fields: Any) -> Spoil:
    def spoil(facts: Facts) -> Facts:
        assert facts.snapshot is not None
        return replace(facts, snapshot=replace(facts.snapshot, **fields))

    return spoil


def _asks(question: str) -> Spoil:
    def spoil(facts: Facts) -> Facts:
        assert facts.snapshot is not None
        return replace(facts, snapshot=_with_header(facts.snapshot, question))

    return spoil


def _says(**fields: Any) -> Spoil:
    def spoil(facts: Facts) -> Facts:
        assert facts.records is not None
        return replace(facts, records=replace(facts.records, **fields))

    return spoil


def _mailed(state: MailState, count: int = 1) -> Spoil:
    mailings = {
        f"{n}": Mailing(
            key=f"{n}",
            number=None,
            template=Template.CONFIRMATION,
            occasion="",
            planned_at=NOW,
            expires_at=NOW,
            state=state,
            at=NOW,
        )
        for n in range(count)
    }
    return _holds(mailings=mailings)


def _keyless(facts: Facts) -> Facts:
    text = _CONFIG.replace("[google]", '[google]\ncredentials = "absent.json"')
    return replace(facts, config=parse_config(text.encode(), Path("cohorte.toml"), {}))


def _replied(facts: Facts) -> Facts:
    """A second form whose question of the code was renamed."""
    assert facts.snapshot is not None
    (table,) = facts.snapshot.responses
    header = ("Horodateur", "Votre code", "Que souhaitez-vous faire?")
    replies = replace(table, title="Ma place", header=header, rows=())
    return replace(facts, snapshot=replace(facts.snapshot, replies=replies))


def _gone(facts: Facts) -> Facts:
    assert facts.snapshot is not None
    return replace(facts, snapshot=replace(facts.snapshot, missing_tabs=("mail",)))


def _torn(facts: Facts) -> Facts:
    problem = Problem(tab="Inscriptions", row=7, message=phrase("alert.to_phone"), damage=True)
    assert facts.snapshot is not None
    return replace(facts, plan=None, snapshot=replace(facts.snapshot, problems=(problem,)))


def _both(*spoils: Spoil) -> Spoil:
    def spoil(facts: Facts) -> Facts:
        for one in spoils:
            facts = one(facts)
        return facts

    return spoil


def _shared(*kinds: str) -> Sharing:
    return Sharing(can_edit=True, kinds=kinds)


_DAY: Final = timedelta(days=1)
_API_OFF: Final = CredentialsError("api_off", api="Gmail API", service="gmail.googleapis.com")
_SCOPE: Final = CredentialsError("scope_missing", api="Gmail API", scopes="…")
_LOST_KEY: Final = CredentialsError("key_refused")
_NO_TAB: Final = WorkbookError("missing_response_tab", tab=TAB, titles="« Feuille 1 »")
_NO_QUESTION: Final = WorkbookError(
    "missing_question", question="Nom", tab=TAB, nearest=phrase("nearest.header", header="Nom ?")
)
_NO_COLUMN: Final = WorkbookError(
    "missing_column", column="Code", tab="Cohortes", nearest=phrase("nearest.header", header="Cod")
)
_LEASED: Final = (1, f"20230110T070000Z-aaaa {int((NOW + timedelta(minutes=9)).timestamp())}")
_DONE: Final = (99, "20230110T070000Z-aaaa 0")
_MISTAKE: Final = Problem(tab="offer.fr.md", row=4, message=phrase("alert.to_phone"))

_ERASED = Handled(key=Key("0.a"), number=Number(1), answer_hash="", state=HandledState.ERASED)
_CASES: Final[tuple[tuple[str, str, int, Spoil], ...]] = (
    # check, code, exit code (0 for a warning), how
    ("credentials", "key_refused", 77, _refused(Feature.SHEETS, _LOST_KEY)),
    ("credentials", "credentials_absent", 0, _keyless),
    ("credentials", "no_credentials", 77, _unread(CredentialsError("no_credentials"))),
    ("network", "unreachable", 69, _unread(UnreachableError("unreachable", detail="503"))),
    ("clock", "clock_off", 77, _sees(ahead=timedelta(hours=1))),
    ("clock", "clock_adrift", 0, _sees(ahead=-timedelta(minutes=3))),
    ("apis", "api_off", 77, _refused(Feature.MAIL, _API_OFF)),
    ("apis", "api_off", 0, _refused(Feature.SHARING, _API_OFF)),
    ("scopes", "scope_missing", 0, _refused(Feature.FORMS, _SCOPE)),
    ("scopes", "scope_missing", 77, _refused(Feature.MAIL, _SCOPE)),
    ("shared", "not_shared", 77, _unread(CredentialsError("forbidden"))),
    ("shared", "not_found", 65, _unread(WorkbookError("not_found"))),
    ("links", "links_open", 30, _sees(sharing=_shared("user", "anyone"))),
    ("links", "links_domain", 0, _sees(sharing=_shared("domain"))),
    ("links", "links_hidden", 0, _sees(sharing=Sharing(can_edit=True, kinds=None))),
    ("shared", "read_only", 77, _sees(sharing=Sharing(can_edit=False, kinds=None))),
    ("response_tab", "missing_response_tab", 65, _sees(snapshot=None, trouble=_NO_TAB)),
    ("questions", "missing_question", 65, _configured('phone = "Téléphone"', 'phone = "Tel."')),
    ("questions", "missing_question", 65, _replied),
    ("questions", "missing_question", 65, _sees(plan=None, plan_trouble=_NO_QUESTION)),
    ("needless", "needless_sin", 30, _asks("Votre NAS")),
    ("needless", "needless_health_card", 30, _asks("Numéro d’assurance-maladie")),
    ("needless", "needless_bank", 30, _asks("Carte de crédit")),
    ("needless", "needless_birth", 0, _asks("Date de naissance")),
    ("needless", "needless_health", 0, _asks("Avez-vous un problème de santé?")),
    ("needless", "needless_belonging", 0, _asks("Quelle est votre religion?")),
    ("needless", "needless_means", 0, _asks("Votre revenu annuel")),
    ("consent", "consent_absent", 0, _configured('consent = "J’accepte', 'group = "J’accepte')),
    ("consent", "consent_short", 0, _configured("J’accepte que le comité m’écrive au", "Oui")),
    ("form", "form_closed", 30, _sees(form=_OPEN)),
    ("form", "form_legacy", 0, _sees(form={"formId": "1Formulaire"})),
    (
        "form",
        "form_forbidden",
        0,
        _both(_sees(form=None), _refused(Feature.FORMS, CredentialsError("form_forbidden"))),
    ),
    ("tabs", "missing_column", 65, _sees(snapshot=None, trouble=_NO_COLUMN)),
    ("tabs", "tabs_gone", 0, _gone),
    ("tabs", "columns_gone", 0, _holds(missing_columns=(("enrolments", "rank"),))),
    ("protections", "unprotected", 0, _sees(protected=frozenset())),
    ("protections", "locked", 77, _sees(locked={7103: "Inscriptions", 42: "À nous"})),
    ("seals", "torn", 30, _torn),
    ("erasures", "erasures_pending", 0, _holds(handled={_ERASED.key: _ERASED})),
    ("journal", "copied", 65, _holds(home="1Autre", spreadsheet_id="1Feuille")),
    ("journal", "restored", 65, _holds(guards=(_DONE,))),
    ("journal", "under_way", 0, _holds(guards=(_LEASED,))),
    ("journal", "unknown_zone", 65, _sees(plan=None, plan_trouble=WorkbookError("unknown_zone"))),
    ("ledger", "mail_unknown", 0, _mailed(MailState.UNKNOWN)),
    ("ledger", "mail_failed", 0, _mailed(MailState.FAILED)),
    ("sender", "no_postal_address", 78, _configured('postal_address = "100, rue Principale"', "")),
    (
        "sender",
        "no_folder",
        78,
        _configured("[mail]", '[mail]\ntransport = "folder"'),
    ),
    ("mailbox", "no_subject", 78, _configured('subject = "comite@example.org"', "")),
    (
        "mailbox",
        "no_delegation",
        77,
        _refused(Feature.MAIL, CredentialsError("no_delegation", scopes="…")),
    ),
    ("mailbox", "another_sender", 0, _sees(mailbox="lise@example.org")),
    ("spf", "spf_absent", 30, _says(spf=("google-site-verification=1",))),
    ("spf", "spf_twice", 30, _says(spf=("v=spf1 ~all", "v=spf1 -all"))),
    ("spf", "spf_open", 0, _says(spf=("v=spf1 include:_spf.google.com +all",))),
    ("spf", "spf_without_google", 0, _says(spf=("v=spf1 include:mail.example.org ~all",))),
    ("dkim", "dkim_absent", 30, _says(dkim=())),
    ("dkim", "dkim_absent", 30, _says(dkim=("v=DKIM1; p=",))),
    (
        "dkim",
        "dkim_unseen",
        0,
        _both(
            _configured("[mail]", '[smtp]\nhost = "mx.example.org"\n[mail]\ntransport = "smtp"'),
            _says(dkim=()),
        ),
    ),
    ("dmarc", "dmarc_absent", 0, _says(dmarc=("v=spf1 ~all",))),
    ("room", "no_room", 0, _mailed(MailState.SENT, 400)),
    (
        "room",
        "cap_too_high",
        0,
        _configured(
            "<comite@example.org>", '<comite@gmail.com>"\ndaily_cap = 1600\nreply_to = "a@b.ca'
        ),
    ),
    ("templates", "template", 78, _sees(mistakes=(_MISTAKE,))),
    ("last_night", "late", 0, _sees(now=NOW + 2 * _DAY)),
    ("last_night", "late", 30, _sees(now=NOW + 5 * _DAY)),
    ("last_night", "never", 0, _holds(last_night=None)),
    ("schedule", "schedule_stopped", 0, _sees(now=NOW + 2 * _DAY)),
    ("schedule", "schedule_absent", 0, _sees(nights=())),
    ("alerts", "heartbeat_absent", 0, _configured('heartbeat = "https://example.org/veille"', "")),
    (
        "alerts",
        "alerts_absent",
        0,
        _configured(
            'heartbeat = "https://example.org/veille"\nmaintainer = "entretien@example.org"', ""
        ),
    ),
)


def test_where_all_is_well_every_check_says_so(well: Facts) -> None:
    found = list(examine(well))

    assert [check.name for check, _ in found] == [check.name for check in CHECKS]
    assert {finding.level for _, finding in found} == {Level.OK}
    assert exit_code(finding for _, finding in found) == 0


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(hours=27), "il y a 27 heures"),
        (timedelta(hours=49), "il y a 2 jours"),
        (timedelta(days=59), "il y a 59 jours"),
        (timedelta(days=61), "il y a 2 mois"),
        (timedelta(days=1174), "il y a 3 ans"),
    ],
)
def test_how_long_ago_is_told_in_the_unit_that_fits(well: Facts, age: timedelta, told: str) -> None:
    assert well.snapshot is not None
    assert well.snapshot.last_night is not None

    (finding,) = _find(replace(well, now=well.snapshot.last_night + age), "last_night")

    assert isinstance(finding.values["since"], Phrase)
    assert locale.say("fr", finding.values["since"]) == told


def test_each_check_has_a_case_in_which_it_fails() -> None:
    assert {name for name, *_ in _CASES} == {check.name for check in CHECKS}


@pytest.mark.parametrize(
    ("name", "code", "ends", "spoil"), _CASES, ids=[f"{case[0]}-{case[1]}" for case in _CASES]
)
def test_what_is_wrong_is_found_by_its_check_with_a_remedy(
    well: Facts, name: str, code: str, ends: int, spoil: Spoil
) -> None:
    found = _find(spoil(well), name)

    (finding,) = [one for one in found if one.code == code]
    entry = f"{'error' if finding.from_error else 'doctor'}.{code}"
    assert finding.level is (Level.FAILURE if ends else Level.WARNING)
    assert finding.exit_code == ends
    assert finding.has_remedy
    assert f"{entry}.remedy" in locale.CATALOGUES["fr"]


@pytest.mark.parametrize(
    "spoil", [spoil for *_, spoil in _CASES], ids=[f"{case[0]}-{case[1]}" for case in _CASES]
)
def test_whatever_is_wrong_every_check_has_something_to_say(well: Facts, spoil: Spoil) -> None:
    names = {check.name for check, _ in examine(spoil(well))}

    assert names == {check.name for check in CHECKS}


@pytest.mark.parametrize(
    "question", ["Métier", "Santiago ou Rome?", "Nom", "Votre ménage", "Comment avez-vous su?"]
)
def test_an_ordinary_question_is_not_suspected(well: Facts, question: str) -> None:
    assert _codes(_asks(question)(well), "needless") == ["needless"]


def test_a_form_that_is_closed_with_its_cohorts_is_as_it_should_be(well: Facts) -> None:
    assert well.snapshot is not None
    cohorts = tuple(replace(cohort, closes=NOW - _DAY) for cohort in well.snapshot.cohorts)

    closed = _both(_sees(form=_OPEN), _holds(cohorts=cohorts))(well)

    assert _codes(closed, "form") == ["form_closed_rightly"]


def test_on_an_embedded_workspace_nothing_of_google_is_needed(well: Facts) -> None:
    embedded = replace(
        well,
        config=_parse(
            _CONFIG.replace('"google"\nspreadsheet = "1Feuille"', '"embedded"\npath = "x.db"')
        ),
        account=None,
        ahead=None,
        sharing=None,
        mailbox=None,
        records=None,
    )

    codes = {check.name: finding.code for check, finding in examine(embedded)}

    here = {"credentials", "network", "clock", "apis", "scopes", "shared", "links", "mailbox"}
    assert {codes[name] for name in here | {"spf", "dkim", "dmarc"}} == {"not_needed"}


def test_the_worst_failure_says_how_the_command_ends(well: Facts) -> None:
    spoilt = _both(
        _sees(sharing=_shared("anyone")), _refused(Feature.MAIL, _API_OFF), _says(dmarc=())
    )(well)

    assert exit_code(finding for _, finding in examine(spoilt)) == 77
