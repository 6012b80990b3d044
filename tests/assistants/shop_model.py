"""The camping shop with a model behind its assistants: the real engine, tools and guard against the emulated endpoint."""

from dataclasses import dataclass, field
from typing import Any

from tests.assistants.camp import new_customer, stock_camp
from tests.conftest import Ground
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.learning import Learning
from tests.no_shops import NoShops
from yingke.assistants.engine import Question, Reply, Said
from yingke.assistants.engines.chat import ChatEngine
from yingke.assistants.engines.ladder import LadderLimits
from yingke.assistants.guarding.guarded_engine import GuardedEngine
from yingke.assistants.guarding.speech import SpeechGuard
from yingke.assistants.team import Team
from yingke.commerce.contract import Shops
from yingke.conversations.guarding.load_words import WordGuards
from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits
from yingke.models.line import Line
from yingke.models.providers.messages import Messages
from yingke.models.providers.openai_compatible import OpenAICompatible
from yingke.models.ready_model import ReadyModel

LIMITS = LadderLimits(CallLimits(first_token_s=3.0, total_s=6.0), fallback_s=5.0)
DIALECTS = ("chat", "whole", "messages")


@dataclass
class ModelShop:
    """`talk_to` opens a conversation of its own. What the model was sent stands in `endpoint.seen`."""

    ground: Ground
    learning: Learning
    outgoing: Outgoing
    endpoint: ChatEndpoint
    shops: Shops = field(default_factory=NoShops)

    def engine(self, dialect: str = "chat") -> GuardedEngine:
        where: dict[str, Any] = {"base_url": self.endpoint.base_url, "api_key": "k", "allow_private": True}
        name = "m-1@whole" if dialect == "whole" else "m-1"
        kind = Messages if dialect == "messages" else OpenAICompatible
        model = kind(self.outgoing, model=name, gather_s=0.0, **where)
        line = Line(self.ground.workspace_id, {"answer": (ReadyModel(model, Breaker()),)})
        team = Team(self.ground.db, self.shops)
        chat = ChatEngine(self.learning.library, line, {}, LIMITS, team.box, team)
        return GuardedEngine(chat, SpeechGuard(self.ground.db, WordGuards(self.ground.db)))

    async def talk_to(self, behaviour: str, dialect: str = "chat", *, is_signed_in: bool = False) -> "Talker":
        self.endpoint.behave(behaviour)
        customer = await new_customer(self.ground, self.learning, is_signed_in=is_signed_in)
        return Talker(self, self.engine(dialect), customer.conversation_id)


@dataclass
class Talker:
    """A customer. `seen` is what arrived on his screen, piece by piece, before the answer was whole."""

    shop: ModelShop
    engine: GuardedEngine
    conversation_id: int
    language: str = "zh-CN"
    seq: int = 0
    talk: dict[str, Any] = field(default_factory=dict)
    history: list[Said] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    async def says(self, *texts: str) -> Reply:
        self.seq += len(texts)
        question = Question(
            workspace_id=self.shop.ground.workspace_id,
            shop_id=self.shop.ground.shop_id,
            knowledge_version=await self.shop.learning.version(self.shop.ground),
            conversation_id=self.conversation_id,
            texts=texts,
            history=tuple(self.history[-8:]),
            language=self.language,
            through_seq=self.seq,
            talk=self.talk,
        )
        self.seen = []
        reply = await self.engine.answer(question, self._see)
        self.seq += 1
        self.history += [Said("contact", text) for text in texts] + [Said("assistant", reply.text, reply.cited)]
        self.talk = self.talk if reply.talk is None else reply.talk
        return reply

    def _see(self, piece: str) -> bool:
        self.seen.append(piece)
        return True

    def heard(self, reply: Reply) -> str:
        """Everything that the customer could read of it at any moment."""
        return "".join(self.seen) + "\n" + reply.text


async def open_model_shop(
    ground: Ground, learning: Learning, outgoing: Outgoing, endpoint: ChatEndpoint, shops: Shops | None = None
) -> ModelShop:
    await stock_camp(ground)
    return ModelShop(ground, learning, outgoing, endpoint, shops or NoShops())
