"""No URL that somebody types reaches an inner address. A canary listens on loopback and must stay untouched."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from yingke.kit.address_guard import AddressRefused, GuardedResolver, judge_private_too, judge_public
from yingke.kit.http import Outgoing, OutgoingFailed, OutgoingRefused, OutgoingTimeout

OUTSIDE = "127.0.0.2"
INNER = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.255.255.254:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://00000177.1:{port}/",
    "http://127.0x0.1:{port}/",
    "http://1.2.3:{port}/",
    "http://4294967295:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0.1.2.3:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://loopback.test:{port}/",
    "http://mapped.test:{port}/",
    "http://six.test:{port}/",
    "http://private.test:{port}/",
    "http://mixed.test:{port}/",
    "http://%6c%6f%63%61%6c%68%6f%73%74:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://100.127.255.255/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.1.1/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://198.18.0.1/",
    "http://192.0.0.1/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://user@127.0.0.1:{port}/",
    "http://user:pass@example.com/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.com/",
    "http://@127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://:{port}/",
    "http://",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}/",
    "",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:{port}/_x",
    "dict://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "data:text/plain,hi",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "http://127.0.0.1:99999/",
    "http://[::1/",
    "http://exa mple.com/",
]


@dataclass
class Book(AbstractResolver):
    """A resolver whose answers the test writes; lists are played one after the other, the last one stays."""

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self.names.get(host.rstrip(".").lower())
        if answers is None:
            raise OSError("no such name")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        self.asked.append("closed")


@dataclass
class Canary:
    """Counts connections on every address of the machine except the one that plays the open internet."""

    port: int = 0
    touched: int = 0


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    bird = Canary()

    async def touch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bird.touched += writer.get_extra_info("sockname")[0] != OUTSIDE
        writer.close()

    servers = [await asyncio.start_server(touch, "0.0.0.0", 0)]
    bird.port = servers[0].sockets[0].getsockname()[1]
    if socket.has_dualstack_ipv6():
        servers.append(await asyncio.start_server(touch, "::", bird.port))
    yield bird
    for server in servers:
        server.close()


def names() -> Book:
    return Book(
        {
            "localhost": [["127.0.0.1", "::1"]],
            "loopback.test": [["127.0.0.1"]],
            "mapped.test": [["::ffff:127.0.0.1"]],
            "six.test": [["::1"]],
            "private.test": [["10.1.2.3", "192.168.1.1"]],
            "mixed.test": [["169.254.169.254", "127.0.0.1"]],
        }
    )


def test_the_list_is_long_enough() -> None:
    assert len(set(INNER)) >= 60


@pytest.mark.parametrize("url", INNER)
async def test_an_inner_address_is_refused_and_never_touched(url: str, canary: Canary) -> None:
    door = Outgoing(resolver=names())
    with pytest.raises(OutgoingRefused):
        await door.request("GET", url.format(port=canary.port), timeout_s=2)
    await door.close()
    assert canary.touched == 0


async def test_the_canary_notices_when_it_is_touched(canary: Canary) -> None:
    door = Outgoing(resolver=names())
    with pytest.raises(OutgoingFailed):
        await door.request("GET", f"http://loopback.test:{canary.port}/", allow_private=True)
    await door.close()
    assert canary.touched >= 1


async def test_the_resolver_alone_hands_out_no_inner_address() -> None:
    book = Book({"both.test": [["10.0.0.1", "1.1.1.1"]], "inner.test": [["127.0.0.1"]]})
    guarded = GuardedResolver(book, judge_public)
    assert [result["host"] for result in await guarded.resolve("both.test", 80)] == ["1.1.1.1"]
    with pytest.raises(AddressRefused):
        await guarded.resolve("inner.test", 80)


async def test_the_address_is_looked_at_once_more_when_it_is_connected(canary: Canary) -> None:
    """Even if the resolver's guard were fooled, the socket is not made."""
    verdicts: list[str | None] = [None, "private"]
    door = Outgoing(resolver=names(), judge=lambda address: verdicts.pop(0))
    with pytest.raises(OutgoingRefused) as refused:
        await door.request("GET", f"http://loopback.test:{canary.port}/")
    await door.close()
    assert refused.value.reason == "private"
    assert (verdicts, canary.touched) == ([], 0)


@pytest.fixture
async def site() -> AsyncIterator[int]:
    """A server on 127.0.0.2, which the tests below count as the open internet; it redirects as its path says."""

    async def answer(request: web.Request) -> web.StreamResponse:
        target = request.query.get("to")
        if target is None:
            shown = {name: request.headers.get(name, "") for name in ("Authorization", "Cookie")}
            return web.json_response(shown, headers={"Set-Cookie": "a=1; Path=/"})
        return web.Response(status=int(request.query.get("status", "302")), headers={"Location": target})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, OUTSIDE, 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


def judge_second_loopback_as_public(address: str) -> str | None:
    return None if address == OUTSIDE else judge_public(address)


def open_door(book: Book | None = None) -> Outgoing:
    return Outgoing(resolver=book or Book(), judge=judge_second_loopback_as_public)


async def test_an_allowed_address_works(site: int) -> None:
    door = open_door(Book({"shop.test": [["127.0.0.2"]]}))
    reply = await door.request("GET", f"http://shop.test:{site}/a")
    assert reply.status == 200
    await door.close()


