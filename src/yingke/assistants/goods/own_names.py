"""What a shop's own titles and variants call things and colours that no vocabulary knows: 燕窝, 雾蓝."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import rjieba

from yingke.commerce.words.cut import fold, known_spans, size_tokens
from yingke.commerce.words.own_words import OWN, OwnWords

_RUN = re.compile(r"[\u3400-\u9fff]+")
_HAN_ONLY = re.compile(r"[\u3400-\u9fff]{2,8}")
_PARTS = re.compile(r"[\s/、，,|+;；:：_\-·#（）()【】\[\]0-9]+")
_BEHIND = frozenset(
    """
    装 件套 套装 礼盒 礼盒装 盒装 袋装 瓶装 罐装 组合 组合装 款 新款 同款 男款 女款 系列 加厚 加大 大码 小码 升级版 升级 经典 经典款 旗舰 正品
    包邮 特价 专用 家用 商用 单品 双人 单人 男女 男士 女士 儿童 成人 高级 豪华 标准 标准版 版 型 号 个 片 袋 盒 瓶 支 只 条 包 罐 组 份 全套 一套
    便携 迷你 大号 小号 中号 原味 多色 纯色 春夏 秋冬 春秋 夏季 冬季 新品 爆款 热卖 推荐 现货 预售
    """.split()  # noqa: SIM905 - a list of quoted words hides its words
)
"""What stands behind the thing in a title and is none."""
_NO_COLOUR = re.compile(
    r"默认|标准|通用|如图|均码|单品|套餐|规格|套装|[大中小加]号|[大小]份|[一两三二双单][个件条只盒袋瓶包箱份]|\d"
)
_NUMBER = re.compile(r"(?<![\d.])(\d{1,3})(?![\d.])(?:\s*[号码色])?")
_BEHIND_NUMBER = ("号", "码", "的", "色", "呢", "那", "还", "有")
SHORTEST, LONG, LONGEST = 2, 3, 6


def own_words_of(nouns: Iterable[str], short: Mapping[str, str], variants: Collection[str]) -> OwnWords | None:
    """What the vocabulary does not know of these nouns, short names (with their tokens) and titles of variants."""
    whole = {noun: own_thing(noun) for noun in nouns}
    named = [(phrase, token) for noun, token in whole.items() for phrase in (noun, *phrases_of(noun))]
    unknown = [(phrase, token) for phrase, token in named if not known_spans(phrase)]
    unknown += [(phrase, token) for phrase, token in short.items() if not _names_kind(phrase)]
    things = [(phrase, whole.get(phrase, token)) for phrase, token in unknown]
    return OwnWords.of([*things, *own_colours(variants), *own_numbers(variants)])


def colours_of(variants: Collection[str]) -> frozenset[str]:
    """The tokens of what such variants alone are called."""
    return frozenset(token for _, token in (*own_colours(variants), *own_numbers(variants)))


def noun_of(title: str, category: str) -> str:
    """The last word of the title proper; empty where there is none. The run that shares most with the category is the title
    proper, else the longest."""
    runs = [(run, noun) for run in _RUN.findall(fold(title)) if (noun := _last_word(run))]
    if not runs:
        return ""
    kind = set(fold(category))
    return max(runs, key=lambda one: (len(kind & set(one[1])), len(one[0])))[1]


def own_thing(noun: str) -> str:
    """The token of a noun."""
    return f"t:{OWN}{noun}"


def phrases_of(noun: str) -> Iterator[str]:
    """What people say for it: 银耳羹, 耳羹, and 羹子 as 饺子 for 水饺."""
    for at in range(len(noun) - 1):
        yield noun[at:]
    yield f"{noun[-1]}子"


def short_names(title: str) -> Iterator[str]:
    """How people shorten a title: its first three signs (烟酰胺), or two that cut a known word (黑巧)."""
    run = next(iter(_RUN.findall(fold(title))), "")
    if len(run) <= LONG:
        return
    yield run[:LONG]
    if any(start < SHORTEST < end for *_, (start, end) in known_spans(run)):
        yield run[:SHORTEST]


def own_colours(variants: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(phrase, token) of what tells variants apart: 枫叶 and 枫叶色; whole names of colours that are one of several blues."""
    for part in {part for one in variants for part in _PARTS.split(fold(one))}:
        bare = part.removesuffix("色") if len(part) > SHORTEST else part
        if not _HAN_ONLY.fullmatch(bare) or _NO_COLOUR.search(part) or size_tokens(part):
            continue
        spans = known_spans(bare)
        if any(end - start == len(bare) for *_, (start, end) in spans):
            continue
        token = f"c:{OWN}{bare}"
        yield bare, token
        yield f"{bare}色", token


def own_numbers(variants: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(phrase, token) of variants that are told by a number: 「05 正红」, 「40 码」; a number alone is none."""
    for one in {fold(one) for one in variants}:
        for match in _NUMBER.finditer(one):
            token, number = f"c:{OWN}{match[1]}", match[1]
            if match[0] != number:
                yield match[0], token
            yield f"{number} ", token
            for behind in _BEHIND_NUMBER:
                yield f"{number}{behind}", token
            yield f"那{number}", token
            yield f"领围{number}", token


def _names_kind(phrase: str) -> bool:
    return any(token[0] == "t" for token, _, _ in known_spans(phrase))


def _last_word(run: str) -> str:
    words = rjieba.cut(run)
    while words and words[-1] in _BEHIND:
        words.pop()
    if not words:
        return ""
    noun = words[-1] if len(words[-1]) > 1 or len(words) < 2 else f"{words[-2]}{words[-1]}"
    return noun if SHORTEST <= len(noun) <= LONGEST else ""
