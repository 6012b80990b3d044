"""Pure files: a zip is looked at from outside, and every member gets a harmless name or a sentence."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from yingke.kit.errors import Problem
from yingke.knowledge.list_members import MAX_MEMBERS, Member, is_archive, list_members


def write(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def content(member: Member) -> bytes:
    return b"".join(member.read())


def code(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        list_members(path)
    assert caught.value.status == 422
    return caught.value.code


def test_members_come_with_name_size_and_content(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", {"售后/退货.md": "七天".encode(), "价格.csv": b"a,b"})
    members = list_members(path)
    assert [(member.name, member.size, member.problem) for member in members] == [
        ("退货.md", 6, None),
        ("价格.csv", 3, None),
    ]
    assert content(members[0]).decode() == "七天"


def test_system_files_and_folders_are_left_out(tmp_path: Path) -> None:
    parts = dict.fromkeys(("__MACOSX/._a.md", ".DS_Store", "Thumbs.db", "x/~$a.docx", "folder/"), b"")
    path = write(tmp_path / "a.zip", parts | {"a.md": b"x"})
    assert [member.name for member in list_members(path)] == ["a.md"]


@pytest.mark.parametrize(
    "name", ["../../etc/退货.md", "/etc/退货.md", "C:\\Windows\\退货.md", "..\\..\\退货.md", "./a/../退货.md"]
)
def test_a_name_never_leads_out(tmp_path: Path, name: str) -> None:
    (member,) = list_members(write(tmp_path / "a.zip", {name: b"x"}))
    assert member.name == "退货.md"
    assert content(member) == b"x"


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8"])
def test_names_without_a_mark_are_read_as_their_owner_wrote_them(tmp_path: Path, encoding: str) -> None:
    name = "退货和保修说明.txt" if encoding != "big5" else "退貨和保固說明.txt"
    raw = name.encode(encoding)
    stand_in = "n" * len(raw)
    path = write(tmp_path / "a.zip", {stand_in: b"x"})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), raw))
    (member,) = list_members(path)
    assert member.name == name
    assert content(member) == b"x"


def test_two_files_of_one_name_carry_their_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", {"一店/价格.csv": b"x", "二店/价格.csv": b"y"})
    assert [member.name for member in list_members(path)] == ["一店 - 价格.csv", "二店 - 价格.csv"]


def test_what_cannot_be_read_says_why_and_the_rest_can(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", b"PK")
        archive.writestr("empty.md", b"")
        archive.writestr("strange.md", b"x" * 100, compress_type=zipfile.ZIP_LZMA)
        archive.writestr("good.md", b"x")
    found = {member.name: member.problem.code if member.problem else "" for member in list_members(path)}
    assert found == {
        "link.md": "zip_link", "inner.zip": "zip_nested", "empty.md": "file_empty", "strange.md": "zip_method", "good.md": "",
    }  # fmt: skip


def test_a_zip_with_a_password_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", {"a.md": b"x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert code(path) == "file_encrypted"


@pytest.mark.parametrize("cut", [10, 60, 90])
def test_a_truncated_zip_is_corrupt(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path / "a.zip", {"a.md": b"x"})
    path.write_bytes(path.read_bytes()[:cut])
    assert code(path) == "file_corrupt"


def test_a_member_damaged_inside_is_corrupt_when_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", {"a.md": b"hello world"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"hello world", b"hellO world"))
    with pytest.raises(Problem) as caught:
        content(list_members(path)[0])
    assert caught.value.code == "file_corrupt"


def test_a_flat_bomb_is_not_opened(tmp_path: Path) -> None:
    assert code(write(tmp_path / "a.zip", {"a.txt": bytes(60_000_000)})) == "file_bomb"


def test_a_bomb_of_many_middling_members_is_not_opened(tmp_path: Path) -> None:
    assert code(write(tmp_path / "a.zip", {f"{n}.txt": bytes(7_000_000) for n in range(30)})) == "file_bomb"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", {f"{n}.md": b"x" for n in range(MAX_MEMBERS + 1)}, zipfile.ZIP_STORED)
    assert code(path) == "zip_too_many"


def test_a_directory_that_claims_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", {"a.md": b"x"})
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 0xFFFFFFF0)
    path.write_bytes(data)
    assert code(path) == "file_bomb"


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    """One block of packed data that a thousand directory entries point to."""
    noise = bytes(range(256)) * 400
    path = write(tmp_path / "a.zip", {"a.txt": noise}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entry = data[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(entry) * 1000, start, 0)
    path.write_bytes(data[:start] + entry * 1000 + tail)
    assert code(path) == "file_bomb"


def test_an_empty_zip_says_so(tmp_path: Path) -> None:
    assert code(write(tmp_path / "a.zip", {})) == "zip_empty"


def test_documents_that_are_zips_are_no_archives(tmp_path: Path) -> None:
    assert not is_archive(write(tmp_path / "a", {"word/document.xml": b"<x/>"}))
    assert not is_archive(write(tmp_path / "d", {"AndroidManifest.xml": b"<x/>", "classes.dex": b"x"}))
    assert is_archive(write(tmp_path / "b", {"a.md": b"x"}))
    (tmp_path / "c").write_bytes(io.BytesIO(b"text").read())
    assert not is_archive(tmp_path / "c")
