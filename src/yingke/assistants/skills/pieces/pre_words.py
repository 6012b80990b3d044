"""How customers ask before they buy: price, stock, advice, comparing, more of it, cheaper, offers, gifts, whether it is real."""

import re

from yingke.commerce.words.measure_words import COUNTING
from yingke.kit.expression import Expression, expression


def _any(*patterns: str) -> Expression:
    return expression("|".join(patterns), re.IGNORECASE)


PRICE = _any(
    rf"多少[钱前米]|多少元|几钱|什么价|价格|价钱|报价|怎么卖|咋卖|多钱|拿下|啥价|一共|总共|合计|加起来|算下来|算一?下|算算|到手(?!机|[^，。多几]{{0,8}}(?:了|的|是|成|就|才|坏|软|碎|漏|化|第))价?|优惠后|折后|券后|用(?:了|完|上|过)?(?:优惠)?券(?:之?后|多少)|满减后|贵不贵|会员价(?:是|要)?多少|我的价|合多少|付多少|给多少|几块钱?(?=$|[?？呀啊呢吧])|多少一[{COUNTING}]|卖多少|单价|[一同]个价|(?:先|现在|预|首)(?:要|得)?付(?:多少|几)|定金(?:是|要)?(?:多少|几)|(?<![了过])付多少|(?:拿|入手)多少|好多钱|(?<![更再会点些])便宜(?:不|吗|么)[?？]*$|^(?:那|这个|那个|它|要|得)*多少[啊呀呢嘛]?[?？]*$",
    r"\bhow much\b|\bprice\b|\bcost\b|\btotal\b",
)
ONLY_HOW_MUCH = _any(r"^[^，。\s]{1,8}(?<![有剩存重量长宽高大窄度寸值数修])多少[啊呀呢]?[?？]*$")
"""Beside a thing and nothing else this asks what it costs."""
WITH_OFFERS = _any(
    r"到手(?!机)|优惠后|折后|券后|用(?:了|完|上|过)?(?:优惠)?券|满减后|减完|会员价|金卡|银卡|实付|最后要付|叠加(?:完|后|起来)|我(?:自己)?(?:去|来)?(?:买|拿|要|入|拍)(?:的话|下来)?[^，。]{0,4}(?:多少|几|啥价|什么价)|我的价|(?:拿|入手|到手|下来)多少",
    r"\bafter (?:the )?(?:discount|coupon|offer)s?\b|\bwith (?:the )?(?:coupon|discount)",
)
NEXT_STEP = _any(
    r"(?<![重量轻度价高长宽小大])差多少|还差|再(?:买|凑|加)(?:多少|几)|凑(?:单|多少|满|够|到|啥|什么|点)|够不够满减|下一档|够满减",
    r"\bhow much more\b|\bnext (?:tier|level|discount)\b",
)
STOCK = _any(
    rf"有货|最多(?:能|可以)?(?:买|拍|要)|有没有货|还有多少|还剩|剩(?:多少|几)|有(?:多少|几)[{COUNTING}]|库里|仓库里?|[色码号款]的?\s*(?:还|都)?有(?:没有|木有|吗|么|没|不|货)|没货|缺货|断货|现货|库存|补货|到货|上架|(?:啥|什么)时候(?:还|再|才|能|会)*(?:补上?|有(?!活动|优惠|券)|[来到](?:$|[?？呀啊呢等]))|再(?:上|有)货|还有(?:没有)?(?:.{{0,8}})(?:吗|么|没)|有(?:没有)?.{{1,6}}(?:色|码|号|款)(?:的|子)?(?:吗|么|没|不)?",
    r"\bin stock\b|\bavailable\b|\bsold out\b|\brestock",
)
STOCK_OF_SUCH = _any(r"有[^，,。]{1,4}的(?:吗|么|没|不)")
COMPARE = _any(
    r"区别|差别|不同|对比|比较一?下|比一比|哪(?:个|款|种|一款)(?:好|更|适合|划算|值)|(?:好|选)哪(?:个|款)",
    r"\bdifference\b|\bcompare\b|\bwhich (?:is|one|should)\b|\bvs\b",
)
PAIR = expression(
    r"(.{2,14}?)(?:和|跟|与|还是|对比|比|\bvs\.?\b|\band\b|\bor\b)(.{2,14}?)(?:有|的|哪|比|怎么|好|更|选|区别|差别|$|[,，?？])",
    re.IGNORECASE,
)
THOSE = _any(
    r"(?:这|那|上面)(?:两|三|几|俩|些)(?:个|款|种|件|条|顶)?|它们|他们俩", r"\b(?:these|those|them|the two|both)\b"
)
ADVICE = _any(
    r"推荐|推介|介绍(?:一?下|几|个|款)|有没有(?:适合|.{0,10}(?:以内|以下|左右))|(?:买|选|用)(?:哪|什么)|哪(?:款|种|个)(?:适合|合适)|适合.{1,12}的|(?:以内|以下|左右)的|想(?:要|买|找|看看?)(?:一?个|一?款|一?件|一?台)|挑(?:一?个|一?款)|帮我(?:选|挑|找)",
    r"\brecommend|\bsuggest|\blooking for\b|\bdo you (?:have|sell)\b|\bwhat \w+ do you (?:have|sell)\b|\bsomething (?:under|for|below|around)\b",
)
PRICED = _any(
    r"(?:以内|以下|之内|左右)(?:的|有(?:啥|什么|哪些))|预算[^，。]{0,8}(?:买|选|有|配)",
    r"\b(?:under|below) (?:\d|¥|\$)",
)
MORE = _any(
    r"还有(?:没有)?(?:别的|其他|其它|更多|另外)|(?:别的|其他|其它)(?:的)?(?:款|吗|呢|有)|换(?:一?个|一?款|一批)(?:看看|吧|呢)?$|(?:再|多)(?:推荐|介绍|看)(?:几|一|个|些|点)|有别的推荐",
    r"\b(?:any|what|something|show me) (?:other|else|more)\b|\bother (?:options|ones)\b|\banything else (?:like|similar)\b",
)
CHEAPER = _any(
    r"便宜(?:一?点|一?些|些)?的|(?:再|更|稍微?)便宜|有(?:没有)?(?:更|再)?便宜|太贵|有点贵|贵了|平价|实惠(?:一?点|的)",
    r"\bcheaper\b|\bless expensive\b|\btoo expensive\b|\blower price\b",
)
DEARER = _any(
    r"太便宜|上(?:点|个)?档次|(?:贵|好|高端|高档)(?:一?点|一?些)的|更好的|最贵",
    r"\bmost expensive\b|\bhigher[- ]end\b|\bpremium\b",
)
DEAREST = _any(r"最贵|最高档|最高端|价格最高", r"\bmost expensive\b|\bdearest\b")
CHEAPEST = _any(r"最便宜|价格最低|最实惠", r"\bcheapest\b|\blowest price\b")
BARGAINS = _any(
    r"(?:能|可以|可不可以|能不能)[^，。]{0,6}(?:便宜|优惠|(?<!多)少)(?:一?点|一?些|几块|多少)?|(?:再|还能?)(?:便宜|优惠|少)(?:一?点|些)?|(?:给|打)(?:个|点|我)*(?:折|优惠)|抹(?:个)?零|讲价|砍价|便宜点(?:呗|吧|嘛|啊)"
    r"|(?:\d|[一二两三四五六七八九十百千])(?:块|元)?钱?(?:卖给?我|卖不卖|出给我|成交|我就?拿走)",
    r"\b(?:any|a) (?:better price|discount)\b|\bcan you (?:lower|reduce|discount)\b|\bbest price\b",
)
OFFERS = _any(
    r"(?:有|什么|哪些|啥)[^，。]{0,6}(?:活动|优惠|促销|折扣|满减)|(?:活动|优惠|促销|折扣)[^，。]{0,4}(?:有(?:哪些|什么|吗)|吗|么|没)|搞活动|打折吗|在打折",
    r"\b(?:any|what|current) (?:offers?|deals?|promotions?|discounts?|sales?)\b|\bon sale\b",
)
RULES = _any(
    r"怎么算|规则|叠加|同时用|一起用|几号(?:结束|开始)|什么时候(?:结束|开始|截止)|截止|到期|有效期|谁先|先后|顺序|先[^，。]{1,4}(?:再|还是|后)|满多少|运费|邮费|包邮|会员|金卡|银卡",
    r"\bstack|\bcombine|\bend(?:s|ing)?\b|\bexpire|\bshipping\b",
)
GIFT = _any(
    r"送(?:什么|啥|不送|东西|赠品|礼品|小礼物)|(?:有|带)(?:没有)?(?:什么)?(?:赠品|礼品|小礼物|送的)|赠(?:品|什么|送)",
    r"\bfree gift\b|\bcomes? with a gift\b|\bgift with\b",
)
FOR_SOMEBODY = _any(
    r"(?:想|要|打算)送(?:个|点|件)|送(?:给|个|点|件)?(?:我|女|男|老)?(?:女朋友|男朋友|女友|男友|对象|老婆|老公|媳妇|爸妈|爸爸?|妈妈?|父母|长辈|朋友|同事|同学|客户|领导|老师|孩子|小孩|女儿|儿子|闺蜜|兄弟|人|礼)(?:的)?(?:生日)?(?:礼物)?|(?:生日|节日|结婚|新年|情人节)?礼物|(?:女朋友|男朋友|女友|男友|对象|老婆|老公|媳妇|爸妈|妈妈?|爸爸?|闺蜜|长辈|领导)[^，。]{0,3}(?:生日|节|纪念日)?[^，。]{0,2}送(?:的|啥|什么)",
    r"\b(?:gift|present) for\b|\bfor (?:a|my) (?:girl|boy)?friend\b|\bfor my (?:wife|husband|dad|mom|mum|parents|father|mother|son|daughter)\b",
)
SELLS = _any(
    r"(?:你们?|店里?|家)(?:店|家|这|里)*(?:都)?(?:有|卖)(?:什么|啥|哪些)(?:东西|商品|产品|好物|款)?[?？]?$|(?:卖|有)(?:什么|哪些)(?:东西|商品|产品)|主(?:要)?(?:卖|营)(?:什么|啥)",
    r"\bwhat (?:do you sell|products|things)\b|\bwhat else do you (?:have|sell)\b",
)
STARTER = _any(
    r"(?:要|需要|该|得)?(?:买|带|准备|配)(?:哪些|什么|啥)(?:东西|装备|用品)|一(?:套|整套)[^，。]{0,6}(?:怎么|配|多少|推荐)|全套|装备清单|新手[^，。]{0,8}(?:买|装备|推荐)|第一次[^，。]{0,10}(?:买|带|准备)",
    r"\bwhat do i need\b|\bstarter\b|\bfirst time\b.{0,20}\b(?:need|buy)\b",
)
GENUINE = _any(
    r"(?:是|保证|都是)?(?:不是)?正品|真(?:的|货)?还是假|假货|真假|山寨|高仿|授权(?:书|店|吗)|官方(?:正品|旗舰|授权)|质检|保真|假一赔",
    r"\bgenuine\b|\bauthentic\b|\bfake\b|\breal or\b|\boriginal brand\b",
)
LOWEST = _any(
    r"(?:全网|历史)(?:最)?低(?:价)?|最低(?:价|多少钱|能)|比(?:别家|其他|别人|淘宝|京东|拼多多|线下|官网)[^，。]{0,6}(?:贵|便宜)|(?:会|还会)(?:不会)?(?:再|更)?(?:降价?|涨价?|便宜)|怕买贵|(?:怎么|又)涨(?:价|了)|保价|价保",
    r"\blowest price\b|\bprice match\b|\bcheaper (?:than|elsewhere)\b|\bprice drop\b",
)
OTHER_SHOPS = _any(
    r"(?:和|跟|与|比|对比)[^，。]{0,4}(?:别家|别人家|其他(?:店|家|品牌|牌子)|其它(?:店|家|品牌|牌子)|迪卡侬|牧高笛|骆驼|探路者|始祖鸟|北面|凯乐石|小米|苹果|华为|宜家|优衣库|耐克|阿迪)",
    r"\b(?:than|with|to) (?:decathlon|other (?:brands?|shops?|stores?)|amazon|ikea|nike)\b",
)
BESTSELLER = _any(
    r"(?:卖|销量|销售)(?:得)?(?:最|比较)?(?:好|高|多|火)(?:的)?|爆款|热销|热卖|最(?:火|受欢迎|畅销)|哪(?:个|款)[^，。]{0,4}(?:卖得好|人买|火)",
    r"\bbest[- ]?sell(?:er|ing)\b|\bmost popular\b",
)
MOST = _any(
    r"最|更|哪|一?点|一些|推荐|有没有|有吗|便携|比较|用的|的吗|能(?:不能)?用|吗|么",
    r"est\b|\bmost\b|\bmore\b|\blight\b|\bwhich\b|\ber\b|\bwarmer\b|\blighter\b|\bdo you\b|\bcan\b",
)
_TALK = re.compile(
    r"没货了?|有货(?:吗|没)?|有没有(?:货)?|还有(?:货)?(?:吗|没有|么)?|怎么办|那(?:么)?(?=[，,怎有])|有(?:什么)?别的推荐|有什么推荐|推荐(?:一?下|个|几款)?|帮我|麻烦|请问|谢谢|了吗|多少钱|用券后|券后|到手价?|差多少(?:到)?|下一档|满减|我(?:想|要)?买了?|送什么|现在|大概|哪(?:个|款|种)|什么|啥",
    re.IGNORECASE,
)


