"""CSV files as they come: encodings, delimiters, headings, and everything that can be wrong with them."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from senet.people.errors import BadFile
from senet.people.importing.file import count_rows, open_csv, read_rows


def write(folder: Path, data: bytes) -> Path:
    path = folder / "contacts.csv"
    path.write_bytes(data)
    return path


def read(path: Path) -> list[tuple[int, list[str]]]:
    file = open_csv(path)
    count_rows(file)
    return list(read_rows(file))


TEXT = "email;name\nada@example.com;Zoë\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TEXT.encode(encoding))
    file = open_csv(path)
    assert file.headings == ("email", "name")
    assert list(read_rows(file)) == [(2, ["ada@example.com", "Zoë"])]
    assert bool(file.warnings) == (encoding in {"cp1252", "latin-1"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = TEXT.replace(";", delimiter)
    assert open_csv(write(tmp_path, text.encode())).delimiter == delimiter


def test_quotes_hold_delimiters_breaks_and_quotes(tmp_path: Path) -> None:
    data = b'email,name\r\na@b.de,"Main ""Street"",\nFlat 4"\r\n\r\nc@d.de,x\r\n'
    assert read(write(tmp_path, data)) == [(2, ["a@b.de", 'Main "Street",\nFlat 4']), (5, ["c@d.de", "x"])]


def test_short_rows_are_filled_up_and_long_ones_kept_for_the_report(tmp_path: Path) -> None:
    rows = read(write(tmp_path, b"email,name,city\na@b.de\nc@d.de,x,y,z\n"))
    assert rows == [(2, ["a@b.de", "", ""]), (3, ["c@d.de", "x", "y", "z"])]


def test_reading_goes_on_behind_a_line(tmp_path: Path) -> None:
    file = open_csv(write(tmp_path, b"email\na@b.de\nc@d.de\ne@f.de\n"))
    assert [line for line, _ in read_rows(file, after_line=2)] == [3, 4]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "no headings"),
        (b"\n\n", "no headings"),
        (b"email,name\n", "no row below"),
        (b"email,name\n\n\n", "no row below"),
        (b"email,email\na@b.de,x\n", "same heading"),
        (b"email,Email\na@b.de,x\n", "same heading"),
        (b"email,,name\na@b.de,x,y\n", "Column 2 has no heading"),
        (b"a@b.de,Ada\nc@d.de,Bob\n", "looks like data"),
        (b'email,name\na@b.de,"x\nc@d.de,y\n', "never closed"),
        (b'email,name\na@b.de,"x"y\n', "closing quote"),
        (b"email,name\na@b.de,x\0y\n", "NUL"),
        (b"email,name\na@b.de," + b"x" * 10_000_000 + b"\n", "longer than"),
        (b'email,name\na@b.de,"' + b"x\n" * 5_000_000 + b'"\n', "Is a quote missing"),
        (b"email," + b",".join(b"c%d" % n for n in range(2000)) + b"\na@b.de\n", "columns"),
        (b"PK\x03\x04" + b"\0" * 100, "spreadsheet"),
        (b"%PDF-1.7\n", "PDF"),
        ("email,name\na@b.de,x\n".encode("utf-16-le"), "NUL"),
        (b"\xff\xfee\0m\0a\0i\0l\0\n\0a\0\x00\xd8\n\0", "not text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        read(write(tmp_path, data))


def test_the_line_of_the_fault_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="line 3") as caught:
        read(write(tmp_path, b'email,name\na@b.de,x\nc@d.de,"y\n' + b"z@z.de,z\n" * 10))
    assert caught.value.fields["line"] == 3


@pytest.mark.parametrize("encoding", ["base64", "rot13", "no-such", "utf-8\0", "idna "])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadFile):
        open_csv(write(tmp_path, b"email\na@b.de\n"), encoding=encoding)


def test_the_wrong_encoding_is_a_clear_error(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.encode("cp1252"))
    with pytest.raises(BadFile, match="not text in this encoding"):
        count_rows(open_csv(path, encoding="utf-8"))


@pytest.mark.parametrize("delimiter", ["ab", "\n", '"', "é" * 2, "\0"])
def test_a_delimiter_that_cannot_be_one_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(BadFile):
        open_csv(write(tmp_path, b"email,name\na@b.de,x\n"), delimiter=delimiter)


def test_a_large_file_is_read_with_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"email,name\n")
        for _ in range(40):
            file.write(b"ada@example.com,Lovelace\n" * 10_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert count_rows(open_csv(path)) == 400_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000
