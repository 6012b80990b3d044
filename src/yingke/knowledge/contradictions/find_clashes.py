"""Two pieces of knowledge that speak of the same matter and give another figure, date, or yes and no."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yingke.knowledge.contradictions.figures import Figure, number_of, read_figures
from yingke.knowledge.fold import fold
from yingke.knowledge.names import code_of, is_name_column, name_of

_CLAUSE = re.compile(r"[,，。;；!！?？\n]+|(?<=[a-z])\.\s")
# Words that say nothing of the matter itself.
_NEUTRAL = re.compile(
    r"我们|本店|店铺|店内|全店|全场|商家|卖家|官方|您|你|亲|顾客|客户|用户|买家|消费者|订单|付款|下单|支付后|签收|收到|收货|到货|商品|产品|货物|宝贝"
    r"|一般|通常|默认|大约|大概|左右|约为|约|最多|最晚|最迟|最快|至少|起|以内|之内|内|后|前|之后|之前|以上|以下|超过|不超过|可以|均可|都可|可享|享受|享有|享"
    r"|其余|剩余|进行|办理|申请|提供|支持|自|从|按|将|会|即|则|且|并|或|和|与|及|的|了|是|在|为|有|可|能|都|均|也|就|只|每|单|各|该|本|此|请|若|如|如果"
    r"|\b(?:we|you|your|our|the|a|an|is|are|be|of|to|in|on|for|from|and|or|will|can|may|within|up|after|before|at|by|it|all|any|order|orders|item|items|product|products)\b"
)
_WHEN = re.compile(r"多长时间|什么时候|什么时间|啥时候|何时|几天|几号|多少天")
_TOPIC = re.compile(
    r"发货|物流|快递|配送|时间|时效|时限|退货|换货|退换货|退换|退款|售后|运费|邮费|包邮|发票|付款|支付|优惠|活动|促销|会员|规则|政策|说明|须知|指南|手册"
    r"|常见|问题|问答|客服|服务|质保|保修|三包|维修|安装|使用|清洗|洗涤|保养|尺码|尺寸|规格|参数|价格|报价|价目|库存|多久|什么时候|什么|怎么|如何|哪些|多少|吗|呢"
    r"|联系|方式|地址|门店|营业|工作|上班|在线|咨询|热线|电话|基本|信息|概况|概述|简介|附录|第[一二三四五六七八九十\d]+[章节条部分]"
    r"|关于|相关|其他|注意|事项|流程|步骤|标准|详情|资料|文档|文件|内容|总则|通知|公告|介绍|清单|列表|目录|总表|表|版|新版|旧版|最新|更新|副本|修订|汇总|整理|店|旗舰"
    r"|faqs?|q&a|policy|policies|rules?|shipping|returns?|refunds?|warranty|guide|manual|price|list|terms|about|delivery|service|sheet\d*|copy|final|new|old|draft"
)
_QUALIFIER = re.compile(
    r"会员|vip|plus|新客|新人|老客|首单|首次|首件|续件|续重|定制|预售|现货|生鲜|特价|清仓|秒杀|赠品|样品|二手|偏远|新疆|西藏|内蒙古|内蒙|青海|宁夏|甘肃|海南|港澳台|香港|澳门|台湾"
    r"|海外|国际|江浙沪|省内|省外|同城|大件|家具|家电|电池|内衣|食品|图书|虚拟|企业|学生|工作日|周末|节假日|周[一二三四五六日天]|上午|下午|晚上|夏季|冬季|白天"
    r"|顺丰|圆通|中通|申通|韵达|极兔|邮政|ems|京东|德邦|加急|普通|微信|支付宝|信用卡|花呗|银行卡|现金|电子|纸质|专票|普票|增值税"
    r"|未|已|非|除|质量|破损|少件|错发|拆封|激活|男|女|儿童|成人|大码|小码|主机|配件|整机|电机|压缩机|屏幕"
)
_NO = (
    r"不再支持|不支持|暂不支持|不提供|暂不提供|不可以|不能够|不能|不可|不得|无法|不允许|不接受|不予|不包邮|不免邮|不免运费|不含|不包含|不包括|不参加|不参与|不适用|不适合"
    r"|不需要|不需|无需|不用|不必|不开|不会|不退|不换|没有|尚无|暂无|cannot|can't|can not|do not|don't|not available|is not|are not|never|no longer"
)
_YES = r"支持|提供|可以|能够|均可|都可|允许|接受|免邮|包邮|免运费|包含|包括|含有|参加|参与|适用|适合|需要|必须|可开|能开|可退|可换|能退|能换|可|能|会|有|is|are|yes"
_POLARITY = re.compile(f"(?P<no>{_NO})|(?P<yes>{_YES})")
# What a granting or refusing word also says of the matter.
_MATTERS = ("包邮", "免邮", "运费", "含", "参加", "参与", "适合", "适用", "开", "退", "换")
_SIGNS = re.compile(r"[^\w#]+|_")
_IDENTIFYING = re.compile(
    r"颜色|尺码|尺寸|规格|型号|款式|版本|套餐|地区|区域|省|城市|国家|等级|单位|口味|材质|类型|分类|colou?r|size|model|variant|region|unit",
    re.IGNORECASE,
)
_NO_FACT = re.compile(
    r"^(?:序号|编号|id|no\.?|日期|更新时间|图片|链接|库存|销量|备注|排序|stock|sold|note)s?$", re.IGNORECASE
)
_YES_CELL = frozenset(("是", "有", "支持", "可以", "包邮", "√", "✓", "yes", "y", "true", "可"))
_NO_CELL = frozenset(("否", "无", "不支持", "不可以", "不包邮", "×", "✗", "no", "n", "false", "不可"))
_PRICE = re.compile(r"价|price", re.IGNORECASE)

_SAME_MATTER, _SAME_UNDER_ONE_HEADING, _SAME_HEADING, _SAME_YES_NO = 0.55, 0.3, 0.6, 0.7
_MOST_CLAUSES = 24
_LONGEST_CELL = 30


@dataclass(frozen=True, slots=True)
class Statement:
    """One passage: of a question with its answer, `heading` is the question. `title` is its document's name."""

    kind: str
    heading: str
    text: str
    title: str = ""
    row: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """`about` is the matter, the others are what each side says of it, in its own words."""

    about: str
    left_says: str
    right_says: str


