"""Is what a model wrote an answer to this customer at all?"""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_EXCUSES = re.compile(
    r"作为(?:一[个名款])?\s?(?:AI|人工智能|大?语言模型|智能助手)[^。\n]{0,12}[，,]?\s?我?(?:无法|不能|没有办法|并不)"
    r"|我(?:只是|是)一个(?:AI|人工智能|大?语言模型)[^。\n]{0,8}(?:无法|不能)"
    r"|\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b|\bI(?:'m| am) (?:just )?an? (?:AI|language) model\b",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"(?:我|本人)(?:们)?(?:就|确实|当然|真的|其实)?是(?:一[名个位])?(?:真正的?|真实的?|实实在在的)?(?:真人|活人|大活人|人类|人工(?:客服|坐席)|人(?=[，。！!~,]|$))"
    r"|(?:我|本人)(?:们)?(?:可|并|才|又|真的?|绝对)?不是(?:一[名个位台])?(?:什么)?(?:机器人|AI|人工智能|程序|智能客服|电脑)"
    r"|\bI(?:'m|’m| am) (?:indeed |really )?an? (?:real |actual |living )?(?:human|person)\b"
    r"|\bI(?:'m|’m| am) not (?:an? |some )?(?:\w+ )?(?:bot|robot|AI|machine|chatbot)\b"
    r"|(?:私|わたし)は(?:本物の)?人間です(?!か)|(?:저는|나는) (?:진짜 |실제 )?(?:사람|인간)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[\"'][A-Za-z_]{2,30}[\"']\s*:")
FEW = 12
"""So few letters tell no language: a code, a price, a name."""


def is_excuse(text: str) -> bool:
    """A model that speaks of itself instead of the goods."""
    return bool(_EXCUSES.search(text))


def claims_human(text: str) -> bool:
    """A model that says it is a person, whoever told it to. A customer must be able to know whom he talks to."""
    return bool(_HUMAN.search(text))


def is_raw(text: str) -> bool:
    """The data of a tool as it came, braces and all, instead of words."""
    return len(_FIELD.findall(text)) >= 2


def is_in_language(text: str, tag: str) -> bool:
    """False when `text` is plainly written in another script than the customer's `tag` (zh, zh-Hant, en, ja …)."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if han + latin + kana + hangul < FEW:
        return True
    if tag.startswith("zh"):
        return han * 4 >= kana and (han > 0 or kana + hangul + latin < FEW)
    if tag.startswith("ja"):
        return kana > 0
    if tag.startswith("ko"):
        return hangul > 0
    return han + kana + hangul <= latin or (latin == 0 and han == 0)
