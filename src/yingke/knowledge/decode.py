"""Text files in any encoding that Chinese shops use."""

from yingke.knowledge.refusals import Refused

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_COMMON = frozenset(
    "的是不了一在有人我这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用"
    "道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日"
    "军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美"
    "相见被利什二等产新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿东声提立及比员解水名"
    "真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期"
    "市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式"
    "色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运價運費商品貨單請"
    "問時間會員優惠發退換說營業門聯繫詢"
)


def decode(content: bytes) -> str:
    """Unicode text. With a mark or valid UTF-8 that is certain; else the likelier of GB18030, Big5 and UTF-16."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = []
    encodings = ["utf-16-le", "utf-16-be"] if b"\x00" in content else ["gb18030", "big5hkscs"]
    for encoding in [*encodings, *(["utf-16-le", "utf-16-be"] if len(content) % 2 == 0 else [])]:
        text = _try(content, encoding)
        if text is not None:
            candidates.append((likelihood(text), text))
    if candidates and max(candidates)[0] > 0.05:
        return max(candidates)[1]
    # Needed for the few files that are none of these; slow to load.
    import charset_normalizer

    best = charset_normalizer.from_bytes(content[:200_000]).best()
    if best is None:
        raise Refused("file_corrupt")
    return content.decode(best.encoding, errors="replace")


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # One broken character at the end of an export is common; more than a few mean the wrong encoding.
        text = content.decode(encoding, errors="replace")
        return text if text.count("\ufffd") <= len(text) // 500 else None


def likelihood(text: str) -> float:
    """Share of everyday characters, less what no text file holds."""
    sample = text[:20_000]
    everyday = sum(character in _COMMON or (character.isascii() and character.isprintable()) for character in sample)
    strange = sum(0xE000 <= ord(character) <= 0xF8FF or character == "\ufffd" for character in sample)
    control = sum(ord(character) < 32 and character not in "\r\n\t" for character in sample)
    return (everyday - 3 * strange - 5 * control) / max(1, len(sample))
