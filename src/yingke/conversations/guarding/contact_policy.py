"""Contact details in what we say: whether a channel lets us ask for them, and whether we may name any at all."""

import re
from dataclasses import dataclass
from typing import Literal

from yingke.conversations.guarding.fold_words import fold_words

MayAsk = Literal["text", "card", "never"]
DEFAULTS: dict[str, MayAsk] = {
    "website": "text",
    "wechat_work": "text",
    "wechat_official": "text",
    "miniprogram": "text",
    "whatsapp": "text",
    "email": "text",
    # Leading users to give or exchange private contacts is punished there, in words as in pictures.
    "xiaohongshu": "card",
    "douyin": "card",
    "kuaishou": "card",
    "taobao": "never",
    "tmall": "never",
    "jd": "never",
    "pinduoduo": "never",
}
"""Channel → what counts until a workspace chooses; a channel not named here: card."""

_THING = (
    r"(?:手机号?码?|电话号?码?|联系方式|联系电话|微信号?|v信|vx|wx|微心|v心|绿泡泡|qq号?|扣扣|邮箱|whatsapp|telegram"
    r"|wechat(?:id)?|phonenumber|mobilenumber|emailaddress|contactdetails|phone|email)"
)
_GIVE = (
    r"(?:留(?:下|一?个|一下)?|发(?:我|一?下|给我)?|给(?:我|一?下)?|加(?:一?下|个|我|您|你)?|提供(?:一?下)?|报(?:一?下)?|告诉我|说(?:一?下)?"
    r"|方便(?:留|给|发|加|说)|互加|交换|扫(?:一?下|码|我)?|私信|leave|send|share|give(?:me|us)|provide|add(?:me|us)?|whatis|whats|tell(?:me|us))"
)
_ASKS = re.compile(
    rf"{_GIVE}[^。！？!?\n]{{0,8}}{_THING}|{_THING}[^。！？!?\n]{{0,6}}(?:是多少|多少|发我|给我|发一下|留一下|报一下|说一下|告诉我|方便吗|有吗)"
    r"|(?:微心?|v心|电话|手机)同号|(?:加|扫)(?:我|一下|个)?(?:微|v)(?:信|心)?(?![a-z])|(?:扫|长按|识别)[^。\n]{0,4}(?:二维码|码)(?:加|添加|联系|进群)"
)
_NOT_ASKS = re.compile(
    r"(?:收货|下单|订单|预留|快递|物流|配送|注册|绑定)[^。\n]{0,4}(?:手机|电话|号码)|后四位|尾号|lastfourdigits|微信支付|ordernumber"
)
_MOBILE = re.compile(
    r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)|(?<!\d)(?:0\d{2,3})\d{7,8}(?!\d)|(?<!\d)(?:400|800)\d{7}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s，。！？；、）)》」\"'<>]+|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:com|cn|net|shop|store|top|vip|xyz|io|me)\b(?:/[^\s，。！？；]*)?",
    re.IGNORECASE | re.ASCII,
)
_HANDLE = re.compile(
    r"(?:微信|薇信|威信|v信|vx|wx|wechat|绿泡泡|qq|扣扣|line|telegram|whatsapp)(?:号|id|号码|同号)?\s{0,3}(?:是|[:：为])?\s{0,3}(?P<id>[a-z][\w-]{5,19}|\d{6,11})",
    re.IGNORECASE | re.ASCII,
)
_QR = re.compile(r"二维码|扫码(?:加|添加|进|联系)|qrcode")
_DIGITS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "0012345678911234567892")
_SPACED = re.compile(r"[\s.·\-—_*/]{1,3}(?=\d)")


@dataclass(frozen=True, slots=True)
class ContactFound:
    """`kind`: asks, number, handle, email, link, qr. `said`: the words as written, or folded for what was disguised."""

    kind: str
    said: str


def find_contacts(text: str) -> list[ContactFound]:
    """Contact details and requests for them in something that is about to be said."""
    folded = fold_words(text)
    found = []
    if (match := _ASKS.search(folded)) and not _NOT_ASKS.search(folded[max(0, match.start() - 4) : match.end() + 6]):
        found.append(ContactFound("asks", match[0]))
    found += [ContactFound("link", match[0]) for match in _LINK.finditer(text)]
    found += [ContactFound("email", match[0]) for match in _EMAIL.finditer(text)]
    found += [ContactFound("handle", match[0]) for match in _HANDLE.finditer(text)]
    found += [ContactFound("number", match[0]) for match in _numbers(text, folded)]
    if match := _QR.search(folded):
        found.append(ContactFound("qr", match[0]))
    return found


def without_contacts(text: str) -> str:
    """`text` with every number, name and link taken out that could be found as written."""
    for pattern in (_LINK, _EMAIL):
        text = pattern.sub("〔已隐去〕", text)
    text = _HANDLE.sub(lambda match: match[0].replace(match["id"], "〔已隐去〕"), text)
    return _MOBILE.sub("〔已隐去〕", text)


def _numbers(text: str, folded: str) -> list["re.Match[str]"]:
    """Also 「一三八 0000 …」 and numbers with gaps; order numbers are longer and stay."""
    found = list(_MOBILE.finditer(_SPACED.sub("", text)))
    return found or [match for match in _MOBILE.finditer(folded.translate(_DIGITS)) if match[0].startswith(("1", "+"))]