PRICE_TAIL = expression(
    r"付多少|给多少|减多少|花多少|多少(?:啊|呀|呢|米)?[?？。\s]*$|几钱|打下来|算算|来算|(?<![有啥么])分别",
    re.IGNORECASE,
)
"""Said of counted things these ask for a price as well."""
COUPON_HOLDS = expression(
    r"(?:能|可以|可不可以|能不能)(?:不能)?用(?:得了|上)?[^，。]{0,4}(?:券|卷)|(?:券|卷)[^，。]{0,4}(?:能|可以)(?:不能)?用|够(?:不够)?用券|用(?:得了|不了)券|(?:券|卷)(?:用|减|扣)(?:了|上)(?:没|吗|么)|用券了(?:没|吗|么)|\bcan i use (?:the|a|my) coupon",
    re.IGNORECASE,
)
SPOILT = expression(
    r"烂|[碎坏破裂断馊蔫]了|[融溶]?化[了成]|洒|漏(?!发)|发霉|变质|受潮|一坨|软[趴塌]|压[扁坏]|[粘黏]在|缩水了|掉色|褪色|起球了|开线|脱线"
)
"""Something has happened to it: nobody buys it with such words."""
ENOUGH = expression(r"够不够|够吗|够么|够用|有(?:没有)?这么多|\benough\b", re.IGNORECASE)
OTHER_ASK = expression(
    r"退|换货|保修|维修|发货|几天|什么时候|啥时候|尺码|什么码|防水|区别|推荐|怎么样|发票|快递|物流|订单|地址|坏|尺寸|承重|材质|能装|能坐|多重|多大",
    re.IGNORECASE,
)


