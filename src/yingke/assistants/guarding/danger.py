"""Does a message touch what only a person may deal with: harm, authorities, courts, media, minors, despair, blackmail?

Rules, because these must be told at once and the same way every time, also while the encoder is away. What merely asks
about a property of the goods (「会不会漏电」「防烫伤吗」) is an ordinary question.
"""

import re
from typing import Literal

from yingke.kit.expression import expression
from yingke.kit.recently import recently

Topic = Literal[
    "self_harm", "extortion", "injury", "allergy", "fire", "food", "minor", "lawyer", "regulator", "media"
]  # fmt: skip
TOPICS: tuple[Topic, ...] = (
    "self_harm", "extortion", "injury", "allergy", "fire", "food", "minor", "lawyer", "regulator", "media",
)  # fmt: skip

_PERSON = r"(?:我|俺|孩子|小孩|宝宝|娃|儿子|女儿|老人|我妈|我爸|爸妈|妈妈|奶奶|爷爷|老婆|老公|同事|朋友|家人|人)"
_FOODS = r"(?:面包|蛋糕|饼干|坚果|牛奶|奶粉|酸奶|零食|肉|鱼|虾|蟹|罐头|月饼|粽子|米|面|茶|咖啡|水果|苹果|橙子|果干|糖|巧克力|辣条|火锅|调料|酱|油|饮料|果汁|蜂蜜|鸡蛋|辅食|食品|吃的|东西|包装|袋子里|盒子里|里面|里边)"
_ATE = r"(?:吃(?:了|完|过|的|出|到|下去)?|喝(?:了|完|过|的|出|到)?|服用)"
_USED = r"(?:用(?:了|完|过|之?后)|涂(?:了|完|上|后)|抹(?:了|完|后)|敷(?:了|完|后)|擦(?:了|完|后)|穿(?:了|上|完|后)|戴(?:了|上|后)|贴(?:了|上|后)|洗(?:了|完|后)|吃(?:了|完|下去|后)|喝(?:了|完|后))"
_GAP = r"[^。！？!?\n]"

