"""What a message in one of thirteen languages says of shopping, in Chinese shop words and its own order.

It is no translation: what no row of the table knows is left out, and nothing of it is ever shown. What it keeps is what
the skills go by: things with their numbers, units, sizes, order numbers, and what is asked of them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yingke.commerce.words.foreign import LANGUAGES, Kind
from yingke.commerce.words.stems import bare, said_wholly, stems, things_in_english
from yingke.kit.recently import recently

_SPACELESS = ("ja", "ko", "th")
"""A stem may stand anywhere in these; elsewhere it begins a word."""
_NOT_LATIN = ("ja", "ko", "th", "ru", "ar")
_COMPOUNDS = ("de",)
_LONG_ENOUGH = 4
"""From so many letters on a stem is found inside a compound: Campinglampe."""
_WHOLE_WORD = 3
"""Stems up to this length are whole words; longer ones may be followed by an ending."""
_EXACT = ("vi",)
_ARABIC_FRONT = re.compile(r"(?:^|(?<=[^\w]))[وفبلك]{0,2}(?:ال|لل)?$")
_DUAL = re.compile(r"\w*ين\b")
_KEPT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|[A-Z]{1,6}[-_]?[A-Z]*\d[A-Z\d_-]*|(?<![A-Za-z])(?:\dXL|X{0,3}[SL]|M)(?![A-Za-z'’])",
    re.ASCII,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d{1,2}(?!\d))?", re.ASCII)
_STOP = re.compile(r"[?？!！。;；؟\n]|\.(?:\s|$)")
_COMMA = re.compile(r"[,，、،]")
_PARTS = re.compile(r"[，？]")
_ASKS = re.compile(r"吗|呢|什么|几|多少|多[久厚长大]|哪|谁|怎么")
_MAY = re.compile(r"可以.{0,4}(?:退|换|取消)|(?:退|换)货可以")
_ASKED = re.compile(
    r"(?i:\bor not\b|^(?:got|any|do|does|is|are|can|have|did|will|would|could)\b)|[?？؟]|(?:か|かな)[。!！\s]*$|ไหม|มั้ย|\bهل\b|\b(?:không|nggak|apakah)\b|(?:나요|까요|가요|어요|되나|을까)\s*$"
)
_MEASURES = (
    "重量", "能承重多少公斤", "尺寸", "多长", "多厚", "容量", "多少升", "火力多大", "温标几度", "电池多少毫安", "能用几个小时", "R值", "运费", "关税",
    "定金", "积分",
)  # fmt: skip
_AMOUNTS, _FEES, _LAST = ("多少", "多少钱"), ("运费", "关税", "定金"), ("保修", "发货", "送到", "退货", "换货")
"""How much of free postage is from what sum on; how much of a fee is that fee; how long is no length of these."""
_POLITE = ("你好", "谢谢")
_QUESTIONS = (
    "多少钱", "有货", "防水", "重量", "能承重多少公斤", "尺寸", "多长", "多厚", "容量", "多少升", "保修", "运费", "尺码", "还有多少", "火力多大",
    "能用几个小时", "电池多少毫安", "温标几度", "R值", "什么材质", "材质", "充电", "能机洗吗", "能拼在一起吗", "几分钟搭好", "什么颜色", "包邮",
)  # fmt: skip
"""Two of them side by side are two questions."""
_QUALITIES = ("折叠", "露营", "棉", "羽绒", "两人", "四人")
"""What stands before a thing and tells one of a kind from the other."""
_ALONE = {"棉": "棉的呢", "羽绒": "羽绒的呢", "大的那个": "大的那个呢", "小的那个": "小的那个呢", "大帐篷": "大帐篷呢"}
"""Said alone, of what was spoken of before."""
_SIZE = re.compile(r"\dXL|X{0,3}[SL]|M", re.ASCII)
_WORN = ("外套", "鞋子", "裙子")
_PRICES = ("多少钱", "一共多少钱")
_GOES_ON = re.compile(
    r"^\W*(?:and|what about|how about|for|y|e|et|und|а|и|でしたら|じゃあ|では|그럼|그러면|dan|kalau|và|còn|แล้ว|و|ok(?:ay)?)(?![a-zà-ÿа-я])|[?？؟]|(?:だと|なら|면요?|이요|は)\W*$",
    re.IGNORECASE,
)
"""A number alone goes on with what was asked before; without such a word it may choose from a list."""
_ADVERBS = ("什么时候", "多久", "可以", "能")
_DOINGS = ("发货", "送到", "补货", "有货", "退货", "退款", "换货", "取消", "充电", "维修")
_ACCENTED = {"e": "éèêÉÈ", "y": "ýÝ"}
"""é is no and, è is no and."""
_FOUR = re.compile(r"네 (?:개|명|사람|분|대|장|벌|세트)")
"""Anywhere else at the beginning it is a yes."""
_HIRAGANA = re.compile(r"[\u3041-\u3096]")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind | str
    chinese: str
    start: int
    end: int


@recently
def in_chinese(text: str, tag: str) -> str:
    """The Chinese for what is said in the language of `tag`; empty where nothing of it is known."""
    language = tag.split("-")[0]
    if language not in LANGUAGES:
        return ""
    plain = unicodedata.normalize("NFKC", text)
    if whole := said_wholly(bare(plain, language), language):
        return whole
    tokens = _tokens(plain, bare(plain, language), language)
    if (alone := _alone(plain, tokens)) is not None:
        return alone
    if not any(token.kind in ("thing", "word", "answer") for token in tokens):
        return ""
    said = _joined(plain, _in_order(plain, _once(_meant(_counted(tokens)))))
    *before, last = _PARTS.split(said)
    ends = "吗" if _ASKED.search(plain) and not _ASKS.search(last) else ""
    return "，".join([*map(_as_question, before), f"{last}{ends}" if ends or not before else _as_question(last)])


def thing_of(heard: str) -> str:
    """What `heard` speaks of: the words before its first question."""
    begins = [at for one in _QUESTIONS if (at := heard.find(one)) > 0]
    return heard[: min(begins)].strip("，？ ") if begins else ""


def things_in(text: str, tag: str) -> list[str]:
    """The things that shops sell, in the customer's own words, in small letters."""
    language = tag.split("-")[0]
    plain = unicodedata.normalize("NFKC", text)
    small = bare(plain, language)
    return [small[one.start : one.end] for one in _tokens(plain, small, language) if one.kind == "thing"]


