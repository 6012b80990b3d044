"""The parsing process: its memory and time, no network and no other program, nothing left behind, few at once."""

import asyncio
import contextlib
import io
import os
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from yingke.kit.errors import Problem
from yingke.knowledge.parse import parse

ALLOWED_MB = 512


def child_peak(path: Path, memory_mb: int = ALLOWED_MB) -> tuple[int, bytes]:
    """Peak resident MB of one parsing process over a file, and what it wrote."""
    reading, writing = os.pipe()
    arguments = [
        sys.executable,
        "-m",
        "yingke.knowledge.parse_child",
        "document",
        str(path),
        path.name,
        str(memory_mb),
        "60",
        "1536",
        "600",
    ]
    process = subprocess.Popen(arguments, stdout=writing, stderr=subprocess.DEVNULL)
    os.close(writing)
    peak = 0
    with os.fdopen(reading, "rb") as pipe, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(pipe.read)
        while process.poll() is None:
            with contextlib.suppress(OSError, IndexError):
                held = Path(f"/proc/{process.pid}/status").read_text().split("VmHWM:")[1].split()[0]
                peak = max(peak, int(held))
            time.sleep(0.005)
    return peak // 1024, answer.result()


def limited(code: str) -> str:
    """What `code` prints in a process that has limited itself."""
    head = "from yingke.kit.limit_process import limit_process\nlimit_process(400, 20, 400, 20)\n"
    done = subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def pdf(*objects: bytes) -> bytes:
    """A file of the given objects, numbered from 1; the first is the catalogue."""
    body, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % at for at in places
    )
    return body + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))


def stream(content: bytes, head: bytes) -> bytes:
    return b"<<" + head + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream"


async def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(Problem) as caught:
        await parse(path, path.name)
    return caught.value.code


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import os; os.execv('/bin/true', ['true'])",
        "import subprocess; subprocess.run(['/bin/true'])",
        "open('/tmp/yk-never-written', 'wb')",
    ],
)
def test_the_process_may_neither_connect_nor_start_a_program_nor_write(code: str) -> None:
    shown = limited(f"try:\n    {code}\nexcept OSError as error:\n    print('refused')")
    assert shown == "refused"


def test_the_kernel_refuses_a_socket_that_native_code_asks_for() -> None:
    code = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.socket(2, 1, 0), ctypes.get_errno())"
    assert limited(code) == "-1 13"


def test_the_process_gives_way_to_live_answers() -> None:
    assert int(limited("import os; print(os.nice(0))")) >= min(19, os.nice(0) + 10)


async def test_ten_thousand_rows_are_read_within_the_memory_of_a_parse(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("商品")
    sheet.append(["货号", "名称", "颜色", "尺码", "价格", "库存", "产地", "说明"])
    for n in range(10_000):
        sheet.append(
            [
                f"SKU-{n:05}",
                f"第{n}款露营灯",
                "墨绿",
                "M",
                n % 500 + 0.5,
                n % 70,
                "福建",
                f"适合{n % 9}人使用，防水，可充电",
            ]
        )
    book.save(tmp_path / "a.xlsx")
    peak, answer = await asyncio.to_thread(child_peak, tmp_path / "a.xlsx")
    assert answer[:1] == b"a"
    assert peak <= ALLOWED_MB


async def test_a_file_that_wants_more_memory_than_allowed_is_stopped_below_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(
        b"[" + b",".join(b'{"%d":[[],[],[],[],[],[],[],[]]}' % n for n in range(400_000)) + b"]"
    )
    peak, answer = await asyncio.to_thread(child_peak, tmp_path / "a.json", 160)
    assert b"file_memory" in answer or b"file_too_much_text" in answer
    assert peak <= 160


async def test_a_picture_is_recognised_within_its_own_memory(tmp_path: Path) -> None:
    Image.new("RGB", (7000, 4500), "white").save(tmp_path / "a.jpg")
    peak, _ = await asyncio.to_thread(child_peak, tmp_path / "a.jpg")
    assert peak <= 1536


async def test_a_stream_that_unpacks_without_end_is_stopped(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    inner = b"".join(packer.compress(b"q " * 500_000) for _ in range(800)) + packer.flush()
    twice = zlib.compress(inner, 9)
    bomb = pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>",
        stream(twice, b"/Filter[/FlateDecode/FlateDecode]"),
    )
    assert len(bomb) < 100_000
    (tmp_path / "a.pdf").write_bytes(bomb)
    began = time.monotonic()
    peak, answer = await asyncio.to_thread(child_peak, tmp_path / "a.pdf")
    assert answer[:1] != b"a"
    assert peak <= ALLOWED_MB
    assert time.monotonic() - began < 60


async def test_a_document_with_a_million_pages_is_refused(tmp_path: Path) -> None:
    kids = b"3 0 R " * 200_000
    bomb = pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count 200000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
    )
    assert await refusal(tmp_path / "a.pdf", bomb) in {"file_too_much_text", "file_no_text"}


async def test_an_endless_ring_of_pages_ends(tmp_path: Path) -> None:
    ring = pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>")
    assert await refusal(tmp_path / "a.pdf", ring) in {"file_corrupt", "file_no_text", "file_too_much_text"}


async def test_a_page_as_large_as_a_field_is_recognised_small(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200_000, 200_000))
    canvas.drawImage(ImageReader(Image.new("L", (500, 500), 255)), 0, 0, 200_000, 200_000)
    canvas.save()
    assert await refusal(tmp_path / "a.pdf", buffer.getvalue()) == "file_no_text"


async def test_a_cancelled_parse_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("\n".join(f"# 标题 {n}\n第 {n} 段文字。" for n in range(200_000)), encoding="utf-8")
    task = asyncio.create_task(parse(path, path.name))
    while not children(path):
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children(path) == []
    assert list(tmp_path.iterdir()) == [path]


async def test_no_more_parse_at_once_than_there_are_cores(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("\n".join(f"# 标题 {n}\n第 {n} 段文字。" for n in range(5_000)), encoding="utf-8")
    tasks = [asyncio.create_task(parse(path, path.name)) for _ in range((os.cpu_count() or 1) + 3)]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, len(children(path)))
        await asyncio.sleep(0.005)
    assert 1 <= most <= (os.cpu_count() or 1)
    assert all(task.result().sections for task in tasks)


def children(path: Path) -> list[int]:
    """Processes of this one that read `path`."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                command = (folder / "cmdline").read_bytes()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if b"parse_child" in command and str(path).encode() in command and state != "Z":
                found.append(int(folder.name))
    return found
