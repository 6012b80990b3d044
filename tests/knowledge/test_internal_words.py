"""Which files look as if they were not written for customers."""

import pytest

from tests.conftest import Ground
from tests.learning import Learning, caller_of
from yingke.knowledge.change_document import release_document
from yingke.knowledge.internal_words import find_internal_words
from yingke.knowledge.parse import Parsed, Section
from yingke.knowledge.replace_file import replace_file


def words(name: str, *sections: Section) -> list[tuple[str, str]]:
    parsed = Parsed("标题", list(sections), "md", "zh", False)
    return [(one.word, one.where) for one in find_internal_words(name, parsed)]


def text(content: str, *path: str) -> Section:
    return Section(path, content)


def cells(*path: str, **row: str) -> Section:
    return Section(path, "\n".join(row.values()), "row", row)


@pytest.mark.parametrize(
    ("name", "section", "found"),
    [
        ("底价表.xlsx", cells(名称="T恤", 价格="59"), ("底价", "name")),
        ("商品.xlsx", cells("成本", 名称="T恤", 价格="59"), ("成本", "heading")),
        ("商品.xlsx", cells("价目", 名称="T恤", 进货价="20"), ("进货价", "column")),
        ("规则.docx", text("第一条 破损怎么处理", "售后", "赔付口径"), ("赔付口径", "heading")),
        ("规则.docx", text("本文仅供内部使用，请勿外传。"), ("仅供内部", "text")),
        ("rules.md", text("Internal use only.", "Refunds"), ("Internal use only", "text")),
        ("Cost price list.csv", cells(item="shirt"), ("Cost price", "name")),
    ],
)
def test_a_file_for_colleagues_is_known_by_its_words(name: str, section: Section, found: tuple[str, str]) -> None:
    assert found in words(name, text("开头"), text("第二段"), text("第三段"), section)


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("材质说明.md", text("鞋子内部材质是网布，透气。", "内部材质")),
        ("发货.md", text("全部订单保密发货，外包装不写品名。", "保密发货")),
        ("常见问题.md", text("价格已是活动价。", "能给个底价吗？")),
        ("常见问题.md", text("换货不产生额外成本。", "换货")),
        ("说明.md", text("包包里面有拉链口袋。", "包包的内部口袋")),
        ("产品介绍.md", text("同事之间也能聊天。", "企业内部沟通")),
        ("帮助.md", text("按月结算。", "降低使用成本的办法")),
    ],
)
def test_a_file_for_customers_is_let_through(name: str, section: Section) -> None:
    assert words(name, section) == []


async def test_a_new_version_that_looks_internal_waits_too_and_says_its_words(
    learning: Learning, ground: Ground
) -> None:
    document_id = await learning.learn(ground, "价目.md", "# 价目\n\n云朵T恤 59 元。\n")
    upload = await learning.keep(ground, "价目-含底价.md", "# 价目\n\n云朵T恤 59 元,最低可到 40 元。\n")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    row = await learning.document(ground, document_id)
    assert (row["state"], row["reason"]["words"]) == ("held", ["底价"])
    assert "文件名里有「底价」" in row["reason"]["zh"]
    assert "40" not in (await learning.find(ground, "云朵T恤多少钱"))[0].entry.text
    async with ground.db.transaction(ground.workspace_id) as tx:
        await release_document(tx, caller_of(ground), document_id, "staff")
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"
