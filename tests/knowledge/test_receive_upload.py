"""What comes in a form is measured, named and stored before anything points at it."""

import pytest
from litestar.datastructures import UploadFile

from tests.learning import Learning
from yingke.kit.errors import Problem
from yingke.knowledge.clean_name import LONGEST_NAME, clean_name
from yingke.knowledge.receive_upload import receive_upload


async def test_a_file_over_the_limit_is_refused_and_leaves_nothing(learning: Learning) -> None:
    upload = UploadFile("text/plain", "大.txt", file_data=b"x" * 300_000)
    with pytest.raises(Problem) as refused:
        await receive_upload(learning.files, 1, {"file": upload}, 200_000)
    assert (refused.value.status, refused.value.code) == (413, "file_too_big")
    assert [path for path in learning.folder.rglob("*") if path.is_file()] == []


async def test_a_file_within_the_limit_is_stored_byte_for_byte(learning: Learning) -> None:
    content = bytes(range(256)) * 2000
    upload = UploadFile("text/plain", "a.bin", file_data=content)
    taken = await receive_upload(learning.files, 1, {"file": upload}, 600_000)
    assert taken.stored.size == len(content)
    assert learning.files.path_of(1, taken.stored.sha256).read_bytes() == content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "....etcpasswd".strip(".")),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\x00\x01", None),
        ("", "file"),
        ("...", "file"),
        ("长" * 300 + ".docx", "长" * (LONGEST_NAME - 12) + ".docx"),
    ],
)
def test_a_name_is_made_harmless(given: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Problem):
            clean_name(given)
        return
    assert clean_name(given) == kept
