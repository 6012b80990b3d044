"""Turns what a visitor typed into questions that stand alone: several in one message, pronouns, left-out subjects."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from yingke.kit.expression import expression
from yingke.kit.recently import recently
from yingke.knowledge.concepts import find_asked, lexicon
from yingke.knowledge.dialect import in_standard
from yingke.knowledge.fold import fold
from yingke.knowledge.places import find_destination, find_places
from yingke.knowledge.ranges import asked_figures
from yingke.knowledge.small_talk import is_small_talk
from yingke.knowledge.terms import codes, words

_HARD_CUT = re.compile(r"[?？!！。;；\n]+")
_SOFT_CUT = re.compile(r"[,，、…~～\s]+")
_LATIN_SPACE = re.compile(r"(?<=[A-Za-z0-9'’.])\s+(?=[A-Za-z0-9'’$])")
_ASKS = re.compile(
    r"吗|呢|嘛|几|多少|多久|多大|多长|多重|多高|怎么|咋|如何|什么|啥|哪|谁|为何|为什么|(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)|"
    r"有没|能否|是否|可否|[不没]$|[不没][啊呀哦呢吧]$|(?:可以|能).*[吧么]$|what|when|where|which|how|why|who|\bdo\b|does|\bcan\b|\bis\b|\bare\b"
)
_PRONOUN = expression(r"[那这][个款件种顶双条台把盏套]|它|刚才|刚刚|上面|前面|\bit\b|\bthis\b|\bthat\b|\bthose\b")
_FILLER = frozenset(
    """
    今天 明天 后天 昨天 现在 早上 晚上 下单 买 拍 购买 店 家 店家 店里 老板 客服 宝贝 亲 商品 产品 东西
    款 有人 话 时候 时间 情况 问题 起来 出来 下来 支持 需要 是不是 有没 帮 看看 看 看下 介绍 推荐 好
    大概 一般 到底 真 真的 没事 没事吧 顺便 顺带 另外 收到 买了 拍了 号 天 几天 几号 时 带 条 睡 发 到 送 卖 算 快 不能 buy order ship item product shop
    store today tomorrow need want know tell get
    """.split()  # noqa: SIM905 - a list of 150 quoted words hides its words
)
_LEADING = "这那能会可要想还就再都也很太哪"
_TRAILING = "有是能会要的"
_EMPTY = frozenset("带条发买给加和出开用度水了过来去上下打有没不是个的得里家你我他它们两一几多少块件")
_VAGUE = frozenset(("多久", "多长时间", "多少天", "自己", "要紧", "不行"))
"""They tell nothing where it is known what is spoken of."""
_TOTAL = expression(r"一共|总共|合计|算下来|到手|最后多少|加起来|加上|[加和+与]|算一下|帮我算|in total|altogether")
_COUNTED = expression(r"[一两三四五六七八九十\d]+\s*(?:顶|个|件|条|套|把|盏|张|只|双|瓶|盒|包|台|份|袋|床|块)")
_COUNTED_THING = expression(
    r"[一两三四五六七八九十\d]+\s*(?:顶|个|件|条|套|把|盏|张|只|双|瓶|盒|包|台|份|袋|床|块|(?=\d+度))\s*"
    r"(.{1,12}?)(?=加|和|与|跟|再|[,，、+]|一共|总共|合计|多少|共|算|要|$)"
)
_HEADCOUNT = expression(r"[一两三四五六七八九十]人(?=的|用|住|睡|帐|份|位|座|款|套|$|[^\u4e00-\u9fff])")
_OF_SHOP = frozenset(
    ("invoice", "member", "member_level", "opening_hours", "payment", "installment", "cash_on_delivery", "coupon",
     "change_address", "privacy", "store")
)  # fmt: skip
"""Asked of the shop, whatever thing was spoken of before."""
_OF_SENDING = frozenset(
    ("ship_time", "delivery_time", "carrier", "shipping_fee", "change_address", "tracking", "abroad")
)
_HOW_LONG = expression(r"几天|多久|多长时间|几号|时候|快不快|慢不慢|几时|how long|when")
_BY_THE_WAY = re.compile(
    r"[,，。；;\s]*(?:顺便(?:再)?(?:问|看|帮)?[一下问]*|顺带(?:问)?[一下]*|另外(?:再)?(?:问)?[一下]*|对了|还想问(?:一?下)?|再问(?:一?下)?|还有(?=[,，\s]|就是|个(?:问题|事)|我)|再就是)[,，\s]*"
)
_BEGIN_BY_THE_WAY = frozenset("顺另对还再")
_LEAST_PART = 3
_MAX_ASKS = 4
_BIT = 12
_FIGURES = re.compile(r"\d{3,11}")
"""Alone in a message it belongs to what was said before: a tail, a telephone."""
_MAX_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `text` as typed, `search` standing alone, `subject` what it is about if that was left out.

    `concepts` maps concept positions to the words that asked for them; `content` are its telling words; `figures`
    its numbers with the word before each; `exact` are codes and head counts that nothing else can stand for. Without a concept in `required` no passage can answer.
    """

    text: str
    search: str
    subject: str
    concepts: dict[int, tuple[str, ...]]
    content: tuple[str, ...]
    required: frozenset[int]
    figures: tuple[tuple[str, float], ...] = ()
    exact: tuple[str, ...] = ()
    wants_total: bool = False
    wants_rules: bool = False


