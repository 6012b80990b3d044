"""The file store is away: talking goes on, attachments are refused with a reason, and come back without a restart."""

import os
import shutil
from pathlib import Path

import aiohttp

from benchmarks.product import run_product
from tests.journeys.people import Agent, Visitor


async def _attach(visitor: Visitor) -> tuple[int, dict[str, object]]:
    form = aiohttp.FormData()
    form.add_field("file", b"%PDF-1.4 receipt", filename="receipt.pdf")
    headers = {"Authorization": f"Bearer {visitor.token}"}
    async with visitor.http.post("/v1/widget/files", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_messages_are_taken_while_the_file_store_is_away(tmp_folder: Path) -> None:
    async with run_product("up", folder=tmp_folder, needs_workspace=False) as product:
        owner = Agent(product)
        await owner.sign_up()
        visitor = await Visitor(product, owner.site_key).open()
        status, stored = await _attach(visitor)
        assert status == 201
        store = tmp_folder / "data" / "files"
        shutil.move(store, tmp_folder / "away")
        store.write_text("a file stands where the folder was")  # nobody, not even root, can write below it
        status, refused = await _attach(visitor)
        assert (status, refused["code"]) == (503, "file_store_away")
        async with visitor.http.get(str(stored["url"])) as answer:
            assert answer.status == 503
        ack = await visitor.send("附件发不了,先问一句")
        assert ack["seq"] == 1
        os.unlink(store)
        shutil.move(tmp_folder / "away", store)
        status, again = await _attach(visitor)
        assert status == 201
        ack = await visitor.send("", message_type="file", file_id=again["file_id"])
        async with visitor.http.get(str(again["url"])) as answer:
            assert await answer.read() == b"%PDF-1.4 receipt"
        await visitor.close()
        await owner.close()
