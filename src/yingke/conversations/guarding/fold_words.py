"""One way of writing for what people disguise: full width, gaps, zero width, look-alikes, hearts, boxed digits."""

import unicodedata

_GAPS = frozenset(" \t\r\u00a0\u3000.·•・*_-~～|/\\^=#\"'“”‘’「」『』[]【】()（）<>《》`…")
_HEARTS = frozenset("❤♥💓💕💖💗💙💚💛💜🧡🤍🖤💘💝♡")
_LOOK_ALIKE = dict(
    zip(
        "薇葳溦微囗國級絕療藥電話號碼掃鏈聯繫點擊賬銀當癒愈證過敏減肥潔淨壽無險費樂頂極個這們請騰訊購買賣價優質標準歲齡癌瘤壓體護對為與學專業醫發產經濟確實驗養機構認獨歷來領導報銷萬壯陽補腎顧",
        "微微微微口国级绝疗药电话号码扫链联系点击账银当愈愈证过敏减肥洁净寿无险费乐顶极个这们请腾讯购买卖价优质标准岁龄癌瘤压体护对为与学专业医发产经济确实验养机构认独历来领导报销万壮阳补肾顾",
        strict=True,
    )
)
# Cyrillic and Greek letters that look like Latin ones.
_LOOK_ALIKE |= dict(zip("аеорсухвѕіјνοαρτκ", "aeopcyxbsijvoaptk", strict=True))
_SPECIAL = {
    "Ⓥ": "v",
    "🆅": "v",
    "🅥": "v",
    "✌": "v",
    "➕": "+",
    "＋": "+",
    "🐧": "qq",
    "📞": "电话",
    "☎": "电话",
    "📱": "手机",
}


def fold_mark(mark: str) -> str:
    """What one character counts as: nothing for a gap, otherwise its plain lower-case form."""
    if mark in _GAPS or mark in "\ufe0f\u20e3":
        return ""
    if mark in _HEARTS:
        return "心"
    if mark in _SPECIAL:
        return _SPECIAL[mark]
    if unicodedata.category(mark) in ("Cf", "Mn", "Cc") and mark != "\n":
        return ""
    plain = unicodedata.normalize("NFKC", mark).lower()
    return "".join(_LOOK_ALIKE.get(one, one) for one in plain if one not in _GAPS)


class _Folding(dict[int, str]):
    """Fills itself as characters turn up, so that a message costs one look-up a character, in C."""

    def __missing__(self, code: int) -> str:
        folded = fold_mark(chr(code))
        if len(self) < 60_000:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold_words(text: str) -> str:
    """The form in which words are looked for; sentence marks and line breaks stay, gaps inside words do not."""
    return text.translate(_FOLDING)


def places(text: str) -> list[int]:
    """For each character of `fold_words(text)` the place in `text` that it comes from."""
    found: list[int] = []
    for place, mark in enumerate(text):
        found.extend([place] * len(_FOLDING[ord(mark)]))
    return found
