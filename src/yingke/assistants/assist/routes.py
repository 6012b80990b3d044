"""HTTP: the assist window."""

from typing import Annotated, Any

from litestar import Request, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta, Struct

from yingke.assistants.assist.answer_beside import Proposal, answer_beside
from yingke.assistants.assist.customer_words import all_words, customer_words
from yingke.assistants.assist.orders_named import orders_named
from yingke.assistants.assist.read_picture import read_picture
from yingke.assistants.engine import Engine
from yingke.commerce.orders.order_view import OrderView
from yingke.conversations.guarding.agent_words import check_agent
from yingke.conversations.guarding.heard.claims_of import Heard
from yingke.conversations.guarding.load_words import Guarding, WordGuards
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.text import clean_text
from yingke.knowledge.recognition import is_recognition_installed
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
LONGEST = 2000


class AssistWish(Struct, forbid_unknown_fields=True):
    """`platform`: where it will be said, a channel of the contact policy such as taobao, jd, douyin, pinduoduo."""

    text: str
    shop_id: str
    platform: Annotated[str, Meta(max_length=40)] = "taobao"


class AssistWords(Struct):
    """`level`: ok, warn, rewrite or block on that platform; `said`: the words in question; `instead`: what may be said."""

    level: str
    said: list[str]
    instead: str | None


class AssistAnswer(Struct):
    """`kind`: knowledge or saved_reply. `is_internal`: rests on what only the staff may read, so look before sending."""

    kind: str
    text: str
    sources: list[str]
    is_internal: bool
    words: AssistWords


class AssistParcel(Struct):
    carrier: str
    tracking_number: str
    state: str
    event: str | None


class AssistOrder(Struct):
    """Nothing of name, phone or address. Money in minor units."""

    id: str
    number: str
    state: str
    currency: str
    paid_minor: int
    items: list[str]
    parcels: list[AssistParcel]


class PictureWords(Struct):
    """`customer`: what stands on the customer's side after our last words; `all`: everything. Either may be empty."""

    customer: str
    all: str


class AssistView(Struct):
    answers: list[AssistAnswer]
    orders: list[AssistOrder]


@post("/v1/assist", guards=[require(role="agent", scope="orders:read")], tags=["assistants"], status_code=200)
async def post_assist(
    data: AssistWish,
    request: Asking,
    db: Database,
    engine: Engine,
    word_guards: WordGuards,
    rates: Rates,
    caller: Caller,
) -> AssistView:
    """Answers for somebody who serves customers elsewhere. Nothing is sent; only looking an order up is written down."""
    rates.check(f"ask:{caller.workspace_id}", rate=50, burst=500)
    text = clean_text(data.text, LONGEST, min_chars=1)
    shop_id = read_id(data.shop_id)
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        if shops is not None and shop_id not in shops:
            raise not_found()
        orders = await orders_named(tx, caller, shops, text)
        guarding = await word_guards.now(tx, caller.workspace_id)
    language = asked_language(request.headers)
    found = await answer_beside(db, engine, caller, text, shop_id=shop_id, language=language)
    heard = await word_guards.hear(*(one.text for one in found))
    answers = [_answer(one, guarding, data.platform, shop_id, heard) for one in found]
    return AssistView(answers, [_order(one) for one in orders])


def _answer(one: Proposal, guarding: Guarding, platform: str, shop_id: int, heard: Heard) -> AssistAnswer:
    own = tuple(claim for claim in heard if claim.said in one.text)
    checked = check_agent(guarding, one.text, channel=platform, shop_id=shop_id, heard=own)
    said = list(dict.fromkeys(str(found["said"]) for found in checked.found))
    words = AssistWords(checked.level, said, checked.text)
    return AssistAnswer(one.kind, one.text, list(one.sources), one.is_internal, words)


def _order(order: OrderView) -> AssistOrder:
    parcels = []
    for one in order.parcels:
        newest = one.events[0] if one.events else None
        event = " ".join(part for part in (newest.place, newest.text) if part) if newest else None
        parcels.append(AssistParcel(one.carrier, one.tracking_number, one.state, event))
    return AssistOrder(
        show_id(order.id),
        order.number,
        order.state,
        order.currency,
        order.total_minor if order.paid_minor is None else order.paid_minor,
        [f"{item.title} {item.variant}".strip() + f" ×{item.quantity}" for item in order.items],
        parcels,
    )


@post("/v1/assist/picture", guards=[require(role="agent")], tags=["assistants"], status_code=200)
async def post_assist_picture(data: Form, rates: Rates, caller: Caller) -> PictureWords:
    """Multipart `file`: a picture of a chat elsewhere, up to 10 MB. Read on this machine, never stored, gone with the
    answer. 422 `ocr_missing` where text recognition is not installed, 503 `reading_busy` while it is busy for long."""
    rates.check(f"picture:{caller.workspace_id}", rate=1, burst=20)
    upload = data.get("file")
    if not isinstance(upload, UploadFile):
        raise bad_input({"file": "missing / 缺少文件"})
    lines = await read_picture(upload, has_recognition=is_recognition_installed())
    return PictureWords(customer_words(lines), all_words(lines))


ROUTES = [post_assist, post_assist_picture]
