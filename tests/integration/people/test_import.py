"""From a CSV file to contacts: what is created, updated, left alone and refused, and that nothing is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from django.db import connection

from senet.accounts.values import Principal, Role
from senet.people.errors import BadFile, BadMapping, ImportFinished
from senet.people.importing.rejected import read_rejected
from senet.people.importing.run import run_import
from senet.people.importing.start import import_contacts, start_import
from senet.people.models import Company, Contact, CustomColumn, ImportRun
from senet.people.values import ImportOutcome
from senet.shared.sql import Parameters, execute
from tests.support.accounts import make_principal, make_unit
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db
Load = Callable[..., ImportOutcome]


@pytest.fixture
def principal() -> Principal:
    return make_principal()


@pytest.fixture
def load(tmp_path: Path, principal: Principal) -> Load:
    def run(text: str, *, chunk_rows: int = 20_000, who: Principal | None = None, **options: object) -> ImportOutcome:
        path = tmp_path / "contacts.csv"
        path.write_text(text, encoding="utf-8")
        run_id = start_import(path, filename="contacts.csv", principal=who or principal, **options)  # type: ignore[arg-type]  # each test names its options
        row = run_import(run_id, chunk_rows=chunk_rows)
        return ImportOutcome(
            run_id,
            row.status,
            row.total_rows or 0,
            row.processed,
            row.created,
            row.updated,
            row.unchanged,
            row.rejected,
        )

    return run


def counts(outcome: ImportOutcome) -> tuple[int, int, int, int]:
    assert outcome.status == "done"
    assert outcome.processed == outcome.total_rows
    assert outcome.processed == outcome.created + outcome.updated + outcome.unchanged + outcome.rejected
    return outcome.created, outcome.updated, outcome.unchanged, outcome.rejected


def report(outcome: ImportOutcome) -> list[tuple[int, str]]:
    headings, rows = read_rejected(ImportRun.objects.get(pk=outcome.run_id))
    assert headings[:2] == ["line", "reasons"]
    return [(int(str(line)), str(reasons)) for line, reasons, *_ in rows]


def test_every_column_lands_where_it_belongs(load: Load, principal: Principal) -> None:
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="choice", options=["Gold"])
    CustomColumn.objects.create(entity="contact", key="points", label="Points", kind="number")
    outcome = load(
        "E-Mail,First name,Surname,Phone,Street,City,State,ZIP,Country,Language,Timezone,Company,Consent,"
        "Do not email,Tracking,Active,Customer ID,tier,points\n"
        'ada@example.com,Ada,Lovelace,020 7946 0958,"12 High St\nFlat 2",London,LDN,N1,uk,English,europe/london,'
        "Analytical,2,yes,no,1,C-1,gold,12.5\n"
    )
    assert counts(outcome) == (1, 0, 0, 0)
    contact = Contact.objects.select_related("company").get()
    assert contact.company is not None
    assert {
        name: getattr(contact, name)
        for name in ("external_id", "first_name", "last_name", "email", "mobile_phone", "street", "city", "region",
                     "postal_code", "country", "language", "time_zone", "consent_level", "do_not_email",
                     "do_not_bulk_email", "tracking_allowed", "active", "custom", "owner_id", "business_unit_id")
    } == {
        "external_id": "C-1", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
        "mobile_phone": "+442079460958", "street": "12 High St Flat 2", "city": "London", "region": "LDN",
        "postal_code": "N1", "country": "GB", "language": "en", "time_zone": "Europe/London", "consent_level": 2,
        "do_not_email": True, "do_not_bulk_email": False, "tracking_allowed": False, "active": True,
        "custom": {"tier": "Gold", "points": 12.5}, "owner_id": principal.user_id,
        "business_unit_id": principal.business_unit_id,
    }  # fmt: skip
    assert contact.company.name == "Analytical"


def test_an_import_updates_by_email_and_empty_cells_change_nothing(load: Load) -> None:
    ada = make_contact("Ada@Example.com", first_name="Ada", city="Paris", consent_level=1, custom={"kept": 1})
    outcome = load("email,first name,city,consent level\nada@example.com,Augusta,,\nnew@example.com,New,Rome,\n")
    assert counts(outcome) == (1, 1, 0, 0)
    ada.refresh_from_db()
    assert (ada.first_name, ada.city, ada.consent_level, ada.custom) == ("Augusta", "Paris", 1, {"kept": 1})
    assert Contact.objects.get(email="new@example.com").consent_level == 4


def test_an_import_takes_choices_away_that_the_row_does_not_have_any_more(load: Load) -> None:
    CustomColumn.objects.create(entity="contact", key="likes", label="Likes", kind="choices", options=["Ski", "Bike"])
    ada = make_contact("ada@example.com", custom={"likes": ["Ski", "Bike"], "kept": 1})
    text = "email,likes\nada@example.com,Bike\n"
    assert counts(load(text)) == (0, 1, 0, 0)
    ada.refresh_from_db()
    assert ada.custom == {"likes": ["Bike"], "kept": 1}
    assert counts(load(text)) == (0, 0, 1, 0)


def test_an_import_updates_by_external_id(load: Load) -> None:
    contact = make_contact("old@example.com", external_id="C-1")
    assert counts(load("external_id,email\nC-1,new@example.com\nC-2,x@example.com\n", key="external_id")) == (
        1,
        1,
        0,
        0,
    )
    contact.refresh_from_db()
    assert contact.email == "new@example.com"


def test_the_same_file_twice_changes_nothing_the_second_time(load: Load) -> None:
    text = "email,first name,company\n" + "".join(f"p{n}@example.com,P{n},C{n % 3}\n" for n in range(50))
    assert counts(load(text, chunk_rows=7)) == (50, 0, 0, 0)
    before = list(Contact.objects.order_by("id").values())
    assert counts(load(text, chunk_rows=11)) == (0, 0, 50, 0)
    assert list(Contact.objects.order_by("id").values()) == before
    assert Company.objects.count() == 3


@pytest.mark.parametrize("chunk_rows", [1, 2, 100])
def test_of_rows_for_the_same_person_the_last_one_counts(load: Load, chunk_rows: int) -> None:
    outcome = load(
        "email,first name\nada@example.com,One\nbob@example.com,Bob\nADA@example.com,Two\nada@example.com,Three\n",
        chunk_rows=chunk_rows,
    )
    assert Contact.objects.get(email__iexact="ada@example.com").first_name == "Three"
    assert counts(outcome) == (2, 0, 0, 2)
    assert [line for line, _ in report(outcome)] == [2, 4]
    assert "Line 5 has the same email and was used instead." in report(outcome)[1][1]


def test_rows_that_cannot_be_used_are_reported_with_every_reason_and_their_values(load: Load) -> None:
    text = (
        "email,country,phone,consent level,notes\n"
        "no address,Atlantis,call me,9,first\n"
        ",DE,,,nobody\n"
        "ok@example.com,DE,+4930123456,3,=1+1\n"
        'x@example.com,DE,,,"two\nlines",too,many\n'
        f"long@example.com,DE,,,{'y' * 10}\n"
    )
    outcome = load(text)
    assert counts(outcome) == (2, 0, 0, 3)
    headings, rows = read_rejected(ImportRun.objects.get(pk=outcome.run_id))
    assert headings == ["line", "reasons", "email", "country", "phone", "consent level", "notes"]
    found = list(rows)
    assert [row[0] for row in found] == [2, 3, 5]
    for word in ("email:", "country:", "mobile_phone:", "consent_level:"):
        assert word in str(found[0][1])
    assert found[0][2:] == ["no address", "Atlantis", "call me", "9", "first"]
    assert "has no email" in str(found[1][1])
    assert found[2][6] == "two\nlines"


def test_an_address_that_several_contacts_share_is_refused(load: Load) -> None:
    make_contact("shared@example.com")
    make_contact("Shared@example.com")
    outcome = load("email,city\nshared@example.com,Rome\n")
    assert counts(outcome) == (0, 0, 0, 1)
    assert "Several contacts" in report(outcome)[0][1]
    assert not Contact.objects.filter(city="Rome").exists()


def test_an_external_id_of_somebody_else_is_refused(load: Load) -> None:
    make_contact("ada@example.com", external_id="C-1")
    outcome = load("email,external id\nbob@example.com,C-1\ncid@example.com,C-2\ndan@example.com,C-2\n")
    assert counts(outcome) == (1, 0, 0, 2)
    assert Contact.objects.get(external_id="C-2").email == "dan@example.com"
    assert [line for line, _ in report(outcome)] == [2, 3]


def test_a_marketer_writes_contacts_of_their_own_unit_only(load: Load) -> None:
    north, south = make_unit(), make_unit()
    theirs = make_contact("ada@example.com", business_unit=south, external_id="C-1", city="Paris")
    marketer = make_principal(Role.MARKETER, unit=north)
    assert counts(load("email,city\nada@example.com,Rome\n", who=marketer)) == (1, 0, 0, 0)
    outcome = load("external_id,city\nC-1,Rome\n", who=marketer, key="external_id")
    assert counts(outcome) == (0, 0, 0, 1)
    theirs.refresh_from_db()
    assert theirs.city == "Paris"
    assert Contact.objects.get(city="Rome").business_unit_id == north.pk


def test_companies_are_found_by_external_id_or_name_and_made_when_missing(load: Load) -> None:
    load("email,company,company id\na@x.de,Acme,A-1\nb@x.de,ACME,A-1\nc@x.de,acme,\nd@x.de,Other,\ne@x.de,,\n")
    assert sorted(Company.objects.values_list("name", "external_id")) == [("Acme", "A-1"), ("Other", None)]
    contacts = {contact.email: contact.company_id for contact in Contact.objects.all()}
    assert contacts["a@x.de"] == contacts["b@x.de"] == contacts["c@x.de"]
    assert contacts["e@x.de"] is None


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ({}, "email"),
        ({"email": "email"}, "external_id"),
        ({"email": "email", "name": "email"}, "email"),
        ({"email": "email", "nowhere": "city"}, "email"),
        ({"email": "email", "name": "password"}, "email"),
        ({"email": "email", "name": "custom.unknown"}, "email"),
        ({"email": "email", "name": "id; DROP TABLE contact"}, "email"),
        ({"email": "email"}, "id"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(load: Load, mapping: dict[str, str], key: str) -> None:
    with pytest.raises(BadMapping):
        load("email,name\na@b.de,x\n", mapping=mapping, key=key)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "fault", ['"never closed\n', '"x"y,z\n', "nul\0,x\n", "x" * 200_000 + ",y\n", '"' + "x\n" * 100_000]
)
def test_a_malformed_file_imports_nothing_and_loses_nothing(tmp_path: Path, principal: Principal, fault: str) -> None:
    kept = make_contact("p1@example.com", first_name="Kept")
    path = tmp_path / "bad.csv"
    good = "".join(f"p{n}@example.com,P{n}\n" for n in range(100))
    path.write_text(f"email,first name\n{good}{fault}", encoding="utf-8")
    run_id = start_import(path, filename="bad.csv", principal=principal)
    with pytest.raises(BadFile):
        run_import(run_id, chunk_rows=10)
    run = ImportRun.objects.get(pk=run_id)
    assert (run.status, run.processed) == ("failed", 0)
    assert run.error
    kept.refresh_from_db()
    assert kept.first_name == "Kept"
    assert Contact.objects.count() == 1
    with pytest.raises(ImportFinished):
        run_import(run_id)


def test_an_interrupted_import_goes_on_behind_the_last_settled_row(
    tmp_path: Path, principal: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("email\n" + "".join(f"p{n}@example.com\n" for n in range(30)), encoding="utf-8")
    run_id = start_import(path, filename="contacts.csv", principal=principal)

    def stop(done: int, total: int) -> None:
        assert total == 30
        if done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(run_id, chunk_rows=5, progress=stop)
    run = ImportRun.objects.get(pk=run_id)
    assert (run.status, run.processed, Contact.objects.count()) == ("interrupted", 10, 10)
    run = run_import(run_id, chunk_rows=7)
    assert (run.status, run.processed, run.created, run.rejected) == ("done", 30, 30, 0)
    assert Contact.objects.count() == 30


def test_a_failing_chunk_leaves_the_chunks_before_it_and_the_counters_agree(
    tmp_path: Path, principal: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("email\n" + "".join(f"p{n}@example.com\n" for n in range(30)), encoding="utf-8")
    run_id = start_import(path, filename="contacts.csv", principal=principal)
    calls = iter(range(1000))

    def fail_once(room: ModuleType, name: str, parameters: Parameters | None = None) -> int:
        if name == "import_insert_contacts" and next(calls) == 1:
            raise RuntimeError
        return execute(room, name, parameters)

    monkeypatch.setattr("senet.people.importing.load.execute", fail_once)
    with pytest.raises(RuntimeError):
        run_import(run_id, chunk_rows=10)
    run = ImportRun.objects.get(pk=run_id)
    assert (run.status, run.processed, run.created, Contact.objects.count()) == ("interrupted", 10, 10, 10)
    assert run_import(run_id, chunk_rows=10).created == 30


def test_what_an_export_neutralised_an_import_reads_back(load: Load) -> None:
    load("email,phone,last name,city\na@b.de,'+4930123456,\"'=Odd\",'s-Hertogenbosch\n")
    contact = Contact.objects.get()
    assert (contact.mobile_phone, contact.last_name, contact.city) == ("+4930123456", "=Odd", "'s-Hertogenbosch")


def test_an_operator_imports_into_the_root_unit(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("email\na@b.de\n", encoding="utf-8")
    outcome = import_contacts(path)
    assert (outcome.created, str(outcome)) == (1, "1 rows: 1 created, 0 updated, 0 unchanged, 0 rejected.")


def test_a_chunk_reads_contacts_by_index(load: Load) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contact (email, business_unit_id, custom) SELECT 'q' || n || '@example.com', %s, '{}'"
            " FROM generate_series(1, 5000) AS n",
            [make_unit().pk],
        )
    load("email,city\n" + "".join(f"q{n}@example.com,Rome\n" for n in range(1, 400)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned('contact'::regclass)")
        row = cursor.fetchone()
    assert row is not None
    assert row[0] < 5000


def test_the_report_is_a_csv_that_no_spreadsheet_executes(load: Load) -> None:
    from senet.shared.csv_export import format_csv

    outcome = load("email,notes\n=cmd|x,@SUM(1)\n")
    headings, rows = read_rejected(ImportRun.objects.get(pk=outcome.run_id))
    text = b"".join(format_csv(headings, rows)).decode("utf-8-sig")
    line = next(iter(list(csv.reader(io.StringIO(text)))[1:]))
    assert line[2:] == ["'=cmd|x", "'@SUM(1)"]
