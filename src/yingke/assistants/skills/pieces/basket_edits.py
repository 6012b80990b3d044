"""What a short message changes in what was priced last: 「四把」, 「再加两个充气垫」, 「换成羽绒的呢」, 「不要灯了」, 「那最后付多少」."""

import re
from dataclasses import dataclass, field
from typing import Any

from yingke.assistants.skills.pieces import pre_words as words
from yingke.assistants.skills.pieces.basket import Wanted, read_counts, without_counts
from yingke.commerce.finding.need import names_a_thing, read_need
from yingke.kit.expression import expression
from yingke.knowledge.places import find_places

LONGEST = 36
MOST_LINES = 8
_SWAP = expression(
    r"(?:换成?|改成|改要|改买|改为|要是(?:买|要)?|如果(?:是|买|要)?)\s*(?:一?[个条件顶把]|那个|这个)?\s*(?P<to>[^，,。？?]{1,16}?)(?:的)?(?:呢|吧|呀|啊|的话|多少钱?|怎么算|可以吗|行吗|$)"
    r"|\b(?:make it|change (?:it )?to|what about|how about|instead)\s+(?:the |a )?(?P<en>[a-z0-9 -]{2,30})",
    re.IGNORECASE,
)
_ADD = expression(
    r"^(?:那|我|然后|哦|嗯|要是|如果)*(?:再|还要|另外|外加|加上?|多)(?:来|加|要|买|拿|拍|上)?|\b(?:add|plus|and also|another)\b",
    re.IGNORECASE,
)
_REMOVE = expression(
    r"(?:不要|去掉|删掉|拿掉|减掉|不买|不算|去了)(?P<what>[^，,。？?了]{0,12}?)(?:了|吧|的话|呢|$)|\b(?:without|remove|drop|no) (?:the )?(?P<en>[a-z -]{2,20})",
    re.IGNORECASE,
)
_TOTAL = expression(
    r"付多少|给多少|到手|实付|总共|一共|合计|总价|最后(?:是)?多少|会员价|^(?:那|如果是|要是)?(?:金卡|银卡|会员)(?:的|价)?(?:呢|多少|怎么算)|打下来|减完|算下来|要多少(?:钱)?$|多少钱[啊呀呢]?[?？]?$|\b(?:in total|altogether|final price|how much is that|total)\b",
    re.IGNORECASE,
)
_OTHER = expression(
    r"第[一二三四五1-5]|退|换货|保修|维修|发货|几天|什么时候|尺码|什么码|防水|区别|哪个|推荐|怎么样|可以吗|能不能|发票|快递|物流|订单|有货|库存|地址|坏|错",
    re.IGNORECASE,
)
_SENDS = expression(r"寄|发到|送到|邮|运费|那边|这边|\bship", re.IGNORECASE)
_UNIT_PRICE = expression(
    r"多少(?:钱)?一[个条把顶件张套只双包]|^一[个条把顶件张套只双包](?:是)?(?:多少|几)", re.IGNORECASE
)
_FILLER = re.compile(
    r"不要|不|了|那|我|就|要|买|来|拿|拍|行|好|算|吧|呢|的话|的|多少钱?|一共|总共|改成?|换成?|只|先|给|再|加|一起|帮|下|可以|哦|嗯|啊|呀|把|是|也|够|最后|价|钱|如果|要是|如|果|i'?ll|take|just|only|please|make|it|of|them|then|[\s,，。.!！?？~]",
    re.IGNORECASE,
)
MOST_BESIDE = 2
_MAKE_IT = expression(
    r"\b(?:make it|make that|change it to|just|only|i'?ll take|give me)\s+(\d{1,2}|one|two|three|four|five|six)\s*(?:then|please|of them|instead)?[.!?]*$",
    re.IGNORECASE,
)
_ENGLISH = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ADD_ONE = expression(r"^(?:那|我|要是|如果)*(?:再|还要|另外|外加|加上?)(?:来|加|要|买|拿)?(?:个|条|把|顶|件|张|套|盏)")