_RULES: dict[Topic, tuple[str, ...]] = {
    "self_harm": (
        r"自杀|轻生|自残(?!缺)|割腕(?!带|护)|遗书|烧炭(?!烤|炉|机|盆)|上吊(?!椅|床|篮|带|扇|兰|绳|灯)|寻短见|了断自己|了结自己|结束(?:自己|我)?的?(?:这)?(?:生命|一生)",
        r"不想(?:再)?活(?!动|着回|捉)|活不下去|活着(?:好)?(?:没意思|没意义|太累|真累|没劲)|不如死了|死了算了|想(?:去|一)死(?!你|我了|大家)|(?<![得])想死(?!你|您|我了|大家|妈|爸)|从楼上跳|跳(?:楼|河|江|桥)(?!价|甩|大|清|边|上|机)|吞(?:了)?(?:一瓶|很多|安眠)|(?:吃|喝)(?:安眠药|农药|百草枯)",
        r"(?:没有?|失去)(?:了)?活下去的|撑不下去了|活着[^，。\n]{0,5}(?:没意思|没有意[思义]|意思都没|盼头都没)|不想再醒|别再让我醒|(?:我|自己)?(?:死了|不在了|消失了)也没人|不疼的死法|怎么死(?:才|比较)?(?:不疼|快|没有?痛)|(?:安眠)?药(?:我)?(?:都|已经)?(?:攒|囤)(?:好|够|了)|死给你们?看|从[^，。\n]{0,6}(?:桥|楼|顶)上?(?:下去|跳)|(?:手腕|胳膊|手臂)[^，。\n]{0,4}(?:划|割)(?:了|开)[^，。\n]{0,4}(?:道|刀|口)",
        r"\bsuicid\w*|\bkill(?:ing)? myself|\bend(?:ing)? my (?:own )?life|\b(?:don'?t|do not) want to (?:live|be alive)|\bhurt(?:ing)? myself|\bself[- ]harm|\bwant to die\b|\bno reason to live|\bbetter off (?:dead|without me)|\bcan'?t go on\b(?=.{0,30}(?:over|anymore|living|$))|\bwant it (?:all )?to (?:be over|end)\b|\bmiss me if i|\bif i (?:was|were) gone\b|\btake my own life",
    ),
    "extortion": (
        r"敲诈|勒索(?!软件|病毒)|封口费|保密费|私了",
        rf"(?:给|转|打|赔|拿){_GAP}{{0,8}}(?:[\d一二两三四五六七八九十]+[千万百]|\d{{3,}}|钱){_GAP}{{0,4}}[，, ]?(?:不然|否则|要不然|要不就)|不赔{_GAP}{{0,12}}(?:让|找|叫){_GAP}{{0,8}}(?:刷一星|刷差评|来闹|砸)|差评{_GAP}{{0,6}}可以删{_GAP}{{0,4}}(?:看着给|给多少|开价)|(?:开个|谈个|出个)(?:价|数)(?=吧|[，。！]|$){_GAP}{{0,6}}|(?:证据|黑料|名单){_GAP}{{0,8}}(?:拿钱|打款|给钱)|(?:拿钱|打款|给钱)(?:来)?(?:换|买断|了事)",
        rf"(?:给|转|赔|打|付|拿){_GAP}{{0,10}}(?:\d|块|元|钱|红包|万|千){_GAP}{{0,12}}(?:就|才|否则|不然|要不|我){_GAP}{{0,6}}(?:删|撤|不(?:发|举报|投诉|曝光|追究)|闭嘴|当没)",
        rf"(?:删|撤|改)(?:掉|销|除)?{_GAP}{{0,4}}(?:差评|评论|帖|视频|投诉|举报){_GAP}{{0,10}}(?:给|转|赔|付|要|拿){_GAP}{{0,6}}(?:\d|钱|红包|块|元|费)",
        rf"(?:不(?:给|转|赔|付|打钱)){_GAP}{{0,14}}(?:就|否则|不然|别怪){_GAP}{{0,14}}(?:刷差评|找人|闹|搞|弄死|砸|泄露|公布{_GAP}{{0,4}}(?:资料|数据|信息)|打爆|恶意)",
        r"(?:你们的?|店里的?|后台)(?:客户|用户|后台)?的?(?:数据|资料|信息|数据库)(?:都)?在我(?:手|这)|(?:公布|泄露|放出|卖掉)[^。\n]{0,6}(?:客户|用户|会员)的?(?:资料|数据|信息)|比特币|打假人(?!偶)|(?:职业|专业)打假|团队(?:专门)?打假|几百个号(?:给|刷)",
        r"(?:弄死|打死|杀了|砍|砸了?)(?:你|你们|店|客服)|记住(?:了)?你(?:的)?(?:工号|名字)了?|(?:下班|出门|走路|晚上)(?:给我)?小心点|找(?:几个)?人去(?:你们)?(?:店里|公司|家里)(?:坐坐|闹|聊聊|堵)|知道你(?:们)?(?:住|家|公司)在哪",
        r"\bblackmail|\bextort|\bransom\b|\bbitcoin\b|\b(?:pay|send|give) me\b.{0,40}\b(?:or(?: else)?|and i(?:'?ll| will)) .{0,20}(?:post|delete|remove|report|review|leak|expose)|\bunless you pay\b.{0,60}|\bi(?:'?ll| will) (?:delete|remove|take down) .{0,20}(?:review|post).{0,20}\b(?:if|when) you (?:pay|send|give)|\b(?:i have|we have) your (?:customer )?(?:data|database)\b|\bi know where you (?:live|work)|\b(?:kill|hurt) you\b",
    ),
    "injury": (
        rf"{_PERSON}{_GAP}{{0,14}}(?:受伤|骨折|流血|出血|烫伤|烫到|割伤|割到|割破|划伤|划破|扎伤|扎到|砸伤|砸到|摔伤|摔倒|摔下来|摔骨|夹伤|夹到|灼伤|烧伤|刺伤|弄伤|伤到|电到|触电|晕倒|昏迷|休克|噎到|噎住|卡住喉|误食|误吞|吞(?:下|了|进)|窒息|中毒)",
        rf"(?:把|给|被){_GAP}{{0,10}}(?:手|脚|脸|眼睛?|头|腿|胳膊|手指|皮肤|嘴|背|膝盖|我|孩子|宝宝|老人){_GAP}{{0,6}}(?:割|划|烫|扎|砸|夹|刺|烧|戳|崴|磕|电|伤)(?:伤|破|到|了|流血|肿|断|得)",
        r"(?:手|脚|脸|眼睛?|头|腿|胳膊|手指|皮肤|嘴|膝盖|腰)(?:都|也|被|给|上)*(?:割破|划破|烫伤|烫红|烫起泡|起泡|扎破|砸肿|砸伤|夹断|骨折|流血|出血|缝针|缝了|瞎|伤了|受伤|烧伤|灼伤|肿了|断了)",
        r"缝了?[一二三四五六七八九十\d]+针|(?:进|去|送|住|在)(?:了|过|到)?(?:医院|急诊|急救|ICU)(?:了|抢救|急诊|缝|检查|看|住|里|急救|花了|治)|住院了|正在住院|送急诊|打(?:了)?120|叫(?:了)?救护车|医药费|医疗费|(?:弹|溅|喷|飞|崩|掉|砸|倒|塌)(?:下来|了|到|进|伤)[^。！？\n]{0,8}(?:眼睛?|脸|头|手|脚|腿|身上|脖子|孩子|宝宝|老人|同事|我|人)(?!的?(?:家|店))|(?:手|脚|腿|身上|脸上?|胳膊|手指)[^，。\n]{0,6}(?:是|起了|都是)[^，。\n]{0,4}(?:水泡|血)|(?:割|划|切|扎)得(?:很|好|太|特别)?(?:深|严重|厉害)|被烫得|(?:人|孩子|老人)(?:都)?(?:死|去世|没)了|出人命|抢救|骨折了|触电了|(?:出|闹)了?人命|差点(?:死|没命|窒息|毁容)|毁容|骨裂(?!纹)|韧带(?:断|撕|拉伤)|满嘴(?:都是)?血|血止不住|止不住血|眼睛(?:都)?睁不开|(?:扎|砸|夹|磕|崩|炸|浇|泼|甩|弹)(?:到|伤|破|青|肿|紫|在|出)?了?(?:我|孩子|他|她|宝宝|老人)?(?:老公|老婆|妈|爸|儿子|女儿)?的?(?:手背|手指头?|手|脸|眼|头|大腿|腿|脚|膝盖)(?:上|背|指)?(?:[了，。！!]|$|[^，。\n]{0,3}(?:肿|青|破|断|包|血|紫))|(?:吞|咽)(?:了|下)(?!口)[^，。\n]{0,8}[颗粒个枚块]",
        r"\b(?:got|was|is|were|am|been|badly|seriously|getting) (?:injured|hurt|burn(?:ed|t)|electrocuted|scalded|poisoned)\b|\binjur(?:y|ies)\b|\binjured (?:my|me|his|her|our)|\b(?<!could it )(?<!can it )(?<!will it )(?:burn(?:ed|t)|cut|hurt|scalded|broke|crushed|sliced) (?:my|his|her|our|the baby'?s|(?:my|our) \w+'?s) (?:hand|finger|face|eye|leg|arm|skin|foot|head|mouth|back|wrist|son|daughter|kid|child|baby|toe)\w*|\bbleeding\b|\b(?:to|in|at) (?:the )?(?:hospital|emergency room|er)\b(?! address)|\bstitches\b|\bunconscious\b|\belectric shock|\b(?:got|gave \w+|received) (?:a )?shock|\bchok(?:ed|ing)\b|\bswallowed\b|\bambulance\b|\bpassed out\b|\bmedical bills?\b",
    ),
    "allergy": (
        r"过敏了|过敏反应|(?:脸|脖子|头皮|耳朵|屁股|皮肤|嘴唇?|眼皮|手)[^，。\n]{0,6}(?:又红又肿|化脓|流水了|烂了|火辣辣|起水泡|水泡|脱皮)|(?:浑身|全身|满身)[^，。\n]{0,4}(?:疙瘩|疹|红点|痒)|过敏(?:得|很|到|严重|住院|休克)|(?:引起|导致|造成|出现|发生|严重)(?:了)?(?:的)?过敏|(?:全身|脸上?|身上|脖子|手上|宝宝|孩子|我)[^。，！？\n]{0,6}(?:起|长|出|冒)(?:了)?(?:很多|好多|一片|一身|满|一些|大片|满脸)?的?(?:疹|红疹|荨麻疹|红点|红包|小红点|疙瘩|水泡|风团|红斑|皮疹)",
        r"烂脸|满脸(?:通红|都是|起|发红)|(?:头皮|皮肤|脸上?|手上?|身上|屁股)[^，。\n]{0,4}(?:溃烂|流脓|红肿|脱皮|灼伤)|(?:全|都|满)[^，。\n]{0,3}荨麻疹|(?:脸|嘴|嘴唇|眼睛?|眼皮|喉咙|脖子)(?:都|也|就|全)?(?:红)?肿(?!胀霜|块贴)|呼吸困难|喘不(?:上|过)气|喉咙(?:发紧|堵)|荨麻疹(?:了|犯)",
        rf"{_USED}{_GAP}{{0,16}}(?:红肿|发红|泛红|很痒|好痒|发痒|痒(?:得|死|了)|刺痛|火辣|灼烧|起皮|脱皮|溃烂|流脓|起疹|红疹|过敏|起(?:了)?(?:一?(?:身|片|脸|大片))|肿(?:了|起来|成))",
        r"\ballergic reaction|\b(?:had|have|having|got|is having|broke out|developed|gave \w+) (?:a |an |in |terrible |bad |severe |awful )*(?:allergic|allergy|hives|rash)|\bhives\b|\brash (?:all over|on my|on her|on his|after)|\b(?:face|lips?|eyes?|throat|tongue) (?:is|are|got|was|has|were) (?:all )?(?:swollen|swelling|swelled)|\bswelling up|\bswollen (?:face|lips?|eyes?)|\banaphyla\w*|\b(?:can'?t|cannot|couldn'?t|trouble|difficulty) breath\w*",
    ),
    "fire": (
        r"(?:着火|起火|失火|自燃)(?:了|啦|来|过)|(?:突然|直接|差点|就|家里|都|它)[^。，！？\n]{0,6}(?:着火|起火|失火|自燃|爆炸|炸了|炸开|冒烟|冒火)|冒(?:了)?(?:黑|白|浓)?烟(?:了|啦)?(?!管|效果|机|道)|冒火(?:花|星)?|打火花|(?:锅|炉|箱|柜|壶|机|器|里面?|里头|突然)[^，。\n]{0,4}炸了|(?:毯|线|插[座排头]|灯|炉|锅|机|器|盒|壶)[^，。\n]{0,4}短路了|烧穿了|(?:有|出|见)火花|火花四溅|爆炸了|(?:充电器|充电宝|电池|手机|插座|插头|锅|杯子|玻璃|灯泡|热水袋|电器|机器|盖子|面板|瓶子|主机|适配器|暖手宝)[^。，！？\n]{0,10}(?:炸了|炸裂|炸开|爆了|爆开|爆裂|烧了|烧焦|烧黑|烧糊|烧穿|烧坏|烧起来|融化|熔化|鼓包|鼓起来|鼓了|胀了|膨胀|漏液|漏电(?!保护)|短路|跳闸|烫得|烫手|很烫|特别烫|非常烫|滚烫|发烫)",
        r"烧起来|烧焦了|焦(?:糊)?味|糊味|烧焦的?(?:味|气)|漏电(?:了|啦)|漏(?:煤|燃|天然)?气(?:了|啦)|(?:充电|通电|插电|插上|加热|使用)[^。！？\n]{0,12}(?:冒烟|焦味|糊味|火花|炸|烧|起火|着火|很烫|烫手|跳闸|短路|电人|麻手)|(?:摸|碰)[^。，\n]{0,8}(?:电人|麻手|麻麻的|有电)",
        r"\b(?:caught|catch(?:es|ing)?|on|started a|set) fire\b|\b(?:is|was|started|began|are|keeps?|it'?s|came out|coming|seeing|saw|full of|black|white) (?:\w+ )?smok(?:e(?! gr[ae]y| colou?r)|ing)\b|\bsmoke (?:came|coming|out|from|is)|\bexplod\w+|\bexplosion|\bblew up|\bspark(?:s|ed|ing)\b|\bburn(?:ing|t) smell|\bsmells? (?:like|of) burn\w*|\bmelted\b|\bbattery\b.{0,20}\b(?:swollen|swelling|swelled|leak(?:ed|ing|s)|bulg\w+|hot|burst)|\b(?:swollen|leaking|bulging) battery|\bshort[- ]circuit(?:ed)?\b|\bgas leak|\bextremely hot|\btoo hot to (?:touch|hold)|\boverheat(?:ed|s|ing) (?:and|while|when|badly|so)",
    ),
    "food": (
        r"咬到[^，。\n]{0,6}(?:虫|玻璃|石|铁|塑料|钉|硬物|异物|金属)|(?:打开|开封|拆开|收到)[^。！？\n]{0,10}(?:变质|馊|酸臭|腐烂|发霉了|长毛)|食物中毒|食品安全(?:问题|事故)|上吐下泻|吃坏(?:了)?肚子|吃(?:出|到)(?!好|货|宝|惊喜|一半)(?:了)?[^。，\n]{0,8}(?:虫|头发|玻璃|铁|塑料|金属|石头|钉|苍蝇|蟑螂|蛆|异物|毛|刀片|老鼠|碎)",
        rf"{_ATE}{_GAP}{{0,20}}(?:拉肚子|腹泻|呕吐|吐了|吐得|吐一|吐好|肚子(?:疼|痛|不舒服|难受)|胃(?:疼|痛|不舒服|难受)|恶心|头晕|头痛|发烧|难受|不舒服|发麻|中毒|进医院|去医院)",
        rf"(?:拉肚子|腹泻|呕吐|肚子疼|肚子痛){_GAP}{{0,14}}(?:吃|喝)(?:了|完|的)",
        rf"{_FOODS}{_GAP}{{0,10}}(?:发霉(?:了|的|啊)|霉(?:了|变|点|斑)|长(?:了)?(?:毛|霉|虫)|变质(?:了|的)|馊|臭了|酸臭|腐烂|坏掉|坏了|(?:全|都|爬满|生)(?:了|是|有)?(?:的)?(?:虫|蛆)|有(?:活的?|死|好多|一只|只|条|根|黑色|白色|不明|一些)?(?:的)?(?:虫|蛆|头发|异物|玻璃|蟑螂|苍蝇|老鼠|刀片|铁丝|钉子)|爬出|爬着|胀袋|胀气|涨袋|鼓袋)",
        rf"(?:虫子?|蛆|蟑螂|苍蝇|老鼠屎|头发|玻璃渣|铁丝|异物){_GAP}{{0,4}}在{_GAP}{{0,8}}里|过期(?:的)?(?:食品|东西|货|产品|奶粉|零食|面膜)?(?:也|还|都|竟然)?(?:敢|在)?(?:卖|发给|寄给)|(?:发|寄|卖|给)(?:给)?(?:我|俺|我们)?(?:的)?(?:是|了)?(?:都|已经|个)?过期(?:了|的|食)?|(?:已经|都|早就)过(?:了)?(?:保质)?期(?:了|半|一|两|三|\d)",
        r"\bfood poisoning|\b(?:vomit|diarrh|threw up|throwing up|nause)\w*|\bsick (?:after|from) (?:eating|drinking)|\b(?:mou?ld|mou?ldy|maggots?|insects?|bugs?|worms?|cockroach\w*|hair|glass|something alive) (?:in|inside|on|growing on|crawling in) (?:my|the|it|this)(?! \?)|\b(?:food|bread|nuts?|milk|cake|meat|snacks?|it|everything)\b.{0,16}\b(?:is|was|are|were|has gone|went|arrived) (?:mou?ldy|rotten|spoiled|rancid|expired|off)\b|\bsold me expired|\bsent (?:me |us )?expired|\bstomach (?:ache|pain|cramps?) after|\bfound (?:a |an |some )?(?:hair|insect|bug|worm|glass|metal|maggot|cockroach|piece of)\w*",
    ),
    "minor": (
        r"我(?:今年|现在)?(?:才|只有|刚|还不到|不满|未满)?\s?(?:[6-9]|1[0-7]|[六七八九]|十[一二三四五六七]?)\s?(?:周)?岁(?!的?(?:孩子|儿子|女儿|娃|宝|弟|妹|侄|外甥))|我(?:还)?(?:是|没)(?:个)?(?:未成年|成年)(?!人的?(?:爸|妈|家长|父|母))|我(?:还)?(?:是|在上|上|读|在读|念)(?:一?[个名]?)?(?:小学|初[中一二三]|[一二三四五六]年级)(?!的?(?:老师|教师|家长|门口))|(?:未满|不满|不到)(?:18|十八)(?:周)?岁|我[^，。\n]{0,4}(?:18|十八)(?:周)?岁以下",
        r"(?:孩子|小孩|小朋友|儿子|女儿|娃|弟弟|妹妹|熊孩子|未成年人?|孙子|孙女|宝宝)[^。！？\n]{0,14}(?:偷|私自|瞒着|乱点|乱买|乱下单|不懂事|自己拿|误点|误买|误下单|拿(?:着|了)?(?:我|他|她|大人|家长|爸|妈|爷|奶)[^。，\n]{0,6}(?:手机|卡|账号|支付|平板)|用(?:了)?(?:我|他|她|大人|家长|爸|妈|爷|奶)[^。，\n]{0,6}(?:手机|卡|账号|支付|钱|微信|平板))|未成年[^。\n]{0,8}(?:下单|买|付款|支付|充值|消费|退款)|(?:爸妈|家长|父母|大人|我妈|我爸|妈妈|爸爸)(?:都)?不知道[^。\n]{0,8}(?:买|下单|付)|偷(?:偷)?(?:用|拿)(?:了)?(?:我|爸|妈|家长|大人|爷|奶)[^。\n]{0,8}(?:买|付|下单|钱|卡|手机)",
        r"\b(?:i'?m|i am) (?:only |just |still )?(?:[6-9]|1[0-7]|a minor|underage|under 18|under eighteen|(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen))\b(?!\s?(?:cm|kg|stone|%|weeks|months|minutes|hours|days|miles|euros|dollars))|\bmy (?:\d{1,2}[- ]year[- ]old |little |young |teenage )?(?:kid|son|daughter|child|boy|girl|brother|sister)\b.{0,30}\b(?:without (?:my|our|permission|asking)|used my|took my|by accident|accidentally|secretly|stole)|\bwithout my parents'? (?:knowing|permission)|\bmy (?:mom|dad|mother|father|parents) (?:doesn'?t|don'?t) know|\bunderage\b",
    ),
    "lawyer": (
        r"律师(?:函|信|费)|(?:找|请|让|叫|联系|咨询|委托|问)(?:了|过|我的?|我们的?|个|一下)*律师|我(?:的|们)?律师|律师(?:会|说|将|已经|马上|跟你|来)|起诉(?!状模板|书)|法庭|打官司|法律(?:途径|手段|武器|程序|诉讼|责任)|走法律|诉讼|传票|上法院|(?:去|到|找|向|递交)(?:了)?(?:人民)?法院|法院(?:见|传|起诉|立案|判|告)|(?<!广)(?<!报)(?<!转)告(?:你|你们|上|到法)(?!诉|知|别)|仲裁(?!法|员|委)|索赔|集体维权|我(?:要|会|们要)维权|追究(?:你们的?)?(?:法律)?责任|我是(?:一名)?律师",
        r"\bmy (?:lawyer|attorney|solicitor)|\b(?:a|our|the|hire|call|contact|get|see) (?:lawyers?|attorneys?|solicitors?)\b(?! (?:gift|bag|robe|costume|suit))|\bsu(?:e|ing) (?:you|your|this|the|for)|\blaw ?suit|\blegal (?:action|steps|proceedings|advice|letter|department)|\b(?:small claims|in|to|take you to|see you in) court\b|\bprosecut\w*|\blitigation|\bclaim damages",
    ),
    "regulator": (
        r"(?<!尾号)(?<!\d)(?<![a-z_\-])(?:12315|12345)(?!\d|号码|的订单|的快递|\s*是)|12358|12331|消协(?!推荐)|消费者(?:协会|保护|权益保护)|消保委|消委会|黑猫(?:投诉|平台|上|那边|见)|工信部|网信办|银保监|(?:市场)?监管(?:局|部门|所|总局)(?!的?(?:备案|认证|登记|批|颁|检测|核发|抽检|许可))|市监局|质监局(?!的?(?:备案|认证|检测))|药监局(?!的?(?:备案|认证|批|官网|查))|食药监|工商(?:局|所|投诉|举报|部门)|有关部门|主管部门|监督电话|物价局|税务局(?:举报|投诉)|举报(?:你|你们|这|到|店|商家|给|了|电话|平台)|(?:要|去|会|马上|已经|准备|直接|我)(?:向)?[^。，\n]{0,6}举报|报(?:了)?警(?!器|灯|声|功能|系统|装置|铃)|(?:找|叫|去|到|打)(?:了)?(?:公安|警察|派出所|110|经侦)|(?:公安|警察|派出所|经侦)(?:见|会|来|立案|处理|找)|(?:就|该|应该|必须|可以)举报(?:你|他|这|$|！|。)|投诉(?:到|给|至)[^。，\n]{0,8}(?:局|部|委|办|平台|政府|机构|官方|小二|总部)|平台(?:官方)?(?:介入|投诉你)|小二介入|申请(?:平台|官方)介入",
        r"\btrading standards|\bconsumer (?:protection|affairs|agency|council|association|rights (?:office|agency))|\bombudsman|\bbetter business bureau|\bbbb\b|\bftc\b|\bfda\b(?! (?:approved|registered|certified|approval|cleared))|\breport(?:ing|ed)? (?:you|this|your|it|the (?:shop|store|seller))\b.{0,20}\b(?:to|with)\b|\breport(?:ing)? you\b|\bauthorit(?:y|ies)\b|\bregulators?\b(?! (?:valve|knob|switch))|\bcall(?:ing|ed)? the police|\bpolice (?:report|station|officer)?|\bfile a complaint (?:with|to)|\bchargeback\b|\bofficial complaint",
    ),
    "media": (
        r"曝光(?:你|你们|这|店|商家|出来|出去|给|一下你|黑店|到)|(?:要|去|会|给|让|网上|拿去|准备|等着|直接|全网|发[^。，\n]{0,8}|视频|找人)曝光|等着(?:被)?曝光|曝光[你它]|(?:找|联系|打电话给|叫|约|告诉|爆料给|投稿)(?:了|过|给)?[^。，\n]{0,6}(?:记者|媒体|电视台|报社|新闻|栏目|博主|大v|网红)|(?:记者|媒体|电视台|报社|栏目组)(?:的人|朋友|那边)?(?:明天|今天|会|就|已经)?(?:来|会|采访(?!用|机|包|本)|曝光|报道|见|找|已经|说|对[^，。\n]{0,6}感兴趣)|新闻(?:见|报道你|曝光)|微博见|(?:直播|录像|视频)[^，。\n]{0,4}(?:开扒|扒(?:你|这)|等着火)|我是做自媒体|自媒体[^。\n]{0,12}(?:掂量|看着办|等着)|上(?:个)?(?:新闻|热搜|电视|315|头条)(?!同款|的|那)|315(?:晚会)?(?:见|曝光|等|点名)|(?:发|挂|传|放|捅)(?:到|上|去|在)?[^。，\n]{0,4}(?:抖音|小红书|微博|网上|网络|朋友圈|知乎|b站|贴吧|论坛|视频号|热搜)[^。！？\n]{0,14}(?:曝光|避雷|避坑|让|大家|骂|黑|挂|评评理|评理|评评|看看你|看清|丑|人尽皆知|吐槽|揭)|挂(?:到)?(?:网上(?!卖)|出来|你们|人)|避雷(?:帖|贴|视频|笔记)|让(?:大家|所有人|全网|网友|更多人)[^。，\n]{0,6}(?:都)?(?:知道|看看|看清|评)[^。\n]{0,8}(?:你|黑|骗|店|嘴脸)|爆料(?!汉堡|堡|披萨|酱)",
        r"\bexpos(?:e|ing) (?:you|this|your)|\b(?:the |to the )press|(?:the |to |a )?(?:journalists?|reporters?|newspapers?|tv station|news (?:station|channel|outlet)s?|the news|the media)\b(?! release| kit| button| and hold)|\bgo(?:ing|es)? viral|\b(?:post|posting|share|put|tell|tweet|blast|review)(?:ing)?\b.{0,30}\b(?:twitter|tiktok|facebook|reddit|instagram|youtube|social media|all over the internet|everyone (?:online|on))\b.{0,60}",
    ),
}
_COMPILED = {topic: tuple(expression(rule, re.IGNORECASE) for rule in rules) for topic, rules in _RULES.items()}

