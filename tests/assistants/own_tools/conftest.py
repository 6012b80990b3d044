"""A merchant's system, tools that ask it, and a customer who talks to the assistants."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from tests.assistants.camp import Customer
from tests.conftest import Ground
from tests.emulators.merchant_system import KEY, MerchantSystem
from tests.learning import Learning, caller_of
from tests.no_shops import NoShops
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.assistants.own_tools.config import OwnToolConfig
from yingke.assistants.own_tools.own_tools import OwnTools
from yingke.assistants.own_tools.store import Written, add_tool
from yingke.assistants.team import Team
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings

ON_LOOPBACK = Settings(allow_private_urls=True)
WARRANTY: dict[str, Any] = {
    "name": "保修查询",
    "about": "按序列号查机器的保修期",
    "examples": ["帮我查一下这个序列号还在不在保修期", "我的机器保修到什么时候", "怎么查保修期", "SN码查质保", "这台还能保修吗"],
    "inputs": [{"key": "序列号", "kind": "text", "shape": "SN########", "ask": {"zh": "请发一下机身上的序列号，SN 开头。", "en": "Please send the serial number, it begins with SN."}}],
    "url": "/warranty/{序列号}",
    "headers": ["X-Api-Key"],
    "fields": [
        {"name": "产品", "path": "/data/product"},
        {"name": "到期", "path": "data.until"},
        {"name": "状态", "path": "data.state", "values": {"IN": "在保修期内", "OUT": "已过保修期"}},
    ],
    "answer": {"zh": "{产品}（{序列号}）{状态}，保修到 {到期}。", "en": "{产品} ({序列号}): covered until {到期}."},
    "nothing": {"zh": "没有查到 {序列号}，请核对一下。", "en": "Nothing is known of {序列号}."},
}  # fmt: skip
POINTS: dict[str, Any] = {
    "name": "积分查询",
    "about": "查登录客户自己的积分",
    "examples": ["我有多少积分", "查一下我的积分", "积分余额是多少", "我的会员积分还剩多少"],
    "inputs": [{"key": "客户", "kind": "customer"}],
    "url": "/points/{客户}",
    "headers": ["X-Api-Key"],
    "fields": [{"name": "积分", "path": "points"}],
    "answer": {"zh": "您现在有 {积分} 积分。", "en": "You have {积分} points."},
    "nothing": {"zh": "没有查到您的积分账户。"},
}
STORES: dict[str, Any] = {
    "name": "门店查询",
    "about": "查一个城市的门店",
    "examples": ["离我最近的门店在哪里", "上海有没有你们的实体店", "你们线下店地址", "附近哪家店可以看货"],
    "inputs": [{"key": "城市", "kind": "choice", "choices": ["上海", "北京"], "ask": {"zh": "您在哪个城市？"}}],
    "url": "/stores/near?city={城市}",
    "headers": ["X-Api-Key"],
    "fields": [{"name": "店名", "path": "stores[0].name"}, {"name": "地址", "path": "stores.0.street"}],
    "answer": {"zh": "{城市}有{店名}，在{地址}。"},
    "nothing": {"zh": "{城市}还没有门店。"},
}
VISIT: dict[str, Any] = {
    "name": "安装预约",
    "about": "按手机号查安装师傅哪天上门",
    "examples": ["师傅什么时候上门安装", "我约的安装是哪天", "查一下安装预约", "安装师傅几点到"],
    "inputs": [{"key": "手机", "kind": "phone", "ask": {"zh": "请发一下预约时留的手机号。"}}],
    "method": "POST",
    "url": "/visits",
    "body": [{"name": "query.phone", "value": "{手机}"}, {"name": "kind", "value": "install"}],
    "headers": ["X-Api-Key"],
    "fields": [{"name": "时间", "path": "visit.at"}, {"name": "师傅", "path": "visit.by"}],
    "answer": {"zh": "{师傅}会在 {时间} 上门。"},
    "nothing": {"zh": "没有查到这个手机号的预约。"},
}


def config_of(told: dict[str, Any], address: str = "https://api.example.com", **other: Any) -> OwnToolConfig:
    return msgspec.convert({**told, "url": f"{address}{told['url']}", **other}, OwnToolConfig)


@dataclass
class Bench:
    """Puts tools into a workspace and lets a customer ask for them."""

    ground: Ground
    learning: Learning
    system: MerchantSystem
    own: OwnTools
    secrets: Secrets

    async def add(self, told: dict[str, Any], *, is_on: bool = True, key: str = KEY, **other: Any) -> int:
        config = config_of(told, self.system.address, **other)
        sealed = self.secrets.seal(msgspec.json.encode({"X-Api-Key": key}))
        written = Written(config, sealed, await self.own.encode(config.examples))
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            return await add_tool(tx, caller_of(self.ground), written, is_on=is_on)

    async def customer(self, *, sub: str = "") -> Customer:
        """A stranger, or somebody whom the shop has signed in."""
        conversation_id, identity_id = await self.ground.new_conversation()
        if sub:
            async with self.ground.db.transaction(self.ground.workspace_id) as tx:
                await tx.execute(
                    "update identities set external_id = $2, is_verified = true where id = $1", identity_id, sub
                )
        team = Team(self.ground.db, NoShops(), self.learning.encoder, self.own)
        return Customer(self.ground, self.learning, EmbeddedEngine(self.learning.library, team), conversation_id)


@pytest.fixture
async def system() -> AsyncIterator[MerchantSystem]:
    async with MerchantSystem() as running:
        yield running


@pytest.fixture
def bench(
    ground: Ground, learning: Learning, system: MerchantSystem, room_outgoing: Outgoing, room_secrets: Secrets
) -> Bench:
    own = OwnTools(ground.db, learning.encoder, room_outgoing, room_secrets, ON_LOOPBACK)
    return Bench(ground, learning, system, own, room_secrets)