def understand(texts: Sequence[str], subjects: Sequence[str] = ()) -> list[Ask]:
    """The questions in the unanswered messages `texts`, the last four at most; none in mere politeness.

    `subjects` are what the conversation was about so far, most recent first: names or headings that were cited.
    """
    asks: list[Ask] = []
    for text in _joined(texts):
        carried = topic = ""
        for clause in split_questions(text[:_MAX_CHARS]):
            ask = _ask(clause, carried, subjects[0] if subjects else "")
            if topic and not (ask.concepts or carried or set(ask.content) - _VAGUE):
                ask = _ask(clause, topic, "")
            topic = " ".join(found[0] for found in ask.concepts.values()) or topic
            if ask.wants_total:
                asks += [*_price_asks(clause), _rules_ask(clause)]
                continue
            own = " ".join(ask.content[:3]) or _region(clause)
            carried = own or carried or ask.subject
            asks.append(ask)
    return asks[-_MAX_ASKS:] if len(asks) > _MAX_ASKS else asks


def _joined(texts: Sequence[str]) -> list[str]:
    """What was sent bit by bit is one message: a bit that asks nothing belongs to the one behind it."""
    joined: list[str] = []
    begun = ""
    for text in texts:
        whole = f"{begun} {text}".strip()
        if joined and not begun and _FIGURES.fullmatch(text.strip()):
            joined[-1] = f"{joined[-1]} {text.strip()}"
            continue
        is_bit = len(text) <= _BIT and not is_small_talk(text) and not _is_asking(text)
        if is_bit and not codes(fold(text)):
            begun = whole
        else:
            joined.append(whole)
            begun = ""
    return [*joined, begun] if begun else joined


def split_questions(text: str) -> list[str]:
    """Clauses that each ask one thing; what asks nothing joins the question it belongs to, and nothing crosses a word
    such as 顺便."""
    if _BEGIN_BY_THE_WAY.isdisjoint(text):
        return _clauses_of(text)
    parts = [part for part in _BY_THE_WAY.split(text) if part]
    if len(parts) == 1 or any(len(part.strip()) < _LEAST_PART for part in parts):
        return _clauses_of(text)
    return [clause for part in parts for clause in _clauses_of(part)]


def _clauses_of(text: str) -> list[str]:
    clauses: list[str] = []
    for sentence in _HARD_CUT.split(text):
        joined = _LATIN_SPACE.sub("\x00", sentence.strip())
        pending = ""
        first = len(clauses)
        for piece in filter(None, _SOFT_CUT.split(joined)):
            pending = f"{pending} {piece}".strip()
            if _is_asking(piece):
                clauses.append(pending)
                pending = ""
        if pending and len(clauses) > first:
            clauses[-1] = f"{clauses[-1]} {pending}"
        elif pending:
            clauses.append(pending)
    plain = [clause.replace("\x00", " ").strip() for clause in clauses]
    return _merge_statements([clause for clause in plain if not is_small_talk(clause) and not _is_one_key(clause)])


@recently
def _is_asking(text: str) -> bool:
    return _ASKS.search(fold(text)) is not None


def _is_one_key(clause: str) -> bool:
    """A key held down, such as 的的的的: no question."""
    return len(clause) > 3 and len(set(clause)) == 1


def _merge_statements(clauses: list[str]) -> list[str]:
    """A sentence that asks nothing is background of the question next to it."""
    merged: list[str] = []
    background = ""
    for clause in clauses:
        if len(clauses) == 1 or _is_asking(clause):
            merged.append(f"{background} {clause}".strip())
            background = ""
        elif merged and not background:
            merged[-1] = f"{merged[-1]} {clause}"
        else:
            background = f"{background} {clause}".strip()
    return [*merged, background] if background else merged