def _alone(plain: str, tokens: Sequence[_Token]) -> str | None:
    """「and for two?」, 「und der aus Baumwolle?」: so many, or the other of a kind, of what was spoken of."""
    told = [one for one in tokens if one.chinese not in ("和", "是的") and (one.chinese != "one" or len(tokens) == 1)]
    if not told:
        return None
    number, *behind = [one for one in told if one.chinese not in (*_PRICES, "多少")] or [told[0]]
    if number.kind == "number" and len(behind) < len(told) - 1 and all(one.kind == "unit" for one in behind):
        return f"{1 if number.chinese == 'one' else number.chinese}个多少钱"
    if _GOES_ON.search(plain) is None:
        return None
    if told[0].kind == "number" and all(one.kind == "unit" and one.chinese == "个" for one in told[1:]):
        return f"{1 if told[0].chinese == 'one' else told[0].chinese}个多少钱"
    if len(told) == 1 and told[0].kind == "kept" and _SIZE.fullmatch(told[0].chinese):
        return f"{told[0].chinese}呢"
    return _ALONE.get(told[0].chinese) if len(told) == 1 else None


def _as_question(part: str) -> str:
    """What is asked before something else is asked."""
    is_asked = any(one in part for one in _QUESTIONS) or _MAY.search(part) is not None
    return f"{part}吗" if is_asked and not _ASKS.search(part) else part


