"""Three hundred megabytes at the door: turned away after the first fifty, with a sentence, and nothing of it is kept."""

import asyncio
import json

from tests.journeys.people import Agent

PIECE = b"x" * 1_000_000
ASKED_FOR = 300


async def _send(owner: Agent, announced: bool) -> tuple[int, dict[str, str], int]:
    """Status, answer, and how many megabytes the server took before it spoke. `announced`: with a stated length."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.txt"\r\nContent-Type: text/plain\r\n\r\n'
    length = len(head) + ASKED_FOR * len(PIECE) + len(b"\r\n--b--\r\n")
    sized = f"Content-Length: {length}" if announced else "Transfer-Encoding: chunked"
    cookie = "; ".join(f"{key}={value}" for key, value in owner.cookies.items())
    lines = [
        "POST /v1/knowledge/documents HTTP/1.1", f"Host: 127.0.0.1:{owner.product.port}", sized, f"Cookie: {cookie}",
        f"X-CSRF-Token: {owner.me['csrf_token']}", "Content-Type: multipart/form-data; boundary=b", "Accept-Language: zh", "", "",
    ]  # fmt: skip
    reader, writer = await asyncio.open_connection("127.0.0.1", owner.product.port, limit=1 << 20)
    writer.write("\r\n".join(lines).encode())
    answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    taken = 0
    try:
        for piece in (head, *([PIECE] * ASKED_FOR)):
            if answer.done():
                break
            writer.write(piece if announced else f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.002)
            taken += len(piece)
    except ConnectionError:
        pass
    status_line, _, headers = (await answer).decode().partition("\r\n")
    size = next(int(line.split(":")[1]) for line in headers.splitlines() if line.lower().startswith("content-length"))
    body = json.loads(await reader.readexactly(size))
    writer.close()
    return int(status_line.split()[1]), body, taken // 1_000_000


async def test_a_huge_file_is_turned_away_before_it_is_whole(owner: Agent) -> None:
    for announced in (True, False):
        status, body, taken = await _send(owner, announced)
        assert (status, body["code"]) == (413, "too_big")
        assert "拆分" in body["detail"]
        assert taken <= 100
    documents = await owner.get("/v1/knowledge/documents")
    assert documents["items"] == []
    assert [
        path
        for path in (owner.product.folder / "data").rglob("*")
        if path.is_file() and path.stat().st_size > 40_000_000
    ] == []
