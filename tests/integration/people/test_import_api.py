"""Imports and exports through the API."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import AsyncRequestFactory
from pytest_django import Settings

from senet.accounts.values import Role
from senet.people.importing.run import run_import
from senet.people.models import Contact, CustomColumn, ImportRun
from senet.people.tasks import run_import_job
from senet.shared.csv_export import stream_csv
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.people import make_company, make_contact, make_contacts

if TYPE_CHECKING:
    from tests.support.accounts import Response

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def upload(client: ApiClient, path: str, data: bytes, **fields: str) -> Response:
    return client.client.post(f"/api/v1{path}", {"file": SimpleUploadedFile("people.csv", data), **fields})


CSV = b"E-Mail;Vorname\nada@example.com;Ada\nwrong;Bob\n"


def test_a_preview_suggests_a_mapping_and_imports_nothing(data_folder: Path) -> None:
    body = upload(sign_in(Role.MARKETER), "/imports/preview", CSV).json()
    assert body["mapping"] == {"E-Mail": "email", "Vorname": "first_name"}
    assert body["columns"] == ["E-Mail", "Vorname"]
    assert body["rows"][0] == ["ada@example.com", "Ada"]
    assert (body["delimiter"], body["encoding"]) == (";", "utf-8")
    assert "country" in body["targets"]
    assert not Contact.objects.exists()
    assert not list((data_folder / "imports").iterdir())


def test_an_upload_is_imported_by_a_job_and_its_rejects_can_be_fetched() -> None:
    client = sign_in(Role.MARKETER)
    made = upload(client, "/imports", CSV, mapping='{"E-Mail": "email", "Vorname": "first_name"}')
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["status"], body["filename"]) == ("waiting", "people.csv")
    run_import(body["id"])
    done = client.get(f"/imports/{body['id']}").json()
    assert (done["status"], done["total_rows"], done["created"], done["rejected"]) == ("done", 2, 1, 1)
    text = client.client.get(f"/api/v1/imports/{body['id']}/rejected.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["line", "reasons", "E-Mail", "Vorname"]
    assert rows[1][0] == "3"
    assert rows[1][2:] == ["wrong", "Bob"]
    assert client.get("/imports").json()["total"] == 1


def test_a_run_whose_process_died_is_shown_as_interrupted_and_resumed() -> None:
    client = sign_in()
    run_id = upload(client, "/imports", CSV).json()["id"]
    ImportRun.objects.filter(pk=run_id).update(status="running")
    assert client.get(f"/imports/{run_id}").json()["status"] == "interrupted"
    assert client.post(f"/imports/{run_id}/resume").status_code == 200
    run_import(run_id)
    assert client.post(f"/imports/{run_id}/resume").status_code == 409


@pytest.mark.parametrize(("rows", "kept"), [(b"a@b.de\n", 0), (b"a@b.de\nwrong\n", 1), (b'a@b.de\n"open', 0)])
def test_an_upload_is_kept_only_for_its_rejected_rows(data_folder: Path, rows: bytes, kept: int) -> None:
    client = sign_in()
    run_id = upload(client, "/imports", b"email\n" + rows).json()["id"]
    run_import_job(run_id=run_id)
    run_import_job(run_id=run_id)
    assert len(list(data_folder.glob("imports/*"))) == kept
    assert client.get(f"/imports/{run_id}/rejected.csv").status_code == 200


@pytest.mark.parametrize(
    ("data", "fields", "code"),
    [
        (b"", {}, "bad_file"),
        (b"PK\x03\x04", {}, "bad_file"),
        (b"email,email\na@b.de,b\n", {}, "bad_file"),
        (b"name\nAda\n", {}, "bad_mapping"),
        (CSV, {"key": "id"}, "bad_mapping"),
        (CSV, {"mapping": "["}, "bad_mapping"),
        (CSV, {"mapping": "[]"}, "bad_mapping"),
        (CSV, {"mapping": '{"E-Mail": 5}'}, "bad_mapping"),
        (CSV, {"mapping": "[" * 100_000}, "bad_mapping"),
        (CSV, {"encoding": "rot13"}, "bad_file"),
        (CSV, {"delimiter": "xx"}, "bad_file"),
    ],
)
def test_an_upload_that_cannot_be_imported_is_refused_and_not_kept(
    data_folder: Path, data: bytes, fields: dict[str, str], code: str
) -> None:
    response = upload(sign_in(), "/imports", data, **fields)
    assert response.status_code == 422
    assert response.json()["error"]["code"] in {code, "invalid_input"}
    assert not list(data_folder.glob("imports/*"))


def test_imports_are_for_those_who_may_edit() -> None:
    run_id = upload(sign_in(Role.MARKETER), "/imports", CSV).json()["id"]
    for client, status in ((ApiClient(), 401), (sign_in(Role.VIEWER), 403)):
        assert upload(client, "/imports", CSV).status_code == status
        assert upload(client, "/imports/preview", CSV).status_code == status
        assert client.post(f"/imports/{run_id}/resume").status_code == status
        assert client.get(f"/imports/{run_id}/rejected.csv").status_code == status
    assert ApiClient().get("/imports").status_code == 401


def test_imports_of_another_unit_do_not_exist() -> None:
    run_id = upload(sign_in(Role.MARKETER, unit=make_unit()), "/imports", CSV).json()["id"]
    client = sign_in(Role.MARKETER, unit=make_unit())
    assert client.get(f"/imports/{run_id}").status_code == 404
    assert client.post(f"/imports/{run_id}/resume").status_code == 404
    assert client.get(f"/imports/{run_id}/rejected.csv").status_code == 404
    assert client.get("/imports").json()["total"] == 0


def test_an_export_has_the_lists_rows_in_its_order_and_no_formula() -> None:
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="text")
    make_contact("b@example.com", last_name="=HYPERLINK(1)", country="DE", custom={"tier": "@x"})
    make_contact("a@example.com", last_name="Zola", country="DE", company=make_company("Acme"))
    make_contact("c@example.com", country="US")
    client = sign_in(Role.MARKETING_MANAGER)

    def fetch(path: str) -> list[dict[str, str]]:
        response = client.client.get(f"/api/v1{path}")
        data = response.getvalue()
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))

    rows = fetch("/contacts/export.csv?country=DE&sort=email")
    assert [row["email"] for row in rows] == ["a@example.com", "b@example.com"]
    assert (rows[0]["company"], rows[0]["custom.tier"]) == ("Acme", "")
    assert (rows[1]["last_name"], rows[1]["custom.tier"]) == ("'=HYPERLINK(1)", "'@x")
    assert fetch("/contacts/export.csv?sort=email&safe=false")[1]["last_name"] == "=HYPERLINK(1)"
    assert [row["name"] for row in fetch("/companies/export.csv")] == ["Acme"]
    assert client.get("/contacts/export.csv", {"sort": "password"}).status_code == 422


def test_an_export_can_be_imported_again() -> None:
    make_contacts(5)
    make_contact("x@example.com", mobile_phone="+4930123456", last_name="-dash", company=make_company("Acme"))
    client = sign_in()
    data = client.client.get("/api/v1/contacts/export.csv").getvalue()
    before = list(Contact.objects.order_by("id").values())
    run = upload(client, "/imports", data)
    outcome = run_import(run.json()["id"])
    assert (outcome.status, outcome.rejected) == ("done", 0)
    assert Contact.objects.count() == len(before)
    assert Contact.objects.get(email="x@example.com").mobile_phone == "+4930123456"


def test_a_download_streams_under_an_async_server_too() -> None:
    request = AsyncRequestFactory().get("/")
    response = stream_csv(request, "x.csv", ["n"], ([n] for n in range(1_200)))
    assert isinstance(response, StreamingHttpResponse)
    assert response.is_async

    async def read() -> list[bytes]:
        return [piece async for piece in response]

    assert len(b"".join(asyncio.run(read())).splitlines()) == 1_201
