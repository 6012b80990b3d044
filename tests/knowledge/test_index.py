"""Pure: what the scope forbids is never ranked, and exact names and codes win."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.entry import Audience, Entry, Scope
from yingke.knowledge.index import KnowledgeIndex, Surroundings, query_for
from yingke.knowledge.postings import Background
from yingke.knowledge.similar_together import SimilarTogether

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
VECTORS = np.random.default_rng(7).normal(size=(200, 512)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


def vector(number: int) -> NDArray[np.float32]:
    return np.asarray(VECTORS[number])


def entry(
    number: int,
    text: str,
    *,
    row: dict[str, str] | None = None,
    audience: Audience = "customer",
    shop_ids: frozenset[int] | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> Entry:
    return Entry(
        number, text, text, vector(number), "", "row" if row else "text", row, audience=audience, shop_ids=shop_ids,
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip


def found(index: KnowledgeIndex, text: str, scope: Scope, near: int = 150) -> list[int]:
    return [hit.entry.id for hit in index.search(query_for(text, vector(near)), scope=scope)]


def test_staff_only_passages_are_not_even_candidates_for_customers() -> None:
    index = KnowledgeIndex.build([entry(1, "破损补发八十元以内", audience="staff"), entry(2, "四点前发货")])
    assert found(index, "破损补发", Scope(NOW), near=1) == [2]
    assert found(index, "破损补发", Scope(NOW, audience="staff"), near=1)[0] == 1


def test_a_shop_sees_its_own_and_the_common_passages() -> None:
    index = KnowledgeIndex.build(
        [
            entry(1, "甲店包邮", shop_ids=frozenset({1})),
            entry(2, "乙店包邮", shop_ids=frozenset({2})),
            entry(3, "都包邮"),
        ]
    )
    assert set(found(index, "包邮", Scope(NOW, shop_id=1))) == {1, 3}
    assert set(found(index, "包邮", Scope(NOW, shop_id=2))) == {2, 3}
    assert set(found(index, "包邮", Scope(NOW))) == {3}


def test_staff_who_chose_no_shop_find_what_belongs_to_any() -> None:
    index = KnowledgeIndex.build([entry(1, "甲店包邮", shop_ids=frozenset({1})), entry(3, "都包邮")])
    assert set(found(index, "包邮", Scope(NOW, audience="staff"))) == {1, 3}
    assert set(found(index, "包邮", Scope(NOW, shop_id=2, audience="staff"))) == {3}


def test_candidates_of_a_larger_knowledge_are_weighed_as_in_the_whole() -> None:
    class Words(Background):
        count = 1000
        mean_length = 4.0

        def holders(self, term: str) -> int:
            return {"竹席": 900, "藤椅": 3}.get(term, 0)

    around = Surroundings(Words(), Words())
    entries = [entry(1, "藤椅"), entry(2, "竹席")]
    part = KnowledgeIndex(entries, np.stack([entries[0].vector] * 2), around=around)
    assert part.words.rarity("藤椅") > 10 * part.words.rarity("竹席")
    assert part.words.rarity("没人写过") == part.words.unknown_rarity
    assert found(part, "藤椅 竹席", Scope(NOW))[0] == 1


def test_a_promotion_counts_from_its_first_to_its_last_second() -> None:
    hour = timedelta(hours=1)
    index = KnowledgeIndex.build([entry(1, "满三百减四十", valid_from=NOW, valid_to=NOW + hour), entry(2, "平时不减")])
    assert set(found(index, "满减", Scope(NOW))) == {1, 2}
    assert set(found(index, "满减", Scope(NOW + hour))) == {2}
    assert set(found(index, "满减", Scope(NOW - timedelta(seconds=1)))) == {2}


def test_an_article_code_finds_its_row_among_many() -> None:
    rows = [{"货号": f"KT-{n}", "名称": f"水杯 {n} 号", "价格": f"{n + 10}元"} for n in range(120)]
    index = KnowledgeIndex.build([entry(n, ";".join(row.values()), row=row) for n, row in enumerate(rows)])
    assert found(index, "kt-57 多少钱", Scope(NOW))[0] == 57
    assert found(index, "KT－57有货吗", Scope(NOW))[0] == 57


def test_a_full_name_beats_a_longer_relative() -> None:
    rows = [
        {"名称": "竹杯套装礼盒", "价格": "99元"},
        {"名称": "竹杯", "价格": "25元"},
        {"名称": "陶杯", "价格": "39元"},
    ]
    index = KnowledgeIndex.build([entry(n, ";".join(row.values()), row=row) for n, row in enumerate(rows)])
    assert found(index, "竹杯套装礼盒多少钱", Scope(NOW))[0] == 0
    assert found(index, "陶杯多少钱", Scope(NOW))[0] == 2


def test_many_questions_at_once_find_the_same_as_one_by_one() -> None:
    index = KnowledgeIndex.build([entry(n, f"第 {n} 条说明,关于发货和退货 {n * 7}") for n in range(100)])
    queries = [query_for(f"第 {n} 条", vector(n)) for n in range(20)]
    scopes = [Scope(NOW)] * len(queries)
    together = index.search_many(queries, scopes=scopes)
    alone = [index.search(query, scope=Scope(NOW)) for query in queries]
    assert [[hit.entry.id for hit in one] for one in together] == [[hit.entry.id for hit in one] for one in alone]


async def test_questions_of_one_moment_share_a_product_and_keep_their_own_rows() -> None:
    one, other = KnowledgeIndex.build([entry(n, f"{n}") for n in range(9)]), KnowledgeIndex.build([entry(50, "别处")])
    together = SimilarTogether()
    asked = [together.similar(one, VECTORS[n : n + 2]) for n in range(8)]
    rows, (alone,) = await asyncio.gather(asyncio.gather(*asked), together.similar(other, VECTORS[50:51]))
    assert [int(row[0].argmax()) for row in rows] == list(range(8))
    assert [int(row[1].argmax()) for row in rows] == list(range(1, 9))
    assert alone.shape == (1,)


def test_the_passages_of_one_document_are_found_beside_each_other() -> None:
    one, pair, two, other = (replace(entry(at, f"第 {at} 段"), document_id=at % 2 or None) for at in (1, 2, 3, 4))
    index = KnowledgeIndex.build([one, pair, two, other])
    assert [found.id for found in index.beside(two)] == [1, 3]
    assert index.beside(pair) == [pair]


def test_nothing_is_found_in_nothing() -> None:
    assert KnowledgeIndex.build([]).search(query_for("你好", vector(1)), scope=Scope(NOW)) == []
    hidden = KnowledgeIndex.build([entry(1, "内部", audience="staff")])
    assert hidden.search(query_for("内部", vector(1)), scope=Scope(NOW)) == []


def test_half_precision_vectors_serve_as_well() -> None:
    half = Entry(1, "发货", "发货", vector(1).astype(np.float16))
    (hit,) = KnowledgeIndex.build([half]).search(query_for("发货", vector(1)), scope=Scope(NOW))
    assert hit.vector_score > 0.99


def test_memory_is_counted() -> None:
    index = KnowledgeIndex.build([entry(n, f"说明 {n}") for n in range(100)])
    assert 100 * 512 * 4 < index.memory_bytes < 2_000_000
