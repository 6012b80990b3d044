"""Pause, go on, give up, many at once: what is live keeps answering, and nothing done is lost."""

import asyncio
import io
import zipfile
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.conftest import Ground
from tests.door_of_rooms import Rooms
from tests.knowledge.test_ingest import CountingEncoder
from tests.learning import Learning, caller_of
from yingke.kit.errors import Problem
from yingke.knowledge.change_document import delete_document, restore_document
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.ingest import run_ingest
from yingke.knowledge.replace_file import replace_file
from yingke.knowledge.steer_document import cancel_document, pause_document, resume_document

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n"
PRICES = "\n\n".join(f"## 第 {n} 号商品多少钱?\n第 {n} 号商品的价格是 {n} 元。" for n in range(200))


class PausingEncoder(Encoder):
    """A person presses a button while the second batch is being encoded, and goes on when the job gives that batch up."""

    def __init__(self, real: Encoder, press: Any) -> None:
        self._real, self._press, self.calls, self.encoded = real, press, 0, 0
        self.pressed: asyncio.Future[Any] | None = None

    async def encode(self, texts):  # type: ignore[no-untyped-def]
        return await self._real.encode(texts)

    async def encode_many(self, texts):  # type: ignore[no-untyped-def]
        self.calls += 1
        if self.calls == 2:
            self.pressed = asyncio.ensure_future(self._press())
            await asyncio.shield(self.pressed)
        self.encoded += len(texts)
        return await self._real.encode_many(texts)


async def steer(ground: Ground, verb: Any, document_id: int) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await verb(tx, caller_of(ground), document_id)


async def stored(ground: Ground, document_id: int) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(await tx.fetchval("select count(*) from passages where document_id = $1", document_id))


async def test_a_paused_document_keeps_what_it_has_and_goes_on_from_there(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "价目.md", PRICES)
    pausing = PausingEncoder(learning.encoder, lambda: steer(ground, pause_document, document_id))
    learning.library.encoder = pausing
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "paused"
    kept = await stored(ground, document_id)
    assert kept == 64
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "paused"
    counting = CountingEncoder(learning.encoder)
    learning.library.encoder = counting
    await steer(ground, resume_document, document_id)
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"
    assert counting.encoded == 200 - kept
    assert await stored(ground, document_id) == 200


async def test_a_pause_survives_a_kill(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "价目.md", PRICES)
    jobs = await learning.claim()
    learning.library.encoder = CountingEncoder(learning.encoder, stop_after=100)
    with pytest.raises(asyncio.CancelledError):
        await run_ingest(learning.db, learning.files, learning.library, jobs[0])
    await steer(ground, pause_document, document_id)
    learning.library.encoder = learning.encoder
    await run_ingest(learning.db, learning.files, learning.library, jobs[0])
    await learning.finish(jobs)
    assert (await learning.document(ground, document_id))["state"] == "paused"
    await steer(ground, resume_document, document_id)
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"


async def test_resumed_while_the_old_job_still_runs_it_is_learned_once(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "价目.md", PRICES)

    async def press() -> None:
        await steer(ground, pause_document, document_id)
        await steer(ground, resume_document, document_id)

    learning.library.encoder = pausing = PausingEncoder(learning.encoder, press)
    await learning.work()
    assert pausing.pressed is not None
    await pausing.pressed
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"
    assert await stored(ground, document_id) == 200


async def test_a_cancelled_first_version_disappears_and_can_come_back(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "发货.md", SHIPPING)
    await steer(ground, cancel_document, document_id)
    await learning.work()
    row = await learning.document(ground, document_id)
    assert (row["state"], row["deleted_at"] is not None) == ("cancelled", True)
    assert await learning.find(ground, "多久发货") == []
    await steer(ground, restore_document, document_id)
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"
    assert await learning.find(ground, "多久发货")


