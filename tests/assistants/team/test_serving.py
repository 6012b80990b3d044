"""A version at work: switched off skills stay silent, own sentences are said, the trace names the version."""

from tests.assistants.camp import ORDER, Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


async def put_version(ground: Ground, number: int, state: str, config: dict[str, object], percent: int = 0) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into team_versions (workspace_id, number, state, config, percent, began_at)"
            " values ($1, $2, $3, $4, $5, now())",
            ground.workspace_id,
            number,
            state,
            config,
            percent,
        )


async def customer_of(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


async def test_an_own_sentence_is_said_and_the_trace_names_the_version(ground: Ground, learning: Learning) -> None:
    await put_version(ground, 3, "live", {"sentences": {"ask_tail": {"zh": "单号 {number} 收到，尾号报一下。"}}})
    customer = await customer_of(ground, learning)
    reply = await customer.says(f"{ORDER} 到哪了")
    assert reply.text == f"单号 {ORDER} 收到，尾号报一下。"
    assert reply.trace["team"] == 3


async def test_a_skill_or_tool_that_is_off_stays_silent(ground: Ground, learning: Learning) -> None:
    await put_version(ground, 1, "live", {"skills_off": ["pre_sales"], "tools_off": ["track_order"], "comforts": False})
    customer = await customer_of(ground, learning)
    priced = await customer.says("一顶两人帐加俩 10 度睡袋多少钱")
    assert "合计" not in priced.text
    followed = await customer.says(f"{ORDER} 到哪了")
    assert "人工" in followed.text
    assert not followed.may_comfort


async def test_a_candidate_serves_only_its_share(ground: Ground, learning: Learning) -> None:
    await put_version(ground, 1, "live", {"sentences": {"thanks": {"zh": "旧的"}}})
    await put_version(ground, 2, "candidate", {"sentences": {"thanks": {"zh": "新的"}}}, percent=50)
    await stock_camp(ground)
    heard = {(await (await new_customer(ground, learning)).says("谢谢你们")).text for _ in range(12)}
    assert heard == {"旧的", "新的"}