async def test_a_name_that_changes_after_the_check_gains_nothing(site: int, canary: Canary) -> None:
    """Rebinding: the address that was checked is the one that is called; the second answer is never used."""
    book = Book({"rebind.test": [["127.0.0.2"], ["127.0.0.1"]]})
    door = open_door(book)
    with pytest.raises(OutgoingFailed):
        await door.request("GET", f"http://rebind.test:{canary.port}/", timeout_s=2)
    assert book.asked == ["rebind.test"]
    assert canary.touched == 0
    await door.close()
    second = open_door(book)
    with pytest.raises(OutgoingRefused):
        await second.request("GET", f"http://rebind.test:{canary.port}/", timeout_s=2)
    assert canary.touched == 0
    await second.close()


async def test_of_several_addresses_only_the_allowed_are_tried(site: int, canary: Canary) -> None:
    door = open_door(Book({"both.test": [["127.0.0.1", "::1", "127.0.0.2"]]}))
    assert (await door.request("GET", f"http://both.test:{site}/")).status == 200
    with pytest.raises(OutgoingFailed):
        await door.request("GET", f"http://both.test:{canary.port}/", timeout_s=2)
    assert canary.touched == 0
    await door.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("inside", ["http://127.0.0.1:{port}/", "http://loopback.test:{port}/", "//[::1]:{port}/"])
async def test_a_redirect_inside_is_refused(site: int, canary: Canary, status: int, inside: str) -> None:
    door = open_door(Book({"loopback.test": [["127.0.0.1"]]}))
    target = inside.format(port=canary.port)
    with pytest.raises(OutgoingRefused):
        await door.request("GET", f"http://127.0.0.2:{site}/?status={status}&to={target}", follow_redirects=True)
    assert canary.touched == 0
    await door.close()


async def test_a_redirect_is_only_followed_when_asked(site: int) -> None:
    door = open_door()
    reply = await door.request("GET", f"http://127.0.0.2:{site}/?to=/next")
    assert reply.status == 302
    followed = await door.request("GET", f"http://127.0.0.2:{site}/?to=/next", follow_redirects=True)
    assert followed.status == 200
    await door.close()


async def test_a_redirect_loop_ends(site: int) -> None:
    door = open_door()
    loop = f"http://127.0.0.2:{site}/?to=%3Fto%3D%253Fto%253D%25253Fto%25253D%2525253Fto%2525253D%252Fa"
    with pytest.raises(OutgoingFailed) as problem:
        await door.request("GET", loop, follow_redirects=True)
    assert problem.value.reason == "redirects"
    await door.close()


async def test_a_post_is_never_redirected(site: int) -> None:
    door = open_door()
    with pytest.raises(OutgoingRefused):
        await door.request("POST", f"http://127.0.0.2:{site}/?status=307&to=/a", body=b"x", follow_redirects=True)
    await door.close()


async def test_secrets_stay_with_their_origin(site: int) -> None:
    book = Book({"other.test": [["127.0.0.2"]]})
    door = open_door(book)
    secret = {"Authorization": "Bearer s"}
    stays = await door.request("GET", f"http://127.0.0.2:{site}/?to=/a", headers=secret, follow_redirects=True)
    leaves = await door.request(
        "GET", f"http://127.0.0.2:{site}/?to=http://other.test:{site}/a", headers=secret, follow_redirects=True
    )
    assert b"Bearer s" in stays.body
    assert b"Bearer s" not in leaves.body
    await door.close()


async def test_cookies_are_not_kept(site: int) -> None:
    door = open_door()
    first = await door.request("GET", f"http://127.0.0.2:{site}/a")
    again = await door.request("GET", f"http://127.0.0.2:{site}/a")
    assert b"a=1" not in first.body + again.body
    await door.close()


async def test_private_connections_are_not_lent_to_guarded_requests(site: int) -> None:
    door = Outgoing()
    url = f"http://127.0.0.2:{site}/"
    assert (await door.request("GET", url, allow_private=True)).status == 200
    with pytest.raises(OutgoingRefused):
        await door.request("GET", url)
    await door.close()


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "0.0.0.0", "fe80::1", "224.0.0.1", "::ffff:10.0.0.1"],
)
def test_leave_for_private_networks_never_opens_metadata_services(address: str) -> None:
    assert judge_private_too(address) is not None


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "100.64.0.9", "::1", "fd12::1", "1.1.1.1"])
def test_leave_for_private_networks_opens_them(address: str) -> None:
    assert judge_private_too(address) is None


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "223.5.5.5", "47.96.0.1", "2400:3200::1", "2606:4700::1111"])
def test_the_open_internet_is_allowed(address: str) -> None:
    assert judge_public(address) is None


async def test_a_name_that_does_not_exist_fails_plainly() -> None:
    door = Outgoing(resolver=Book())
    with pytest.raises(OutgoingFailed):
        await door.request("GET", "http://nowhere.test/")
    await door.close()


async def test_a_resolver_that_hangs_is_cut_off() -> None:
    class Slow(Book):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            await asyncio.sleep(5)
            return []

    door = Outgoing(resolver=Slow())
    with pytest.raises(OutgoingTimeout):
        await door.request("GET", "http://slow.test/", timeout_s=0.1)
    await door.close()
