"""A merchant's tool as the assistants, a model and agents hold it: one more tool of the belt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast

import msgspec

from yingke.assistants.own_tools.call import Called, OwnCaller
from yingke.assistants.own_tools.config import OwnInput, OwnToolConfig
from yingke.assistants.own_tools.fields import is_empty, pick_fields, say
from yingke.assistants.own_tools.inputs import check_value, masked
from yingke.assistants.own_tools.likeness import Examples
from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.belt import OWN
from yingke.kit.secrets import Secrets

LITERAL = ("order_number", "phone", "number", "text")
"""What only the customer himself can have said: a model that makes one up is not believed."""
_EXTERNAL = (
    "select i.external_id from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id"
    " where c.workspace_id = $1 and c.id = $2 and i.is_verified and i.external_id is not null"
)


@dataclass(frozen=True, slots=True, eq=False)
class ReadyTool:
    """As it serves. `secret` is sealed; `shop_ids` None: every shop; `examples` None: nobody is heard by them."""

    workspace_id: int
    id: int
    version: int
    config: OwnToolConfig
    secret: bytes
    shop_ids: frozenset[int] | None
    examples: Examples | None

    @property
    def name(self) -> str:
        return f"{OWN}{self.id}"

    def serves(self, shop_id: int) -> bool:
        return self.shop_ids is None or shop_id in self.shop_ids


class OwnTool(Tool):
    """Problems: not_found, own_down, need_sign_in. The customer comes from the session, whoever asks."""

    needs = "own"
    ready: ClassVar[ReadyTool]

    def __init__(self, caller: OwnCaller, secrets: Secrets) -> None:
        self._caller = caller
        self._secrets = secrets

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Looks up once; `fields` and the merchant's sentence are all that is told of the answer."""
        config = self.ready.config
        values = _values(config.inputs, arguments, session.now.date())
        wanted = next((one for one in config.inputs if one.kind == "customer"), None)
        if wanted is not None:
            customer = await _customer(session)
            if customer is None:
                return self._result(session, values, None, "need_sign_in")
            values[wanted.key] = customer
        called = await self._caller.call(
            config,
            values,
            open_headers(self._secrets, self.ready.secret),
            tool=(session.workspace_id, self.ready.id),
            conversation_id=session.conversation_id,
        )
        return self._result(session, values, called, "")

    def _result(self, session: Session, values: dict[str, str], called: Called | None, problem: str) -> ToolResult:
        config, tag = self.ready.config, session.language
        asked = {
            "tool": config.name,
            "inputs": {one.key: masked(one, values[one.key]) for one in config.inputs if one.key in values},
            "outcome": problem or (called.why or called.outcome if called is not None else ""),
        }
        if called is None:
            return ToolResult(problem=problem, asked=asked)
        if called.outcome == "failed":
            return ToolResult(problem="own_down", asked=asked)
        found = pick_fields(called.body, config.fields, tag) if called.outcome == "ok" else {}
        shown = values | found
        if called.outcome == "nothing" or is_empty(config.answer.zh, found):
            sentence = say(config.nothing, shown, tag)
            asked["outcome"] = "nothing"
            return ToolResult({"answer": sentence}, (sentence,), problem="not_found", asked=asked)
        sentence = say(config.answer, shown, tag)
        return ToolResult({"answer": sentence, "fields": found}, (sentence, *found.values()), asked=asked)


def make_tool(ready: ReadyTool, caller: OwnCaller, secrets: Secrets) -> OwnTool:
    """A tool of its own name and schema, as every other one."""
    told = {"name": ready.name, "says": (ready.config.about, ready.config.about), "ready": ready}
    literal = tuple(f"input_{at}" for at, one in enumerate(ready.config.inputs) if one.kind in LITERAL)
    kind = type(ready.name, (OwnTool,), {**told, "parameters": schema_of(ready.config), "literal": literal})
    return cast(OwnTool, kind(caller, secrets))


def schema_of(config: OwnToolConfig) -> dict[str, Any]:
    """What somebody has to fill in; never who the customer is."""
    properties = {f"input_{at}": _property(one) for at, one in enumerate(config.inputs) if one.kind != "customer"}
    return {"type": "object", "properties": properties, "required": [*properties]}


def open_headers(secrets: Secrets, sealed: bytes) -> dict[str, str]:
    return msgspec.json.decode(secrets.open(sealed), type=dict[str, str])


def _property(one: OwnInput) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "string", "title": one.key, "description": one.ask.zh, "maxLength": 200}
    return told | ({"enum": one.choices} if one.kind == "choice" else {})


def _values(inputs: list[OwnInput], arguments: Mapping[str, Any], today: date) -> dict[str, str]:
    values: dict[str, str] = {}
    for at, wanted in enumerate(inputs):
        if wanted.kind == "customer":
            continue
        given = arguments.get(f"input_{at}")
        value = check_value(wanted, given, today) if isinstance(given, str) else None
        if value is None:
            raise WrongArguments(f"input_{at} ({wanted.key}) is missing or not of its kind")
        values[wanted.key] = value
    return values


async def _customer(session: Session) -> str | None:
    """How the merchant's own systems call whoever writes; None for a stranger."""
    if not session.conversation_id:
        return None
    async with session.db.reading(session.workspace_id) as tx:
        found: str | None = await tx.fetchval(_EXTERNAL, session.workspace_id, session.conversation_id)
    return found
