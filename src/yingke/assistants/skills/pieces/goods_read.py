"""What is asked about the goods: which of them, which aspect, to compare, to describe or to find some for a need."""

import re
from dataclasses import dataclass
from typing import Literal

from yingke.assistants.goods.aspects import Aspect, aspects_in, meant_of, scales_in
from yingke.assistants.goods.shelf import Fact, Good, Shelf
from yingke.assistants.goods.shelves import MOST_GOODS
from yingke.assistants.skills.pieces.focus import goods_in_focus
from yingke.assistants.skills.pieces.going_on import has_pointed
from yingke.assistants.skills.pieces.keep_near import MOST_SHOWN, keep_near, large_enough
from yingke.assistants.skills.pieces.names_beside import ASKS_FOR, is_bare, left_beside, without_names
from yingke.assistants.skills.pieces.wishes import order_wish
from yingke.assistants.skills.pieces.work import Request, Work
from yingke.commerce.finding.need import Need, read_need
from yingke.commerce.words.cut import class_spans, fold
from yingke.commerce.words.measure_words import COUNTING
from yingke.commerce.words.read_degrees import read_degrees
from yingke.kit.expression import expression

_NOT_GOODS = expression(
    r"穿.{0,6}(?:大|小|合适|码)|付多少|要付|实付|到手|总共|一共|合计|[付要合给]多少$|退(?!休|烧|热|潮)|定金|换货|维修|报修|坏了|碎|破了|裂|收到的|打折|折扣|包邮|几天(?:能|会)?到|多久(?:能|会)?到|发货|[发走寄]什么|(?:哪天|几[时号]|(?:啥|什么)时候)[^，。]{0,3}(?:走|寄|出库)|(?:能|可以|可不可以|给)[发寄邮](?![光热电亮声])|[发寄邮](?:到|去|往)|快递|物流|运费|邮费|发票|开票|抬头|投诉|订单|付款|支付|下单了|取消|地址"
    r"|优惠|满减|积分|会员|还差|升级|等级|金卡|银卡|券|活动|人工|客服|(?:几点|什么时候|啥时候|几时)[^，。]{0,3}[上下]班|[上下]班(?:时间|了吗|没有?[?？]*$)|营业|门店"
    r"|\brefund|\breturn\b|\brepair|\bbroken|\bshipping|\binvoice|\border\b|\bpay(?:ment|ing)?\b|\bmember|\bcoupon|\bagent\b",
    re.IGNORECASE,
)
_WISHES = expression(
    rf"推荐|介绍|有没有|有木有|有啥|有什么|有不|有吗|适合|合适|想(?:要|买|找|看|入|搞|弄|整)|要(?:买|个|一[{COUNTING}])|买(?:个|点|什么|啥|哪)|求|来(?:个|一)|整个"
    r"|送(?:人|礼|给|点|啥|什么|女|男|爸|妈|朋友|老)|礼物|预算|以内|以下|左右|够用|用得上|需要|缺|选(?:哪|什么)|哪(?:款|种|个|一款)|盖什么|穿什么|用什么|[用穿盖吃]啥|用哪|垫|带(?:什么|啥)|卖不卖|卖吗|有卖"
    r"|\brecommend|\bsuggest|\blooking for\b|\bdo you (?:have|sell)\b|\bneed\b|\bgift\b|\bgood for\b|\bany\b",
    re.IGNORECASE,
)
_COMPARES = expression(
    r"区别|差别|[有啥么]分别|差在|差哪|不同|不一样|一样[吗么不]|一样的吗|对比|比较|相比|比起来|差[几多]|选谁|比[^，。]{1,8}(?:轻|重|大|长|厚|暖)|哪(?:个|款|种|一款|顶|条|张|把|件|台|双|样)|更|分别|各(?:是|多)|咋选|怎么选|选哪"
    r"|\bdifferen|\bcompare|\bwhich\b|\bvs\b|\bbetter\b",
    re.IGNORECASE,
)
PRICES = expression(
    r"多少钱|几钱|什么价|价[格钱]|便宜|贵|划算|合算|实惠|\bprice|\bcheap|\bcost|\bhow much\b", re.IGNORECASE
)
_IN_ALL = expression(r"(?:啥|什么|哪些|何)(?:不同|区别|差别|分别|不一样)|差在哪|区别在|全面对比|都比")
_EXISTS = expression(
    r"有.{0,14}(?:吗|么|没|不|卖)[呀啊呢嘛]?[?？~～!！。]*$|有没有|有木有|有卖|卖不卖|卖吗|卖么|有啥|有什么|有哪些|\b(?:do|have) you (?:have|got|sell)\b|\bany\b",
    re.IGNORECASE,
)
_IS_THERE = expression(r"有(?:吗|么|没有|木有|不|没|卖吗|卖的吗)[呀啊呢]?[?？~]*$", re.IGNORECASE)
_IN_STOCK = expression(r"有货|现货|库存|缺货|没货|\bin stock\b", re.IGNORECASE)
_MEANS = expression(r"(?:说|指|问|要|看|讲|买)的是|^i mean\b|\bi meant\b", re.IGNORECASE)
_KINDS_OF_IT = expression(
    r"(?:什么|啥|哪些|哪几[个种]|几[个种]|多少[个种]?|其他|别的)(?:颜?色|色号|尺码|码数?|款式|花色)|(?:颜色|色号|尺码|款式)(?:有哪些|有什么|有啥|都有)|最[小大](?:的?码|号|尺码)|\bwhat (?:colou?rs|sizes)\b",
    re.IGNORECASE,
)
_STOCKS = expression(
    rf"(?:有|剩下?|还有|库存)(?:的)?(?:几|多少)[{COUNTING}](?![人口])|(?:来|到|补|上)货|还有多少|剩(?:几|多少)|卖完|(?:啥|什么)时候(?:能)?(?:发|有)|几号发|\bback in stock",
    re.IGNORECASE,
)
_SHOPPING = ("product_consult", "stock_availability", "price_promotion", "product_recommend")
_ASKS = expression(
    r"[吗么嘛没不][呀啊呢]?[?？~～!！。\s]*$|[?？]|多少|几|什么|啥|怎|咋|哪|多[久长大高宽厚重沉深远]|会不会|能不能|是不是|有没有|可不可以"
)
MOST_TOLD, MOST_LINES = 2, 5
NEAR_NOTHING, NEAR_WISH, NEAR_SURE, NEAR_ANY, NEAR_THING, NEAR_FACT = 0.22, 0.3, 0.33, 0.46, 0.55, 0.48
_WHEN = expression(r"(?:啥|什么)时候|几[时号]|哪天|多久(?:能|可以)?(?:有|到|来|吃|用|穿)")
_OF_BODIES = expression(r"胸围|腰围|臀围|肩多?宽|袖长|衣长|裤长|裙长|领围|大腿围|脚长|下摆")
_GOES_ON = expression(r"呢[?？]*$|也|^那(?!你)|换成")
SHORT, SHORTEST = 12, 5


