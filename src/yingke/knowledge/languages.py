"""In which language somebody writes, by script and a few small words; and whether a text can be read in it."""

import re

import opencc

_TO_SIMPLIFIED, _TO_TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2tw")
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30fa\uff66-\uff9d]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_OTHER_SCRIPTS = (
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]")
_CODE = re.compile(r"[A-Za-z]*[-_]?\d[\w-]*|[A-Z]{1,4}-[A-Z\d]+")
_LATIN_WORD = re.compile(r"[a-zà-ÿœßñ]+")
_SMALL_WORDS = {
    "en": "the is are do does can you i my it what when how where which who have has to for of and in on not this that",
    "es": "el la los las de que qué cómo como cuándo cuando cuánto cuesta dónde donde por para con una un es está son"
    " puedo tienen tiene hola gracias envío envíos mi se hacen hay sin",
    "fr": "le les des est et vous je quand comment où combien pour avec une un du mon ma quel quelle livraison bonjour",
    "de": "der die das ist sind und ich wie wann wo ein eine nicht für mit von haben kann mein bitte lieferung",
    "pt": "os uma um é você não como quando quanto onde meu minha tem para com olá obrigado entrega vocês são",
    "it": "il gli è sono come quando quanto dove per con una che mio mia ciao grazie spedizione avete",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_SIGNS = {"es": re.compile(r"[¿¡ñ]"), "de": re.compile(r"[ßäöü]"), "pt": re.compile(r"[ãõ]")}
_TRADITIONAL_TAGS = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def read_language(text: str, otherwise: str = "zh") -> str:
    """zh, zh-Hant, en, ja, ko, es, fr, de, pt, it, ru, th or ar. Without words the page's language, `otherwise`.

    Han with Latin words is Chinese: product names are often Latin. About 5 µs.
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if _HAN.search(text):
        return "zh-Hant" if _is_traditional(text) else "zh"
    for language, script in _OTHER_SCRIPTS:
        if script.search(text):
            return language
    words = _CODE.sub(" ", text)
    return _latin(words) if len(_LATIN.findall(words)) > 1 else plain_tag(otherwise)


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


def _is_traditional(text: str) -> bool:
    try:
        return bool(_TO_SIMPLIFIED.convert(text) != text)
    except UnicodeEncodeError:
        return False


def _latin(text: str) -> str:
    """English unless more small words of another language stand there."""
    folded = text.lower()
    found = _LATIN_WORD.findall(folded[:600])
    counts = {language: sum(word in words for word in found) for language, words in _WORDS.items()}
    for language, signs in _SIGNS.items():
        if signs.search(folded):
            counts[language] += 2
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    return best if counts[best] > counts["en"] else "en"