def _tokens(plain: str, small: str, language: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(small):
        token = (
            _kept(plain, at) or _number(small, at) or _known(plain, small, at, language, found[-1] if found else None)
        )
        if token is None:
            at += 1
            continue
        if language == "ar" and token.kind in ("thing", "word"):
            found += _arabic(small, token)
        found.append(token)
        at = max(token.end, at + 1)
    return found


def _kept(plain: str, at: int) -> _Token | None:
    """Codes, sizes and addresses stay what they are."""
    if at and (plain[at - 1].isalnum() and plain[at - 1].isascii()):
        return None
    match = _KEPT.match(plain, at)
    return _Token("kept", match[0], match.start(), match.end()) if match else None


def _number(small: str, at: int) -> _Token | None:
    match = _NUMBER.match(small, at)
    return _Token("number", match[0].replace(",", "."), match.start(), match.end()) if match else None


def _known(plain: str, small: str, at: int, language: str, before: _Token | None) -> _Token | None:
    is_inside = at > 0 and small[at - 1].isalpha() and (language not in _SPACELESS or small[at - 1 : at + 1].isascii())
    own = stems(language).get(small[at], ())
    for stem, kind, chinese in own or (things_in_english(small[at]) if language in _NOT_LATIN else ()):
        if not small.startswith(stem, at) or (is_inside and not _may_stand_inside(small, at, stem, language)):
            continue
        if kind == "answer" and (at > 0 or small[len(stem) : len(stem) + 1].isalnum()):
            continue
        if len(stem) == 1 and stem in _ACCENTED and plain[at] in _ACCENTED[stem]:
            continue
        if kind == "unit" and not (before and before.kind == "number" and at - before.end <= 1):
            continue
        if stem == "네 " and not at and not _FOUR.match(small):
            continue
        if stem == "と" and at and _HIRAGANA.match(small[at - 1]) and small[at - 1] != "つ":
            continue
        end = _end(small, at + len(stem), stem, language)
        if end is not None:
            return _Token(kind, chinese, at, end)
    return None


def _may_stand_inside(small: str, at: int, stem: str, language: str) -> bool:
    if language in _COMPOUNDS:
        return len(stem) >= _LONG_ENOUGH
    return language == "ar" and bool(_ARABIC_FRONT.search(small[:at]))


def _end(small: str, at: int, stem: str, language: str) -> int | None:
    """Behind the word that begins with the stem; None where a short stem is no word of its own."""
    if language in _SPACELESS or not stem[-1].isalpha():
        return at
    if language in _COMPOUNDS and len(stem) >= _LONG_ENOUGH:
        return at
    end = at
    while end < len(small) and small[end].isalpha():
        end += 1
    is_whole = end == at or (language not in _EXACT and language != "ar" and small[at:end] in ("s", "'s"))
    if language == "ar":
        return at if len(stem) == 1 else end
    return end if is_whole or (language not in _EXACT and len(stem) > _WHOLE_WORD) else None


def _arabic(small: str, token: _Token) -> list[_Token]:
    """و before a word joins it to the one before; a dual ending counts it."""
    start = token.start
    while start and small[start - 1].isalpha():
        start -= 1
    joint = [_Token("word", "和", start, token.start)] if small[start] == "و" and start < token.start else []
    is_dual = token.kind == "thing" and _DUAL.fullmatch(small, token.start, token.end) is not None
    return [*joint, *([_Token("number", "2", token.start, token.start)] if is_dual else [])]


def _counted(tokens: Sequence[_Token]) -> list[_Token]:
    """Numbers with the measure word that Chinese has; an article counts only beside another count."""
    told: list[_Token] = []
    has_count = any(_counts(tokens, at) and one.chinese != "one" for at, one in enumerate(tokens))
    for at, token in enumerate(tokens):
        if token.kind != "number":
            told.append(token)
        elif token.chinese != "one":
            told.append(replace(token, chinese=f"{token.chinese}个") if _counts(tokens, at) else token)
        elif _counts(tokens, at) and has_count:
            told.append(replace(token, chinese="1个"))
    return told


def _counts(tokens: Sequence[_Token], at: int) -> bool:
    """A number before a thing, with words for how it is made between them at most."""
    if tokens[at].kind != "number":
        return False
    for behind in tokens[at + 1 : at + 4]:
        if behind.kind == "thing":
            return True
        if behind.kind != "word" or behind.chinese not in _QUALITIES:
            return False
    return False


def _meant(tokens: Sequence[_Token]) -> list[_Token]:
    """How much beside a measure asks for that, anywhere else for the price; a greeting before a wish is none of it."""
    told: list[_Token] = []
    has_more = any(token.kind in ("thing", "unit", "kept") for token in tokens)
    said = {token.chinese for token in tokens}
    things = {token.chinese for token in tokens if token.kind == "thing"}
    for at, token in enumerate(tokens):
        if "包邮" in said and token.chinese in _AMOUNTS:
            token = replace(token, chinese="满多少")
        if token.chinese == "尺码" and things and things.isdisjoint(_WORN):
            token = replace(token, chinese="尺寸")
        if token.chinese == "多长" and not said.isdisjoint(_LAST):
            token = replace(token, chinese="多久")
        if token.chinese == "多少钱" and not said.isdisjoint(_FEES) and not has_more:
            continue
        if token.chinese == "多少":
            beside = [tokens[at - 1].chinese if at else "", *_until_and(tokens[at + 1 :])]
            if any(one in _MEASURES or "多少" in one or "几" in one for one in beside):
                continue
            token = replace(token, chinese="多少钱")
        if not (has_more and token.chinese in _POLITE):
            told.append(token)
    return told


def _until_and(tokens: Sequence[_Token]) -> list[str]:
    """What belongs to the same question: how much does the lamp weigh."""
    said = [token.chinese for token in tokens]
    return said[: said.index("和")] if "和" in said else said


def _once(tokens: Sequence[_Token]) -> list[_Token]:
    """Without what the word before has said: many a language says it in two words."""
    told: list[_Token] = []
    for token in tokens:
        is_repeated = token.kind in ("thing", "word") and told and _says(told[-1].chinese, token.chinese)
        if is_repeated:
            told[-1] = replace(told[-1], end=token.end)
        else:
            told.append(token)
    return told


def _in_order(plain: str, tokens: Sequence[_Token]) -> list[_Token]:
    """As Chinese puts it, within what is said in one go: when and whether before what is done, how much behind the thing."""
    told: list[_Token] = []
    for clause in _clauses(plain, tokens):
        told += _with_question_last(_with_stock(_with_asking_before_doing(clause)))
    return told


def _clauses(plain: str, tokens: Sequence[_Token]) -> list[list[_Token]]:
    clauses: list[list[_Token]] = [[]]
    end: int | None = None
    for token in tokens:
        between = plain[end : token.start] if end is not None else ""
        if clauses[-1] and (_STOP.search(between) or _COMMA.search(between)):
            clauses.append([])
        clauses[-1].append(token)
        end = max(token.end, end or 0)
    return clauses


def _with_asking_before_doing(clause: list[_Token]) -> list[_Token]:
    for at, token in enumerate(clause):
        if token.chinese not in _ADVERBS:
            continue
        for place in range(at + 1, len(clause)):
            if clause[place].chinese == "和":
                break
            if clause[place].chinese in _DOINGS:
                return _moved(clause, at, place - 1)
    return clause


def _with_stock(clause: list[_Token]) -> list[_Token]:
    """When a thing is sent depends on whether it is there."""
    said = [token.chinese for token in clause]
    if "什么时候" not in said or "发货" not in said or all(token.kind != "thing" for token in clause):
        return clause
    return [replace(token, chinese="有货发货") if token.chinese == "发货" else token for token in clause]


def _with_question_last(clause: list[_Token]) -> list[_Token]:
    """多少钱, 重量 or 多长 in front of a single list of things goes behind it; two of them do so together."""
    begin = next((at for at, one in enumerate(clause) if one.chinese not in (*_QUESTIONS, "和")), len(clause))
    end = begin
    while end < len(clause) and (_is_of_thing(clause[end]) or clause[end].chinese == "和"):
        end += 1
    while end > begin and clause[end - 1].chinese == "和":
        end -= 1
    if not any(one.kind == "thing" for one in clause[begin:end]) or not begin or clause[begin - 1].chinese == "和":
        return clause
    return _in_places_of(clause, [*clause[begin:end], *clause[:begin], *clause[end:]])


def _moved(clause: list[_Token], at: int, to: int) -> list[_Token]:
    """The words change places; where they stood in the message is kept in order, since gaps are read from it."""
    return _in_places_of(clause, [*clause[:at], *clause[at + 1 : to + 1], clause[at], *clause[to + 1 :]])


def _in_places_of(clause: list[_Token], order: list[_Token]) -> list[_Token]:
    return [replace(one, start=stood.start, end=stood.end) for one, stood in zip(order, clause, strict=True)]


def _says(before: str, behind: str) -> bool:
    """Many a language asks for a figure twice: cuántos kilos soporta."""
    return behind in before or (behind == "多少钱" and "多少" in before)


def _joined(plain: str, tokens: Sequence[_Token]) -> str:
    said = ""
    end: int | None = None
    for at, token in enumerate(tokens):
        between = plain[end : token.start] if end is not None else ""
        is_last = at + 1 == len(tokens)
        if token.chinese == "和":
            is_list = not is_last and at > 0 and _is_of_thing(tokens[at - 1]) and _is_of_thing(tokens[at + 1])
            said += "和" if is_list else ("，" if said and not is_last else "")
        else:
            if at and {tokens[at - 1].kind, token.kind} == {"number"}:
                said += " "
            is_next = at > 0 and token.chinese in _QUESTIONS and tokens[at - 1].chinese in _QUESTIONS
            said += "，" if is_next and not said.endswith(("，", "？")) else ""
            is_all = token.chinese in _PRICES and all(map(_is_of_thing, tokens[:at]))
            is_gap = bool(said) and not is_all and not said.endswith(("和", "，"))
            said += f"{_gap(between) if is_gap else ''}{token.chinese}"
        end = max(token.end, end or 0)
    return said.strip("， ")


def _is_of_thing(token: _Token) -> bool:
    return token.kind in ("thing", "number", "unit", "kept") or token.chinese in _QUALITIES


def _gap(between: str) -> str:
    if _STOP.search(between):
        return "？"
    if _COMMA.search(between):
        return "，"
    return ""