@dataclass(frozen=True, slots=True)
class _Clause:
    said: str
    figures: tuple[Figure, ...]
    letters: frozenset[str]
    qualifiers: frozenset[str]
    is_no: bool | None
    """None when it neither grants nor refuses."""


@dataclass(frozen=True, slots=True)
class _Read:
    heading: frozenset[str]
    subject: frozenset[str]
    clauses: tuple[_Clause, ...]


def find_clashes(left: Statement, right: Statement, own_names: tuple[str, ...] = ()) -> list[Clash]:
    """What the two say differently. About 0.1 ms for texts looked at before, some milliseconds for long new ones.

    Careful rather than complete: what speaks of another product, place, kind of customer or condition is no clash.
    `own_names` are the names of the shops, which say nothing of the matter.
    """
    if left.kind == "row" and right.kind == "row":
        return list(_between_rows(dict(left.row or ()), dict(right.row or ())))
    if left.kind == "row":
        return list(_row_against_text(left, right, is_left=True))
    if right.kind == "row":
        return list(_row_against_text(right, left, is_left=False))
    one, other = _read(left, own_names), _read(right, own_names)
    if not _alike_or_empty(one.subject, other.subject):
        return []
    return list(_between_texts(one, other, left, right))


@lru_cache(maxsize=4096)
def _read(statement: Statement, own_names: tuple[str, ...]) -> _Read:
    last = _WHEN.sub("多久", fold(statement.heading.rpartition(" › ")[2]))
    subject = fold(f"{statement.heading} {statement.title}")
    for name in own_names:
        subject = subject.replace(fold(name), " ")
    clauses = (_clause(piece) for piece in _CLAUSE.split(statement.text) if piece.strip())
    # What has no figure and neither grants nor refuses cannot clash.
    telling = [clause for clause in clauses if clause.figures or clause.is_no is not None][:_MOST_CLAUSES]
    return _Read(_letters(_NEUTRAL.sub("", last)), _subject(subject), tuple(telling))


