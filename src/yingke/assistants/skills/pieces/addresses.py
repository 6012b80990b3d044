"""An address that is written down for a parcel to go to, after it was said that it shall go elsewhere."""

from yingke.kit.expression import expression

_PART = r"(?:[省市区县镇乡村]|街道|大街|路|街|巷|弄|胡同|大道|小区|花园|公寓|广场|大厦|园区|苑|新村|号院|[\u4e00-\u9fff](?:里|园|城|湾|庭|府|都))"
_NUMBER = r"(?:\d+|[一二三四五六七八九十百]+)\s*(?:号|弄|栋|幢|座|单元|楼|室|层|门|组|巷)"
_ADDRESS = expression(rf"[\u4e00-\u9fff]{_PART}[^？?。]{{0,24}}{_NUMBER}")
_ASKS = expression(r"几天|多久|多少|运费|邮费|包邮|吗|么|[?？]|能不能|什么时候|几号到")
_ELSEWHERE = expression(r"改|换|寄|发|送|收货|收件|地址|搬|转|门牌|别处")
_OF_TERMS = expression(r"(?<![这过那])几天|多久|多少钱|运费|邮费|包邮|加钱|什么时候到")


def is_address(text: str) -> bool:
    """A road, a quarter or a place with the number of a house, and no question."""
    return bool(_ADDRESS.search(text)) and not _ASKS.search(text)


def is_new_address(before: str, text: str) -> bool:
    """`before`: what the customer said just before, that his parcel shall go elsewhere."""
    return is_address(text) and bool(_ELSEWHERE.search(before)) and not _OF_TERMS.search(before)