def about(clause: str, subject: str) -> Ask:
    """The question asked of `subject`, whatever words of its own it has."""
    return _ask(clause, subject, "")


def _region(clause: str) -> str:
    place = find_destination(fold(clause))
    return place.region if place is not None else ""


def _ask(clause: str, carried: str, subject: str) -> Ask:
    plain = in_standard(clause)
    folded = fold(plain)
    place = find_destination(folded)
    # A place is where the thing goes, not what the thing is.
    bare = folded.replace(place.name, " ") if place is not None else folded
    concepts = find_asked(bare)
    content = content_words(bare, concepts)
    points = bool(_PRONOUN.search(folded))
    borrowed = ""
    if (carried or subject or place is not None) and not set(content) - _VAGUE:
        content = ()
    if not content or (points and all(len(word) < 2 for word in content)):
        borrowed = carried or subject
    elif carried and not set(content) & set(carried.split()):
        borrowed = carried
    if concepts and {lexicon().names[position] for position in concepts} <= _OF_SHOP:
        borrowed = ""
    region = place.region if place is not None else next((one.region for one in find_places(borrowed)), "")
    concepts |= _of_delivery(folded, region, concepts)
    total = len(_COUNTED.findall(folded)) >= 2 or bool(_TOTAL.search(folded) and _COUNTED.search(folded))
    names = lexicon().names
    priced = any(names[position] == "price" for position in concepts)
    return Ask(
        text=clause,
        search=" ".join(filter(None, (borrowed, region if region not in f"{borrowed}{plain}" else "", plain))),
        subject=borrowed,
        concepts=concepts,
        content=content,
        required=_required(concepts),
        figures=tuple(asked_figures(folded)),
        exact=(*codes(folded), *_HEADCOUNT.findall(folded)),
        wants_total=total and priced,
    )


def _of_delivery(folded: str, region: str, concepts: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What is asked of a place that something is sent to: its own rule, and how long it takes unless something else is."""
    if not region:
        return {}
    names = lexicon().names
    remote = names.index("remote_area")
    found = {position: words for position, words in find_asked(region).items() if position == remote}
    if _HOW_LONG.search(folded) and not {names[position] for position in concepts} & _OF_SENDING:
        found[names.index("delivery_time")] = (region,)
    return found


def _price_asks(clause: str) -> list[Ask]:
    """What each counted thing costs, one question a thing; sums are never made."""
    folded = fold(clause)
    things = [found.group(1).strip() for found in _COUNTED_THING.finditer(folded)]
    asked = [f"{thing}多少钱" for thing in things if thing]
    return [replace(_ask(text, "", ""), text=text, wants_total=True) for text in asked]


def _rules_ask(clause: str) -> Ask:
    """The rules by which a price is made: discounts, thresholds, coupons and their order."""
    wanted = {name: position for position, name in enumerate(lexicon().names)}
    concepts: dict[int, tuple[str, ...]] = {wanted[name]: (name,) for name in ("promotion", "member", "coupon")}
    return Ask(
        clause,
        "会员折扣 满减活动 优惠券 计算顺序",
        "",
        concepts,
        (),
        _required(concepts),
        wants_total=True,
        wants_rules=True,
    )


def _required(concepts: Iterable[int]) -> frozenset[int]:
    needed = lexicon().required
    return frozenset(position for position in concepts if needed[position])


def content_words(folded: str, concepts: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Telling words that no concept accounts for, in order, each once."""
    rest = _PRONOUN.sub(" ", folded)
    for literal in sorted({literal for found in concepts.values() for literal in found}, key=len, reverse=True):
        rest = rest.replace(literal, " ")
    telling = (_bare(word) for word in words(rest) if word not in _FILLER and not word.isdecimal())
    return tuple(dict.fromkeys(word for word in telling if word not in _FILLER and not set(word) <= _EMPTY))


@recently
def telling_words(text: str) -> str:
    """The first telling words of an earlier message: what the customer was speaking of."""
    folded = fold(text[:_MAX_CHARS])
    content = [word for word in content_words(folded, find_asked(folded)) if len(word) > 1]
    return " ".join(content[:2])


def _bare(word: str) -> str:
    """Without what the knife left on it: 屏有 in 便携屏有音响吗."""
    bare = word.lstrip(_LEADING)
    return bare.rstrip(_TRAILING) if len(bare) > 1 else bare
