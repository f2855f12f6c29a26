"""The library takes what it knows, judged by its content; nothing that runs gets in, and nothing in use gets lost."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from senet.accounts.values import Role
from senet.content.actions import change_email
from senet.content.assets.actions import PIECE, add_asset, clean_file_name
from senet.content.assets.queries import find_public_asset, read_asset
from senet.content.assets.svg import find_svg_fault
from senet.content.check import check_email
from senet.content.models import Asset, AssetPiece
from senet.content.values import EmailSource
from senet.shared.errors import InvalidInput
from tests.support.accounts import ApiClient, main_unit, make_unit, sign_in
from tests.support.content import BODY, email_columns, make_live_email

pytestmark = pytest.mark.django_db
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAEklEQVR4nGNgYGD4z4AGMAQAAA8EAgD0y0UeAAAAAElFTkSuQmCC"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9" fill="#1f4fbf"/></svg>'


def read(response: Any) -> Any:
    return json.loads(response.content) if response.content else None


def add(name: str, content: bytes, **values: Any) -> Asset:
    return Asset.objects.get(pk=add_asset(name, [content], business_unit_id=main_unit().pk, owner_id=None, **values))


def upload(client: ApiClient, name: str, content: bytes, **form: str) -> Any:
    return client.upload("/assets", {"file": SimpleUploadedFile(name, content), **form})


def test_an_image_is_uploaded_described_listed_and_found_by_its_address() -> None:
    client = sign_in(Role.MARKETER)
    response = upload(client, "Spring sale.png", PNG, description="A boat", labels="Season, Boats")
    assert response.status_code == 201, response.content
    asset = read(response)
    assert (asset["kind"], asset["content_type"], asset["size"]) == ("image", "image/png", len(PNG))
    assert (asset["width"], asset["height"], asset["labels"]) == (3, 2, ["Season", "Boats"])
    key = asset["url"].split("/a/")[1].split("/")[0]
    public = find_public_asset(key)
    assert public is not None
    assert read_asset(public.id, 0, 1_000) == PNG

    assert [each["id"] for each in read(client.get("/assets?kind=image&label=Boats"))["items"]] == [asset["id"]]
    changed = read(client.patch(f"/assets/{asset['id']}", {"archived": True}))
    assert (changed["archived"], changed["description"]) == (True, "A boat")
    assert find_public_asset(key) is not None  # mails go on showing it
    assert client.patch(f"/assets/{asset['id']}", {"name": "x.png"}).status_code == 422
    shown = client.get(f"/assets/{asset['id']}/content")
    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")
    assert shown["Content-Security-Policy"].startswith("sandbox")
    paper = read(upload(client, "a.pdf", b"%PDF-1.7"))
    assert client.get(f"/assets/{paper['id']}/content").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>alert(1)</script>", "not taken"),
        ("run.exe", b"MZ", "not taken"),
        ("noending", PNG, "not taken"),
        ("photo.png", b"<html><script>alert(1)</script>", "not that of a .png"),
        ("photo.jpg", PNG, "not that of a .jpg"),
        ("paper.pdf", b"MZ\x90", "not that of a .pdf"),
        ("notes.txt", b"a\0b", "not that of a .txt"),
        ("empty.png", b"", "empty"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "more than draw"),
    ],
)
def test_a_file_is_refused_with_the_reason_and_nothing_of_it_is_kept(name: str, content: bytes, words: str) -> None:
    response = upload(sign_in(Role.MARKETER), name, content)
    assert response.status_code == 422
    assert words in read(response)["error"]["message"]
    assert not Asset.objects.exists()
    assert not AssetPiece.objects.exists()


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        "<a href='#x'><path/></a>",
        "<path onload='alert(1)'/>",
        "<path ONCLICK='alert(1)'/>",
        "<use href='https://evil.example/x.svg#a'/>",
        "<use xlink:href='data:image/svg+xml;base64,PHN2Zz4=#a'/>",
        "<image href='https://evil.example/x.png'/>",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>path{fill:url(https://evil.example/x)}</style>",
        "<path style='fill:u\\72l(https://evil.example)'/>",
        "<path fill='url(https://evil.example/x)'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<animate attributeName='href' values='javascript:alert(1)'/>",
        "<?xml-stylesheet href='https://evil.example/x.css'?>",
    ],
)
def test_an_svg_that_does_more_than_draw_is_refused(inner: str) -> None:
    head = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
    assert find_svg_fault(f"{head}{inner}</svg>".encode()) is not None


def test_an_svg_that_draws_is_taken_and_entities_are_never_read() -> None:
    assert find_svg_fault(SVG) is None
    gradient = b"""<svg xmlns="http://www.w3.org/2000/svg">
        <defs><linearGradient id="a"><stop offset="1"/></linearGradient></defs>
        <!-- drawn by hand --><rect fill="url(#a)" style="stroke:url('#a')"/><use href="#a"/></svg>"""
    assert find_svg_fault(gradient) is None
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    assert find_svg_fault(bomb) == "This SVG has a document type. Save it without one."
    assert find_svg_fault(b"<svg") == "This SVG cannot be read as XML."
    assert find_svg_fault(b"<html/>") == "This file is no SVG."


def test_a_file_larger_than_its_kind_may_be_leaves_nothing_behind() -> None:
    def chunks() -> Any:
        yield b"%PDF-1.7"
        for _ in range(33):
            yield b"x" * PIECE

    with pytest.raises(InvalidInput, match="at most 32 MB"):
        add_asset("big.pdf", chunks(), business_unit_id=main_unit().pk, owner_id=None)
    assert not AssetPiece.objects.exists()
    with pytest.raises(InvalidInput, match="at most 5 MB"):
        add("big.png", PNG + b"x" * (5 * PIECE))


def test_a_large_file_is_kept_in_pieces_and_read_from_anywhere() -> None:
    content = b"%PDF-1.7" + bytes(range(256)) * (2 * PIECE // 256)
    asset = add_asset(
        "paper.pdf", [content[:10], content[10:PIECE], content[PIECE:]], business_unit_id=main_unit().pk, owner_id=None
    )
    assert [len(bytes(piece.content)) for piece in AssetPiece.objects.order_by("number")] == [PIECE, PIECE, 8]
    assert read_asset(asset, PIECE - 5, 1_000) == content[PIECE - 5 : PIECE]
    assert read_asset(asset, PIECE, 1_000) == content[PIECE : PIECE + 1_000]
    assert read_asset(asset, 2 * PIECE, 1_000) == content[2 * PIECE :]
    assert read_asset(asset, 9 * PIECE, 10) == b""


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\temp\\a b.png", "a b.png"),
        ('x"; filename=evil.html\r\nX: y.png', "x- filename-evil.html-X- y.png"),
        ("Übersicht 2026.pdf", "Übersicht 2026.pdf"),
        ("a" * 300 + ".png", "a" * 100 + ".png"),
        ("<img>.png", "img-.png"),
    ],
)
def test_a_files_name_holds_nothing_that_means_something_elsewhere(name: str, cleaned: str) -> None:
    assert clean_file_name(name) == cleaned


def test_what_is_shown_somewhere_cannot_be_removed() -> None:
    client = sign_in(Role.MARKETER)
    free = read(upload(client, "free.png", PNG))
    assert client.delete(f"/assets/{free['id']}").status_code == 204

    used = read(upload(client, "used.png", PNG))
    image = f'<img src="{used["url"]}" alt="x">'
    email = make_live_email(source=BODY.replace("<p>Dear", f"{image}<p>Dear"))
    refused = client.delete(f"/assets/{used['id']}")
    assert refused.status_code == 409
    assert email.name in read(refused)["error"]["message"]
    email.status = "live_editable"
    email.save()
    change_email(email.pk, source=BODY)
    assert client.delete(f"/assets/{used['id']}").status_code == 409  # the published version still shows it


def test_an_image_that_the_library_does_not_have_keeps_an_email_from_going_live(settings: Any) -> None:
    asset = read(upload(sign_in(Role.MARKETER), "a.png", PNG))

    def codes(url: str) -> set[str]:
        values = email_columns(source=BODY.replace("<p>Dear", f'<img src="{url}" alt="x"><p>Dear'))
        del values["name"]
        return {problem.code for problem in check_email(EmailSource(**values))}

    assert "asset_missing" not in codes(asset["url"])
    assert "asset_missing" not in codes("https://elsewhere.example/a/b/c.png")
    assert "asset_missing" in codes(f"{settings.DOOR_URL}/a/{'x' * 22}/gone.png")


def test_the_library_is_for_those_who_may() -> None:
    asset = add("a.png", PNG)
    viewer = sign_in(Role.VIEWER)
    assert viewer.get(f"/assets/{asset.pk}").status_code == 200
    assert viewer.patch(f"/assets/{asset.pk}", {"archived": True}).status_code == 403
    assert viewer.delete(f"/assets/{asset.pk}").status_code == 403
    assert upload(viewer, "a.png", PNG).status_code == 403
    assert ApiClient().get("/assets").status_code == 401
    theirs = add_asset("b.png", [PNG], business_unit_id=make_unit("Elsewhere").pk, owner_id=None)
    here = sign_in(Role.MARKETER, unit=make_unit("Here"))
    assert here.get(f"/assets/{theirs}").status_code == 404
    assert here.get(f"/assets/{theirs}/content").status_code == 404
    assert read(here.get("/assets"))["items"] == []
