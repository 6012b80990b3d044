"""What a file could not give is said beside the document that was learned from it."""

import io

import openpyxl

from tests.conftest import Ground
from tests.learning import Learning
from yingke.knowledge.remark import count_pages


def workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("名称", "价格"), ("竹杯", "25 元"), ("陶杯", "39 元")):
        book.active.append(row)
    hidden = book.create_sheet("进价")
    hidden.append(("名称", "进价"))
    hidden.append(("竹杯", "七元"))
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def test_a_hidden_sheet_is_not_learned_and_the_document_says_so(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "价格.xlsx", workbook())
    document = await learning.document(ground, document_id)
    assert document["state"] == "ready"
    assert document["reason"]["code"] == "hidden_sheets"
    assert "进价" in document["reason"]["zh"]
    assert all("七元" not in hit.entry.text for hit in await learning.find(ground, "竹杯进价"))


async def test_the_pages_of_a_scan_are_counted_while_it_is_parsed(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "a.md", "运费十元。")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update documents set state = 'parsing' where id = $1", document_id)
    await count_pages(ground.db, ground.workspace_id, document_id, 1)(3, 12)
    assert (await learning.document(ground, document_id))["progress"] == 0.25
