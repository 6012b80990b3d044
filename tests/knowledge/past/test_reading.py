"""Exports of the usual desks, as their columns are called, and what is made of them without a click."""

import json
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from yingke.kit.read_time import read_time
from yingke.knowledge.past.guess import guess_mapping
from yingke.knowledge.past.mapping import PastMapping, hash_columns
from yingke.knowledge.past.read_past import Ending, look_at_file, read_past
from yingke.knowledge.past.read_rows import PastConversation, RowReader, read_conversations
from yingke.knowledge.past.transcript import cut_transcript

Table = Sequence[Sequence[str]]


def read(columns: Sequence[str], rows: Table, **changes: object) -> tuple[list[PastConversation], RowReader]:
    mapping = guess_mapping(columns, rows, "Asia/Shanghai")
    for name, value in changes.items():
        setattr(mapping, name, value)
    reader = RowReader(columns, mapping)
    return list(read_conversations(reader, rows)), reader


def said(talk: PastConversation) -> list[tuple[str, str]]:
    return [(message.sender, message.text) for message in talk.messages]


DESKS: list[tuple[list[str], list[list[str]]]] = [
    (
        ["会话编号", "消息来源", "聊天内容", "时间", "坐席", "顾客", "店铺", "渠道"],
        [["1", "访客", "有货吗", "2024/3/4 9:03", "小美", "云", "甲", "App"], ["1", "坐席", "有的", "2024/3/4 9:04", "小美", "云", "甲", "App"]],
    ),
    (
        ["session_id", "sender_type", "content", "created_at", "agent_name", "customer_name"],
        [["a", "customer", "有货吗", "2024-03-04T01:03:00Z", "小美", "云"], ["a", "agent", "有的", "2024-03-04T01:04:00Z", "小美", "云"]],
    ),
    (
        ["买家昵称", "发送人昵称", "消息内容", "消息时间", "接待人"],
        [["云上", "云上", "有货吗", "2024年3月4日 9时3分", "青松店:小美"], ["云上", "青松店:小美", "有的", "2024年3月4日 9时4分", "青松店:小美"]],
    ),
    (
        ["Conversation ID", "Direction", "Message", "Timestamp", "Agent"],
        [["7", "inbound", "有货吗", "1709514180", "小美"], ["7", "outbound", "有的", "1709514240", "小美"]],
    ),
    (
        ["用户", "问题", "客服回复", "咨询时间", "客服"],
        [["云", "有货吗", "有的", "2024-03-04 09:03:00", "小美"]],
    ),
    (
        ["会话id", "开始时间", "聊天记录", "客服"],
        [["1", "2024-03-04 09:03:00", "客户: 有货吗\n客服: 有的", "小美"]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "rows"), DESKS)
def test_the_columns_of_the_usual_desks_are_understood(columns: list[str], rows: list[list[str]]) -> None:
    [talk], reader = read(columns, rows)
    assert said(talk) == [("contact", "有货吗"), ("agent", "有的")]
    assert reader.skipped == 0
    assert str(talk.messages[0].sent_at) == "2024-03-04 01:03:00+00:00"
    assert talk.agent_name.endswith("小美") or "Agent" not in columns


def test_without_an_id_a_talk_ends_where_a_day_passes_in_silence() -> None:
    columns = ["买家", "发送方", "内容", "时间"]
    rows = [
        ["云上", "客户", "有货吗", "2024-03-04 09:00:00"], ["星河", "客户", "几天到", "2024-03-04 10:00:00"],
        ["云上", "客服", "有的", "2024-03-05 08:59:00"], ["云上", "客户", "保修多久", "2024-03-06 09:30:00"],
    ]  # fmt: skip
    talks, _ = read(columns, rows)
    assert [[text for _, text in said(talk)] for talk in talks] == [["有货吗", "有的"], ["几天到"], ["保修多久"]]


def test_rows_in_any_order_are_told_by_their_time() -> None:
    columns = ["会话ID", "发送方", "内容", "时间"]
    rows = [["1", "客服", "有的", "2024-03-04 09:01:00"], ["1", "客户", "有货吗", "2024-03-04 09:00:00"]]
    [talk], _ = read(columns, rows)
    assert said(talk) == [("contact", "有货吗"), ("agent", "有的")]


def test_the_customers_name_is_gone_from_every_message_of_the_talk() -> None:
    columns = ["会话ID", "发送方", "内容", "时间", "客户昵称"]
    rows = [
        ["1", "客户", "我是云上小鹿", "2024-03-04 09:00:00", "云上小鹿"],
        ["1", "客服", "云上小鹿您好", "2024-03-04 09:01:00", "云上小鹿"],
    ]
    [talk], _ = read(columns, rows)
    assert [text for _, text in said(talk)] == ["我是〔昵称〕", "〔昵称〕您好"]
    assert talk.masked == 2


@pytest.mark.parametrize(
    ("cell", "speakers"),
    [
        ("客服: 您好\n客户: 多久发货\n急用\n客服：48小时内", ["客服", "客户", "客服"]),
        ("tb123 (2024-01-05 10:00:00):\n在吗\n青松店:小美 (2024-01-05 10:00:09):\n在的亲", ["tb123", "青松店:小美"]),
        ("[10:01:02] 客户：好的 10:30 到吗", ["客户"]),
        ("2024-01-05 10:00 客服小美: 您好 | 2024-01-05 10:01 客户: 你好", ["客服小美", "客户"]),
        ("Agent: Hello\nCustomer: See https://a.example/c?x=1", ["Agent", "Customer"]),
        ("没有人名的一段话", []),
    ],
)
def test_a_transcript_is_cut_at_its_speakers(cell: str, speakers: list[str]) -> None:
    assert [line.speaker for line in cut_transcript(cell)] == speakers


def test_a_clock_in_a_transcript_belongs_to_the_day_of_the_talk_or_the_next() -> None:
    columns = ["会话编号", "开始时间", "聊天记录"]
    cell = "[23:59:00] 客户: 在吗\n[00:01:00] 客服: 在的"
    [talk], _ = read(columns, [["1", "2024-03-04 23:58:00", cell]])
    assert [str(message.sent_at) for message in talk.messages] == [
        "2024-03-04 15:59:00+00:00", "2024-03-04 16:01:00+00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "format_", "read_as"),
    [
        ("2024-03-04 09:03", "auto", "2024-03-04 01:03:00+00:00"), ("2024/3/4 下午3:05", "auto", "2024-03-04 07:05:00+00:00"),
        ("04/03/2024 09:03", "day_first", "2024-03-04 01:03:00+00:00"), ("04/03/2024 09:03", "month_first", "2024-04-03 01:03:00+00:00"),
        ("3/4/2024 3:04 PM", "auto", "2024-03-04 07:04:00+00:00"), ("20240304090300", "auto", "2024-03-04 01:03:00+00:00"),
        ("1709514180000", "auto", "2024-03-04 01:03:00+00:00"), ("45355.377083", "auto", "2024-03-04 01:03:00+00:00"),
        ("2024-03-04T09:03:00+09:00", "auto", "2024-03-04 00:03:00+00:00"), ("13800138000", "auto", "None"),
        ("多久发货", "auto", "None"), ("2024-13-40 09:03", "auto", "None"),
    ],
)  # fmt: skip
def test_times_are_read_however_a_desk_writes_them(text: str, format_: str, read_as: str) -> None:
    assert str(read_time(text, ZoneInfo("Asia/Shanghai"), format_)) == read_as  # type: ignore[arg-type]


def test_files_with_the_same_columns_are_of_one_kind_in_any_order() -> None:
    assert hash_columns(["a", "b"]) == hash_columns(["b", "a"]) != hash_columns(["a", "c"])


async def test_an_excel_file_and_nested_json_are_read_alike(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["会话ID", "时间", "角色", "内容"])
    sheet.append(["1", "2024-03-04 09:00:00", "客户", "电话 13800138000，有货吗"])
    sheet.append(["1", "2024-03-04 09:01:00", "客服", "有的"])
    book.save(tmp_path / "a.xlsx")
    nested = {"conversations": [{"id": "1", "messages": [
        {"role": "customer", "content": "电话 13800138000，有货吗", "time": "2024-03-04 09:00:00"},
        {"role": "agent", "content": "有的", "time": "2024-03-04 09:01:00"},
    ]}]}  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(nested, ensure_ascii=False))
    flat = [{"id": "1", **message} for message in nested["conversations"][0]["messages"]]  # type: ignore[dict-item]
    (tmp_path / "b.json").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in flat))
    for name in ("a.xlsx", "a.json", "b.json"):
        look = await look_at_file(tmp_path / name, name, None, "Asia/Shanghai")
        talks: list[PastConversation] = []
        async for part in read_past(tmp_path / name, name, look.guess):
            if not isinstance(part, Ending):
                talks += part.conversations
        assert [said(talk) for talk in talks] == [[("contact", "电话 〔电话〕，有货吗"), ("agent", "有的")]], name


def test_a_guess_never_fails_whatever_the_columns_are() -> None:
    for columns, rows in (([], []), (["a", "b"], [["", ""]]), (["x", "y"], [["1", "2"], ["3", "4"]])):
        assert isinstance(guess_mapping(columns, rows, "Asia/Shanghai"), PastMapping)
