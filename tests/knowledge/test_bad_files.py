"""Pure files: what cannot or must not be opened is refused with a sentence that says what to do."""

import io
import os
import struct
import time
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from yingke.kit.errors import Problem
from yingke.knowledge.parse import parse
from yingke.knowledge.recognition import INSTALL
from yingke.knowledge.refusals import CODES, refuse


async def refusal(path: Path, content: bytes, *, seconds: float = 30, memory_mb: int = 512) -> str:
    path.write_bytes(content)
    with pytest.raises(Problem) as caught:
        await parse(path, path.name, seconds=seconds, memory_mb=memory_mb)
    assert caught.value.status == 422
    assert caught.value.zh
    assert caught.value.en
    return caught.value.code


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def document_bytes() -> bytes:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("本店每天下午四点前发货。")
    document.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {item.filename: source.read(item) for item in source.infolist()}
    return packed(parts | {name: part})


def test_every_refusal_has_both_sentences() -> None:
    for code in CODES:
        problem = refuse(code, "7")
        assert "{" not in problem.zh + problem.en


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "file_empty"),
        ("a.docx", b"PK\x03\x04 and then nothing of a zip", "file_corrupt"),
        ("a.pdf", b"%PDF-1.7\n broken to the bone", "file_corrupt"),
        ("a.pdf", "只是一段文字。".encode(), "file_wrong_type"),
        ("a.xlsx", b"name,price\ncup,5\n", "file_wrong_type"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "file_corrupt"),
        ("a.rar", b"Rar!\x1a\x07" + bytes(50), "file_unsupported"),
        ("a.bin", bytes(range(256)) * 8, "file_unsupported"),
        ("a.txt", b" \n\t\n ", "file_no_text"),
        ("a.zip", packed({"readme.txt": b"hello"}), "zip_nested"),
        ("a.pptx", packed({"ppt/presentation.xml": b"<p/>"}), "file_no_text"),
        ("a.pptx", packed({"ppt/presentation.xml": b"<p"}), "file_corrupt"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><text>hi</text></svg>", "file_unsupported"),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "file_unsupported"),
        ("说明书.pdf", b"MZ\x90\x00" + bytes(500), "file_unsupported"),
        ("a.docx", b"\x7fELF" + bytes(500), "file_unsupported"),
        ("a.zip", packed({}), "zip_nested"),
    ],
)
async def test_a_bad_file_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    assert await refusal(tmp_path / name, content) == code


