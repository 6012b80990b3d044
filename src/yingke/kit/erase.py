"""Takes everything personal out of a text for good: nothing can be put back, and what is said stays readable.

Beyond the numbers that `redact` finds: landlines, order and tracking numbers, WeChat and QQ ids, postal addresses,
names behind a label or beside a telephone number, and names that the caller knows. A region alone ("发新疆要几天")
stays, because the question needs it.
"""

import re
from collections.abc import Sequence

from yingke.kit.redact import PLACEHOLDER_START, find_personal

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲"
    "房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾"
)
_COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木"
_NAME = rf"(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
_END = r"(?![\u4e00-\u9fff])"
_NO_NAMES = frozenset(
    """
    谢谢 方便 马上 时候 时间 安排 成功 单号 包邮 包裹 高兴 平时 常用 解决 白色 黄色 金色 蓝色 路上 应该 万一 全部 施工 华为 司机
    温馨 方式 简单 包装 单独 全新 全国 全款 安装 安全 金额 金牌 金属 白天 黄金 高档 高级 常见 常温 华东 华北 华南 江浙 马桶 牛仔 毛巾
    毛衣 汤锅 鲁棒 连接 连衣裙 项目 米色 米白 时尚 成本 成人 成交 成年 计划 向上 施肥 柳条 梅花 章程 申请 申通 顾客 顾问 尚未 包括 包含
    关于 关注 关闭 支持 方法 方面 和我 和你 和他 和她 和客服 师傅 经理 何时 何必 应当 余额 余下 石头 钱包 钱款 金币 程序 严重 严格 武汉
    万分 陆续 纪念 向您 单价 单件 单品 牛奶 牛皮 马克杯 路由器 路线 路费 房间 房东 房子 阳台 阳光 农历 农村 党员 费用 黄皮 白皮 米饭
    """.split()  # noqa: SIM905 - a list of quoted words hides its words
)

_LANDLINE = re.compile(r"(?<![0-9A-Za-z-])(?:0\d{2,3}[- ]?|\(0\d{2,3}\) ?)[2-9]\d{6,7}(?![0-9A-Za-z])")
_LABELLED_NUMBER = re.compile(
    r"(?:(?:订单|交易|运单|快递|物流|退款|售后|流水|发票)(?:编号|单号|号码?|号)|单号|order\s*(?:no\.?|number|id)|"
    r"tracking\s*(?:no\.?|number|id)?)[\s:：#.是为=]{0,4}(?P<found>[A-Za-z0-9][A-Za-z0-9-]{5,31})",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z.])(?:[A-Z]{1,4}\d{10,18}|\d{12,30})(?![0-9A-Za-z])")
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|(?<![A-Za-z])(?:wechat|weixin|wx|vx|v信))\s*(?:号码?|id)?[\s:：是为=]{0,4}(?P<found>[A-Za-z][A-Za-z0-9_-]{5,19})",
    re.IGNORECASE,
)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])qq|扣扣|企鹅)\s*(?:号码?|群号?|群)?[\s:：是为=]{0,4}(?P<found>[1-9]\d{4,11})(?!\d)", re.IGNORECASE
)
_LABELLED_NAME = re.compile(
    r"(?:姓名|收件人|收货人|联系人|寄件人|真实姓名|名字)[\s:：是叫为]{1,3}(?P<found>[\u4e00-\u9fff·]{2,5}|[A-Za-z]+(?: [A-Za-z]+){0,2})"
)
_CALLED = re.compile(rf"(?:我叫|我是|本人|名叫)(?P<found>{_NAME}){_END}")
_ENGLISH_NAME = re.compile(
    r"(?:[Mm]y name is|[Rr]ecipient:|[Cc]onsignee:)\s*(?P<found>[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})"
)
_TITLED = re.compile(
    rf"(?P<found>(?:{_COMPOUND}|(?<![\u4e00-\u9fff])[{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}?)(?=先生|女士|小姐|太太)"
)
_BESIDE_NUMBER = re.compile(rf"(?<![\u4e00-\u9fff])(?P<found>{_NAME})[\s,，、:：]{{1,3}}(?=〔电话〕)")
_AFTER_NUMBER = re.compile(rf"〔电话〕[\s,，、]{{1,3}}(?P<found>{_NAME})(?=[\s,，、。]|$)")

