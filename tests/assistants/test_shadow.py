"""The assistant answers last month's questions with nobody watching: outcomes, resuming, comparing, safe tables."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.knowledge.past import chats
from tests.knowledge.past.conftest import PastRoom, past_outgoing, past_room
from tests.learning import Learning, learning
from tests.workspaces.conftest import Browser, Door, make_app
from yingke.assistants.choose_engine import build_engine
from yingke.assistants.engine import Engine
from yingke.assistants.shadow import routes as shadow_routes
from yingke.assistants.shadow.cases_of import Spoken, Talk, cases_of
from yingke.assistants.shadow.run_shadow import SHADOW, run_shadow
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.add_document import Upload, add_document
from yingke.knowledge.past import routes as past_routes
from yingke.knowledge.past.contradict import contradict
from yingke.workspaces.caller import Caller

__all__ = ["learning", "past_outgoing", "past_room"]

SHIPPING = (
    "# 发货\n\n## 多久能发货?\n付款后 48 小时内发货。\n\n## 可以退货吗?\n签收后 15 天内可以退货，不影响二次销售即可。\n\n"
    "## 能开发票吗?\n可以开电子发票，确认收货后在订单页申请。\n"
)


@dataclass
class ShadowRoom:
    """Past chats, learned knowledge and the engine of one process, over HTTP."""

    door: Door
    past: PastRoom
    engine: Engine

    async def learn(self, browser: Browser, name: str, content: str) -> None:
        workspace_id = int(browser.me["workspace"]["id"])
        caller = Caller(workspace_id, int(browser.me["agent"]["id"]), None, "owner")

        async def pieces() -> Any:
            yield content.encode()

        files: Files = self.past.learning.files
        upload = Upload(name, await files.save(workspace_id, pieces(), 1_000_000))
        async with self.past.learning.db.transaction(workspace_id) as tx:
            await add_document(tx, caller, upload)
        await self.past.learning.work()

    async def claim(self) -> list[Job]:
        async with self.past.learning.db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 10, 60)", [SHADOW])
        return [Job(**dict(row)) for row in rows]

    async def run(self, job: Job) -> None:
        await run_shadow(self.past.learning.db, self.engine, self.past.learning.encoder, job)

    async def shadow(self, browser: Browser, **wish: Any) -> Any:
        """Starts a run and works until it has ended; the run as it is shown."""
        begun = await browser.post("/v1/shadow/runs", wish)
        for job in await self.claim():
            await self.run(job)
            await self.past.learning.finish([job])
        return await browser.get(f"/v1/shadow/runs/{begun['id']}")

    async def cases(self, browser: Browser, run_id: str, **query: Any) -> list[Any]:
        return list((await browser.get(f"/v1/shadow/runs/{run_id}/cases", params={"limit": 200, **query}))["items"])


@pytest.fixture
def room(db: Database, learning: Learning, past_room: PastRoom, past_outgoing: Outgoing) -> ShadowRoom:
    secrets, settings = Secrets(b"p" * 32), Settings(allow_private_urls=True)
    engine = build_engine(settings, db, learning.library, learning.encoder, past_outgoing, secrets)
    routes = [*past_routes.ROUTES, *shadow_routes.ROUTES]
    door = Door(make_app(db, secrets, settings, past_outgoing, routes, files=learning.files), db, secrets)
    past_room.door = door
    return ShadowRoom(door, past_room, engine)


async def test_every_question_gets_an_outcome_and_the_four_numbers_add_up(room: ShadowRoom) -> None:
    owner = await room.door.owner()
    await room.learn(owner, "发货与退货.md", SHIPPING)
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(24)))
    run = await room.shadow(owner, import_id=done["id"])
    assert (run["state"], run["total"], run["done"], run["left_out"]) == ("done", 24, 24, 0)
    cases = await room.cases(owner, run["id"])
    by_question = {case["question"]: case for case in cases}
    assert by_question["多久能发货"]["outcome"] == "same"
    assert "48" in by_question["多久能发货"]["assistant_answer"]
    assert by_question["多久能发货"]["citations"]
    assert (by_question["可以退货吗"]["outcome"], by_question["可以退货吗"]["contradicts"]) == ("different", "figures")
    assert by_question["保修多久"]["outcome"] == "unknown"
    assert sum(run["outcomes"].values()) == 24
    assert run["different_figures"] == sum(case["contradicts"] != "" for case in cases)
    for outcome, count in run["outcomes"].items():
        assert len(await room.cases(owner, run["id"], outcome=outcome)) == count


async def test_nobody_sees_it_and_nothing_personal_is_stored(room: ShadowRoom, db: Database) -> None:
    owner = await room.door.owner()
    await room.learn(owner, "a.md", SHIPPING)
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(10)))
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        before = [
            await tx.fetchval(f"select count(*) from {table}") for table in ("traces", "gaps", "messages", "events")
        ]
    await room.shadow(owner, import_id=done["id"])
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        after = [
            await tx.fetchval(f"select count(*) from {table}") for table in ("traces", "gaps", "messages", "events")
        ]
        stored = "\n".join(row["row"] for row in await tx.fetch("select t::text as row from shadow_cases t"))
    assert before == after
    assert "多久能发货" in stored
    for secret in ("13800138", "小鹿", "文三路"):
        assert secret not in stored


async def test_a_second_run_after_a_change_says_what_became_better_and_worse(room: ShadowRoom) -> None:
    owner = await room.door.owner()
    await room.learn(owner, "a.md", SHIPPING)
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(12)))
    first = await room.shadow(owner, import_id=done["id"])
    assert first["against"] is None
    await room.learn(owner, "保修.md", "# 保修\n\n## 保修多久?\n整机保修 1 年。\n")
    second = await room.shadow(owner, import_id=done["id"])
    against = second["against"]
    assert (against["run_id"], against["compared"], against["worse"]) == (first["id"], 12, 0)
    assert against["better"] >= 1
    better = await room.cases(owner, second["id"], changed="better")
    assert len(better) == against["better"]
    assert {case["before"] for case in better} == {"unknown"}
    assert second["knowledge_version"] > first["knowledge_version"]


async def test_a_run_killed_in_the_middle_goes_on_with_what_is_left(room: ShadowRoom, db: Database) -> None:
    owner = await room.door.owner()
    await room.learn(owner, "a.md", SHIPPING)
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(20)))
    await owner.post("/v1/shadow/runs", {"import_id": done["id"]})
    [job] = await room.claim()
    await room.run(job)
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        # As a kill after the first twelve left it.
        await tx.execute("delete from shadow_cases where id in (select id from shadow_cases order by id offset 12)")
        kept = [row["id"] for row in await tx.fetch("select id from shadow_cases order by id")]
        await tx.execute("update shadow_runs set state = 'running', finished_at = null, done = 12")
    await room.run(job)
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        ids = [row["id"] for row in await tx.fetch("select id from shadow_cases order by id")]
        state = await tx.fetchrow("select state, total, done from shadow_runs")
    assert ids[:12] == kept
    assert (tuple(state), len(ids)) == (("done", 20, 20), 20)


async def test_a_cancelled_run_keeps_what_it_has_and_answers_nothing_more(room: ShadowRoom) -> None:
    owner = await room.door.owner()
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(8)))
    begun = await owner.post("/v1/shadow/runs", {"import_id": done["id"]})
    refused = await owner.call("POST", "/v1/shadow/runs", json={"import_id": done["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "shadow_running")
    assert (await owner.post(f"/v1/shadow/runs/{begun['id']}/cancellation"))["state"] == "cancelled"
    for job in await room.claim():
        await room.run(job)
        await room.past.learning.finish([job])
    run = await owner.get(f"/v1/shadow/runs/{begun['id']}")
    assert (run["state"], run["done"]) == ("cancelled", 0)


async def test_the_newest_questions_come_first_and_what_is_left_out_is_said(room: ShadowRoom) -> None:
    owner = await room.door.owner()
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(130)))
    run = await room.shadow(owner, import_id=done["id"], most=20)
    assert (run["total"], run["left_out"]) == (20, 30)
    asked = sorted(row.at for row in chats.rows(130) if row.sender == "客户" and row.text.endswith(chats.ASKED))
    oldest = (asked[-20] - timedelta(hours=8)).isoformat() + "Z"
    assert min(case["asked_at"] for case in await room.cases(owner, run["id"])) == oldest


async def test_people_judge_cases_and_make_them_golden(room: ShadowRoom, db: Database) -> None:
    owner = await room.door.owner()
    await room.learn(owner, "a.md", SHIPPING)
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(4)))
    run = await room.shadow(owner, import_id=done["id"])
    cases = {case["question"]: case for case in await room.cases(owner, run["id"])}
    path = f"/v1/shadow/cases/{cases['可以退货吗']['id']}"
    assert (await owner.call("PATCH", path, json={"verdict": "agent_right"})).status_code == 204
    ids = [cases["可以退货吗"]["id"], cases["多久能发货"]["id"]]
    assert (await owner.post("/v1/shadow/golden-questions", {"case_ids": ids}))["added"] == 2
    assert (await owner.post("/v1/shadow/golden-questions", {"case_ids": ids}))["added"] == 0
    assert (await owner.get(f"/v1/shadow/runs/{run['id']}"))["verdicts"]["agent_right"] == 1
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        kept = {row["question"]: row for row in await tx.fetch("select * from golden_questions")}
    assert kept["可以退货吗"]["must_say"] == ["7天"]
    assert kept["可以退货吗"]["origin"] == "past"


async def test_the_table_holds_no_formula(room: ShadowRoom) -> None:
    owner = await room.door.owner()
    rows = [
        chats.Row("S1", chats.FIRST, "客户", "=HYPERLINK(1)多久能发货吗", "小美", "甲"),
        chats.Row("S1", chats.FIRST, "客服", "+48小时内发货", "小美", "甲"),
    ]
    done = await room.past.bring(owner, "a.csv", chats.as_csv(rows))
    run = await room.shadow(owner, import_id=done["id"])
    answer = await owner.call("GET", f"/v1/shadow/runs/{run['id']}/table")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(table) == 2
    assert table[1][0].startswith("'=HYPERLINK")
    assert table[1][2].startswith("'+48")


async def test_another_workspace_finds_neither_run_nor_case(room: ShadowRoom) -> None:
    owner, stranger = await room.door.owner(), await room.door.owner()
    done = await room.past.bring(owner, "a.csv", chats.as_csv(chats.rows(3)))
    run = await room.shadow(owner, import_id=done["id"])
    [case, *_] = await room.cases(owner, run["id"])
    for method, path, body in (
        ("GET", f"/v1/shadow/runs/{run['id']}", None),
        ("GET", f"/v1/shadow/runs/{run['id']}/cases", None),
        ("GET", f"/v1/shadow/runs/{run['id']}/table", None),
        ("POST", f"/v1/shadow/runs/{run['id']}/cancellation", {}),
        ("DELETE", f"/v1/shadow/runs/{run['id']}", None),
        ("PATCH", f"/v1/shadow/cases/{case['id']}", {"verdict": "both_right"}),
        ("POST", "/v1/shadow/golden-questions", {"case_ids": [case["id"]]}),
        ("POST", "/v1/shadow/runs", {"import_id": done["id"]}),
    ):
        assert (await stranger.call(method, path, json=body)).status_code == 404, path


def test_a_question_is_a_run_of_the_customers_messages_with_the_turns_before_it() -> None:
    spoken = [
        ("contact", "在吗"), ("agent", "您好，请问有什么可以帮您"), ("contact", "这款"), ("contact", "多久能发货？"),
        ("agent", "稍等"), ("agent", "亲，48小时内"), ("contact", "好的"), ("contact", "转人工"),
    ]  # fmt: skip
    talk = Talk(1, None, None, tuple(Spoken(n, who, text, None) for n, (who, text) in enumerate(spoken, start=1)))
    first, second = cases_of(talk)
    assert (first.seq, first.texts, first.agent_answer) == (3, ("这款", "多久能发货？"), "48小时内")
    assert [said.text for said in first.history] == ["在吗", "您好，请问有什么可以帮您"]
    assert (second.seq, second.agent_answer) == (7, "")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("48小时内发货", "两天内发出", ""), ("48小时内发货", "24 小时内发出", "figures"), ("一般3到5天能到", "4天左右到", ""),
        ("保修一年", "整机保修 12 个月", ""), ("建议拍 M 码", "选 L 码更合适", "figures"), ("可以退的", "不支持退货", "yes_no"),
        ("运费您自己出", "运费由商家承担", "yes_no"), ("没有现货了", "有现货", "yes_no"), ("满300减50", "满 300 减 50，可叠加", ""),
        ("打8折", "优惠 20%", "figures"), ("在订单页申请", "订单页里申请就行", ""),
    ],
)  # fmt: skip
def test_answers_that_exclude_each_other_are_never_the_same(one: str, other: str, kind: str) -> None:
    assert contradict(one, other) == kind
    assert contradict(other, one) == kind


async def test_own_conversations_are_answered_unseen_where_an_agent_had_answered(
    room: ShadowRoom, db: Database
) -> None:
    owner = await room.door.owner()
    await room.learn(owner, "a.md", SHIPPING)
    workspace_id = int(owner.me["workspace"]["id"])
    async with db.transaction(workspace_id) as tx:
        account = await tx.fetchval("select id from channel_accounts limit 1")
        shop = await tx.fetchval("select id from shops limit 1")
        for replier in ("agent", "assistant"):
            contact = await tx.fetchval("insert into contacts (workspace_id) values ($1) returning id", workspace_id)
            identity = await tx.fetchval(
                "insert into identities (workspace_id, contact_id, channel_account_id) values ($1, $2, $3) returning id",
                workspace_id, contact, account,
            )  # fmt: skip
            conversation = await tx.fetchval(
                "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id) values ($1, $2, $3, $4)"
                " returning id",
                workspace_id, shop, account, identity,
            )  # fmt: skip
            said = [
                ("contact", "我电话 13800138000，多久能发货？"),
                (replier, "亲，48小时内发货"),
                ("contact", "好的谢谢"),
            ]
            for seq, (author, text) in enumerate(said, start=1):
                await tx.execute(
                    "insert into messages (workspace_id, conversation_id, seq, author, text) values ($1, $2, $3, $4, $5)",
                    workspace_id, conversation, seq, author, text,
                )  # fmt: skip
    run = await room.shadow(owner)
    [case] = await room.cases(owner, run["id"])
    assert (run["state"], run["total"], run["import_id"]) == ("done", 1, None)
    assert (case["outcome"], case["question"]) == ("same", "我电话 〔电话〕，多久能发货？")
    assert (case["past_conversation_id"], case["conversation_id"] is not None) == (None, True)
