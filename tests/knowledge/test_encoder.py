"""A real encoder process: batches, several connections, death and return."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import until_it_answers
from yingke.kit.errors import Problem
from yingke.knowledge.encoder import Encoder, let_customers_go_first
from yingke.knowledge.encoder_bulk import NICE
from yingke.knowledge.encoder_frames import HEADER, read_texts, request_frame


@pytest.fixture
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Encoder, Path]]:
    path = tmp_path_factory.mktemp("e") / "s"
    started = await Encoder.start(path)
    await until_it_answers(started)
    yield started, path
    await started.close()


def child_behind(socket: Path) -> int:
    """The encoder's process that listens there: this process may have another encoder as well."""
    listeners = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
    inodes = {f"socket:[{columns[6]}]" for columns in listeners if columns[-1] == str(socket)}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                command = (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if parent != str(os.getpid()) or "yingke.knowledge.encoder_child" not in command:
                continue
            number = command[command.index("yingke.knowledge.encoder_child") + 1]
            if os.readlink(f"/proc/self/fd/{number}") in inodes:
                found = int(folder.name)
    return found


async def test_rows_have_length_one_and_keep_their_order(encoder: Encoder) -> None:
    texts = [f"第 {n} 个问题,什么时候发货" for n in range(150)]
    together = await encoder.encode_many(texts)
    alone = np.concatenate(await asyncio.gather(*(encoder.encode([text]) for text in texts)))
    assert together.shape == (150, 512)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-3)
    assert np.allclose(together, alone, atol=1e-3)


async def test_like_questions_lie_closer_than_strange_ones(encoder: Encoder) -> None:
    rows = await encoder.encode(["什么时候发货", "多久能发货", "这件衣服会缩水吗"])
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


async def test_nothing_and_odd_texts_are_encoded(encoder: Encoder) -> None:
    assert (await encoder.encode([])).shape == (0, 512)
    rows = await encoder.encode(["", " ", "\x00", "\ud800", "长" * 20_000])
    assert rows.shape == (5, 512)
    assert np.isfinite(rows).all()


async def test_a_killed_encoder_comes_back_and_the_question_is_answered(own: tuple[Encoder, Path]) -> None:
    encoder, path = own
    await encoder.encode(["你好"])
    assert encoder.is_ready
    pid = child_behind(path)
    waiting = [asyncio.create_task(encoder.encode([f"问题 {n}"])) for n in range(40)]
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    rows = await asyncio.gather(*waiting)
    assert all(row.shape == (1, 512) for row in rows)


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_documents_are_encoded_beside_the_questions_by_a_process_that_gives_way(
    own: tuple[Encoder, Path],
) -> None:
    encoder, path = own
    await encoder.encode(["你好"])
    pid = child_behind(path)
    assert children_of(pid) == []
    documents = asyncio.create_task(
        encoder.encode_many([f"第 {n} 条:" + "请按吊牌说明清洗。" * 12 for n in range(300)])
    )
    for number in range(5):
        assert (await encoder.encode([f"问题 {number}"])).shape == (1, 512)
    assert not documents.done()
    (polite,) = children_of(pid)
    assert os.getpriority(os.PRIO_PROCESS, polite) == min(19, os.getpriority(os.PRIO_PROCESS, pid) + NICE)
    assert (await documents).shape == (300, 512)


async def test_documents_go_on_when_their_process_is_killed(own: tuple[Encoder, Path]) -> None:
    encoder, path = own
    texts = [f"第 {n} 条:付款后四十八小时内发出。" for n in range(400)]
    pid = child_behind(path)
    documents = asyncio.create_task(encoder.encode_many([*texts, *texts]))
    while not (polite := children_of(pid)):
        if documents.done():  # Nobody looked for so long that they were ready before: others, then.
            documents = asyncio.create_task(encoder.encode_many([*texts, *texts]))
        await asyncio.sleep(0.01)
    os.kill(polite[0], signal.SIGKILL)
    rows = await documents
    assert np.array_equal(rows[:400], rows[400:])
    assert np.allclose(rows[7], (await encoder.encode([texts[7]]))[0], atol=1e-3)


async def test_a_second_connection_shares_the_process(own: tuple[Encoder, Path]) -> None:
    encoder, path = own
    guest = await Encoder.connect(path)
    mine, theirs = await asyncio.gather(encoder.encode(["多久发货"]), guest.encode(["多久发货"]))
    await guest.close()
    assert np.allclose(mine, theirs, atol=1e-3)
    assert (await encoder.encode(["还在吗"])).shape == (1, 512)


async def test_a_client_that_talks_garbage_harms_nobody(own: tuple[Encoder, Path]) -> None:
    encoder, path = own
    for garbage in (b"\xff" * 64, HEADER.pack(8, 1, 0) + b"\xff\xff\xff\xff1234"):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(garbage)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
    assert (await encoder.encode(["你好"])).shape == (1, 512)


async def test_without_a_process_the_question_is_refused_as_busy(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        await Encoder.connect(tmp_path / "nobody")
    assert caught.value.status == 503


def test_a_frame_gives_back_its_texts() -> None:
    frame = request_frame(7, 0, ["你好", "", "a" * 10])
    assert read_texts(frame[HEADER.size :]) == ["你好", "", "a" * 10]


async def test_a_question_goes_before_everything_that_jobs_ask(own: tuple[Encoder, Path]) -> None:
    encoder, path = own
    await encoder.encode(["你好"])
    beside = await Encoder.connect(path)
    order: list[str] = []

    async def of_a_job() -> None:
        let_customers_go_first()
        await beside.encode([f"很久以前说过的第 {number} 句话，要再听一遍" for number in range(400)])
        order.append("job")

    job = asyncio.create_task(of_a_job())
    await asyncio.sleep(0.02)
    await encoder.encode(["什么时候发货"])
    order.append("customer")
    await job
    await beside.close()
    assert order == ["customer", "job"]


async def test_what_was_encoded_lately_is_not_asked_again_and_stays_the_same(own: tuple[Encoder, Path]) -> None:
    encoder, path = own
    both = await encoder.encode(["在吗", "多少钱", "在吗"])
    os.kill(child_behind(path), signal.SIGSTOP)
    async with asyncio.timeout(2):
        again = await encoder.encode(["多少钱", "在吗"])
    os.kill(child_behind(path), signal.SIGCONT)
    assert np.array_equal(again, both[[1, 2]])
    assert np.array_equal(both[0], both[2])