_PROVINCE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_DIVISION = re.compile(
    rf"(?:{_PROVINCE})(?:省|市|[壮回维]?[\u4e00-\u9fff]{{0,3}}自治区)?|[\u4e00-\u9fff]{{2,4}}(?:省|市|自治州|区|县|镇|乡|街道)"
)
_PLACE = r"(?:大道|路|街|巷|弄|胡同|村|庄|屯|社区|小区|花园|公寓|大厦|广场|家园|新村|苑|园|城|府|湾|庭|里|楼|号院|院|座|单元|栋|幢|期|区|镇)"
_DETAIL = re.compile(
    r"(?:[0-9０-９一二三四五六七八九十百零〇A-Za-z]{1,5}(?:[-－—][0-9A-Za-z]{1,5}){0,3}\s*(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|户|#)?[\s,，]?)+"
)
_LAST_ROOM = re.compile(r"\s{0,2}[0-9]{1,5}(?:[-－—][0-9]{1,5})?(?![0-9.元件个块天:：])")
_STREET_IN_ENGLISH = re.compile(
    r"(?:(?:Apt|Unit|Room|Flat) ?[0-9A-Za-z-]{1,6},? )?\b\d{1,5} (?:[A-Z][A-Za-z]{1,15} ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Place)\b\.?"
)
_DOOR = re.compile(
    r"[0-9０-９一二三四五六七八九十百零〇A-Za-z]{1,5}\s*(?:号楼|号院|号|弄|栋|幢|座|单元|室)(?!码|线|色|店|链接|款|机)"
)
# Province, city and street one after the other, even without a door number.
_CHAIN = re.compile(
    rf"(?:{_PROVINCE})(?:省|市|自治区)?\s?[\u4e00-\u9fff]{{1,5}}?(?:市|区|县)\s?(?:[\u4e00-\u9fff]{{1,5}}?(?:区|县|镇|乡|街道)\s?)?"
    rf"[\u4e00-\u9fffA-Za-z0-9]{{1,8}}?(?:大道|路|街|巷|弄|胡同|村|小区|花园|公寓|大厦|广场|苑)"
)
_ADDRESS_LABEL = re.compile(
    r"(?:收货|收件|寄件|详细|家庭|公司|新)?地址[\s:：是为改成换到]{1,4}(?P<found>[^\n,，。;；!！?？]{6,60})"
)
_LEAD = re.compile(
    r"^.*(?:地址|寄到|寄往|发到|发往|送到|送货到|改成|改到|换成|换到|住在|家在|位于|人在|收货|收件|[:：,，、是在到])\s*"
)
_RUN_BEFORE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）()·\-\s]{1,48}$")
_STREET = re.compile(rf"[\u4e00-\u9fff]{{1,7}}{_PLACE}[\u4e00-\u9fffA-Za-z0-9（）()·\-\s]{{0,16}}$")

_NO_NAME_BEGINS = ("什么", "怎么", "哪", "不", "填", "可以", "要", "和", "电话", "写", "是", "在", "的")
_LABELLED = (
    (_LABELLED_NUMBER, "单号"), (_WECHAT, "微信"), (_QQ, "QQ"), (_LANDLINE, "电话"), (_LONG_NUMBER, "单号"),
    (_LABELLED_NAME, "姓名"), (_ENGLISH_NAME, "姓名"),
)  # fmt: skip
_HINTS = re.compile(
    r"[0-9０-９@]|[一二三四五六七八九十]{1,3}\s*(?:号|栋|幢|单元|室|弄)|微信|薇信|wechat|weixin|wx|vx|姓名|名字|收件|收货|联系人|"
    r"寄件|地址|我叫|我是|本人|名叫|先生|女士|小姐|太太|name|recipient|consignee|[零〇一幺二三四五六七八九壹贰叁]{11}",
    re.IGNORECASE,
)