async def test_a_truncated_document_is_corrupt(tmp_path: Path) -> None:
    content = document_bytes()
    assert await refusal(tmp_path / "a.docx", content[: len(content) // 2]) == "file_corrupt"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_a_truncated_workbook_is_corrupt(tmp_path: Path, share: float) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(("名称", "价格"))
    buffer = io.BytesIO()
    book.save(buffer)
    content = buffer.getvalue()
    assert await refusal(tmp_path / "a.xlsx", content[: int(len(content) * share)]) == "file_corrupt"


async def test_a_truncated_page_document_is_read_as_far_as_it_goes_or_corrupt(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 700, "hello")
    canvas.save()
    code = await refusal(tmp_path / "a.pdf", buffer.getvalue()[:300])
    assert code in {"file_corrupt", "file_no_text"}


async def test_a_document_with_broken_xml_is_corrupt(tmp_path: Path) -> None:
    assert (
        await refusal(tmp_path / "a.docx", with_part(document_bytes(), "word/document.xml", b"<w:doc"))
        == "file_corrupt"
    )


async def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(100, 700, "hello")
    canvas.save()
    assert await refusal(tmp_path / "a.pdf", buffer.getvalue()) == "file_encrypted"


async def test_an_office_file_with_a_password_says_so(tmp_path: Path) -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    assert await refusal(tmp_path / "a.docx", container) == "file_encrypted"


async def test_an_old_word_file_asks_for_docx(tmp_path: Path) -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(100)
    assert await refusal(tmp_path / "a.doc", container) == "file_old_word"


async def test_a_page_with_a_shape_and_no_words_holds_no_text(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.save()
    assert await refusal(tmp_path / "a.pdf", buffer.getvalue()) == "file_no_text"


def test_without_the_extra_the_sentence_says_what_to_install() -> None:
    problem = refuse("ocr_missing", INSTALL)
    assert "pip install 'yingke[ocr]'" in problem.zh
    assert "pip install 'yingke[ocr]'" in problem.en


async def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    """A PNG whose header promises 100,000 × 100,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )
    began = time.monotonic()
    assert await refusal(tmp_path / "a.png", bomb) == "picture_too_big"
    assert time.monotonic() - began < 10


async def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = with_part(document_bytes(), "word/media/a.bin", bytes(60_000_000))
    assert await refusal(tmp_path / "a.docx", bomb) == "file_bomb"


async def test_a_sheet_that_grows_without_end_is_stopped(tmp_path: Path) -> None:
    """Below the ratio that looks like a bomb, but far more cells than the limits of memory and text allow."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("a")
    sheet.append(["名称", "说明"])
    book.save(tmp_path / "small.xlsx")
    row = "".join(f'<c r="{column}%d" t="inlineStr"><is><t>%x</t></is></c>' for column in "ABCDEFGH")
    rows = "".join(
        f'<row r="{n}">' + row % tuple(v for _ in range(8) for v in (n, n * 7919)) + "</row>" for n in range(1, 200_000)
    )
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    grown = with_part((tmp_path / "small.xlsx").read_bytes(), "xl/worksheets/sheet1.xml", xml.encode())
    began = time.monotonic()
    assert await refusal(tmp_path / "big.xlsx", grown, memory_mb=64) in {"file_memory", "file_too_much_text"}
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("part", ["ppt/presentation.xml", "ppt/slides/slide1.xml", "xl/workbook.xml"])
async def test_a_laughing_part_of_a_package_is_not_opened(tmp_path: Path, part: str) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    evil = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{lines}]><d>&l9;</d>'.encode()
    package = packed({"ppt/presentation.xml": b"<p/>", part: evil})
    assert await refusal(tmp_path / "a.pptx", package) == "file_unsafe"


async def test_entities_of_a_page_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>price &x; 5</p></body></html>'
    )
    parsed = await parse(path, path.name)
    assert "root:" not in "".join(section.text for section in parsed.sections)


async def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document/>'
    assert await refusal(tmp_path / "a.docx", with_part(document_bytes(), "word/document.xml", evil)) == "file_unsafe"


async def test_a_parser_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    text = "\n".join(f"# 标题 {n}\n第 {n} 段文字。" for n in range(200_000))
    began = time.monotonic()
    assert await refusal(tmp_path / "a.md", text.encode(), seconds=0.3) == "file_timeout"
    assert time.monotonic() - began < 5


async def test_too_much_text_is_refused(tmp_path: Path) -> None:
    assert await refusal(tmp_path / "a.txt", ("很长的一行。" * 100 + "\n").encode() * 10_000) == "file_too_much_text"


async def test_a_file_above_the_size_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 300 * 1024 * 1024)
    with pytest.raises(Problem) as caught:
        await parse(path, path.name)
    assert caught.value.code == "file_too_big"


async def test_deeply_nested_html_is_read_without_falling_over(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body>" + "<div>" * 5000 + "深处的文字" + "</div>" * 5000 + "</body></html>", encoding="utf-8"
    )
    parsed = await parse(path, path.name)
    assert "深处的文字" in parsed.sections[0].text


async def test_formulas_are_read_as_values_never_run(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,说明\n杯子,\"=cmd|' /C calc'!A0\"\n", encoding="utf-8")
    parsed = await parse(path, path.name)
    assert parsed.sections[0].row == {"名称": "杯子", "说明": "=cmd|' /C calc'!A0"}
