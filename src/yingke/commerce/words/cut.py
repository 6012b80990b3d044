"""Cuts text of shoppers and of shops into the same tokens: classes of words, people, sizes, measures, codes, and the rest."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import opencc
import rjieba

from yingke.commerce.words.number_of import number_of
from yingke.commerce.words.own_words import OwnWords, own_words
from yingke.kit.recently import recently

LONGEST_TOKEN = 40
_PREFIX = {"things": "t", "traits": "q", "colours": "c", "nothing": ""}
_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_LATIN = re.compile(r"[a-z0-9]+(?:[-._/'][a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ALNUM, _LETTER = re.compile(r"[a-z0-9]"), re.compile(r"[a-z]")
_PEOPLE_ZH = re.compile(
    r"(?:([一二两俩双三仨四五六七八单\d]{1,2})\s*[-–~到至、或]\s*)?([一二两俩双三仨四五六七八单\d]{1,2})\s*"
    r"(?:个?人|个大人|口人|口之家|口|个(?:大?老爷们|大?男人|汉子|女生|男生|姑娘|同学|同事|朋友|学生|哥们))(?!份|民)"
)
_FAMILY = re.compile(
    r"([一二两俩三四五六\d])\s*个?\s*大(?:人)?[\s,，、和带加跟+]*([一二两俩三四五六\d])?\s*个?\s*(?:小孩?子?|娃娃?|孩子|宝宝|儿童)"
)
_RELATIVE = r"(爸妈|父母|爹妈|[一二两俩三四\d]个?(?:孩子|娃|小孩|宝宝|朋友|同事|室友)|老婆|老公|媳妇|对象|女朋友|男朋友|女友|男友|爱人|闺蜜|孩子|儿子|女儿|娃|宝宝|爸爸?|妈妈?|朋友|室友)"
_WITH = re.compile(
    rf"我(?:自己)?\s*(?:和|跟|与|带着?|还有|加)\s*(?:我)?(?:的)?{_RELATIVE}(?:\s*(?:和|跟|与|带着?|还有|加|、)\s*{_RELATIVE})?"
)
_TWO_OF_THEM = ("爸妈", "父母", "爹妈")
_PEOPLE_SHORT = re.compile(r"([俩仨])")
_PEOPLE_EN = re.compile(
    r"(?:(\d|one|two|three|four|five|six|eight)\s*(?:-|–|to|or)\s*)?(\d|one|two|three|four|five|six|eight)[\s-]*"
    r"(?:persons?|people|man|adults?|sleepers?)\b|\b(?:for|sleeps)\s+(one|two|three|four|five|six|eight|\d)\b(?!\s*(?:hundred|yuan|rmb))"
)
_UNITS = {
    "毫安时": "mah", "毫安": "mah", "mah": "mah", "升": "l", "l": "l", "毫升": "ml", "ml": "ml", "公斤": "kg", "千克": "kg",
    "kg": "kg", "克": "g", "g": "g", "斤": "jin", "厘米": "cm", "公分": "cm", "cm": "cm", "米": "m", "毫米": "mm", "mm": "mm",
    "度": "deg", "℃": "deg", "°c": "deg", "°": "deg", "degrees": "deg", "degree": "deg", "瓦": "w", "w": "w", "千瓦": "kw",
    "kw": "kw", "寸": "inch", "英寸": "inch", "inch": "inch", "gb": "gb", "g内存": "gb", "tb": "tb", "码": "size",
    "小时": "hour", "hours": "hour", "片": "piece", "条": "piece", "支": "piece",
}  # fmt: skip
_MEASURE = re.compile(
    r"(-?\d+(?:\.\d+)?)\s*(" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + r")(?![a-z])"
)
_TEN_DEGREES = re.compile(r"(?<![一二三四五六七八九])(零|十|二十|三十)\s*度")
_SIZE = re.compile(
    r"(?<![a-z0-9])(x{0,4}[sl]|[2-6]xl|m|均码|free size|one size)(?:码|号|\b|(?=[\u4e00-\u9fff]))(?![a-z0-9%])"
)
_SIZE_WORDS = (
    (re.compile(r"(?:加加大|特特大|超特大)(?:码|号)?"), "xxl"),
    (re.compile(r"(?<![加特超])(?:加大|特大|超大)(?:码|号|的(?=$|外|衣|那|来|一|有|还|多|拿|要|两|[吗呢,，。?？\s]))"), "xl"),
    (re.compile(r"(?<![加特超最均])大(?:码|号(?!召|称))"), "l"),
    (re.compile(r"(?<![期高])(?:中(?:码|号)|中等码)"), "m"),
    (re.compile(r"(?<![加特超最])小(?:码|号)"), "s"),
    (re.compile(r"(?:加小|特小|超小)(?:码|号|的)?"), "xs"),
)  # fmt: skip
"""Sizes of clothes as they are said."""
_STOP = frozenset(
    """
    的 了 吗 呢 吧 啊 呀 哦 嘛 么 哈 啦 是 我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 这些 那些 有 有没有 没有 没 在 和 与
    或 或者 就 都 也 还 又 再 很 太 才 只 把 被 给 对 从 到 向 让 为 以 而 但 但是 如果 请问 请 麻烦 谢谢 你好 您好 亲 想 要 想要
    能 能不能 可以 可不可以 会 不会 是不是 行 不 别 去 来 上 下 里 中 怎么 怎样 怎么样 如何 什么 为什么 哪 哪里 哪个 哪些 哪款 谁
    几 多少 个 一个 一下 一 些 点 一点 种 之 该 每 各 等 及 并 且 所 着 过 得 地 用 做 说 知道 告诉 问 现在 已经 然后 因为 所以 买
    推荐 介绍 适合 款 价格 价钱 便宜 元 块 块钱 钱 多少钱 以内 以下 以上 左右 之内 不超过 预算 贵 带 条 把 顶 件 双 只 台 有货 现货 库存
    商品 产品 东西 你家 你们家 店里 看看 找 找个 求 一款 有什么 颜色 尺码 尺寸 大小 容量 重量 两 三 四 五 人 个人 睡得下 得下
    a an the is are was were be do does did i you your my we it this that of to in on for and or with can could would how what
    when where which who me please any there have has if from at as not will need want looking buy show some recommend
    under below over above less more than within up about around budget yuan rmb cny usd dollars price cheap something
    """.split()  # noqa: SIM905 - a list of quoted words hides its words
)


_IN_CODE = re.compile(r"[a-z0-9.\-]")
_COUNTS, _COUNTED = "米包杯碗", re.compile(r"[\d一二两三四五六七八九十几半每多少]")
"""Behind a number these are measures and no things."""
Named = tuple[str, str, tuple[int, int]]
"""A token, the words it was said in, and where they stand."""


@cache
def _classes() -> tuple[dict[str, str], dict[str, tuple[str, ...]], "re.Pattern[str]"]:
    """Phrase → class, the Chinese phrases by their first sign, the longest first, and the pattern of English ones."""
    tables = tomllib.loads(files("yingke.commerce.words").joinpath("vocabulary.toml").read_text("utf-8"))
    named: dict[str, str] = {}
    for kind, rows in tables.items():
        for row in rows:
            for phrase in row:
                named.setdefault(phrase, f"{_PREFIX[kind]}:{row[0]}" if _PREFIX[kind] else "")
    latin = sorted((phrase for phrase in named if phrase.isascii()), key=len, reverse=True)
    han = sorted((phrase for phrase in named if not phrase.isascii()), key=len, reverse=True)
    by_first: dict[str, list[str]] = {}
    for phrase in han:
        by_first.setdefault(phrase[0], []).append(phrase)
    return (
        named,
        {first: tuple(phrases) for first, phrases in by_first.items()},
        re.compile(r"(?<![a-z0-9'’])(" + "|".join(map(re.escape, latin)) + r")(?:e?s)?(?![a-z0-9])"),
    )


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """Half width, lower case, simplified."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return str(_TO_SIMPLIFIED.convert(folded.encode("utf-8", "replace").decode()))


