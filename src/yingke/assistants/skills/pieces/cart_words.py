"""How people add, take out, change, count and sum: the verbs of a basket, apart from the goods in it."""

import re
from dataclasses import dataclass
from typing import Literal

from yingke.commerce.words.measure_words import COUNTING
from yingke.kit.expression import expression

Verb = Literal["swap", "remove", "less", "add", "set"]
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_VERBS: tuple[tuple[Verb, str], ...] = (
    ("set", r"[加减改换升增](?:加|少)?到|加成|只(?:要|买|拿|留|来)|就(?:要|买|拿|来)|\b(?:make (?:it|that)|change (?:it|that) to|just|only)\b"),
    ("swap", r"(?:替?换|改|变|调)(?:成|为|要|买|拿|用)|换(?:个|那个)?(?![货新季地电收洗发码号算人退])|\b(?:instead|swap|replace|switch to|change to)\b"),
    ("remove", r"(?:先|就|也|那|别|都)?(?:不要|不用|不买|不拿|不算|不带|别要|不需要|去掉|去了|删掉|删了|删除|拿掉|拿走|减掉|剔除|砍掉|取消|撤了|撤掉|免了|算了|除去|除掉)(?:了|掉)?|\b(?:without|remove|drop|no)\b"),
    ("less", rf"(?<!多)(?:少|减)(?:来|要|拿|买|掉|去)?(?={_NUMBER}\s*[{COUNTING}])"),
    ("add", rf"(?:再|另外|额外|还|又|多|外)(?:给我)?(?:来|要|买|拿|加|添|配|带|搭|拍|上)|^[,，\s]*(?:那|嗯|哦|好|行)*(?:再|还有|另外|外加|连同|跟|和|与|同)|[加添]上?|补(?={_NUMBER}|个)|配上?(?!送|件|置|套|备)|搭[上配]?(?!帐|棚|建|起|好)|捎上?|带上|带(?=个|{_NUMBER}[个条把顶件张套])|\b(?:add|plus|another|also)\b"),
)  # fmt: skip
_VERB = expression("|".join(f"(?P<{verb}>{words})" for verb, words in _VERBS), re.IGNORECASE)
TOTAL = expression(
    r"多少(?:钱|米|元|块|银子)?(?=$|[?？!！。，,\s啊呀呢吧嘛哈了]|能|才|拿|到手)|几块(?:钱)?|几钱|多钱|啥价|什么价|价钱|价格|什么价位|总价|总数|总的|全部下来|算进去|连.{0,2}[邮运]费|好多钱|报个?价|一共|总共|合计|拢共|统共|总计|加起来|[算打总]下来|下来|到手(?!机)(?:价)?|实付|(?:要|得|该)?[付花](?:多少|几)?|[券折惠减]后|减完|打完折|会员价|(?:金|银|钻|铂|黑|普通)卡|我的价|拿下|[合要得给]多少|算[算下]?(?:一?下)?(?:账|钱)?|结账|咋卖|怎么卖|卖多少|(?:[加用算叠]上?个?|用[完了])券"
    r"|\bhow much\b|\btotal\b|\baltogether\b|\bprice\b|\bcost\b",
    re.IGNORECASE,
)
ONE_COSTS = expression(
    rf"(?:多少(?:钱|块|元)?|几块钱?|啥价|什么价|咋卖|怎么卖)\s*(?:一|每)[{COUNTING}]|^(?:一|每)[{COUNTING}](?:是|要|得|卖)?(?:多少|几|啥价)|单价|一[个样口]的?价(?!格|钱)",
    re.IGNORECASE,
)
_LEFT_OF = re.compile(r"(?:还有|剩|有)(?:多少|几)(?!钱)")
_SIGHS = re.compile(
    r"(?:太|有点|好)贵[了啦]?|超预算了?|买不起|家里有|(?:打|说|写|输|看|搞)错了?|口误|应该是|用不上|够用了"
)
_FILLER = re.compile(
    r"我们|咱们?|你们?家?|您|俺|本人|帮我?|麻烦|请问?|劳驾|给我?|看[看下]|一下|想(?:要|买|拿|入)?|需要|要是|如果|假如|万一|假设|的话|话|准备|打算|那么|那个|这个|那种|这种|那款|这款|那就|就|那|这|我|你|要|买|来|拿|拍|下单|订|入|整|搞|吧|呢|呀|啊|嘛|哈|哦|嗯|哎|噢|额|了|的|也|都|和|跟|与|还有|以及|一起|一块儿?|一道|总|另|先|再|又|是|好|行|可以|得|够|大概|大约|差不多|最后|现在|目前|然后|还是|改|换|成|把|将|个|各|每样|每种|两样|三样|几样|所有|全部|全|套|组合|打包|搭配|价|钱|元|块|等于|嘞|咧|撒|不(?=$|[?？])|吗|么|可|拜托|谢谢|亲|老板|客服|美女|帅哥|对|就行|就够|为|在|当|活动|按|照|优惠|满减|券|活动价|一"
    r"|\b(?:i|we|you|me|please|want|need|would|like|to|buy|get|take|have|i'll|i'd|can|could|for|of|the|them|it|is|are|that|this|and|with|how|much|if|in|all|together|then|what|about|a|an)\b"
    r"|[\s,，。.!！?？~～、;；:：+＋\-]",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"重量|里[头面边]|塞|穿|烂|碎|化[了成]|[融溶]化|洒|漏|霉|变质|受潮|一坨|软[趴塌了]|压[扁坏]|粘[在成住]|黏[在成住]|脱线|开线|缩水|掉色|褪|染|过敏|疹|痒|[破裂断瘪]了?|少了|缺了|臭|馊|酸了|到手|(?:可以|行|成|得了|得到|得来)[吗不么]|第[一二三四五1-5]|几[个条片只件支张包根盒]|够.{0,3}[吗么不]|能|会|哪|怎|咋|什么|啥|为|送|退|换货|几天|多久|什么时候|啥时|发货|发票|快递|物流|订单|尺码|码数|防水|坏|错|重|轻|大小|多大|多高|多宽|多长|材|颜色|区别|比|好不|推荐|适合|合适|够不|够吗|有没|有吗|有货|现货|库存|质量|保修|便宜|贵|差|吗.|"
    r"\b(?:which|what|when|where|does|do|is it|are they|waterproof|warm|heavy|ship)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Op:
    verb: Verb
    start: int
    end: int


def read_verbs(folded: str) -> list[Op]:
    found = []
    for match in _VERB.finditer(folded):
        verb = match.lastgroup
        if verb is not None and match.end() > match.start():
            found.append(Op(verb, match.start(), match.end()))  # type: ignore[arg-type]
    return found


def left_over(folded: str, spans: list[tuple[int, int]]) -> str | None:
    """What is said beside goods, numbers, verbs, sums and politeness; None where that is a question on something else."""
    marks = list(folded)
    for start, end in spans:
        marks[start:end] = [" "] * (end - start)
    said = "".join(marks)
    left = _SIGHS.sub(" ", TOTAL.plain.sub(" ", said))
    return None if _LEFT_OF.search(said) or _ASKS.search(left) else _FILLER.sub("", left)