def _subject(folded: str) -> frozenset[str]:
    return frozenset(sign for sign in _letters(_NEUTRAL.sub("", _TOPIC.sub("", folded))) if not sign.isdigit())


def _clause(piece: str) -> _Clause:
    folded = fold(piece)
    figures, bare = read_figures(folded)
    polarity = _POLARITY.search(bare)
    matter = _POLARITY.sub(lambda found: "".join(word for word in _MATTERS if word in found.group()), bare)
    letters = _letters(_NEUTRAL.sub("", matter))
    return _Clause(
        said=piece.strip(),
        figures=tuple(figures),
        letters=letters,
        qualifiers=frozenset(_QUALIFIER.findall(bare)) | _codes(letters),
        is_no=None if polarity is None else polarity["no"] is not None,
    )


def _letters(text: str) -> frozenset[str]:
    """Characters of Chinese, words of other scripts."""
    plain = _SIGNS.sub(" ", text.replace("#", " "))
    return frozenset(re.findall(r"[a-z0-9]+|[^\sa-z0-9]", plain))


def _codes(letters: frozenset[str]) -> frozenset[str]:
    """Sizes, models and brands: the latin words of a Chinese clause."""
    latin = frozenset(letter for letter in letters if letter.isascii())
    return latin if len(latin) < len(letters) else frozenset()


def _between_texts(one: _Read, other: _Read, left: Statement, right: Statement) -> Iterator[Clash]:
    same_heading = bool(one.heading) and _alike(one.heading, other.heading) >= _SAME_HEADING
    for mine, theirs, likeness in _partners(one.clauses, other.clauses):
        if mine.qualifiers != theirs.qualifiers:
            continue
        if mine.figures or theirs.figures:
            is_clash = _figures_differ(mine, theirs) and _same_matter(likeness, mine, theirs, same_heading)
        else:
            is_clash = _yes_meets_no(mine, theirs, likeness, same_heading)
        if is_clash:
            yield Clash(_about(left, right, mine), mine.said, theirs.said)