def class_tokens(folded: str) -> list[str]:
    """Classes named in the text, such as `t:帐篷` (thing), `q:防水` (trait) and `c:绿` (colour), each once."""
    return list(dict.fromkeys(token for token, _, _ in class_spans(folded)))


def class_spans(folded: str) -> list[Named]:
    """The longest phrase at each place, none over another; English words behind the Chinese ones. What the shop itself
    calls its goods counts as well, see `own_words`."""
    return _class_spans(folded, own_words())


def known_spans(folded: str) -> list[Named]:
    """Of the vocabulary alone, whatever shop is heard."""
    return _class_spans(folded, None)


@recently
def _class_spans(folded: str, own: OwnWords | None) -> list[Named]:
    named, han, latin = _classes()
    found: list[Named] = []
    at, end = 0, len(folded)
    while at < end:
        phrase = next((one for one in han.get(folded[at], ()) if folded.startswith(one, at)), "")
        token = named.get(phrase, "")
        if own is not None and len(said := own.at(folded, at)) > len(phrase) and not _cuts(folded, at, said):
            phrase, token = said, own.tokens[said]
            if token[:2] == "c:":
                # 雾蓝 is a blue as well.
                found += [(one, phrase, (at, at + len(said))) for one in _colours_in(said)]
        if len(phrase) == 1 and phrase in _COUNTS and at > 0 and _COUNTED.match(folded[at - 1]):
            token = ""
        if token:
            found.append((token, phrase, (at, at + len(phrase))))
        at += len(phrase) or 1
    if _ALNUM.search(folded) is None:
        return found
    return [*found, *((named[match[1]], match[0], match.span()) for match in latin.finditer(folded))]