_ASKS_OF_GOODS = re.compile(
    r"会不会|会[^，。！？\n]{0,12}[吗么嘛]|能不能|能[^，。！？\n]{0,8}[吗么嘛]|是否|是不是(?:不)?(?:会|容易)|容不容易|容易[^，。\n]{0,8}[吗么]|不会|不易|不容易|防(?!不)|避免|以免|怕|担心|预防|万一|如果|要是|假如|有没有(?:过)?(?:人)?[^，。\n]{0,4}(?:风险|危险|出现过)"
    r"|(?:膏|霜|药|贴|喷雾|护具|专用|手套|保护器|保护|检测|测试|试纸|体质|人群|人士|患者|史|源|原|适合|适用|可以用|能用|可用|怎么处理干净|拍照|拍摄|补偿|过度|模式|功能|参数|险)(?:[的吗么嘛呢？?，。！ 、]|$)"
    r"|\b(?:would|will|does|do|can|could|is it|are they|should) (?:it|this|they|these|that|the \w+|safe)\b[^.!]*\?|\bprevent\w*|\bavoid\w*|\bproof\b|\bprotect\w*|\bresistan\w*|\bin case\b|\bif (?:it|this|the)\b|\bdoes(?:n'?t| not)\b|\bwon'?t\b|\bsafe for\b|\bsuitable for\b|\bfor (?:people|someone|kids|children) with\b|\bprone\b|^(?:can|could|does|do|is|are|will|would) (?:it|this|they|these|that|the|a|i)\b|^(?:deliver|ship|send) ",
    re.IGNORECASE,
)
_ABOUT_GOODS: frozenset[Topic] = frozenset({"injury", "allergy", "fire", "food"})
_ADDRESS = re.compile(
    r"(?:送到|寄到|发到(?!微博|抖音|小红书|网|朋友圈|知乎|贴吧|论坛|b站)|配送到|地址|收货|旁边|对面|附近|门口|隔壁|开票|发票|抬头|采购|备案|许可证|营业执照|资质|送礼|送给|礼物|职业装|同款|电视剧|小说|书籍|教材|题库|考试|玩具|cosplay|演出服|挂件)"
    r"|(?:shipped|deliver(?:ed|y)?|address|invoice|gift|costume|next to|near) ",
    re.IGNORECASE,
)
_THING = re.compile(
    r"《[^》]{1,20}》|(?:小说|书|剧本杀?|手办|周边|联名|玩偶|公仔|t恤|钥匙扣|手机壳|表带|杀毒|软件|汉堡|面包|模型|摆件|面具|袍|帽|服装|展架|架子|标牌|袖标)"
    r"(?:[有还的吗呢嘛么多怎哪几能？?，。！ ]|$)|是什么意思|是啥意思|在哪(?:里)?看|怎么(?:看|查)规则|推荐的|颁发?的|办公室|\b(?:reception|lobby|front desk|office order|in bulk|blazer|costume|bracket|holder|covers?|from the news)\b",
    re.IGNORECASE,
)
"""A thing of that name, or a question what the word means."""
_HAPPENED = re.compile(
    r"已经|昨天|今天|刚才|刚刚|现在|结果|差点|真的|竟然|居然|怎么赔|赔|负责|医生说|\b(?:already|yesterday|just now|today|last night)\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"[，。！？!?,;；\n]")
_SQUEEZE = re.compile(r"(?<=[\u4e00-\u9fff])[\s\u200b-\u200f\u2060\ufeff*·]+(?=[\u4e00-\u9fff])")
_TRADITIONAL = str.maketrans(
    "過燒傷醫蟲頭髮變質壞爛這個們發給記媒體電視臺曝報警訴師訟關門舉監協費買單媽孩歲錢數據資訊殺話寫網絡臉腫飯飲藥療輕實殘斷樓餅麵應讓處評論視頻煙電壓漏觸漲嚴癢責稅總見對",
    "过烧伤医虫头发变质坏烂这个们发给记媒体电视台曝报警诉师讼关门举监协费买单妈孩岁钱数据资讯杀话写网络脸肿饭饮药疗轻实残断楼饼面应让处评论视频烟电压漏触涨严痒责税总见对",
)
_GOODS_LEG = re.compile(
    r"^(?!.*(?:摔|砸|跌|压|夹|扎|医院|骨|血|(?:我|孩子|人|他|她|妈|爸|老公|老婆)的?腿))"
    r".*(?:桌|椅|凳|床|柜|沙发|茶几|架|眼镜|手办|娃娃)[^。！？]{0,12}腿",
    re.DOTALL,
)
"""A leg of the goods, and nobody fell."""


@recently
def danger_of(text: str) -> Topic | None:
    """The topic that takes a person at once, the gravest first; None for an ordinary message. Microseconds."""
    plain = _plain(text)
    for topic in TOPICS:
        for rule in _COMPILED[topic]:
            for match in rule.finditer(plain):
                if not _is_harmless(topic, plain, match):
                    return topic
    return None


@recently
def is_of_minor(text: str) -> bool:
    """Whether `danger_of` calls it that; most of what was ever said is told apart by two expressions."""
    plain = _plain(text)
    return any(rule.search(plain) for rule in _COMPILED["minor"]) and danger_of(text) == "minor"


def _plain(text: str) -> str:
    return _SQUEEZE.sub("", text.strip()).translate(_TRADITIONAL)


def _is_harmless(topic: Topic, text: str, match: "re.Match[str]") -> bool:
    """A question about the goods, an address, a thing of that name: told by the words around it."""
    if topic == "injury" and "腿" in match[0] and _GOODS_LEG.search(text):
        return True
    begin = max((cut.end() for cut in _CUT.finditer(text, 0, match.start())), default=0)
    behind = _CUT.search(text, match.end())
    end = behind.end() if behind else len(text)
    clause = text[begin:end]
    if topic in _ABOUT_GOODS:
        if _HAPPENED.search(clause):
            return False
        return bool(_ASKS_OF_GOODS.search(clause))
    if topic in ("lawyer", "regulator", "media"):
        return bool(_ADDRESS.search(clause) or _THING.search(clause)) and not _HAPPENED.search(clause)
    return bool(_THING.search(clause)) and not _HAPPENED.search(clause)


def asks_of_goods(topic: Topic, text: str) -> bool:
    """Whether a message that sounds like `topic` only asks what the goods can do, or for a thing of that name."""
    plain = text.strip().translate(_TRADITIONAL)
    if topic == "injury" and _GOODS_LEG.search(plain):
        return True
    if _HAPPENED.search(plain):
        return False
    if topic in _ABOUT_GOODS:
        return bool(_ASKS_OF_GOODS.search(plain) or _THING.search(plain))
    return bool(_THING.search(plain) or _ADDRESS.search(plain)) and topic != "self_harm"
