"""A workspace above the line: searched in the database, judged as in memory, fenced and in step."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import numpy as np
import pytest

from benchmarks.shop_texts import ShopText, shop_texts
from tests.conftest import Ground, NewGround
from tests.learning import Learning, caller_of
from yingke.kit.jobs import Job
from yingke.kit.postgres.run import Cluster
from yingke.knowledge.entry import Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.knowledge_version import raise_version
from yingke.knowledge.large.find import find, recall
from yingke.knowledge.large.fit_large import fit_large
from yingke.knowledge.large.large_index import LargeIndex
from yingke.knowledge.library import Library
from yingke.knowledge.qa_pairs import NewPair, add_pair, delete_qa_pair

COUNT = 400


@pytest.fixture(scope="module")
def texts() -> list[ShopText]:
    return shop_texts(COUNT)


async def fill(learning: Learning, ground: Ground, texts: list[ShopText], name: str = "商品.xlsx", **scope: Any) -> int:
    """A document with these passages, live at once. Returns its id."""
    vectors = await learning.encoder.encode_many([fold(one.search_text) for one in texts])
    async with ground.db.transaction(ground.workspace_id) as tx:
        document_id = await tx.fetchval(
            "insert into documents (workspace_id, name, state, audience, shop_ids, valid_from, valid_to)"
            " values ($1, $2, 'ready', $3, $4, $5, $6) returning id",
            ground.workspace_id, name, scope.get("audience", "customer"), scope.get("shop_ids"),
            scope.get("valid_from"), scope.get("valid_to"),
        )  # fmt: skip
        await tx.executemany(
            "insert into passages (workspace_id, document_id, is_live, ordinal, kind, heading, text, search_text, row,"
            " content_hash, embedding) values ($1, $2, true, $3, $4, $5, $6, $7, $8, '\\x00', $9)",
            [
                (
                    ground.workspace_id,
                    document_id,
                    at,
                    one.kind,
                    one.heading,
                    one.text,
                    one.search_text,
                    one.row,
                    vector,
                )
                for at, (one, vector) in enumerate(zip(texts, vectors, strict=True))
            ],
        )
        await raise_version(tx, ground.workspace_id)
    return int(document_id)


async def fit(learning: Learning, ground: Ground, large: int = 100, small_again: int = 50) -> None:
    job = Job(1, ground.workspace_id, "large", "fit_large", "", {}, 1)
    await fit_large(learning.db, job, large=large, small_again=small_again)


async def ask(learning: Learning, index: KnowledgeIndex, text: str, scope: Scope | None = None) -> list[Hit]:
    (vector,) = await learning.encoder.encode([fold(text)])
    scope = scope or Scope(datetime.now(UTC))
    return (await find(index, [query_for(text, vector)], scope=scope, limit=5))[0]


async def test_what_the_database_finds_is_what_memory_finds_with_the_same_scores(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    await fill(learning, ground, texts)
    small = await learning.library.current(ground.workspace_id)
    await fit(learning, ground)
    large = await learning.library.current(ground.workspace_id)
    assert not isinstance(small, LargeIndex)
    assert isinstance(large, LargeIndex)
    assert large.entries == ()
    shared = 0
    for one in texts[::20]:
        exact = await ask(learning, small, one.question)
        found = await ask(learning, large, one.question)
        assert found[0].entry.id == exact[0].entry.id
        assert found[0].score == pytest.approx(exact[0].score, abs=0.05)
        shared += len({hit.entry.id for hit in found} & {hit.entry.id for hit in exact})
    assert shared >= 0.95 * 5 * len(texts[::20])
    assert large.words.rarity("青松") == pytest.approx(small.words.rarity("青松"), abs=0.01)


async def test_scope_is_applied_before_candidates_are_capped(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    await fill(learning, ground, texts)
    secret = dataclasses.replace(texts[1], text="只有客服知道", search_text=texts[1].question)
    await fill(learning, ground, [secret], "内部.md", audience="staff")
    other_shop = dataclasses.replace(texts[1], text="别的店", search_text=texts[1].question)
    await fill(learning, ground, [other_shop], "别店.md", shop_ids=[ground.shop_id + 1])
    past = dataclasses.replace(texts[1], text="上个月的活动", search_text=texts[1].question)
    await fill(learning, ground, [past], "活动.md", valid_to=now - hour)
    await fit(learning, ground)
    index = await learning.library.current(ground.workspace_id)
    asked = texts[1].question

    async def said(scope: Scope) -> set[str]:
        return {hit.entry.text for hit in await ask(learning, index, asked, scope)}

    hidden = {"只有客服知道", "别的店", "上个月的活动"}
    assert not await said(Scope(now, ground.shop_id)) & hidden
    assert await said(Scope(now, ground.shop_id, "staff")) & hidden == {"只有客服知道"}
    assert await said(Scope(now, None, "staff")) & hidden == {"只有客服知道", "别的店"}
    assert await said(Scope(now, ground.shop_id + 1)) & hidden == {"别的店"}
    assert await said(Scope(now - 2 * hour, ground.shop_id)) & hidden == {"上个月的活动"}


async def test_a_change_is_answered_from_before_and_after_the_database_is_in_step_again(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    document_id = await fill(learning, ground, texts)
    await fit(learning, ground)
    pair = NewPair(("可以刻字吗",), "可以免费刻字,十个字以内。")
    pair_id = await add_pair(learning.db, learning.encoder, caller_of(ground), pair)
    index = await learning.library.current(ground.workspace_id)
    assert [entry.text for entry in index.entries] == [pair.answer]
    assert (await ask(learning, index, "能不能刻字"))[0].entry.text == pair.answer
    assert await wishes(ground) == 1
    await fit(learning, ground)
    assert (await ask(learning, index, "能不能刻字"))[0].entry.text == pair.answer
    later = Library(learning.db, learning.encoder)
    assert (await later.current(ground.workspace_id)).entries == ()
    assert (await ask(learning, await later.current(ground.workspace_id), "能不能刻字"))[0].entry.text == pair.answer
    async with ground.db.transaction(ground.workspace_id) as tx:
        await delete_qa_pair(tx, caller_of(ground), pair_id)
        await tx.execute("update passages set is_live = false where document_id = $1 and ordinal = 5", document_id)
        await raise_version(tx, ground.workspace_id)
    # Nobody has tidied up yet, and still nothing that was withdrawn is said, not even by an index loaded before.
    for held in (index, later):
        current = held if isinstance(held, LargeIndex) else await later.current(ground.workspace_id)
        assert (
            pair.answer not in {hit.entry.text for hit in await ask(learning, current, "能不能刻字")}
            or current is index
        )
    fresh = await later.current(ground.workspace_id)
    assert texts[5].text not in {hit.entry.text for hit in await ask(learning, fresh, texts[5].question)}


async def test_a_preview_of_a_large_knowledge_replaces_one_document(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    await fill(learning, ground, texts)
    document_id = await fill(
        learning, ground, [dataclasses.replace(texts[0], text="旧价 10 元", search_text="竹蜻蜓多少钱")]
    )
    await fit(learning, ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into passages (workspace_id, document_id, version, ordinal, kind, text, search_text, content_hash,"
            " embedding) select workspace_id, document_id, 2, 0, kind, '新价 12 元', search_text, '\\x01', embedding"
            " from passages where document_id = $1",
            document_id,
        )
    preview = await learning.library.preview(ground.workspace_id, document_id, 2)
    live = await learning.library.current(ground.workspace_id)
    assert (await ask(learning, preview, "竹蜻蜓多少钱"))[0].entry.text == "新价 12 元"
    assert "旧价 10 元" not in {hit.entry.text for hit in await ask(learning, preview, "竹蜻蜓多少钱")}
    assert (await ask(learning, live, "竹蜻蜓多少钱"))[0].entry.text == "旧价 10 元"


async def test_a_workspace_between_the_lines_stays_where_it_is_and_a_small_one_goes_back(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    document_id = await fill(learning, ground, texts[:120])
    await fit(learning, ground)
    await fit(learning, ground, large=200, small_again=110)
    assert isinstance(await learning.library.current(ground.workspace_id), LargeIndex)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update passages set is_live = false where document_id = $1 and ordinal < 40", document_id)
        await raise_version(tx, ground.workspace_id)
    await fit(learning, ground, large=200, small_again=110)
    index = await learning.library.current(ground.workspace_id)
    assert not isinstance(index, LargeIndex)
    assert len(index.entries) == 80
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from large_passages") == 0


async def test_filling_goes_on_where_it_was_killed_and_the_index_in_memory_serves_meanwhile(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    await fill(learning, ground, texts)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("insert into large_workspaces (workspace_id) values ($1)", ground.workspace_id)
        await raise_version(tx, ground.workspace_id)
    index = await learning.library.current(ground.workspace_id)
    assert not isinstance(index, LargeIndex)
    await fit(learning, ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        before = await tx.fetch(
            "select passage_id, xmin::text as written from large_passages order by passage_id limit 250"
        )
        gone = [row["passage_id"] for row in before[200:]]
        await tx.execute("delete from large_passages where passage_id = any($1)", gone)
        await tx.execute("update large_workspaces set is_ready = false")
    await fit(learning, ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        after = await tx.fetch(
            "select passage_id, xmin::text as written from large_passages order by passage_id limit 200"
        )
        assert await tx.fetchval("select count(*) from large_passages") == COUNT
    assert [tuple(row) for row in after] == [tuple(row) for row in before[:200]]


async def test_an_older_programs_preparation_is_used_for_nothing_but_finding(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    await fill(learning, ground, texts)
    await fit(learning, ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update large_prepared set recipe = 'older', reading = '\\x00'")
    index = await learning.library.current(ground.workspace_id)
    assert (await ask(learning, index, texts[3].question))[0].entry.text == texts[3].text
    await fit(learning, ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from large_prepared where recipe = 'older'") == 0


async def test_one_workspace_never_finds_what_belongs_to_another(
    learning: Learning, new_ground: NewGround, texts: list[ShopText]
) -> None:
    one, other = await new_ground(), await new_ground()
    await fill(learning, one, texts[:200])
    await fill(learning, other, texts[200:])
    await fit(learning, one)
    await fit(learning, other)
    async with one.db.transaction(one.workspace_id) as tx:
        own = {row["id"] for row in await tx.fetch("select id from passages")}
    index = await learning.library.current(one.workspace_id)
    for asked in (texts[5].question, texts[305].question):
        assert {hit.entry.id for hit in await ask(learning, index, asked)} <= own
    vector = (await learning.encoder.encode(["商品"]))[0]
    async with one.db.system() as tx:
        rows = await tx.fetch("select * from near_large($1, '{}', 50)", vector)
        rows += await tx.fetch("select * from said_large($1, array['''商品'''], array[1.0::real], '{}', 50)", vector)
    assert rows == []


async def test_without_a_vector_words_alone_find_it(learning: Learning, ground: Ground, texts: list[ShopText]) -> None:
    await fill(learning, ground, texts)
    await fit(learning, ground)
    index = await learning.library.current(ground.workspace_id)
    query = query_for(texts[0].question, np.zeros(512, dtype=np.float32))
    hits = (await find(index, [query], scope=Scope(datetime.now(UTC)), limit=3))[0]
    assert hits[0].entry.text == texts[0].text


async def test_a_cited_passage_is_known_again_in_another_process(
    learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    await fill(learning, ground, texts)
    await fit(learning, ground)
    index = await learning.library.current(ground.workspace_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        cited = await tx.fetchval(
            "select id from passages where ordinal = 7 and workspace_id = $1", ground.workspace_id
        )
    assert index.find_entry(cited) is None
    await recall(index, [cited])
    entry = index.find_entry(cited)
    assert entry is not None
    assert entry.text == texts[7].text


async def wishes(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(await tx.fetchval("select count(*) from jobs where kind = 'fit_large'"))


async def test_both_kinds_of_candidates_come_from_their_index(
    cluster: Cluster, learning: Learning, ground: Ground, texts: list[ShopText]
) -> None:
    await fill(learning, ground, texts)
    await fit(learning, ground)
    vector = (await learning.encoder.encode([fold(texts[0].question)]))[0]
    written = "[" + ",".join(f"{number:.4f}" for number in vector) + "]"
    admin = await asyncpg.connect(cluster.dsn())
    try:
        await admin.execute("analyze large_passages")
        bodies = await admin.fetch("select prosrc from pg_proc where proname in ('near_large', 'said_large')")
        given = {
            "p_vector": f"'{written}'::halfvec", "p_terms": "array['''青松''']", "p_weights": "array[1.0::real]",
            "p_without": "'{}'::bigint[]", "p_most": "20",
        }  # fmt: skip
        statements = [re.sub(r"\bp_\w+", lambda found: given[found.group()], row["prosrc"]) for row in bodies]
        async with admin.transaction():
            await admin.execute("set local role yingke_system")
            await admin.execute(f"set local app.workspace_id = '{ground.workspace_id}'")
            # Four hundred rows are read whole by any good planner; what counts is that the index can serve.
            await admin.execute("set local enable_seqscan = off; set local enable_sort = off")
            plan = "\n".join([row[0] for one in statements for row in await admin.fetch(f"explain {one}")])
    finally:
        await admin.close()
    assert "Index Scan using large_passages_embedding" in plan, plan
    assert "Bitmap Index Scan on large_passages_terms" in plan, plan