async def test_a_cancelled_new_version_leaves_the_old_one_as_it_was(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    before = await learning.document(ground, document_id)
    upload = await learning.keep(ground, "发货-新.md", PRICES)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    pausing = PausingEncoder(learning.encoder, lambda: steer(ground, cancel_document, document_id))
    learning.library.encoder = pausing
    await learning.work()
    row = await learning.document(ground, document_id)
    for column in ("state", "name", "version", "live_version", "file_id", "content_hash", "passages"):
        assert row[column] == before[column], column
    assert await stored(ground, document_id) == 1
    assert "16:00" in (await learning.find(ground, "多久发货"))[0].entry.text
    with pytest.raises(Problem, match="document_is_ready"):
        await steer(ground, cancel_document, document_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    assert (await learning.document(ground, document_id))["version"] == 3


async def test_deleted_while_it_is_learned_it_is_learned_after_its_return(learning: Learning, ground: Ground) -> None:
    document_id = await learning.add(ground, "价目.md", PRICES)
    pausing = PausingEncoder(learning.encoder, lambda: steer(ground, delete_document, document_id))
    learning.library.encoder = pausing
    await learning.work()
    assert await learning.find(ground, "第 3 号商品多少钱") == []
    learning.library.encoder = learning.encoder
    await steer(ground, restore_document, document_id)
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "ready"


async def test_only_what_is_worked_on_can_be_paused_and_only_what_is_paused_resumed(
    learning: Learning, ground: Ground
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    for verb, code in ((pause_document, "document_not_working"), (resume_document, "document_not_paused")):
        with pytest.raises(Problem, match=code):
            await steer(ground, verb, document_id)


async def test_many_are_paused_gone_on_with_and_retried_at_once(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    for n in range(3):
        files = {"file": (f"{n}.md", f"# {n}\n\n第 {n} 份。".encode())}
        await owner.call("POST", "/v1/knowledge/documents", files=files)
    await owner.call("POST", "/v1/knowledge/documents", files={"file": ("坏.pdf", b"%PDF-1.7\nnothing")})
    bulk = "/v1/knowledge/documents/bulk"
    paused = await owner.post(bulk, {"action": "pause"})
    assert (len(paused["ids"]), paused["has_more"]) == (4, False)
    assert await owner.get("/v1/knowledge/document-counts") == {"paused": 4}
    await rooms.learning.work()
    assert await owner.get("/v1/knowledge/document-counts") == {"paused": 4}
    assert len((await owner.post(bulk, {"action": "resume"}))["ids"]) == 4
    await rooms.learning.work()
    assert await owner.get("/v1/knowledge/document-counts") == {"ready": 3, "failed": 1}
    page = await owner.get("/v1/knowledge/documents", params={"state": ["failed", "held"]})
    assert [item["name"] for item in page["items"]] == ["坏.pdf"]
    assert (await owner.post(bulk, {"action": "retry"}))["ids"] == [page["items"][0]["id"]]
    await rooms.learning.work()
    everything = [item["id"] for item in (await owner.get("/v1/knowledge/documents"))["items"]]
    refused = await owner.call("POST", bulk, json={"action": "delete"})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["ids"])
    assert sorted((await owner.post(bulk, {"action": "delete", "ids": [*everything, "999999"]}))["ids"]) == sorted(
        everything
    )
    assert (await owner.get("/v1/knowledge/documents"))["items"] == []
    assert len((await owner.post(bulk, {"action": "restore", "ids": everything}))["ids"]) == 4


async def test_one_is_paused_resumed_and_cancelled_over_http(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    files = {"file": ("发货.md", SHIPPING.encode())}
    document = (await owner.call("POST", "/v1/knowledge/documents", files=files)).json()
    path = f"/v1/knowledge/documents/{document['id']}"
    assert (await owner.post(f"{path}/pause"))["state"] == "paused"
    assert (await owner.post(f"{path}/resumption"))["state"] == "queued"
    assert (await owner.post(f"{path}/cancellation"))["state"] == "cancelled"
    assert (await owner.call("GET", path)).status_code == 404
    assert (await owner.post(f"{path}/restoration"))["state"] == "queued"
    await rooms.learning.work()
    assert (await owner.get(path))["state"] == "ready"


def zipped(**members: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


async def test_a_zip_becomes_one_document_a_member(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    content = zipped(**{"资料/发货.md": SHIPPING, "资料/退货.md": "# 退货\n\n签收后 7 天内可退。", "空.txt": ""})
    document = await rooms.upload(owner, "商品资料.zip", content, audience="staff")
    assert document["state"] == "ready"
    items = (await owner.get("/v1/knowledge/documents"))["items"]
    assert {(item["name"], item["state"], item["archive"], item["audience"]) for item in items} == {
        ("发货.md", "ready", "商品资料.zip", "staff"),
        ("退货.md", "ready", "商品资料.zip", "staff"),
        ("空.txt", "failed", "商品资料.zip", "staff"),
    }
    failed = next(item for item in items if item["state"] == "failed")
    assert failed["reason"]["code"] == "file_empty"
    await owner.post(f"/v1/knowledge/documents/{failed['id']}/retry")
    for _ in range(4):
        await rooms.learning.work()
    found = (await owner.get("/v1/knowledge/documents", params={"text": "商品资料"}))["items"]
    assert len(found) == 3


async def test_a_zip_that_was_killed_half_way_adds_each_member_once(learning: Learning, ground: Ground) -> None:
    content = zipped(**{f"{n}.md": f"# {n}\n\n第 {n} 份资料。" for n in range(6)})
    document_id = await learning.add(ground, "资料.zip", content)
    jobs = await learning.claim()
    running = asyncio.create_task(run_ingest(learning.db, learning.files, learning.library, jobs[0]))
    while True:
        async with ground.db.transaction(ground.workspace_id) as tx:
            if await tx.fetchval("select count(*) from documents where archive_id = $1", document_id) >= 2:
                break
        await asyncio.sleep(0.002)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await run_ingest(learning.db, learning.files, learning.library, jobs[0])
    await learning.finish(jobs)
    await learning.work()
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch("select name, state from documents where archive_id = $1 order by name", document_id)
    assert [(row["name"], row["state"]) for row in rows] == [(f"{n}.md", "ready") for n in range(6)]


async def test_a_zip_is_no_new_version_of_a_document(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    upload = await learning.keep(ground, "资料.zip", zipped(**{"a.md": "# a\n\nb"}))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    row = await learning.document(ground, document_id)
    assert (row["state"], row["reason"]["code"]) == ("failed", "zip_as_version")
    assert await learning.find(ground, "多久发货")


async def test_reading_a_scan_ends_when_it_is_paused(learning: Learning, ground: Ground) -> None:
    picture = Image.new("RGB", (1000, 300), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((40, 100), "Orders ship within 48 hours", fill="black", font_size=60)
    target = io.BytesIO()
    picture.save(target, "PDF", save_all=True, append_images=[picture] * 60)
    document_id = await learning.add(ground, "scan.pdf", target.getvalue())
    jobs = await learning.claim()
    running = asyncio.create_task(run_ingest(learning.db, learning.files, learning.library, jobs[0]))
    async with asyncio.timeout(60):
        while not (await learning.document(ground, document_id))["progress"] > 0:
            await asyncio.sleep(0.05)
        await steer(ground, pause_document, document_id)
        await running
    row = await learning.document(ground, document_id)
    assert (row["state"], row["step"]) == ("paused", "parse")
    assert row["progress"] < 1