def erase(text: str, names: Sequence[str] = ()) -> tuple[str, int]:
    """(`text` without anything personal, how many pieces were replaced). `names` are people known to be in it."""
    count = 0
    if not _may_hold(text) and not any(name in text for name in names):
        return text, 0
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= 2 and name in text:
            count += text.count(name)
            text = text.replace(name, "〔昵称〕")
    text, found = _numbers(text)
    count += found
    for pattern, kind in _LABELLED:
        text, found = _swap(text, pattern, kind)
        count += found
    text, found = _addresses(text)
    count += found
    for pattern in (_CALLED, _TITLED, _BESIDE_NUMBER, _AFTER_NUMBER):
        text, found = _swap(text, pattern, "姓名")
        count += found
    return text, count


def _may_hold(text: str) -> bool:
    """Most chat lines hold neither a digit nor a label; they are done in a microsecond."""
    return _HINTS.search(text) is not None


def _numbers(text: str) -> tuple[str, int]:
    found = find_personal(text)
    for finding in reversed(found):
        text = f"{text[: finding.start]}〔{finding.kind}〕{text[finding.end :]}"
    return text, len(found)


def _swap(text: str, pattern: re.Pattern[str], kind: str) -> tuple[str, int]:
    """Replaces the group `found`, or the whole match, unless it is a placeholder already."""
    parts: list[str] = []
    last = 0
    for match in pattern.finditer(text):
        start, end = match.span("found") if "found" in pattern.groupindex else match.span()
        if PLACEHOLDER_START in text[start:end] or not _is_value(kind, text[start:end]):
            continue
        parts += [text[last:start], f"〔{kind}〕"]
        last = end
    return "".join([*parts, text[last:]]), len(parts) // 2


def _is_value(kind: str, value: str) -> bool:
    """An order number has digits in it: "订单号 unknown" has none; nobody is called 什么."""
    if kind == "单号":
        return sum(character.isdigit() for character in value) >= 4
    if kind == "姓名":
        return value not in _NO_NAMES and not value.startswith(_NO_NAME_BEGINS)
    return True


def _addresses(text: str) -> tuple[str, int]:
    """From the first division or street name to the last door number; also what stands behind 地址."""
    spans = [match.span("found") for match in _ADDRESS_LABEL.finditer(text) if _looks_like_place(match["found"])]
    for door in _DOOR.finditer(text):
        start = _begin_of_address(text, door.start())
        if start is not None:
            spans.append((start, _end_of_address(text, door.end())))
    spans += [match.span() for pattern in (_CHAIN, _STREET_IN_ENGLISH) for match in pattern.finditer(text)]
    return _replace_spans(text, _merged(spans), "〔地址〕")


def _begin_of_address(text: str, at: int) -> int | None:
    before = _RUN_BEFORE.search(text, max(0, at - 48), at)
    if before is None:
        return None
    run = before[0]
    street = _STREET.search(run)
    division = _DIVISION.search(run)
    if street is None and division is None:
        return None
    begins = min(found.start() for found in (street, division) if found is not None)
    lead = _LEAD.match(run[begins:])
    if lead is not None and lead.end() < len(run) - begins:
        begins += lead.end()
    return before.start() + begins


def _end_of_address(text: str, at: int) -> int:
    rest = _DETAIL.match(text, at, min(len(text), at + 40))
    end = rest.end() if rest is not None else at
    last = _LAST_ROOM.match(text, end)
    end = last.end() if last is not None else end
    while end > at and text[end - 1] in " ,，":
        end -= 1
    return end


def _looks_like_place(value: str) -> bool:
    return bool(_DIVISION.search(value) or (re.search(_PLACE, value) and re.search(r"\d", value)))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _replace_spans(text: str, spans: list[tuple[int, int]], placeholder: str) -> tuple[str, int]:
    for start, end in reversed(spans):
        text = f"{text[:start]}{placeholder}{text[end:]}"
    return text, len(spans)