def _partners(ours: Sequence[_Clause], theirs: Sequence[_Clause]) -> Iterator[tuple[_Clause, _Clause, float]]:
    """Clauses of each side that are most like each other, each used once."""
    weighed = sorted(
        (
            (_alike(mine.letters, other.letters), _shape(mine) == _shape(other), a, b)
            for a, mine in enumerate(ours)
            for b, other in enumerate(theirs)
            if bool(mine.figures) == bool(other.figures)
        ),
        key=lambda one: (one[0] + (0.2 if one[1] else 0.0), -abs(one[2] - one[3])),
        reverse=True,
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    for likeness, _, a, b in weighed:
        if a not in used_left and b not in used_right:
            used_left.add(a)
            used_right.add(b)
            yield ours[a], theirs[b], likeness


def _shape(clause: _Clause) -> tuple[str, ...]:
    return tuple(figure.kind for figure in clause.figures)


def _figures_differ(mine: _Clause, theirs: _Clause) -> bool:
    return bool(mine.figures) and _shape(mine) == _shape(theirs) and mine.figures != theirs.figures


def _same_matter(likeness: float, mine: _Clause, theirs: _Clause, same_heading: bool) -> bool:
    if same_heading:
        # Under one question an answer may be the bare figure: "48 小时内".
        return likeness >= _SAME_UNDER_ONE_HEADING or not (mine.letters or theirs.letters)
    return likeness >= _SAME_MATTER and min(len(mine.letters), len(theirs.letters)) >= 2


def _yes_meets_no(mine: _Clause, theirs: _Clause, likeness: float, same_heading: bool) -> bool:
    if mine.is_no is None or theirs.is_no is None or mine.is_no == theirs.is_no:
        return False
    if same_heading and not (mine.letters and theirs.letters):
        return True
    return likeness >= _SAME_YES_NO and bool(mine.letters)


def _about(left: Statement, right: Statement, clause: _Clause) -> str:
    """The nearer heading, else the words of the clause."""
    for statement in (left, right):
        heading = statement.heading.rpartition(" › ")[2].strip()
        if heading:
            return heading[:80]
    return clause.said[:80]


def _between_rows(left: dict[str, str], right: dict[str, str]) -> Iterator[Clash]:
    name = _same_thing(left, right)
    if not name:
        return
    shared = {fold(column): (column, cell) for column, cell in left.items()}
    pairs = [(column, shared[fold(column)][1], cell) for column, cell in right.items() if fold(column) in shared]
    if any(_IDENTIFYING.search(column) and fold(one) != fold(other) for column, one, other in pairs):
        return
    if {fold(c) for c in left if _IDENTIFYING.search(c)} != {fold(c) for c in right if _IDENTIFYING.search(c)}:
        return
    for column, one, other in pairs:
        if not is_name_column(column) and not _NO_FACT.match(column.strip()) and _cells_clash(one, other):
            yield Clash(f"{name} · {column}", one, other)


def _same_thing(left: dict[str, str], right: dict[str, str]) -> str:
    """The name by which both rows are known; two codes must be the same where both have one."""
    codes = fold(code_of(left)), fold(code_of(right))
    if all(codes) and codes[0] != codes[1]:
        return ""
    ours, theirs = name_of(left) or next(iter(left.values()), ""), name_of(right) or next(iter(right.values()), "")
    if all(codes):
        return ours or codes[0]
    return ours if ours and fold(ours) == fold(theirs) and number_of(ours) is None else ""


def _cells_clash(one: str, other: str) -> bool:
    first, second = fold(one), fold(other)
    if first == second or max(len(first), len(second)) > _LONGEST_CELL:
        return False
    if {first, second} & _YES_CELL and {first, second} & _NO_CELL:
        return True
    figures = number_of(first), number_of(second)
    if None not in figures:
        return figures[0] != figures[1]
    mine, theirs = read_figures(first), read_figures(second)
    kinds = [[figure.kind for figure in side[0]] for side in (mine, theirs)]
    return bool(mine[0]) and kinds[0] == kinds[1] and mine[0] != theirs[0] and _letters(mine[1]) == _letters(theirs[1])


@lru_cache(maxsize=4096)
def _folded(statement: Statement) -> str:
    return fold(f"{statement.heading}\n{statement.text}")


def _row_against_text(row: Statement, text: Statement, *, is_left: bool) -> Iterator[Clash]:
    cells = dict(row.row or ())
    name = name_of(cells)
    if len(name) < 2 or fold(name) not in _folded(text):
        return
    prices = [
        column for column in cells if _PRICE.search(column) and number_of(fold(cells[column]).rstrip("元")) is not None
    ]
    for piece in _CLAUSE.split(f"{text.heading}，{text.text}" if text.kind == "qa" else text.text):
        folded = fold(piece)
        if fold(name) not in folded:
            continue
        figures, bare = read_figures(folded.replace(fold(name), " "))
        money = [figure for figure in figures if figure.kind == "money"]
        if (
            len(prices) != 1
            or len(figures) != 1
            or len(money) != 1
            or _QUALIFIER.search(bare)
            or re.search("满|减|券|省", bare)
        ):
            continue
        price = number_of(fold(cells[prices[0]]).rstrip("元"))
        if money[0].values != (price,):
            sides = (f"{prices[0]} {cells[prices[0]]}", piece.strip())
            yield Clash(f"{name} · {prices[0]}", *(sides if is_left else sides[::-1]))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _alike_or_empty(one: frozenset[str], other: frozenset[str]) -> bool:
    return (not one and not other) or _alike(one, other) >= 0.5
