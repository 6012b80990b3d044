"""Single cells of exported files: numbers as spreadsheets spoil them, amounts, counts, phones that a platform masks."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from yingke.commerce.money import decimals_of

_WRAPPED = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_SPOILT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_NOTHING = frozenset(
    ("", "-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "null", "none", "nan", "n/a", "na", "nil", "#n/a")
)
_FREE = frozenset(("免费", "包邮", "免运费", "free"))
_SIGNS: tuple[tuple[str, str], ...] = (
    ("HK$", "HKD"), ("NT$", "TWD"), ("US$", "USD"), ("A$", "AUD"), ("C$", "CAD"), ("S$", "SGD"), ("€", "EUR"), ("£", "GBP"),
    ("₩", "KRW"), ("฿", "THB"), ("₫", "VND"), ("RMB", "CNY"), ("CN¥", "CNY"), ("JP¥", "JPY"), ("￥", "CNY"), ("¥", "CNY"),
    ("$", "USD"), ("元", "CNY"), ("圆", "CNY"),
)  # fmt: skip
_CODE = re.compile(r"^([A-Z]{3})(?=[\s\d(+-])|(?<=[\s\d)])([A-Z]{3})$")
_MASK = re.compile(r"[*＊xX•●#＃]+")
_EXTENSION = re.compile(r"[-,，转]\s*\d{3,4}$")


class UnreadableCell(ValueError):
    """`code` is one of the problems' codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_cell(text: str) -> str:
    """Without what spreadsheets and exports put around a value: ="…", a leading apostrophe, tabs, invisible marks."""
    plain = "".join(
        mark for mark in text if unicodedata.category(mark) not in ("Cc", "Cf", "Cs") or mark == "\n"
    ).strip()
    if wrapped := _WRAPPED.match(plain):
        plain = wrapped[1].strip()
    if plain[:1] in ("'", "`") and len(plain) > 1:
        plain = plain[1:].strip()
    return "" if plain.casefold() in _NOTHING else plain


def read_number(text: str) -> str:
    """An order or tracking number. Raises number_cut where a spreadsheet has rounded its digits away (4.12E+18)."""
    number = clean_cell(text)
    if _SPOILT.fullmatch(number):
        raise UnreadableCell("number_cut")
    return number.removesuffix(".0") if re.fullmatch(r"\d+\.0", number) else number


def is_rounded(number: str) -> bool:
    """A long number as a spreadsheet leaves it: fifteen digits, then zeros. By chance one in a thousand looks so."""
    return re.fullmatch(r"\d{17,}", number) is not None and not number[15:].strip("0")


def read_amount(text: str, currency: str) -> tuple[int, str] | None:
    """Minor units and their currency: ¥1,234.50 · 1.234,50 € · CNY 12 · 12元. None for an empty cell.

    Halves of a minor unit are rounded up. Raises bad_amount for what is no amount, a negative one as well.
    """
    value = read_signed(text, currency)
    if value is not None and value[0] < 0:
        raise UnreadableCell("bad_amount")
    return value


def read_signed(text: str, currency: str) -> tuple[int, str] | None:
    """As `read_amount`, with a sign: what is taken off is written either way."""
    plain = unicodedata.normalize("NFKC", clean_cell(text)).strip().replace("−", "-")
    if not plain:
        return None
    if plain.casefold() in _FREE:
        return 0, currency
    plain, currency = _take_currency(plain, currency)
    digits = plain.replace(" ", "").replace("'", "").replace("+", "")
    is_negative = digits.startswith("-") or (digits.startswith("(") and digits.endswith(")"))
    digits = _with_point(digits.strip("-()"))
    if not re.fullmatch(r"\d+(?:\.\d+)?", digits):
        raise UnreadableCell("bad_amount")
    try:
        scaled = Decimal(digits).scaleb(decimals_of(currency))
        minor = int(scaled.quantize(Decimal(1), ROUND_HALF_UP))
    except InvalidOperation:
        raise UnreadableCell("bad_amount") from None
    if minor > 10**13:
        raise UnreadableCell("bad_amount")
    return -minor if is_negative else minor, currency


def _take_currency(plain: str, currency: str) -> tuple[str, str]:
    if code := _CODE.search(plain.upper()):
        return _CODE.sub("", plain.upper(), count=1).strip(), (code[1] or code[2]).replace("RMB", "CNY")
    for sign, name in _SIGNS:
        folded = unicodedata.normalize("NFKC", sign)
        if folded.upper() in plain.upper():
            bare = re.sub(re.escape(folded), "", plain, flags=re.IGNORECASE).strip()
            # ¥ and $ are signs of several currencies; one that the file was said to be in keeps them.
            shared = (folded == "¥" and currency in ("CNY", "JPY")) or (folded == "$" and currency.endswith("D"))
            return bare, currency if shared else name
    return plain, currency


def _with_point(digits: str) -> str:
    """Thousands signs out, the decimal sign as a point."""
    last_point, last_comma = digits.rfind("."), digits.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        thousands, decimal = (",", ".") if last_point > last_comma else (".", ",")
        return digits.replace(thousands, "").replace(decimal, ".")
    if last_comma >= 0:
        groups = digits.split(",")
        is_thousands = all(len(group) == 3 for group in groups[1:]) or len(groups) > 2
        return digits.replace(",", "") if is_thousands else digits.replace(",", ".")
    return digits if digits.count(".") < 2 else digits.replace(".", "")


def read_count(text: str) -> int | None:
    """A whole number: 12 · 12.00 · 1,200 · 12件. None for an empty cell; raises bad_quantity."""
    plain = unicodedata.normalize("NFKC", clean_cell(text)).replace(",", "").replace(" ", "")
    if not plain:
        return None
    found = re.fullmatch(r"(-?\d{1,9})(?:\.0+)?\D{0,3}", plain)
    if found is None:
        raise UnreadableCell("bad_quantity")
    return int(found[1])


def read_phone(text: str) -> str:
    """The digits that are surely the end of the number; of a masked one (138****0417) only its tail of four or more.

    13*******17 tells less than four digits at its end, so nothing: its digits run together would be another tail.
    """
    plain = unicodedata.normalize("NFKC", clean_cell(text))
    plain = _EXTENSION.sub("", re.sub(r"^\(?(?:\+|00)?86\)?[\s-]*(?=1)", "", plain))
    pieces = _MASK.split(plain)
    digits = re.sub(r"\D", "", pieces[-1])
    if len(pieces) > 1:
        return digits[-4:] if len(digits) >= 4 else ""
    return digits[:20] if len(digits) >= 4 else ""


def read_yes(text: str) -> bool | None:
    """Whether a product is on sale, as platforms write it. None: the cell says neither."""
    word = clean_cell(text).casefold()
    if word in (
        "1",
        "是",
        "true",
        "yes",
        "y",
        "上架",
        "在售",
        "出售中",
        "已上架",
        "上架中",
        "销售中",
        "on",
        "active",
        "published",
        "publish",
        "启用",
        "正常",
    ):
        return True
    if word in (
        "0",
        "否",
        "false",
        "no",
        "n",
        "下架",
        "已下架",
        "仓库中",
        "停售",
        "停用",
        "off",
        "draft",
        "archived",
        "private",
        "inactive",
        "删除",
        "已删除",
    ):
        return False
    return None
