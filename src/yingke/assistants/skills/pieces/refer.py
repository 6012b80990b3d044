"""Which of the goods that were spoken of is meant: 「便宜的那个」, 「第二个」, 「大的」, 「前面那个」, 「另一个」."""

import re

from yingke.assistants.goods.ends import by_figure, by_price
from yingke.assistants.goods.shelf import Good
from yingke.assistants.skills.pieces.focus import speak_of
from yingke.assistants.skills.pieces.going_on import POINTED, open_turn_about
from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.words.cut import class_spans, fold
from yingke.commerce.words.measure_words import COUNTING
from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression

_PIECE = f"款种{COUNTING}"
_THAT = rf"(?:那|这)(?:一)?[{_PIECE}]"
_BY_END = expression(
    rf"(?P<end>便宜|贵|轻|重|大|小|厚|薄|长|短|暖和?|保暖|亮|结实|新)(?:一?点|一?些)?的(?P<that>{_THAT})?"
)
_NTH = expression(rf"第(?P<n>[一二三四五1-5])(?:[{_PIECE}])|\b(?P<en>first|second|third) one\b", re.IGNORECASE)
MOST_BEFORE = 4
_PLACES = {"first": 1, "second": 2, "third": 3}
_LAST = expression(rf"(?:最后|后面|后边)(?:那|这)?一?[{_PIECE}]")
_BEFORE = expression(rf"(?:前面|之前|刚才|前边|上面|上|前)(?:说的|看的|那|这)?一?[{_PIECE}](?!月|星期|礼拜)")
_OTHER = expression(rf"(?:另(?:外)?(?:一)?|其他那)(?:那)?[{_PIECE}]|\bthe other one\b", re.IGNORECASE)
_WANTS_OTHERS = re.compile(r"有(?:没有|木有)?|更|再|最|换|推荐|找")
_ASKS_FOR_SUCH = re.compile(r"\s*(?:有(?:吗|没|么|不)|吗|么|没有?|推荐)")


def narrow_focus(work: Work) -> None:
    """Puts the one that is meant in the front; changes nothing where the words point at none of them."""
    talk = work.talk
    open_turn_about(work)
    if work.shelf is None:
        return
    text = fold(work.text)
    if len(talk.product_ids) == 1 and _OTHER.search(text) and (other := _other_of_kind(work)) is not None:
        speak_of(work, [str(other.id)])
        work.read[POINTED] = True
    if len(talk.product_ids) < 2 and talk.in_focus < 2:
        return
    near = work.shelf.get(talk.product_ids[: max(talk.in_focus, 2)])
    kinds = {token for token, _, _ in class_spans(text) if token[0] == "t"}
    if len(near) < 2 or (kinds and not any(kinds & good.things for good in near)):
        return
    chosen = _placed(work, text, near) or _at_the_end(text, near)
    if chosen is not None:
        speak_of(work, [str(chosen.id)])
        work.read[POINTED] = True


def _other_of_kind(work: Work) -> Good | None:
    """Of two of a kind the one that was not spoken of."""
    assert work.shelf is not None
    spoken = work.shelf.get(work.talk.product_ids[:1])
    others = [one for good in spoken for one in work.shelf.goods if one is not good and one.things & good.things]
    return others[0] if len(others) == 1 else None


def _placed(work: Work, text: str, near: list[Good]) -> Good | None:
    if match := _NTH.search(text):
        place = _PLACES.get((match["en"] or "").lower()) or int(number_of(match["n"] or "") or 1)
        return near[place - 1] if place <= len(near) else None
    if _LAST.search(text):
        return near[-1]
    if _OTHER.search(text):
        return near[1]
    if _BEFORE.search(text):
        return near[0] if work.talk.in_focus > 1 else near[1]
    return None


def _at_the_end(text: str, near: list[Good]) -> Good | None:
    match = _BY_END.search(text)
    if match is None:
        return None
    after = text[match.end() :]
    end, is_price = match["end"], match["end"] in ("便宜", "贵")
    wants_others = _WANTS_OTHERS.search(text[: match.start()]) or _ASKS_FOR_SUCH.match(after)
    if not match["that"] and (wants_others or match.start() > MOST_BEFORE or (is_price and len(after) <= 1)):
        return None
    return by_price(near, end) if is_price else by_figure(end, near)
