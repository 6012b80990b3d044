"""The demo shop through its own doors: seeded once, it answers the eight questions, and can be cleared."""

import re
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import jwt
import pytest

from benchmarks.product import Product, run_product
from tests.app.desk import Desk, Visitor
from yingke.app.demo.calendar import Calendar
from yingke.app.demo.clear import clear_demo
from yingke.app.demo.files import demo_files
from yingke.app.demo.installed import find_installed
from yingke.app.demo.questions import QUESTIONS
from yingke.app.demo.seed import seed
from yingke.app.demo.week import compose_week
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller
from yingke.workspaces.passwords import Passwords

SUPERLATIVES = re.compile(
    r"最(?!多|近|后|新补货)|第一(?!次|位)|国家级|顶级|极致|唯一|首选|全网|史上|绝对|100%|万能|永久"
)


@dataclass
class Stage:
    product: Product
    session: aiohttp.ClientSession
    words: str

    async def visitor(self) -> Visitor:
        async with self.session.get(f"{self.product.address}/v1/demo") as answer:
            shops = (await answer.json())["shops"]
        visitor = Visitor(self.session, self.product.address)
        await visitor.enter(shops[0]["site_key"])
        return visitor

    async def member(self, sub: str, level: str) -> Visitor:
        """Somebody whom the Chinese shop has signed in."""
        owner = await self.owner()
        shop = (await owner.get("/v1/shops"))["items"][0]
        secret = (await owner.post(f"/v1/shops/{shop['id']}/site-secret"))["site_secret"]
        claims = {"sub": sub, "level": level, "exp": int(time.time()) + 600}
        visitor = Visitor(self.session, self.product.address)
        await visitor.enter(shop["site_key"], identity_token=jwt.encode(claims, secret, "HS256"))
        return visitor

    async def owner(self) -> Desk:
        desk = Desk(self.session, self.product.address)
        await desk.sign_in("/v1/demo/sign-in")
        return desk


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    folder = Path(tempfile.mkdtemp(prefix="yk-test-demo-"))
    folder.chmod(0o711)
    async with (
        run_product("demo", folder=folder, needs_workspace=False) as product,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        found = Stage(product, session, "")
        owner = await found.owner()
        await owner.until_ready()
        found.words = (folder / "product.log").read_text()
        yield found


async def test_the_first_two_questions_are_answered_with_sources_and_that_one_means_the_tent(stage: Stage) -> None:
    visitor = await stage.visitor()
    first = await visitor.ask(QUESTIONS[0].text)
    assert "PU3000mm" in first["text"]
    assert "双人尺寸" in first["text"]
    assert first["generated_by"]["engine"] == "embedded"
    assert first["citations"][0]["title"].startswith("商品表")
    assert [card["title"] for card in first["cards"]] == ["两人三季帐", "四人自动帐"]
    assert first["cards"][1]["presale_ships"]
    assert "四人自动帐" in first["text"]
    second = await visitor.ask(QUESTIONS[1].text)
    assert "苔绿" in second["text"]
    assert "36" in second["text"]
    assert "16:00 前付款的现货订单当天发货" in second["text"]
    assert "今天 16:00 前付款就今天发" in second["text"] or "现在付款最晚" in second["text"]
    assert "发货与物流" in {citation["title"] for citation in second["citations"]}


async def test_a_price_is_worked_out_to_the_cent_with_every_step(stage: Stage) -> None:
    stranger = await (await stage.visitor()).ask(QUESTIONS[2].text)
    assert "合计 802.00 元" in stranger["text"]
    assert "金卡价登录后生效：登录后是 757.15 元" in stranger["text"]
    gold = await (await stage.member("demo-gold", "gold")).ask(QUESTIONS[2].text)
    for figure in ("897.00", "852.15", "80.00", "772.15", "15.00"):
        assert figure in gold["text"]
    assert "合计 757.15 元" in gold["text"]


async def test_an_order_is_told_after_its_phone_ending_and_never_before(stage: Stage) -> None:
    visitor = await stage.visitor()
    asked = await visitor.ask(QUESTIONS[3].text)
    assert "后四位" in asked["text"]
    assert "YS0000123456" not in asked["text"]
    told = await visitor.ask("0417")
    assert "YS0000123456" in told["text"]
    assert "派送" in told["text"]
    assert [card["kind"] for card in told["cards"]] == ["order", "parcel"]


async def test_what_the_files_do_not_say_becomes_known_by_dropping_the_note_in(stage: Stage) -> None:
    owner, visitor = await stage.owner(), await stage.visitor()
    await visitor.ask("露营灯防水吗")
    unknown = await visitor.ask(QUESTIONS[4].text)
    assert "资料里没有写到" in unknown["text"]
    gaps = (await owner.get("/v1/knowledge/gaps"))["items"]
    assert any("德国" in gap["question"] for gap in gaps)
    async with stage.session.get(f"{stage.product.address}/v1/demo/battery-note.pdf") as answer:
        assert answer.status == 200
        assert answer.content_type == "application/pdf"
        data = await answer.read()
    began = time.monotonic()
    await owner.upload("电池与气罐运输说明.pdf", data)
    known = await visitor.ask(QUESTIONS[4].text)
    assert time.monotonic() - began < 30
    assert "可以寄德国" in known["text"]
    assert "可以带上飞机" in known["text"]
    assert "电池与气罐运输说明" in {citation["title"] for citation in known["citations"]}


async def test_an_upset_customer_is_offered_a_person(stage: Stage) -> None:
    answer = await (await stage.visitor()).ask(QUESTIONS[5].text)
    if answer["from"] == "assistant":
        assert "抱歉" in answer["text"]
        assert "转人工" in answer["text"]
        assert "80 元" not in answer["text"]
    else:
        assert answer["system"]["code"] in ("queued", "outside_hours")


async def test_private_deals_and_other_peoples_numbers_are_refused(stage: Stage) -> None:
    answer = await (await stage.visitor()).ask(QUESTIONS[6].text)
    assert "不能" in answer["text"]
    assert not re.search(r"1[3-9]\d{9}", answer["text"])


async def test_the_wish_for_a_person_is_obeyed_at_once(stage: Stage) -> None:
    answer = await (await stage.visitor()).ask(QUESTIONS[7].text)
    assert answer["from"] == "system"
    assert answer["system"]["code"] in ("queued", "outside_hours")


async def test_the_global_shop_answers_in_english_from_its_own_file(stage: Stage) -> None:
    async with stage.session.get(f"{stage.product.address}/v1/demo") as answer:
        shops = (await answer.json())["shops"]
    visitor = Visitor(stage.session, stage.product.address)
    await visitor.enter(shops[1]["site_key"])
    answer = await visitor.ask("Do you ship to Japan?")
    assert "Japan" in answer["text"]


async def test_only_a_browser_of_this_machine_enters_without_a_password(stage: Stage) -> None:
    address = stage.product.address
    for headers in ({"Host": "demo.evil.example"}, {"X-Forwarded-For": "203.0.113.9"}):
        async with stage.session.post(f"{address}/v1/demo/sign-in", headers=headers) as answer:
            assert answer.status == 403, await answer.text()
        async with stage.session.get(f"{address}/v1/demo", headers=headers) as answer:
            assert answer.status == 401


async def test_the_lists_are_full_and_everything_is_marked(stage: Stage) -> None:
    owner = await stage.owner()
    page = await owner.get("/v1/conversations?view=all&limit=100")
    seeded = [one for one in page["items"] if one["subject"].get("demo")]
    assert len(seeded) > 60
    me = await owner.get("/v1/me")
    assert me["workspace"]["is_demo"]
    assert len(me["shops"]) == 2
    documents = (await owner.get("/v1/knowledge/documents"))["items"]
    marked = [one for one in documents if one["is_demo"]]
    assert len(marked) == 8
    assert {one["name"] for one in marked if one["audience"] == "staff"} == {"赔付口径-仅内部.docx"}
    assert len(stage.words.split("@qingxi.example")) == 4


async def test_clearing_leaves_the_owner_an_empty_shop_of_his_own_for_ever(stage: Stage) -> None:
    owner, visitor = await stage.owner(), await stage.visitor()
    await visitor.ask("你好")
    await visitor.ask("我们公司想订 60 顶两人帐，电话 13800138000，给个报价")
    await owner.upload("自己的规则.md", "# 自己的规则\n\n本店周日休息。\n".encode())
    before = await owner.get("/v1/me")
    address = stage.product.address
    async with stage.session.post(f"{address}/v1/demo/clearance", headers=owner.headers) as answer:
        assert answer.status == 204, await answer.text()
    me = await owner.get("/v1/me")
    assert not me["workspace"]["is_demo"]
    assert [shop["site_key"] for shop in me["shops"]] == [before["shops"][0]["site_key"]]
    assert (await owner.get("/v1/conversations?view=all"))["items"] == []
    assert [one["name"] for one in (await owner.get("/v1/knowledge/documents"))["items"]] == ["自己的规则.md"]
    assert [one["email"] for one in (await owner.get("/v1/agents"))["items"]] == ["owner@qingxi.example"]
    assert "demo.cleared" in {one["action"] for one in (await owner.get("/v1/audit-log"))["items"]}
    async with stage.session.get(f"{address}/v1/demo") as answer:
        assert answer.status == 404
    newcomer = Visitor(stage.session, address)
    await newcomer.enter(me["shops"][0]["site_key"])
    assert "周日休息" in (await newcomer.ask("你们周日休息吗"))["text"]


async def test_a_second_start_seeds_nothing(stage: Stage) -> None:
    stage.product.process.terminate()
    stage.product.process.wait(40)
    log = stage.product.folder / "product.log"
    before = log.stat().st_size
    async with run_product("demo", folder=stage.product.folder, needs_workspace=False) as again:
        async with stage.session.get(f"{again.address}/v1/demo") as answer:
            assert answer.status == 404
    assert "@qingxi.example" not in log.read_bytes()[before:].decode()


async def test_seeding_fills_the_shop_in_seconds(db: Database, tmp_folder: Path) -> None:
    began = time.monotonic()
    logins = await seed(db, Files(tmp_folder, b"k" * 32), Secrets(b"s" * 32), Passwords())
    assert time.monotonic() - began < 15
    assert len({login.password for login in logins}) == 3
    async with db.system() as tx:
        installed = await find_installed(tx)
    assert installed is not None
    async with db.transaction(installed.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from conversations") > 230
        assert await tx.fetchval("select bool_and((subject->>'demo')::boolean) from conversations")
        assert await tx.fetchval("select max(created_at) < now() from messages")
        assert (
            await tx.fetchval(
                "select count(*) from conversations c where last_seq <> (select max(seq) from messages where"
                " conversation_id = c.id)"
            )
            == 0
        )


async def test_clearing_leaves_nothing_behind_that_was_made_of_a_talk(db: Database, tmp_folder: Path) -> None:
    await seed(db, Files(tmp_folder, b"k" * 32), Secrets(b"s" * 32), Passwords())
    async with db.system() as tx:
        installed = await find_installed(tx)
    assert installed is not None
    caller = Caller(installed.workspace_id, installed.owner_id, None, "owner")
    async with db.transaction(installed.workspace_id) as tx:
        second, talk = installed.shop_ids[1], await tx.fetchval("select max(id) from conversations")
        await tx.execute(
            "insert into message_translations (workspace_id, conversation_id, seq, language, text)"
            " values ($1, $2, 1, 'en', 'hello')",
            caller.workspace_id,
            talk,
        )
        await tx.execute(
            "insert into past_imports (workspace_id, name, shop_id) values ($1, 'chats.csv', $2)",
            caller.workspace_id,
            second,
        )
        await clear_demo(tx, caller, installed, b"")
    async with db.transaction(installed.workspace_id) as tx:
        tables = await tx.fetch(
            "select table_name::text as name, column_name::text as points from information_schema.columns where"
            " table_schema = 'public' and column_name in ('conversation_id', 'identity_id', 'contact_id')"
            " and table_name <> 'events'"
        )
        left = {
            one["name"]: await tx.fetchval(f"select count(*) from {one['name']} where {one['points']} is not null")
            for one in tables
        }
        assert len(left) > 20
        assert {name: count for name, count in left.items() if count} == {}
        assert await tx.fetchval("select shop_id from past_imports") == installed.shop_ids[0]


def test_no_word_of_the_demo_is_a_superlative() -> None:
    calendar = Calendar(datetime.now(UTC))
    lines = [line.text for talk in compose_week(calendar) for line in talk.lines]
    for file in demo_files(calendar):
        if file.name.endswith((".md", ".csv", ".txt")):
            lines.append(file.data.decode("gbk" if file.name.endswith(".txt") else "utf-8"))
    folder = Path(seed.__code__.co_filename).parent
    lines += [
        path.read_text("utf-8") for path in (folder / "products.py", folder / "rules.py", folder / "shop_words.py")
    ]
    assert [found for line in lines for found in SUPERLATIVES.findall(line)] == []


def test_the_same_day_gives_the_same_week_and_none_of_it_in_the_future() -> None:
    # 16:00 UTC is midnight in Shanghai.
    for hour, minute in ((0, 20), (9, 20), (16, 0), (16, 8), (16, 14), (23, 20)):
        calendar = Calendar(datetime(2027, 3, 8, hour, minute, tzinfo=UTC))
        week = compose_week(calendar)
        assert [talk.begins for talk in week] == [talk.begins for talk in compose_week(calendar)]
        assert 230 < len(week) < 330
        assert all(calendar.moment(-6) <= talk.begins for talk in week)
        assert all(talk.ends < calendar.now for talk in week), max(talk.ends for talk in week)
