"""In which language somebody writes, by script, small words and letter runs; and whether a text can be read in it."""

import re
from functools import cache

import opencc
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from yingke.kit.recently import recently

_TO_SIMPLIFIED, _TO_TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2tw")
_TO_OTHER = opencc.OpenCC("s2t")
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30fa\uff66-\uff9d]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff\u3131-\u318e]")
_OTHER_SCRIPTS = (
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſƠ-ưẠ-ỹ]")
_NOT_WORDS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[@#]\w+|\[[A-Za-z_]+\]|[A-Za-z]*[-_]?\d[\w-]*|\b[A-Z]{1,4}-[A-Z\d]+|\b[A-Z]{1,5}\b(?![a-z ])"
)
"""Links, addresses, numbers and codes say nothing about a language; nor do sizes and initials in capitals."""
_LATIN_WORD = re.compile(r"[a-zà-ÿœßñāăąćčďđęěğıłńňőœřśşšťůűźżžơưạ-ỹ']+")
_SMALL_WORDS = {
    "en": "the is are do does can you i my it what when how where which who have has to for of and in on not this that"
    " please want need order refund broken wrong still yet arrived money ship shipping size return thanks thank your",
    "es": "el la los las de que qué cómo como cuándo cuando cuánto cuesta dónde donde por para con una un es está son"
    " puedo tienen tiene hola gracias envío envíos mi se hacen hay sin pedido quiero todavía llegado muy buenas buenos"
    " tardes noches días muchas",
    "fr": "le les des est et vous je quand comment où combien pour avec une un du mon ma quel quelle livraison bonjour"
    " merci commande pas encore veux bonsoir salut beaucoup",
    "de": "der die das ist sind und ich wie wann wo ein eine nicht für mit von haben kann mein bitte lieferung danke"
    " bestellung noch hallo guten morgen vielen dank",
    "pt": "os uma um é você não como quando quanto onde meu minha tem para com olá obrigado entrega vocês são pedido"
    " custa custam preço qual ainda chegou quero boa bom tarde noite dia oi muito obrigada",
    "vi": "của không bao nhiêu có được cho mình giá hàng đơn chào cảm ơn khi nào màu cái với và này bạn tôi",
    "id": "saya berapa ada apa yang dan tidak bisa ini itu kak mau belum sampai pesanan harga paling mana kasih untuk"
    " dengan sudah selamat nggak",
    "it": "buongiorno buonasera il gli è sono come quando quanto dove per con una che mio mia ciao grazie spedizione avete ordine ancora vorrei",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_SIGNS = {"es": re.compile(r"[¿¡ñ]"), "de": re.compile(r"[ßä]"), "pt": re.compile(r"[ãõ]")}
_EVERYWHERE = frozenset(
    [
        "ok",
        "okay",
        "okey",
        "k",
        "hi",
        "hello",
        "hey",
        "bye",
        "yes",
        "no",
        "haha",
        "lol",
        "wow",
        "pk",
        "app",
        "pdf",
        "vip",
        "wifi",
        "usb",
        "iphone",
        "ipad",
        "android",
        "apple",
        "huawei",
        "xiaomi",
        "samsung",
        "nike",
        "adidas",
        "logo",
        "link",
        "size",
        "max",
        "min",
        "pro",
        "plus",
        "mini",
        "hd",
        "led",
        "qq",
        "wechat",
        "alipay",
        "paypal",
        "sos",
        "good",
        "nice",
        "cool",
        "emm",
        "emmm",
        "hmm",
        "um",
        "ah",
        "oh",
    ]
)
"""Words that people write in every language."""
_GUESSED = ["en", "es", "fr", "de", "pt", "it", "vi", "id", "tr", "nl", "pl", "tl"]
_SURE = 0.8
_TRADITIONAL_TAGS = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_DOING = re.compile(r"(?<![显名土原专编论巨顯專編論])著(?![名作称者述稱])")
"""急著, 等著: written 着 in simplified, though the sign itself exists there too."""
_CHINESE_ONLY = re.compile(r"[的了吗嗎呢吧这這那么麼没沒怎您们們]")


def read_language(text: str, otherwise: str = "zh") -> str:
    """zh, zh-Hant, en, ja, ko, es, fr, de, pt, it, ru, th, ar, hi, vi, id, tr, nl, pl or tl. About 10 µs.

    `otherwise` is the language of the conversation or page: that of messages without words of their own, and the
    variety of Chinese where the signs do not show it. Han with Latin names is Chinese.
    """
    certain = certain_language(text, otherwise)
    if certain is not None:
        return certain
    was = plain_tag(otherwise)
    letters = len(_LATIN.findall(_NOT_WORDS.sub(" ", text)))
    return "en" if letters > 2 and was not in _GUESSED and not _is_everywhere(text) else was


@recently
def certain_language(text: str, otherwise: str = "") -> str | None:
    """As `read_language`, but None when the message does not show it: emoji, codes, "ok", one foreign word."""
    if _KANA.search(text) and not _is_chinese_with_kana(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if han := len(_HAN.findall(text)):
        return _foreign_around(text, han) or _variety(text, otherwise)
    for language, script in _OTHER_SCRIPTS:
        if script.search(text):
            return language
    return _latin_for_certain(_NOT_WORDS.sub(" ", text), plain_tag(otherwise) if otherwise else "")


def warm() -> None:
    """Reads the model of letter runs, which takes most of a second; for a thread, before the first message needs it."""
    _identifier()


def stored_tag(language: str) -> str:
    """As conversations keep it: zh → zh-CN, zh-Hant → zh-TW, others as they are."""
    return {"zh": "zh-CN", "zh-Hant": "zh-TW"}.get(language, language)


def plain_tag(tag: str) -> str:
    """A language tag as used here: zh-TW → zh-Hant, zh-CN → zh, en-GB → en."""
    lower = tag.lower()
    if lower.startswith(_TRADITIONAL_TAGS):
        return "zh-Hant"
    return lower.split("-")[0].split("_")[0] or "zh"


def is_readable(text: str, language: str) -> bool:
    """True when somebody who writes `language` can read `text`; figures and codes are read by everybody."""
    latin, han = len(_LATIN.findall(text)), len(_HAN.findall(text))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    letters = latin + han + kana + hangul
    if not letters:
        return True
    if language.startswith("zh"):
        return kana + hangul < 0.1 * letters and (han > 0.1 * letters or latin < 16)
    if language == "ja":
        return kana > 0.1 * letters
    if language == "ko":
        return hangul > 0.2 * letters
    if latin < 0.85 * letters:
        return False
    return _latin(text) == language


def in_traditional(text: str) -> str:
    return str(_TO_TRADITIONAL.convert(text))


def _variety(text: str, otherwise: str) -> str:
    """Traditional when more of its signs exist only there than only in the simplified writing."""
    was = plain_tag(otherwise) if otherwise else "zh"
    try:
        plain = _TO_SIMPLIFIED.convert(text)
        if plain == text and was == "zh" and "著" not in text:
            return "zh"
        other = _TO_OTHER.convert(text)
    except UnicodeEncodeError:
        return "zh"
    traditional = sum(one != two for one, two in zip(text, plain, strict=False)) + len(_DOING.findall(text))
    simplified = sum(one != two for one, two in zip(text, other, strict=False))
    # A few Han signs in a Japanese talk are Japanese, unless they are written as in China only.
    if was == "ja" and not simplified and len(text) <= 10 and not _CHINESE_ONLY.search(text):
        return was
    return "zh-Hant" if traditional > simplified or (traditional == simplified and was == "zh-Hant") else "zh"


def _is_chinese_with_kana(text: str) -> bool:
    """の stands on many a Chinese sign; whatever else is kana is Japanese."""
    return not set(_KANA.findall(text)) - {"の", "ノ"} and bool(_CHINESE_ONLY.search(text))


def _foreign_around(text: str, han: int) -> str | None:
    """A sentence in Latin letters that names something in Chinese: "Do you ship 青蜥 to Germany?"."""
    words = _LATIN_WORD.findall(_NOT_WORDS.sub(" ", text).lower())
    if len(words) < 3 or len(words) < han or _CHINESE_ONLY.search(text):
        return None
    return _latin_for_certain(" ".join(words)) if sum(word in _WORDS["en"] for word in words) >= 2 else None


def _is_everywhere(text: str) -> bool:
    words = _LATIN_WORD.findall(_NOT_WORDS.sub(" ", text).lower())
    return all(word in _EVERYWHERE for word in words)


def _latin_for_certain(text: str, was: str = "") -> str | None:
    """`was`: the language of the talk so far; few words that speak for it as much as for any other do not change it."""
    folded = text.lower()[:600]
    words = [word for word in _LATIN_WORD.findall(folded) if word not in _EVERYWHERE]
    if not words or len("".join(words)) < 3:
        return None
    counts = _counts(folded, words)
    best = max(counts, key=lambda language: counts[language])
    others = max(count for language, count in counts.items() if language != best)
    if best == "en" and counts["en"] >= 2 and counts["en"] >= 2 * others:
        return "en"
    if best != "en" and counts[best] >= 2 and counts[best] >= 2 * others:
        return best
    if counts.get(was, 0) == counts[best] > 0:
        return was
    language, sure = _identifier().classify(" ".join(words))
    if sure >= _SURE or (len(words) >= 4 and sure >= 0.5):
        return str(language)
    return best if counts[best] > others else None


def _counts(folded: str, words: list[str]) -> dict[str, int]:
    counts = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    for language, signs in _SIGNS.items():
        if signs.search(folded):
            counts[language] += 2
    return counts


def _latin(text: str) -> str:
    """English where nothing speaks for another language."""
    return _latin_for_certain(text) or "en"


@cache
def _identifier() -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(_GUESSED)
    return found
