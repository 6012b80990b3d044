"""`yingke backup` and `yingke restore`: everything comes back, and a damaged or foreign archive is refused."""

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from benchmarks.product import Product, run_product
from tests.app.desk import Desk, Visitor

RULES = "# 发货规则\n\n## 多久发货\n\n每天 16:00 前付款的订单当天发货,之后的 48 小时内发货。\n"


@dataclass
class Kept:
    """What was said and stored before the product was killed, and the archive that holds it."""

    archive: Path
    folder: Path
    workspace: dict[str, Any]
    visitor_token: str
    conversation_id: str
    said: list[tuple[int, str | None]]
    report: dict[str, Any]


def command(folder: Path, *arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
    """`yingke ARGUMENTS` on the data folder below `folder`."""
    environment = {**os.environ, "YINGKE_DATA_DIR": str(folder / "data"), "YINGKE_LOG_LEVEL": "WARNING", **extra}
    return subprocess.run(
        [sys.executable, "-m", "yingke.app", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="yk-test-backup-"))
    folder.chmod(0o711)
    return folder


async def fill(product: Product, folder: Path) -> Kept:
    """Talks, uploads a document and a file, and backs up while all of it runs."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        owner = Desk(session, product.address)
        await owner.sign_in(email=product.workspace["login"], password=product.workspace["password"])
        await owner.upload("发货规则.md", RULES.encode())
        visitor = Visitor(session, product.address)
        entered = await visitor.enter(product.workspace["site_key"])
        assert "16:00" in (await visitor.ask("下单多久发货?"))["text"]
        form = aiohttp.FormData()
        form.add_field("file", "订单明细\n两人帐 1 顶".encode(), filename="note.txt")
        async with session.post(f"{product.address}/v1/widget/files", data=form, headers=visitor.headers) as answer:
            assert answer.status == 201, await answer.text()
            file = await answer.json()
        body = {"type": "file", "file_id": file["file_id"]}
        headers = visitor.headers | {"Idempotency-Key": "the-file"}
        async with session.post(f"{product.address}/v1/widget/messages", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
        await visitor.ask("谢谢")
        said = [(one["seq"], one.get("text")) for one in await visitor.messages()]
        archive = folder / "shop.tar"
        report = msgspec.json.decode(product.command("backup", str(archive), "--json"))
        return Kept(archive, folder, product.workspace, entered["visitor_token"], visitor.conversation_id, said, report)


@pytest.fixture(scope="module")
async def kept() -> AsyncIterator[Kept]:
    folder = new_folder()
    try:
        async with run_product("up", folder=folder) as product:
            found = await fill(product, folder)
            product.process.send_signal(signal.SIGKILL)
        yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_a_backup_of_a_running_shop_comes_back_whole_in_a_new_folder(kept: Kept) -> None:
    assert "secret.key" in kept.report["secret_key"]
    folder = new_folder()
    restored = command(folder, "restore", str(kept.archive), "--json")
    assert restored.returncode == 0, restored.stderr
    report = msgspec.json.decode(restored.stdout)
    assert report["files"] == kept.report["files"] >= 2
    assert "secret.key" in report["secret_key"]
    try:
        async with run_product("up", folder=folder, needs_workspace=False) as product:
            await check_whole(product, kept)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def check_whole(product: Product, kept: Kept) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        owner = Desk(session, product.address)
        await owner.sign_in(email=kept.workspace["login"], password=kept.workspace["password"])
        documents = (await owner.get("/v1/knowledge/documents"))["items"]
        assert [(one["name"], one["state"]) for one in documents] == [("发货规则.md", "ready")]
        visitor = Visitor(session, product.address)
        entered = await visitor.enter(kept.workspace["site_key"], kept.visitor_token)
        assert entered["visitor_token"] == kept.visitor_token
        visitor.conversation_id = kept.conversation_id
        messages = await visitor.messages()
        assert [(one["seq"], one.get("text")) for one in messages] == kept.said
        file = next(one["file"] for one in messages if one["type"] == "file")
        async with session.get(product.address + file["url"]) as answer:
            assert answer.status == 200
            assert "两人帐 1 顶" in (await answer.read()).decode()
        assert "16:00" in (await visitor.ask("几点前下单当天发货?"))["text"]


def test_a_damaged_backup_is_refused_and_leaves_nothing(kept: Kept) -> None:
    whole = kept.archive.read_bytes()
    middle = len(whole) // 3
    broken = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "empty": b"",
        "foreign": b"PK\x03\x04" + bytes(2000),
    }
    for name, data in broken.items():
        folder = new_folder()
        bad = folder / f"{name}.tar"
        bad.write_bytes(data)
        done = command(folder, "restore", str(bad))
        assert done.returncode == 1, (name, done.stdout)
        assert "damaged" in done.stderr, (name, done.stderr)
        assert not (folder / "data").exists(), name
        shutil.rmtree(folder)


def test_an_archive_that_names_other_places_is_refused(kept: Kept) -> None:
    folder = new_folder()
    evil = folder / "evil.tar"
    shutil.copy(kept.archive, evil)
    with tarfile.open(evil, "a") as archive:
        archive.add(Path(__file__), "../outside.txt")
    done = command(folder, "restore", str(evil))
    assert done.returncode == 1
    assert not (folder.parent / "outside.txt").exists()
    assert not (folder / "data").exists()
    shutil.rmtree(folder)


def test_a_filled_folder_and_an_existing_file_are_never_overwritten(kept: Kept) -> None:
    before = kept.archive.read_bytes()
    again = command(kept.folder, "backup", str(kept.archive))
    assert again.returncode == 1
    assert "exists" in again.stderr
    assert kept.archive.read_bytes() == before
    done = command(kept.folder, "restore", str(kept.archive))
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert not list(kept.folder.glob(".shop.tar*"))


def test_the_key_travels_only_when_it_is_asked_for(kept: Kept) -> None:
    with_key = kept.folder / "with-key.tar"
    done = command(kept.folder, "backup", str(with_key), "--with-secret-key", "--json")
    assert done.returncode == 0, done.stderr
    assert with_key.stat().st_mode & 0o077 == 0
    with tarfile.open(with_key) as archive:
        assert "secret.key" in archive.getnames()
    with tarfile.open(kept.archive) as archive:
        assert "secret.key" not in archive.getnames()
