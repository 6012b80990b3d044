"""What stands beside the goods of a basket: those named only to be dismissed, and 「这两样一起」 for those spoken of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.assistants.skills.pieces.cart_lines import Item, Line, place_of
from yingke.assistants.skills.pieces.cart_words import Op
from yingke.assistants.skills.pieces.goods_said import Said
from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression

_HAS = r"(?:我|我们|俺|家里|家|已经|已|都|自己|这边|手头|还|早就?|也|以前|之前|原来)"
_AWAY_BEHIND = re.compile(
    rf"\s*(?:的话)?(?:{_HAS}+有(?:了|的|(?=$|[\s,，。就只光]))|有了|{_HAS}+买(?:过了?|了)"
    r"|(?:就|先|也|都|暂时|以后|下次|改天|回头|那)*(?:算了|不考虑|不看|不想要|再说|免了|不急|不缺|够了|够用|没必要)了?"
    r"|(?:先|就|那|你)*(?:别|不)(?:算|加|计)(?:进去|进来|上|在内|里面?)?了?)"
)
_AWAY_BEFORE = re.compile(
    r"(?:(?:先|暂时|就|也)*(?:不(?:看|考虑|谈|提|聊)|别(?:看|管|提)|不说|不是)(?:那个|这个|了)?|(?:已经|家里|自己|我)有(?:了|个|一个|一顶|一把)?)$"
)
_OWNED = re.compile(r"(?:^|[\s,，。])(?:我|已经|家里|自己|早就|都)*有(?:个|一[个顶把条张件双套])?$")
_AND_OWNED = re.compile(r"了(?![吗么没])")
_POINTED = r"(?:[这那]|上[面边]|前面|刚才|刚刚|说的)+"
_SO_MANY = r"[俩仨两二三四2-4]"
_AS_ONE = r"一起|一块儿?|一道|一并|凑(?:一?起|一块儿?|在一起|齐|成一[单套])|都(?:要|来|拿|买|下单)|全(?:要|来|拿|买)|打包|搭着?"
_IN_SUM = r"合起来|加起来|加一块儿?|合计|一共|总共|拢共|统共|总价|多少钱|算"
_THESE = expression(
    rf"(?:{_POINTED}(?P<a>{_SO_MANY})(?:个|样|件|款|种|者|条|把|顶|份)?|(?<![来要拿买加订拍再第])(?P<b>{_SO_MANY})(?:样|款|种|者)|(?P<c>俩|仨))"
    rf"(?:儿|东西|商品|玩意儿?)?\s*(?:都|全|就|给我)?(?:{_AS_ONE}|{_IN_SUM})"
    rf"|(?<![来要拿买加订拍再第])(?P<d>{_SO_MANY})(?:个|件)\s*(?:都|全|就)?(?:{_AS_ONE})"
)


@dataclass(frozen=True, slots=True)
class These:
    start: int
    end: int
    count: int


@dataclass(frozen=True, slots=True)
class Away:
    """The words that dismiss a thing; `start` equals `end` where they stand before it."""

    start: int
    end: int


def these_together(folded: str) -> These | None:
    """「这俩凑一块儿」: so many of the goods that were spoken of, one of each."""
    match = _THESE.search(folded)
    said = next(filter(None, match.groups()), "") if match is not None else ""
    count = number_of({"俩": "两", "仨": "三"}.get(said, said))
    return These(match.start(), match.end(), int(count)) if match is not None and count else None


def dismissal(folded: str, said: Said) -> Away | None:
    """「帐篷我有」, 「先不看帐篷」: named in order to say that it is not wanted."""
    if (behind := _AWAY_BEHIND.match(folded, said.end)) is not None:
        return Away(behind.start(), behind.end())
    if (before := _AWAY_BEFORE.search(folded[: said.start])) is not None:
        return Away(before.start(), said.start)
    owned = _OWNED.search(folded[: said.start]) and _AND_OWNED.match(folded, said.end)
    return Away(said.end, owned.end()) if owned else None


def away_spans(away: Sequence[tuple[Said, Away]]) -> list[Away]:
    return [gone for _, gone in away]


def without_dismissed(
    said: list[Said], ops: list[Op], away: Sequence[tuple[Said, Away]], basket: Sequence[Line]
) -> tuple[list[Said], list[Op]]:
    """What is dismissed and lies in the basket is taken out of it; the rest was never meant."""
    gone = {one.start: words for one, words in away}
    kept: list[Said] = []
    added: list[Op] = []
    for one in said:
        if (words := gone.get(one.start)) is None:
            kept.append(one)
        elif place_of(basket, Item(one.start, one.end, one, None)) is not None:
            kept.append(one)
            at = max(words.start, one.end)
            added.append(Op("remove", at, max(words.end, at)))
    rest = [op for op in ops if not any(op.start < one.end and op.end > one.start for one in gone.values())]
    return kept, sorted([*rest, *added], key=lambda op: op.start)