@lru_cache(maxsize=4096)
def _colours_in(phrase: str) -> tuple[str, ...]:
    """The known colours within a name of a shop's own."""
    named, han, _ = _classes()
    found = (one for at in range(len(phrase)) for one in han.get(phrase[at], ()) if phrase.startswith(one, at))
    return tuple(dict.fromkeys(named[one] for one in found if named[one][:2] == "c:"))


def _cuts(folded: str, at: int, said: str) -> bool:
    """A word of the vocabulary begins within `said` and goes on behind it, or a code or figure holds its number."""
    _, han, _ = _classes()
    end = at + len(said)
    if said[0].isdigit() and at > 0 and _IN_CODE.match(folded[at - 1]):
        return True
    return any(
        place + len(phrase) > end and folded.startswith(phrase, place)
        for place in range(at + 1, end)
        for phrase in han.get(folded[place], ())
    )


def people_tokens(folded: str) -> list[str]:
    """For how many: `p:2`; a span 2–3 gives both."""
    return list(dict.fromkeys(token for token, _, _ in people_spans(folded)))


@recently
def people_spans(folded: str) -> list[Named]:
    counted = []
    if "人" in folded or "口" in folded or "个" in folded:
        counted = [(match, _span(match[1], match[2])) for match in _PEOPLE_ZH.finditer(folded)]
    if _LETTER.search(folded):
        counted += [(match, _span(match[1], match[2] or match[3])) for match in _PEOPLE_EN.finditer(folded)]
    if "大" in folded and (match := _FAMILY.search(folded)) is not None:
        counted = [one for one in counted if one[0].end() <= match.start() or one[0].start() >= match.end()]
        counted.append((match, [_number(match[1]) + (_number(match[2]) if match[2] else 1)]))
    if not counted and "我" in folded and (match := _WITH.search(folded)) is not None:
        counted = [(match, [1 + sum(map(_heads, filter(None, match.groups())))])]
    if not counted:
        counted = [(match, [_number(match[1])]) for match in _PEOPLE_SHORT.finditer(folded)]
    return [(f"p:{count}", match[0], match.span()) for match, counts in counted for count in counts]


def measure_tokens(folded: str) -> list[str]:
    """Numbers with a unit: `10000mah`, `10deg`, `1.6l`."""
    spoken = _TEN_DEGREES.sub(
        lambda match: {"零": "0", "十": "10", "二十": "20", "三十": "30"}[match[1]] + "度", folded
    )
    return list(dict.fromkeys(f"{float(match[1]):g}{_UNITS[match[2]]}" for match in _MEASURE.finditer(spoken)))


def size_tokens(folded: str) -> list[str]:
    """Sizes of clothes: `z:m`, `z:xl`."""
    found = [
        {"均码": "free", "free size": "free", "one size": "free"}.get(match[1], match[1])
        for match in _SIZE.finditer(folded)
    ]
    if "码" in folded or "号" in folded or "大的" in folded:
        found += [size for _, size in sorted(_worded_sizes(folded))]
    return [f"z:{'x' * int(one[0]) + 'l' if one[0].isdigit() else one}" for one in dict.fromkeys(found)]


def worded_size_spans(folded: str) -> list[tuple[int, int]]:
    """Where a size is said in words: 大码, 加大的."""
    return [span for span, _ in _worded_sizes(folded)]


def _worded_sizes(folded: str) -> list[tuple[tuple[int, int], str]]:
    found: list[tuple[tuple[int, int], str]] = []
    for words, size in _SIZE_WORDS:
        for match in words.finditer(folded):
            if all(match.start() >= end or match.end() <= start for (start, end), _ in found):
                found.append((match.span(), size))
    return found


def plain_tokens(folded: str) -> list[str]:
    """Words without stop words, in order."""
    found = [_stem(word) for word in _LATIN.findall(folded)]
    for run in _HAN.findall(folded):
        found += rjieba.cut(run)
    return [word[:LONGEST_TOKEN] for word in dict.fromkeys(found) if word not in _STOP]


def pair_tokens(folded: str) -> list[str]:
    """Neighbouring Chinese characters, for words that are cut differently."""
    pairs = [run[at : at + 2] for run in _HAN.findall(folded) for at in range(len(run) - 1)]
    return list(dict.fromkeys(pairs))


def _span(first: str | None, last: str) -> list[int]:
    end = _number(last)
    start = _number(first) if first else end
    return list(range(start, end + 1)) if 0 < start <= end <= 20 else []


def _heads(relative: str) -> int:
    return 2 if relative in _TWO_OF_THEM else _number(relative[0]) or 1


def _number(word: str) -> int:
    return int(number_of(word) or number_of(word[-1]) or 0)


def _stem(word: str) -> str:
    if len(word) > 4 and word.isalpha():
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word
