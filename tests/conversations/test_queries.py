"""Lists: the right conversations in the right order, paged without gap or repeat while others write."""

import secrets
import time
from typing import Any

import asyncpg
import pytest

from tests.conftest import NewGround
from tests.conversations.stage import Stage
from yingke.conversations.close import close
from yingke.conversations.queries import Filter, count_conversations, list_conversations
from yingke.kit.errors import Problem
from yingke.kit.postgres.run import Cluster
from yingke.routing.hand_off import hand_off


async def _list(stage: Stage, agent_id: int | None = None, **wanted: Any) -> list[int]:
    page = await stage.do(lambda tx: list_conversations(tx, stage.workspace_id, agent_id, Filter(**wanted)))
    return [row["id"] for row in page.rows]


async def test_each_view_shows_what_its_name_says_with_the_longest_wait_first(stage: Stage) -> None:
    me, colleague = await stage.new_agent(), await stage.new_agent()
    mine_answered, _ = await stage.waiting_conversation()
    mine_waiting, asker = await stage.waiting_conversation()
    others, _ = await stage.waiting_conversation()
    queued, _ = await stage.waiting_conversation()
    owed, _ = await stage.waiting_conversation()
    solved, _ = await stage.waiting_conversation()
    closed, _ = await stage.waiting_conversation()
    await stage.speak(mine_waiting, me)
    await stage.speak(mine_answered, me)
    await stage.ask(mine_waiting, asker)
    await stage.speak(others, colleague)
    await stage.do(lambda tx: hand_off(tx, stage.workspace_id, queued, generation=1, reason="asked", through_seq=1))
    await stage.answer(solved, 1)
    await stage.do(lambda tx: close(tx, stage.workspace_id, closed, me))

    assert await _list(stage, me, view="mine") == [mine_waiting, mine_answered]
    assert await _list(stage, me, view="waiting") == [queued, owed]
    assert set(await _list(stage, me, view="all", status="open")) == {
        mine_answered,
        mine_waiting,
        others,
        queued,
        owed,
        solved,
    }
    assert await _list(stage, me, view="all", status="closed") == [closed]
    assert (await _list(stage, me, view="all"))[0] == solved
    counts = await stage.do(lambda tx: count_conversations(tx, stage.workspace_id, me, None))
    assert counts == {"mine": 2, "mine_unanswered": 1, "waiting": 2, "all": 6}


@pytest.mark.parametrize("view", ["mine", "waiting", "all"])
async def test_pages_bring_every_conversation_once(stage: Stage, view: str) -> None:
    me = await stage.new_agent()
    talks = [(await stage.waiting_conversation())[0] for _ in range(23)]
    for index, talk in enumerate(talks):
        if view == "mine":
            await (stage.speak if index % 2 else stage.take)(talk, me)
    # Equal times must not hide anything behind a page's end.
    await stage.do(
        lambda tx: tx.execute(
            "update conversations set last_message_at = now(), waiting_since = case when waiting_since is not null then now() end"
        )
    )
    seen: list[int] = []
    after = None
    while True:
        page = await stage.do(
            lambda tx, it=after: list_conversations(tx, stage.workspace_id, me, Filter(view=view, limit=5, after=it))
        )
        seen += [row["id"] for row in page.rows]
        after = page.next
        if after is None:
            break
    assert sorted(seen) == sorted(talks)
    assert seen == await _list(stage, me, view=view, limit=200)


@pytest.mark.parametrize(
    "cursor",
    ["x", "W10", "WzFd", "WzEsMiwzLDRd", "bnVsbA", "W-", "WzEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "é", "W251bGwsMV0"],
)
async def test_a_forged_cursor_is_a_bad_input_and_nothing_worse(stage: Stage, cursor: str) -> None:
    for view in ("mine", "all"):
        with pytest.raises(Problem) as refusal:
            await _list(stage, 1, view=view, after=cursor)
        assert refusal.value.status == 400


async def test_search_finds_names_numbers_and_last_lines_and_takes_wildcards_literally(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    await stage.ask(conversation_id, identity_id, "打 5 折_活动 100% 吗")
    await stage.do(
        lambda tx: tx.execute(
            "update contacts set name = '王女士', number = 1024 where id = (select contact_id from identities where id = $1)",
            identity_id,
        )
    )
    other, _ = await stage.waiting_conversation()
    for query in ("王女", "访客 1024", "#1024", "折_活", "100%"):
        assert await _list(stage, query=query) == [conversation_id], query
    for query in ("李", "1__4", "%%", "'; drop table messages; --", "\\"):
        assert await _list(stage, query=query) == [], query
    assert set(await _list(stage, query="")) == {conversation_id, other}


async def test_lists_stay_inside_the_workspace(stage: Stage, new_ground: NewGround) -> None:
    await stage.waiting_conversation()
    stranger = await new_ground()
    async with stranger.db.transaction(stranger.workspace_id) as tx:
        for view in ("mine", "waiting", "all"):
            page = await list_conversations(tx, stranger.workspace_id, stranger.agent_id, Filter(view=view))
            assert page.rows == []


_FILL = """
with people as (
  insert into contacts (workspace_id) select $1 from generate_series(1, 10000) returning id),
faces as (
  insert into identities (workspace_id, contact_id, channel_account_id) select $1, id, $3 from people returning id)
insert into conversations (workspace_id, shop_id, channel_account_id, identity_id, status, handled_by, last_message_at,
  waiting_since, queued_at)
select $1, $2, $3, id, case when n % 50 = 0 then 'open' else 'closed' end,
  case when n % 100 = 0 then 'queue' else 'assistant' end, now() - n * interval '1 minute',
  case when n % 100 = 0 then now() - n * interval '1 second' end, case when n % 100 = 0 then now() - n * interval '1 second' end
from (select id, row_number() over () as n from faces) f
"""


async def test_with_a_hundred_thousand_conversations_no_list_reads_the_whole_table(
    stage: Stage, cluster: Cluster
) -> None:
    ground = stage.ground
    # In ten pieces: a long transaction would hold up the feeds of every other test of this database.
    for _ in range(10):
        await stage.do(
            lambda tx: tx.execute(_FILL, stage.workspace_id, ground.shop_id, ground.channel_account_id, timeout=60)
        )
    owner = await asyncpg.connect(cluster.dsn())
    await owner.execute("analyze conversations; analyze contacts; analyze identities; analyze channel_accounts")
    await owner.close()
    me = await stage.new_agent(secrets.token_hex(2))
    plans: list[str] = []

    class Explaining:
        """Asks for the plan of every statement that a list would run."""

        def __init__(self, tx: Any) -> None:
            self.tx = tx

        async def fetch(self, statement: str, *values: Any) -> list[Any]:
            plans.append("\n".join(row[0] for row in await self.tx.fetch(f"explain (analyze) {statement}", *values)))
            return list(await self.tx.fetch(statement, *values))

    for view, status in (("all", None), ("all", "open"), ("waiting", None), ("mine", None)):
        await stage.do(
            lambda tx, v=view, s=status: list_conversations(
                Explaining(tx),
                stage.workspace_id,
                me,
                Filter(view=v, status=s),  # type: ignore[arg-type]
            )
        )
    began = time.monotonic()
    assert await _list(stage, me, query="没有人说过的话") == []
    assert time.monotonic() - began < 3, "a search that finds nothing reads everything, but not for ever"
    for plan in plans:
        assert "Seq Scan on conversations" not in plan, plan
        assert float(plan.rsplit("Execution Time: ", 1)[1].split()[0]) < 100, plan
