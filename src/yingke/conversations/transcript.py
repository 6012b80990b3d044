"""A conversation as a file to keep. What an AI wrote stays marked in every format (labelling rules of 2025-09)."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec

from yingke.conversations.card_text import card_line
from yingke.conversations.history import list_messages
from yingke.conversations.shape_message import shape_for_visitor
from yingke.kit.db import Transaction

FORMATS = {"txt": "text/plain", "json": "application/json", "csv": "text/csv"}
PAGE = 500

_WORDS = {
    "zh": {
        "contact": "客户",
        "assistant": "AI 客服",
        "agent": "客服",
        "system": "系统",
        "mark": "【AI 生成】",
        "yes": "AI 生成",
        "columns": ["序号", "时间（UTC）", "来自", "姓名", "AI 标识", "内容"],
    },
    "en": {
        "contact": "Customer",
        "assistant": "AI assistant",
        "agent": "Agent",
        "system": "System",
        "mark": "[AI-generated] ",
        "yes": "AI-generated",
        "columns": ["no.", "time (UTC)", "from", "name", "AI mark", "text"],
    },
}
_SYSTEM = {
    "taken_over": ("{name} 接待", "{name} joined"),
    "handed_back": ("交还 AI 客服", "handed back to the AI assistant"),
    "queued": ("等待人工客服", "waiting for a person"),
    "outside_hours": ("非工作时间，等待人工客服", "outside hours, waiting for a person"),
    "overflow_message": ("等待较久，请客户留言", "long wait, asked to leave a message"),
    "overflow_assistant": ("等待较久，AI 继续回答", "long wait, the AI went on"),
    "assistant_only": ("只有 AI 在接待", "only the AI was on duty"),
    "nobody_here": ("没有客服在线，AI 先回答", "nobody was here, the AI answered first"),
    "closed": ("会话结束", "closed"),
    "reopened": ("会话重新打开", "reopened"),
    "left_message": ("客户留言", "the customer left a message"),
    "hand_off": ("转人工", "handed off to a person"),
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


async def transcript(
    tx: Transaction, workspace_id: int, conversation_id: int, format: str, language: str
) -> tuple[str, str]:
    """(content, media type). `format` is a key of FORMATS; notes of agents are never part of it."""
    messages = [message async for message in _read(tx, workspace_id, conversation_id)]
    words = _WORDS["en" if language.lower().startswith("en") else "zh"]
    write = {"txt": _write_text, "json": _write_json, "csv": _write_csv}[format]
    return write(messages, words), FORMATS[format]


async def _read(tx: Transaction, workspace_id: int, conversation_id: int) -> AsyncIterator[dict[str, Any]]:
    after = 0
    while True:
        page = await list_messages(tx, workspace_id, conversation_id, after_seq=after, limit=PAGE)
        for row in page.rows:
            yield shape_for_visitor(row, lambda _, name: name)
            after = row["seq"]
        if not page.has_more:
            return


def _write_text(messages: list[dict[str, Any]], words: Mapping[str, Any]) -> str:
    lines = []
    for message in messages:
        name = _name(message)
        who = words[message["from"]] + (f" {name}" if name else "")
        mark = words["mark"] if message["from"] == "assistant" else ""
        lines.append(f"{_time(message)} {who}: {mark}{_text(message, words)}")
        lines += [f"    {mark}{line}" for line in _cards(message, words)]
    return "\n".join(lines) + "\n"


def _write_json(messages: list[dict[str, Any]], words: Mapping[str, Any]) -> str:
    items = []
    for message in messages:
        item = {key: value for key, value in message.items() if key not in ("delivery", "client_message_id")}
        item["is_ai_generated"] = message["from"] == "assistant"
        if item["is_ai_generated"]:
            item["ai_mark"] = words["yes"]
        if "file" in item:
            item["file"] = {key: value for key, value in item["file"].items() if key != "url"}
        items.append(item)
    return msgspec.json.format(msgspec.json.encode({"items": items})).decode()


def _write_csv(messages: list[dict[str, Any]], words: Mapping[str, Any]) -> str:
    sheet = io.StringIO()
    sheet.write("\ufeff")  # spreadsheets read the file as UTF-8 only with this mark
    writer = csv.writer(sheet)
    writer.writerow(words["columns"])
    for message in messages:
        mark = words["yes"] if message["from"] == "assistant" else ""
        said = "\n".join([_text(message, words), *_cards(message, words)])
        cells = [words[message["from"]], _name(message), mark, said]
        writer.writerow([message["seq"], _time(message), *(safe_cell(cell) for cell in cells)])
    return sheet.getvalue()


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(_DANGEROUS) else text


def _name(message: Mapping[str, Any]) -> str:
    return str(message.get("agent", {}).get("work_name", "")) if message["from"] == "agent" else ""


def _time(message: Mapping[str, Any]) -> str:
    return f"{message['created_at']:%Y-%m-%d %H:%M:%S}"


def _text(message: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    if message["from"] == "system":
        system = message.get("system", {})
        zh, en = _SYSTEM.get(str(system.get("code")), ("", ""))
        line = zh if words is _WORDS["zh"] else en
        return line.format(name=(system.get("agent") or {}).get("work_name", ""))
    file = f"[{message['file']['name']}]" if "file" in message else ""
    return " ".join(part for part in (file, str(message.get("text") or "")) if part)


def _cards(message: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    lines = (card_line(card, is_english=words is _WORDS["en"]) for card in message.get("cards", ()))
    return [line for line in lines if line]
