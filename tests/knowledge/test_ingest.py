"""From an uploaded file to something that can be found, and everything that may go wrong between."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Ground, NewGround
from tests.knowledge.shop_files import write_shop
from tests.learning import Learning, caller_of
from yingke.kit.errors import Problem
from yingke.kit.jobs import Job, RetryJob
from yingke.knowledge.change_document import (
    change_document,
    delete_document,
    release_document,
    restore_document,
    retry_document,
)
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.ingest import purge_document, run_ingest
from yingke.knowledge.learn import learn
from yingke.knowledge.library import Library
from yingke.knowledge.parse import parse
from yingke.knowledge.replace_file import replace_file
from yingke.knowledge.split import split

SHIPPING = (
    "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n"
    "## 能退货吗?\n签收后 7 天内可以无理由退货。\n"
)


async def texts(learning: Learning, ground: Ground, question: str, audience: str = "customer") -> list[str]:
    hits = await learning.find(ground, question, "staff" if audience == "staff" else "customer")
    return [hit.entry.text for hit in hits]


async def test_an_uploaded_file_is_found(learning: Learning, ground: Ground) -> None:
    before = await learning.version(ground)
    document_id = await learning.learn(ground, "发货与物流.md", SHIPPING)
    row = await learning.document(ground, document_id)
    assert (row["state"], row["progress"], row["reason"]) == ("ready", 1, None)
    assert row["passages"] == 2
    assert row["ready_at"] is not None
    assert await learning.version(ground) == before + 1
    hits = await learning.find(ground, "什么时候能发货")
    assert "16:00" in hits[0].entry.text
    assert hits[0].entry.document_title == "发货与物流"
    assert hits[0].entry.document_id == document_id


async def test_every_format_of_the_shop_is_learned(learning: Learning, ground: Ground, tmp_path: Path) -> None:
    states = {}
    for path in write_shop(tmp_path):
        document_id = await learning.learn(ground, path.name, path.read_bytes())
        states[path.name] = (await learning.document(ground, document_id))["state"]
    internal = states.pop("赔付口径-仅内部.docx")
    assert set(states.values()) == {"ready"}, states
    assert internal == "held"


async def test_every_step_is_told_as_an_event(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch("select data from events where type = 'document_updated' order by id")
    told = [(row["data"]["state"], row["data"]["step"]) for row in rows]
    assert told == [
        ("queued", "parse"),
        ("parsing", "parse"),
        ("parsing", "cut"),
        ("indexing", "index"),
        ("ready", "index"),
    ]
    assert {row["data"]["document_id"] for row in rows} == {str(document_id)}


async def test_a_staff_document_is_never_found_for_a_customer(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "口径.md", "# 破损补发\n\n破损小件可直接补发,单笔 80 元以内客服可批。\n", "staff")
    assert await texts(learning, ground, "破损小件怎么赔") == []
    assert "80 元" in (await texts(learning, ground, "破损小件怎么赔", "staff"))[0]


async def test_another_workspace_never_finds_it(learning: Learning, new_ground: NewGround) -> None:
    ours, theirs = await new_ground(), await new_ground()
    await learning.learn(ours, "发货.md", SHIPPING)
    assert await texts(learning, ours, "多久发货")
    assert await texts(learning, theirs, "多久发货") == []


async def test_a_document_of_one_shop_is_not_found_in_another(learning: Learning, ground: Ground) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        other = await tx.fetchval(
            "insert into shops (workspace_id, name, site_key, site_secret) values ($1, '二店', $2, 'x') returning id",
            ground.workspace_id,
            ground.site_key + "2",
        )
    await learning.add(ground, "发货.md", SHIPPING, shop_ids=[ground.shop_id])
    await learning.work()
    assert await learning.find(ground, "多久发货")
    assert await learning.find(ground, "多久发货", shop_id=other) == []


async def test_what_looks_internal_waits_for_a_person(learning: Learning, ground: Ground) -> None:
    content = "# 内部资料\n\n底价 80 元,仅客服可见。\n"
    document_id = await learning.learn(ground, "报价.md", content)
    row = await learning.document(ground, document_id)
    assert row["state"] == "held"
    assert row["reason"]["code"] == "looks_internal"
    assert await texts(learning, ground, "底价多少", "staff") == []
    async with ground.db.transaction(ground.workspace_id) as tx:
        await release_document(tx, caller_of(ground), document_id, "staff")
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"
    assert await texts(learning, ground, "底价多少", "staff")
    assert await texts(learning, ground, "底价多少") == []


async def test_released_for_customers_it_answers_customers(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "内部价目.md", "# 价目\n\n会员价 80 元起,全场通用。\n")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await release_document(tx, caller_of(ground), document_id)
    await learning.work()
    assert await texts(learning, ground, "会员价多少")
    with pytest.raises(Problem, match="document_not_held"):
        async with ground.db.transaction(ground.workspace_id) as tx:
            await release_document(tx, caller_of(ground), document_id)


async def test_a_new_version_retires_the_old_answers_at_once(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    upload = await learning.keep(ground, "发货-新.md", SHIPPING.replace("16:00", "14:30"))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    assert "16:00" in (await texts(learning, ground, "多久发货"))[0]
    await learning.work()
    found = await texts(learning, ground, "多久发货")
    assert "14:30" in found[0]
    assert not any("16:00" in text for text in found)
    row = await learning.document(ground, document_id)
    assert (row["version"], row["name"], row["passages"]) == (2, "发货-新.md", 2)


async def test_only_changed_passages_are_encoded_again(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    counting = CountingEncoder(learning.encoder)
    learning.library.encoder = counting
    upload = await learning.keep(ground, "发货.md", SHIPPING.replace("16:00", "14:30"))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    assert counting.encoded == 1


async def test_two_quick_replacements_end_with_the_last(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "发货.md", SHIPPING)
    for hour in ("14:30", "12:00"):
        upload = await learning.keep(ground, "发货.md", SHIPPING.replace("16:00", hour))
        async with ground.db.transaction(ground.workspace_id) as tx:
            await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    found = await texts(learning, ground, "多久发货")
    assert len(found) == 2
    assert "12:00" in found[0]


async def test_a_killed_ingest_goes_on_where_it_was(learning: Learning, ground: Ground) -> None:
    content = "\n\n".join(f"## 第 {n} 号商品多少钱?\n第 {n} 号商品的价格是 {n} 元。" for n in range(200))
    document_id = await learning.add(ground, "价目.md", content)
    jobs = await learning.claim()
    counting = CountingEncoder(learning.encoder, stop_after=100)
    learning.library.encoder = counting
    with pytest.raises(asyncio.CancelledError):
        await run_ingest(learning.db, learning.files, learning.library, jobs[0])
    assert (await learning.document(ground, document_id))["state"] == "indexing"
    assert await texts(learning, ground, "第 3 号商品多少钱") == []
    first = counting.encoded
    fresh = Library(learning.db, CountingEncoder(learning.encoder))
    await run_ingest(learning.db, learning.files, fresh, jobs[0])
    await learning.finish(jobs)
    assert (await learning.document(ground, document_id))["state"] == "ready"
    assert isinstance(fresh.encoder, CountingEncoder)
    assert first >= 64
    assert first + fresh.encoder.encoded == 200
    learning.library.encoder = learning.encoder
    assert "3 元" in (await texts(learning, ground, "第 3 号商品多少钱"))[0]


async def test_a_job_that_runs_twice_learns_once(learning: Learning, ground: Ground) -> None:
    await learning.add(ground, "发货.md", SHIPPING)
    jobs = await learning.claim()
    for _ in range(2):
        await run_ingest(learning.db, learning.files, learning.library, jobs[0])
    await learning.finish(jobs)
    assert len(await texts(learning, ground, "多久发货")) == 2


async def test_a_version_overtaken_while_it_is_learned_is_thrown_away(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update documents set version = 3 where id = $1", document_id)
    path = learning.files.path_of(ground.workspace_id, (await learning.document(ground, document_id))["content_hash"])
    passages = split(await parse(path, "发货.md"))
    assert not await learn(learning.db, learning.encoder, ground.workspace_id, document_id, 2, passages)
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert (
            await tx.fetchval("select count(*) from passages where document_id = $1 and version = 2", document_id) == 0
        )
    assert len(await texts(learning, ground, "多久发货")) == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空白.txt", "  \n ", "file_no_text"),
        ("图片.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "file_corrupt"),
        ("坏.pdf", b"%PDF-1.7\nnothing here", "file_corrupt"),
        ("坏.docx", b"PK\x03\x04" + b"\0" * 50, "file_corrupt"),
        ("老.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "file_old_word"),
        ("压缩.rar", b"Rar!\x1a\x07\x00abc", "file_unsupported"),
    ],
)
async def test_a_file_that_cannot_be_learned_says_why(
    learning: Learning, ground: Ground, name: str, content: bytes | str, code: str
) -> None:
    if name.endswith("png"):
        content = ONE_PIXEL
    document_id = await learning.learn(ground, name, content)
    row = await learning.document(ground, document_id)
    assert row["state"] == "failed"
    assert row["reason"]["code"] == code
    assert row["reason"]["zh"]
    assert row["reason"]["en"]
    async with ground.db.transaction(ground.workspace_id) as tx:
        await retry_document(tx, caller_of(ground), document_id)
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "failed"


async def test_a_missing_file_and_endless_failure_end_with_a_reason(learning: Learning, ground: Ground) -> None:
    for attempts, code in ((4, "file_missing"), (8, "learning_failed")):
        document_id = await learning.add(ground, "发货.md", f"{SHIPPING}{attempts}")
        jobs = await learning.claim()
        row = await learning.document(ground, document_id)
        learning.files.path_of(ground.workspace_id, row["content_hash"]).unlink()
        with pytest.raises(RetryJob):
            await run_ingest(learning.db, learning.files, learning.library, jobs[0])
        await run_ingest(learning.db, learning.files, learning.library, replace(jobs[0], attempts=attempts))
        await learning.finish(jobs)
        row = await learning.document(ground, document_id)
        assert (row["state"], row["reason"]["code"]) == ("failed", code)


async def test_a_failed_new_version_leaves_the_old_one_answering(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    upload = await learning.keep(ground, "坏.pdf", b"%PDF-1.7\nnothing here")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "failed"
    assert "16:00" in (await texts(learning, ground, "多久发货"))[0]


async def test_deleted_is_silent_restored_answers_purged_is_gone(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await delete_document(tx, caller_of(ground), document_id)
    assert await texts(learning, ground, "多久发货") == []
    async with ground.db.transaction(ground.workspace_id) as tx:
        await restore_document(tx, caller_of(ground), document_id)
    assert await texts(learning, ground, "多久发货")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await delete_document(tx, caller_of(ground), document_id)
        await tx.execute("update documents set deleted_at = now() - interval '8 days' where id = $1", document_id)
        due = await tx.fetchval("select run_at > now() + interval '6 days' from jobs where kind = 'purge_document'")
        await tx.execute("update jobs set run_at = now() where kind = 'purge_document'")
    assert due
    async with learning.db.system() as tx:
        rows = await tx.fetch("select * from claim_jobs($1, 10, 60)", ["purge_document"])
    job = next(row for row in rows if row["workspace_id"] == ground.workspace_id)
    await purge_document(learning.db, Job(**dict(job)))
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from passages") == 0
        assert await tx.fetchval("select count(*) from files where used_at is null") == 1
    with pytest.raises(Problem, match="not_found"):
        async with ground.db.transaction(ground.workspace_id) as tx:
            await restore_document(tx, caller_of(ground), document_id)


async def test_what_is_purged_takes_the_files_of_all_its_versions(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    upload = await learning.keep(ground, "发货.md", SHIPPING.replace("16:00", "14:30"))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from files where used_at is null") == 0
        await delete_document(tx, caller_of(ground), document_id)
        await tx.execute("update documents set deleted_at = now() - interval '8 days'")
    await purge_document(learning.db, Job(0, ground.workspace_id, "", "", "", {"document_id": document_id}, 1))
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from files where used_at is null") == 2
        assert await tx.fetchval("select count(*) from document_versions") == 0


async def test_a_change_of_audience_holds_from_the_next_question(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change_document(tx, caller_of(ground), document_id, audience="staff")
    assert await texts(learning, ground, "多久发货") == []


class CountingEncoder(Encoder):
    """Counts what is learned; with `stop_after` the process is killed once so many texts were encoded."""

    def __init__(self, real: Encoder, stop_after: int | None = None) -> None:
        self._real = real
        self._stop_after = stop_after
        self.encoded = 0

    async def encode(self, texts):  # type: ignore[no-untyped-def]
        return await self._real.encode(texts)

    async def encode_many(self, texts):  # type: ignore[no-untyped-def]
        if self._stop_after is not None and self.encoded + len(texts) > self._stop_after:
            raise asyncio.CancelledError
        self.encoded += len(texts)
        return await self._real.encode_many(texts)


ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006"
    "000557bfabd40000000049454e44ae426082"
)
