"""Exports keep the AI mark on every AI message, and no cell is a formula."""

import asyncio
import csv
import io
import json

import pytest

from tests.conversations.stage import Stage
from yingke.conversations.shape_message import shape_for_agent, shape_for_visitor
from yingke.conversations.transcript import safe_cell, transcript


async def _talk(stage: Stage) -> int:
    conversation_id, identity_id = await stage.ground.new_conversation()
    await stage.ask(conversation_id, identity_id, '=HYPERLINK("http://evil","点我")')
    await stage.answer(conversation_id, 1, text="48 小时内发货。")
    await stage.ask(conversation_id, identity_id, "还有别的吗")
    await stage.answer(conversation_id, 3, text="没有写到。")
    await stage.speak(conversation_id, await stage.new_agent("小王"), "我来补充")
    return conversation_id


async def test_every_ai_message_carries_its_mark_in_text_json_and_csv(stage: Stage) -> None:
    conversation_id = await _talk(stage)

    async def export(kind: str, language: str = "zh-CN") -> str:
        content, _ = await stage.do(lambda tx: transcript(tx, stage.workspace_id, conversation_id, kind, language))
        return content

    lines = (await export("txt")).splitlines()
    assert sum("【AI 生成】" in line for line in lines) == 2
    assert all("【AI 生成】" in line for line in lines if "发货" in line or "没有写到" in line)
    assert not any("【AI 生成】" in line for line in lines if "小王" in line)
    assert (await export("txt", "en")).count("[AI-generated]") == 2

    items = json.loads(await export("json"))["items"]
    assert [item["is_ai_generated"] for item in items if item["from"] == "assistant"] == [True, True]
    assert all(item["generated_by"] and item["ai_mark"] for item in items if item["from"] == "assistant")
    assert not any(item["is_ai_generated"] for item in items if item["from"] != "assistant")

    sheet = await export("csv")
    assert sheet.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))))
    marks = {row[5]: row[4] for row in rows[1:]}
    assert marks["48 小时内发货。"] == marks["没有写到。"] == "AI 生成"
    assert marks["我来补充"] == ""
    assert rows[1][5] == '\'=HYPERLINK("http://evil","点我")'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "＝1"])
def test_no_cell_of_an_export_can_be_a_formula(text: str) -> None:
    assert safe_cell(text) == "'" + text


def test_ordinary_cells_stay_as_they_were() -> None:
    assert [safe_cell(text) for text in ("", "你好", "3 件", "a=b")] == ["", "你好", "3 件", "a=b"]


async def test_visitors_never_get_traces_document_ids_or_reasons(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    cited = [{"n": 1, "title": "发货", "heading": "", "quote": "48 小时", "document_id": "77", "passage_id": "78"}]
    made_by = {"engine": "chat", "model": "m", "endpoint_id": "5"}
    await stage.answer(conversation_id, 1, citations=cited, generated_by=made_by, trace={"steps": []})
    row = (await stage.messages(conversation_id))[-1]
    seen = shape_for_visitor(row, lambda _, name: name)
    assert seen["citations"] == [{"n": 1, "title": "发货", "heading": "", "quote": "48 小时"}]
    assert seen["generated_by"] == {"engine": "chat", "model": "m"}
    assert "trace_id" not in seen
    staff = shape_for_agent(row, lambda _, name: name)
    assert staff["trace_id"] == str(row["trace_id"])
    assert staff["citations"] == cited


async def test_answers_of_one_batch_keep_their_own_citations_however_many(stage: Stage) -> None:
    talks = [await stage.waiting_conversation() for _ in range(6)]

    async def answer(index: int) -> None:
        cited = [{"n": n, "title": f"文档 {index}-{n}", "heading": "", "quote": "…"} for n in range(index)]
        await stage.answer(talks[index][0], 1, citations=cited or None)

    await asyncio.gather(*(answer(index) for index in range(6)))
    for index, (conversation_id, _) in enumerate(talks):
        cited = (await stage.messages(conversation_id))[-1]["citations"]
        assert [one["title"] for one in cited or []] == [f"文档 {index}-{n}" for n in range(index)]