@dataclass(frozen=True, slots=True)
class Read:
    """What the request wants of which goods; `advice` names none and looks for some, `ask` says too little for that,
    `none` wants a kind of thing that the shop has not."""

    kind: Literal["compare", "facts", "sheet", "describe", "stock", "variants", "advice", "ask", "none"]
    goods: tuple[Good, ...]
    aspects: tuple[Aspect, ...]
    need: Need
    claim: float
    facts: tuple[Fact, ...] = ()


def read_asked(work: Work, request: Request) -> Read | None:
    """None where the words are about something else, or the knowledge has a proper sentence for them."""
    shelf, text = work.shelf, fold(request.text)
    if shelf is None or _NOT_GOODS.search(text) or order_wish(request.text) is not None:
        return None
    need, shop_id, focus = read_need(request.text), work.belt.session.shop_id or None, goods_in_focus(work)
    named = shelf.named(request.text, need, shop_id, focus)
    if not named and not focus and request.search != request.text:
        # 「脐橙打蜡吗，能放几天」: the thing was named in the question before.
        named = shelf.named(request.search, read_need(request.search), shop_id)
    named = _warm(named, read_degrees(text))[:MOST_SHOWN]
    carried: list[Aspect] = []
    if len(text) <= SHORT and focus and (has_pointed(work) or (named and _GOES_ON.search(text))):
        # 「另外那种呢」: what was asked of the one before.
        carried = aspects_in(without_names(fold(work.before), focus))
    is_kind_alone = named and not need.tokens("c:", "z:") and not left_beside(text, named, ASKS_FOR, only="t")
    if is_kind_alone and not carried:
        # A kind and nothing else: the shop's goods of that kind, whatever a document says of one of them.
        return Read("describe", tuple(named), (), need, 0.8)
    is_known = request.is_known and not _is_of_others(request, named, focus, shelf)
    plain = without_names(text, named)
    asked = carried or aspects_in(plain)
    if carried and (facts := _asked_for(shelf, request, tuple(named or focus), tuple(carried))):
        return Read("facts", tuple(named or focus), tuple(carried), need, 0.84, facts)
    compares = _COMPARES.search(text) is not None or (len(named) > 1 and "还是" in text)
    if is_known and not request.is_row:
        return _rather(shelf, request, named, focus, asked, need, compares=compares)
    aspects = tuple(asked or (_like(shelf, request) if named or focus else ()))
    if compares and (found := _compared(shelf, text, plain, named, focus, aspects, need)) is not None:
        return found
    if has_pointed(work) and len(text) <= SHORTEST:
        return Read("describe", tuple(focus), aspects, need, 0.8)
    if named and not aspects and _EXISTS.search(text):
        # 「有宽一点的吗」: how wide it is says whether.
        aspects = tuple(scales_in(plain))
    if there := _there(text, tuple(named or focus), bool(named), aspects, need, is_known=is_known):
        return there
    of_goods = _of_goods(shelf, request, _Known(text, plain, named, focus, asked, aspects, need, is_known))
    if of_goods is not False:
        return of_goods
    return _advice(shelf, request, need, shop_id, text, has_focus=bool(focus), is_named=bool(named) and not is_known)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the words were found to name and to ask. `plain`: without the names of the goods."""

    text: str
    plain: str
    named: list[Good]
    focus: list[Good]
    asked: list[Aspect]
    aspects: tuple[Aspect, ...]
    need: Need
    is_known: bool


def _of_goods(shelf: Shelf, request: Request, known: _Known) -> Read | Literal[False] | None:
    """What is asked of the goods named or spoken of; False where that is not it, None where nothing else would answer."""
    text, named, aspects, need = known.text, known.named, known.aspects, known.need
    goods, is_known = tuple(named or known.focus), known.is_known
    called = tuple(fact for good in goods[:MOST_TOLD] for fact in shelf.called(good, known.plain))
    if called and not is_known and not PRICES.search(text):
        return Read("facts", goods, aspects, need, 0.84, called)
    if goods and aspects:
        found = _asked_for(shelf, request, goods, aspects)
        facts = found or _asked_for(shelf, request, tuple(known.focus), aspects)
        if facts and is_known and len(named) > 1:
            # A kind was named, not a thing: the knowledge knows which one it speaks of.
            return None
        if facts:
            is_plain = facts[0].line.name != "" and not PRICES.search(text)
            return Read("facts", goods, aspects, need, (0.84 if is_plain else 0.7) if known.asked else 0.62, facts)
        if known.asked and not is_known and (facts := _nearest(shelf, request, goods)):
            return Read("facts", goods, aspects, need, 0.6, facts)
        if known.asked and not _EXISTS.search(text) and not _WISHES.search(text):
            # It was understood, and the shop does not write it: nothing else is an answer.
            return None
    if named and _EXISTS.search(text):
        return Read("describe", tuple(named), aspects, need, 0.64)
    if goods and not is_known and (facts := _nearest(shelf, request, goods)):
        return Read("facts", goods, aspects, need, 0.6, facts)
    if named and (is_bare(text, named) or _MEANS.search(text)):
        return Read("describe", tuple(named), aspects, need, 0.58)
    if len(named) == 1 and not is_known and not _WISHES.search(text) and _ASKS.search(text):
        if _WHEN.search(text):
            return Read("stock", tuple(named), aspects, need, 0.58)
        # Something else is asked of this one thing: whatever is written of it, and that there is no more.
        return Read("sheet", tuple(named), aspects, need, 0.58, _sheet(shelf, request, named[0]))
    return False


def _compared(
    shelf: Shelf, text: str, plain: str, named: list[Good], focus: list[Good], aspects: tuple[Aspect, ...], need: Need
) -> Read | None:
    several = _several(shelf, named, focus, need)
    if len(several) < 2:
        return None
    told = () if _IN_ALL.search(text) else tuple(dict.fromkeys([*scales_in(plain), *aspects]))
    if (
        not told
        and not named
        and not _IN_ALL.search(text)
        and (fit := large_enough(list(several), need)) != list(several)
    ):
        return Read("advice", tuple(fit[:1]), aspects, need, 0.78)
    return Read("compare", several, told, need, 0.85 if len(named) > 1 else 0.78)


def _there(
    text: str, goods: tuple[Good, ...], is_named: bool, aspects: tuple[Aspect, ...], need: Need, *, is_known: bool
) -> Read | None:
    """Whether it is there, and in what colours and sizes."""
    if not goods:
        return None
    asks_price = PRICES.search(text) is not None
    if _KINDS_OF_IT.search(text) and not asks_price:
        return Read("variants", goods, aspects, need, 0.84)
    if is_named and len(goods) > 1 and _IN_STOCK.search(text) and not asks_price:
        return Read("stock", goods, aspects, need, 0.84)
    if not is_named and not is_known and _STOCKS.search(text):
        return Read("stock", goods, aspects, need, 0.66)
    if is_named and need.tokens("c:", "z:") and not aspects and not asks_price and not _WISHES.search(text):
        return Read("stock", goods, aspects, need, 0.66)
    if is_named and _IS_THERE.search(text):
        is_variant = bool(need.tokens("c:", "z:"))
        return Read("stock" if is_variant else "describe", goods, aspects, need, 0.84 if is_variant else 0.7)
    return None


def _rather(
    shelf: Shelf,
    request: Request,
    named: list[Good],
    focus: list[Good],
    asked: list[Aspect],
    need: Need,
    *,
    compares: bool,
) -> Read | None:
    """What the goods under discussion answer better than a document that speaks of something else."""
    if compares and len(focus) > 1 and not named and PRICES.search(fold(request.text)):
        return Read("compare", tuple(focus), (), need, 0.7)
    said = fold(request.evidence)
    is_of_them = _is_said_of(said, named)
    if compares and 1 < len(named) <= MOST_SHOWN and not is_of_them:
        told = tuple(dict.fromkeys([*scales_in(fold(request.text)), *asked]))
        return Read("compare", tuple(named), told, need, 0.78)
    if named and asked and len(named) <= MOST_TOLD and not (is_of_them and _speaks_of(said, asked)):
        # A document speaks of the thing, and not of what is asked of it.
        facts = _asked_for(shelf, request, tuple(named), tuple(asked))
        return Read("facts", tuple(named), tuple(asked), need, 0.7, facts) if facts else None
    if named or not focus or not asked or any(good.called in said for good in shelf.goods):
        return None
    facts = tuple(fact for fact in _asked_for(shelf, request, tuple(focus), tuple(asked)) if fact.line.name)
    return Read("facts", tuple(focus), tuple(asked), need, 0.66, facts) if facts else None


def _is_said_of(evidence: str, named: list[Good]) -> bool:
    """The evidence names one of these, or its kind."""
    kinds = {kind for good in named for kind in good.things}
    return any(good.called in evidence for good in named) or any(
        token in kinds for token, _, _ in class_spans(evidence)
    )


def _speaks_of(evidence: str, asked: list[Aspect]) -> bool:
    """One of the aspects is asked or named in what the knowledge would say."""
    return any(one.asks.search(evidence) or one.names.search(evidence) for one in asked)


def _sheet(shelf: Shelf, request: Request, good: Good) -> tuple[Fact, ...]:
    """What is written of it, the nearest to the question first."""
    return tuple(shelf.facts(good, request.vector, (), request.text)[:MOST_LINES])


def _like(shelf: Shelf, request: Request) -> list[Aspect]:
    """What is asked in words that nobody listed, by sentences that are like it."""
    if request.vector is None or shelf.likeness is None or request.is_known:
        return []
    return shelf.likeness.aspects(request.vector)


def _is_of_others(request: Request, named: list[Good], focus: list[Good], shelf: Shelf) -> bool:
    """What the knowledge would say is of another thing than the one under discussion, which nobody named anew."""
    if named or not focus:
        return False
    said = fold(request.evidence)
    return not any(good.called in said or (good.code and fold(good.code) in said) for good in focus) and any(
        good.called in said for good in shelf.goods
    )


def _warm(named: list[Good], degrees: float | None) -> list[Good]:
    """Of several those that are meant for such nights, where any is."""
    fit = [good for good in named if degrees is not None and good.degrees is not None and good.degrees <= degrees]
    return fit or named


def _several(shelf: Shelf, named: list[Good], focus: list[Good], need: Need) -> tuple[Good, ...]:
    """Two or three that are compared: those named, those of one kind, those shown last, or the named one with the last."""
    if len(named) > 1:
        return tuple(named)
    if named and named[0] not in focus:
        if focus and named[0].things & focus[0].things:
            return (focus[0], named[0])
        return (named[0], *(good for good in shelf.goods if good is not named[0] and good.things & named[0].things))[
            :MOST_SHOWN
        ]
    if len(focus) > 1:
        return tuple(focus)
    kind = set(need.tokens("t:")) or {kind for good in focus for kind in good.things}
    return tuple([good for good in shelf.goods if kind & good.things][:MOST_SHOWN]) if kind else ()


def _asked_for(
    shelf: Shelf, request: Request, goods: tuple[Good, ...], aspects: tuple[Aspect, ...]
) -> tuple[Fact, ...]:
    """Of each good the one or two lines that are about what was asked; nothing where the shop does not say."""
    found: list[Fact] = []
    if (measure := _OF_BODIES.search(fold(request.text))) is not None:
        # 腰围 stands in a table of sizes, or in a line that says so.
        goods = tuple(good for good in goods if any(measure[0] in line.whole for line in good.lines))
    for good in goods:
        about = about_it(shelf.facts(good, request.vector, meant_of(aspects), request.text)) or about_it(
            shelf.facts(good, request.vector, aspects, request.text)
        )
        found += [fact for fact in about[:2] if fact.score >= about[0].score - 0.2]
    return tuple(found)


def about_it(facts: list[Fact]) -> list[Fact]:
    """Those lines that are about what was asked."""
    return [fact for fact in facts if fact.is_asked_for]


def _nearest(shelf: Shelf, request: Request, goods: tuple[Good, ...]) -> tuple[Fact, ...]:
    """The one line whose words are near the question without being about a known aspect."""
    best = max((shelf.facts(good, request.vector, (), request.text)[:1] for good in goods), key=_first_score)
    return tuple(best) if best and best[0].score >= NEAR_FACT else ()


def _first_score(facts: list[Fact]) -> float:
    return facts[0].score if facts else 0.0


def _none_of(shelf: Shelf, need: Need) -> Read | None:
    """A known kind of thing was asked for, and the shop has nothing of the kind."""
    kinds = set(need.tokens("t:"))
    if not kinds or len(shelf.goods) >= MOST_GOODS or any(kinds & good.tokens for good in shelf.goods):
        return None
    return Read("none", (), (), need, 0.62)


def _advice(
    shelf: Shelf, request: Request, need: Need, shop_id: int | None, text: str, *, has_focus: bool, is_named: bool
) -> Read | None:
    """Who talks about something already looks for something else only where he says so."""
    if request.vector is None:
        return None
    degrees = read_degrees(text)
    near = shelf.near(request.vector, request.text, need, shop_id, degrees)
    if not near:
        return None
    is_wish = _WISHES.search(text) is not None
    for_that = shelf.kinds_meant(request.vector, request.text, wants=is_wish)
    if (named := need.tokens("t:")) and (has_focus or any(map(shelf.has_kind, named))):
        # A kind was named as well: only a need of that kind counts.
        for_that &= frozenset(named)
    best, is_wish = near[0], bool(for_that) or is_wish
    if _EXISTS.search(text) and len(text) <= SHORT and (none := _none_of(shelf, need)) is not None:
        return none
    if _EXISTS.search(text) and len(text) <= SHORT and best.score < NEAR_THING:
        # One thing was asked for by its name, and the shop has none of that name.
        return _none_of(shelf, need)
    if has_focus and not is_wish and not is_named:
        return None
    wants = is_wish or (request.intent is not None and request.intent.label in _SHOPPING)
    if is_wish and not best.meets and NEAR_NOTHING < best.score < NEAR_SURE:
        return _none_of(shelf, need) or (None if has_focus else Read("ask", (), (), need, 0.6))
    if best.score < (NEAR_WISH if wants or is_named else NEAR_ANY):
        return None
    kept = keep_near(near, need, for_that, degrees)
    return Read(
        "advice",
        tuple(kept),
        tuple(aspects_in(text)),
        need,
        0.87 if for_that and not has_focus else 0.76 if wants else 0.58,
    )
