"""Pure files: a table comes back as its cells, whatever program wrote it."""

import json
from pathlib import Path

import openpyxl
import pytest

from yingke.kit.errors import Problem
from yingke.knowledge.parse_table import Table, parse_table

EXPECTED = Table(("会话", "说话人", "内容"), [("1", "客户", "几天发货"), ("1", "客服", "两天内")])


async def table(path: Path, content: bytes) -> Table:
    path.write_bytes(content)
    return await parse_table(path, path.name)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_csv_is_read_with_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [EXPECTED.columns, *EXPECTED.rows]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    assert await table(tmp_path / "a.csv", text.encode(encoding)) == EXPECTED


async def test_of_a_workbook_it_is_the_visible_sheet_with_most_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(("说明", "由系统导出"))
    chats, hidden = book.create_sheet("聊天"), book.create_sheet("别的")
    chats.append(("2026 年导出",))
    for row in (EXPECTED.columns, (1, "客户", "几天发货"), (1, "客服", "两天内")):
        chats.append(row)
    for number in range(50):
        hidden.append((number, "机密"))
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert await parse_table(tmp_path / "a.xlsx", "a.xlsx") == EXPECTED


@pytest.mark.parametrize("by_line", [True, False])
async def test_objects_become_rows_with_the_union_of_their_keys(tmp_path: Path, by_line: bool) -> None:
    objects = [{"a": 1, "b": "x"}, {"a": 2, "c": {"d": True}}]
    text = "\n".join(json.dumps(item) for item in objects) if by_line else json.dumps({"code": 0, "data": objects})
    found = await table(tmp_path / "a.json", text.encode())
    assert found == Table(("a", "b", "c.d"), [("1", "x", ""), ("2", "", "是")])


async def test_a_list_inside_an_object_gives_a_row_each(tmp_path: Path) -> None:
    chats = [{"id": "c1", "messages": [{"from": "客户", "text": "在吗"}, {"from": "客服", "text": "在的"}]}]
    found = await table(tmp_path / "a.json", json.dumps(chats, ensure_ascii=False).encode())
    assert found.columns == ("id", "messages.from", "messages.text")
    assert found.rows == [("c1", "客户", "在吗"), ("c1", "客服", "在的")]


async def test_columns_have_names_that_differ(tmp_path: Path) -> None:
    found = await table(tmp_path / "a.csv", "名称,,名称,价\n杯,1,大,9\n".encode())
    assert found.columns == ("名称", "列2", "名称 (3)", "价")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.md", b"# only words", "file_no_table"),
        ("a.txt", b"only words", "file_no_table"),
        ("a.json", b'{"a": [1, 2', "file_corrupt"),
        ("a.json", b"[" * 100_000, "file_corrupt"),
        ("a.csv", b"", "file_empty"),
    ],
)
async def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Problem) as caught:
        await table(tmp_path / name, content)
    assert caught.value.code == code