@dataclass(frozen=True, slots=True)
class Edited:
    """Lines as the tool takes them: {quantity, words} or {quantity, product_id, variant_id}; where it is sent, if told."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    region: str = ""


def edit_basket(text: str, basket: list[dict[str, Any]], region: str) -> Edited | None:
    """`basket`: {p: product, v: variant, q: quantity, t: title}. None: the words change nothing and ask for no total."""
    plain = text.strip()
    if not basket or not plain or len(plain) > LONGEST:
        return None
    lines = [_kept(one) for one in basket]
    counts = [one if names_a_thing(one.words) else Wanted(one.quantity, "") for one in read_counts(plain)]
    places = find_places(plain) if _SENDS.search(plain) else []
    if counts and not any(one.words for one in counts) and not _is_plain(plain):
        # 「我一个女的能搭起来吗」: a number, and a question on something else.
        return None
    if places and not counts:
        return Edited(lines, places[0].province)
    if (match := _MAKE_IT.search(plain)) is not None:
        counts = [Wanted(_ENGLISH.get(match[1].lower()) or int(match[1]), "")]
    elif not counts and _ADD_ONE.search(plain) and names_a_thing(plain):
        counts = [Wanted(1, _ADD_ONE.sub("", plain).strip(" 。.!！吧呢"))]
    changed = _swapped(plain, basket, lines, counts) or _removed(plain, basket, lines)
    if changed is None and counts and not _OTHER.search(plain):
        changed = _counted(plain, basket, lines, counts)
    if changed is None and words.NEXT_STEP.search(plain) and not names_a_thing(plain):
        changed = lines
    if (
        changed is None
        and _TOTAL.search(plain)
        and not counts
        and not _OTHER.search(plain)
        and not names_a_thing(plain)
    ):
        changed = lines
    return Edited(changed[:MOST_LINES], region) if changed else None


def _is_plain(plain: str) -> bool:
    """Beside the number hardly anything is said, and it is not asked what one costs."""
    if _UNIT_PRICE.search(plain):
        return False
    return len(_FILLER.sub("", without_counts(plain))) <= MOST_BESIDE


def _kept(line: dict[str, Any]) -> dict[str, Any]:
    return {"quantity": line["q"], "product_id": line["p"], "variant_id": line["v"], "words": line["t"]}


def _swapped(
    plain: str, basket: list[dict[str, Any]], lines: list[dict[str, Any]], counts: list[Wanted]
) -> list[dict[str, Any]] | None:
    """The last line becomes something else of its kind: 羽绒 after a 棉睡袋 is the 羽绒睡袋."""
    match = _SWAP.search(plain)
    if match is None or (counts and not counts[-1].words):
        return None
    to = (match["to"] or match["en"] or "").strip()
    if _ADD.search(to):
        # 「要是再来套锅呢」 adds, and takes nothing away.
        return None
    if not to or not (names_a_thing(to) or _tells(to)):
        return None
    is_property = plain[match.end("to") :].startswith("的") if match["to"] else not names_a_thing(to)
    words = f"{to}{_kind_of(basket[-1]['t'])}" if is_property or not names_a_thing(to) else to
    quantity = counts[-1].quantity if counts else basket[-1]["q"]
    return [*lines[:-1], {"quantity": quantity, "words": words}]


def _tells(words: str) -> bool:
    """A colour, a size, a material: what sets one of a kind apart."""
    return bool(read_need(words).tokens("c:", "z:", "q:")) or any("\u4e00" <= mark <= "\u9fff" for mark in words)


def _removed(plain: str, basket: list[dict[str, Any]], lines: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    match = _REMOVE.search(plain)
    if match is None:
        return None
    things = set(read_need(match["what"] or match["en"] or "").tokens("t:"))
    left = [line for line, one in zip(lines, basket, strict=True) if not things & set(read_need(one["t"]).tokens("t:"))]
    return left if things and left and len(left) < len(lines) else None


def _counted(
    plain: str, basket: list[dict[str, Any]], lines: list[dict[str, Any]], counts: list[Wanted]
) -> list[dict[str, Any]] | None:
    if _ADD.search(plain):
        added = [{"quantity": one.quantity, "words": one.words} for one in counts if one.words]
        if added:
            return [*lines, *added]
        return [*lines[:-1], lines[-1] | {"quantity": lines[-1]["quantity"] + counts[-1].quantity}]
    named = [one for one in counts if one.words]
    if named:
        return _stated(plain, basket, lines, named)
    return [*lines[:-1], lines[-1] | {"quantity": counts[-1].quantity}]


def _stated(
    plain: str, basket: list[dict[str, Any]], lines: list[dict[str, Any]], named: list[Wanted]
) -> list[dict[str, Any]] | None:
    """「椅子两个」 and nothing else goes with what was counted before; the same kind again is its new number."""
    if len(plain) > sum(len(one.words) + 4 for one in named):
        return None
    kept = [*lines]
    for one in named:
        things = set(read_need(one.words).tokens("t:"))
        same = [at for at, line in enumerate(basket) if things & set(read_need(line["t"]).tokens("t:"))]
        if same:
            kept[same[0]] = kept[same[0]] | {"quantity": one.quantity}
        else:
            kept.append({"quantity": one.quantity, "words": one.words})
    return kept


def _kind_of(title: str) -> str:
    tokens = read_need(title).tokens("t:")
    # The head of a Chinese name stands last: a 羽绒睡袋 is a 睡袋.
    return tokens[-1].removeprefix("t:") if tokens else title