PLAIN_STOCK = expression(
    rf"有(?:没有)?货|没货|现货|库存|(?:有|剩下?)(?:多少|几)[{COUNTING}]?(?=$|[?？啊呀呢吧了,，。\s])|\bin stock\b",
    re.IGNORECASE,
)
DEARER_BY = expression(
    r"(?:贵|便宜|差|多花|多出)(?:了)?多少|差多少钱|相差|差价|\bhow much (?:more|less|cheaper|difference)\b|\bprice difference\b",
    re.IGNORECASE,
)
AVAILABLE = expression(
    r"(?:有(?:没有|木有)?|要|看看?|换(?:个|成)?)(?:点|些)?现货的|现货的?(?:款|有|是)(?:哪|什么|吗)|不要预售|(?:马上|现在|立刻|当天|今天)(?:就)?(?:能|可以)?发(?:货)?的|现成的|\bin stock now\b",
    re.IGNORECASE,
)
SIZE_TABLE = expression(
    r"(?:发|看|给|有|来|瞧|贴)[^，。]{0,6}尺码(?:表|对照)|尺码(?:表|对照)[^，。]{0,4}(?:发|看|给|有|呢|吗)|\bsize (?:chart|table|guide)\b",
    re.IGNORECASE,
)
TOGETHER = re.compile(
    r"配(?:个|一)?|加上?|和|跟|与|、|带(?:个|一)?|再来个?|一起|[，,\s+]|\band\b|\bwith\b|\bplus\b", re.IGNORECASE
)


def need_of(text: str) -> str:
    """What is looked for, without the words around it; the text itself where nothing would be left."""
    bare = " ".join(FOR_SOMEBODY.sub(" ", _TALK.sub(" ", text)).split())
    return bare if any(mark.isalnum() for mark in bare) else text
