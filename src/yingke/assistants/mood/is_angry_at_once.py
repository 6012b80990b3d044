"""Anger that needs no model: insults, threats, ultimatums, shouting. Rules only, so that an answer can stop at once."""

import opencc

from yingke.kit.expression import expression
from yingke.kit.recently import recently

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_YOU = r"(?:你们?(?:这些?|家|店|客服|就是|全是|都是|真是|简直)?|您们?|客服|商家|卖家|店家|老板)"
_PATTERNS = (
    # insults
    r"傻[逼比叉屄bx]|煞笔|\bsb\b|操你|草你|艹你|日你|你妈的?(?:逼|死|b)|你妹的|尼玛|他妈|妈的(?:智障|垃圾|$|[,，!！。])|特么|\btmd\b|\bnmd\b|草泥马|王八蛋|混蛋|畜生|不要脸|臭不要脸|去死|滚蛋|给我滚|^滚[!！。]*$|脑残|狗屁|放屁",
    rf"{_YOU}.{{0,4}}(?:是死人|死了吗|聋了|瞎了|眼瞎|脑子有病|有病吧|智障|白痴|是猪|干什么吃的|吃干饭|会不会说人话|是不是人|有没有脑子|良心(?:呢|被狗|喂狗))",
    r"神经病吧|有病吧你|脑子有(?:病|问题|坑)|听不懂人话|(?:能不能|会不会|给我)?说人话|少(?:来这套|废话|糊弄)|别(?:废话|跟我扯|糊弄我|拿我当)|闭嘴",
    # accusations
    rf"{_YOU}.{{0,6}}(?:骗子|骗人|骗钱|奸商|黑店|黑心|无良|流氓|无赖|缺德|无耻|诈骗|欺诈|坑人|坑爹|垃圾)",
    r"^(?:大?骗子|死骗子|奸商|黑店|黑心商家|无良商家|无耻|可恶|欺人太甚|岂有此理|忍无可忍|太过分了?|恶心|真恶心|垃圾|坑爹|坑人|退钱(?!吧|就(?:行|好)|可以|好了)|还我钱|赔钱)[^吗么呢?？]{0,6}[!！。~]*$",
    r"骗子(?:店|商家|公司)?[!！,，。]|黑店[!！,，。]|奸商[!！,，。]|骗我(?:的)?钱|(?:店大)?欺客|霸王条款|抢钱啊|良心被狗|当我(?:是)?(?:傻|好欺负)|(?:耍|玩|逗|骗|糊弄)我(?:呢|玩|吗|是吧|呢是吧|有意思)",
    r"(?:什么|这(?:是)?什么|这叫什么)(?:破|垃圾|狗屁|烂|鬼)(?:玩意|东西|店|质量|服务|态度|快递|公司|客服|平台|货)|破(?:店|玩意儿?|公司|平台)[!！,，。]|垃圾(?:店|客服|商家|公司|平台|服务|质量|东西|玩意|产品)",
    # temper
    r"气死(?:我|人|了)|(?:要被|快被|被)你们气|气炸|肺都?气|气人|火大|恼火|怒了|愤怒|(?:很|非常|特别|真的|十分|我)生气|我受够|受够了|烦死(?:我|人|了)|有完没完|烦不烦|不像话|欺负人|太欺负|恶心到我|岂有此理|忍无可忍|欺人太甚",
    # contempt and sneers
    rf"饭桶|缩头乌龟|装死(?!狗)|当猴(?:子)?耍|拿我当傻|倒打一耙|欺负老实人|良心过(?:得|不)?去|良心(?:何在|不会痛)|(?:哪来的|还有|也有)脸(?!盆|部|霜|皮)|谁给(?:你们?|的)(?:的)?(?:胆|权力|勇气)|听不懂中国话|谁(?:跟|和)你亲|别叫我亲|退我(?:的)?钱|我忍{_YOU}|再(?:敷衍|糊弄|骗)我?.{{0,4}}试试|恶心(?:透顶|到家|死了)|马勒戈壁|妈了个巴|瓦特[啦了]|玩嘢|食懵|法庭见|法院见|屁都不放|(?:人都?|客服|老板|你们)(?:是不是)?(?:都|全)?死(?:绝|光|完)|第[二三四五六七八九十几两\d]{{1,2}}[次回遍](?:来?找|联系)你们(?:了?[!！]|.{{0,20}}(?:解决不解决|解不解决|处不处理|管不管|没人管))|算你(?:们)?(?:狠|厉害|牛)|(?:跟|和)(?:抢|偷|骗|诈骗)(?:钱)?(?:有什么区别|没(?:什么)?(?:两样|区别))|不要碧莲",
    # threats and ultimatums
    r"(?:我要|必须|一定|直接|马上|准备|打算|非)(?:去|要|打)?(?:投诉|举报|曝光|起诉|报警|告你们|打?12315)(?!建议|电话是|渠道)|(?:投诉|举报|曝光|起诉|告)(?:你们|到底|死你)|12315(?:见|等着|都|投诉)|(?:工商局?|消协|法院|315)见|律师函|没完没了|跟你们没完|等着(?:吧|被投诉|收)|别想跑",
    r"(?:再不|今天不|要是不|如果(?:还|再)?不|不)(?:给我|给)?(?:发货|退款|退钱|处理|解决|回复|回话|赔|道歉|说法|理我).{0,8}(?:就|老子)(?:去|要)?.{0,4}(?:投诉|举报|曝光|报警|12315|起诉|告|差评|闹|律师|消协|工商)",
    r"(?:马上|立刻|立马|赶紧|赶快|现在|今天必须|必须)(?:就)?给(?:我|老子)(?!看|讲|介绍|推荐|发个|查)(?:退|解决|处理|赔|道歉|滚|叫|说法|个说法|发货)",
    r"凭(?:什么|啥)(?:不|扣|让我|要我|收我|说我|关|区别)|讲不讲(?:理|道理)|有没有王法|(?:道歉|抱歉|对不起).{0,4}(?:有(?:个屁)?用|什么用|有用吗)",
    r"(?:差评[,，!！ ]*){2,}|(?:退钱[,，!！ ]*){2,}|老子|扑街|戇居|戆居|黐线|痴线|呃人|倒闭(?:吧|去)|赶紧倒闭|早点倒闭|拉黑(?:你|店|了|吧)|把(?:你们?|你的)?店?拉黑",
    r"(?:我靠|卧槽|我操|靠)[,，!！ ].{0,12}(?:假|垃圾|骗|坑|破|烂)|(?:假|垃圾|骗|坑|烂).{0,6}[,，。?？! ]?(?:我靠|卧槽|我操)",
    r"[😡🤬🖕]|😤😤|\[(?:怒|发怒|愤怒)\]",
    # English and a little of others
    r"\b(?:fuck\w*|wtf|bullshit|asshole|bitch|scumbags?|crooks?|idiots?|morons?)\b|\b(?:liars?|scammers?|thieves|pathetic|outrageous|furious|livid|pissed off|fed up with)\b",
    r"\b(?:this|that|it|you|your company|what)(?:'s| is| are|'re)? (?:a |an |such a |just a |all |nothing but )?(?:total |complete |absolute |huge )?(?:scam|rip-?off|joke|disgrace|fraud|disgusting|unacceptable|ridiculous|frauds)\b|\bdaylight robbery|\b(?:copy[- ]paste|canned|scripted) (?:garbage|nonsense|crap)|\byou (?:people )?(?:lied to me|stole my|ripped me off|sold me a fake)|\bi(?:'m| am) (?:so |really |very |extremely )?(?:angry|mad at|outraged|sick of)\b|\bworst (?:service|company|shop|store|customer service|experience)",
    r"\bmy money back (?:right )?(?:now|immediately|today)\b|\bi(?:'ll| will|'m going to| am going to) (?:sue|report you|report this|call (?:my|a) lawyer|file a complaint|call the police|dispute)\b|\b(?:are you|you must be) (?:kidding|joking)\b|\b(?:how dare you|stop lying|don'?t lie to me|shut up|what the hell|go to hell)\b",
    r"ふざける|ふざけん|詐欺(?:だ|です|師)|怒って|いい加減に|사기꾼|사기(?:네|야|잖|당)|짜증|화가? ?(?:나|났)|장난(?:해|하)|열받|돈 돌려|\bestafa(?:dores)?\b|\bladrones\b|金返せ|二度と(?:買わ|利用し)|いい加減にし|\bsinverg[uü]enzas?\b|\buna verg[uü]enza\b|\bc'est (?:du vol|une honte|une arnaque|scandaleux)|\bvous vous (?:moquez|fichez)|\bvoleurs?\b|\bremboursez|\b(?:betrug|betrüger|frechheit|abzocke|unverschämt\w*|sauerei)\b|\b(?:издеваетесь|мошенник\w*|обманщик\w*|верните деньги|безобразие)\b|\bum absurdo\b|\bladrões\b|\bpalhaçada\b|lừa đảo|โกง|หลอกลวง|نصاب|هذا نصب|احتيال|\bfurios[oa]\b|\bmentiros[oa]s\b",
)
_ANGRY = expression("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_SHOUTED = expression(
    r"^[^a-z\u4e00-\u9fff]*\b(?:REFUND|MONEY|SCAM|ANSWER|NOW|LIAR|USELESS|WORST|STEAL|FAKE)\b[^a-z\u4e00-\u9fff]*$"
)
_CALM = expression(
    r"愤怒的小鸟|生气包子|火大(?:不大|吗|火)|怒江|气死(?:我妈|人不)的?(?:绿|色)|(?:不|没有?|别|不要|不用|并不)(?:再)?(?:生气|恼火|愤怒|投诉|举报|报警|骂|火大)|不是(?:要|想|来)?(?:投诉|举报|骂|说你)|消消气"
    r"|(?:投诉|举报)(?:电话|渠道|入口|流程|中心|建议|记录|专线)|(?:怎么|如何|哪里|在哪|可以)(?:投诉|举报)(?:商品图|图片)"
    r"|防(?:骗|晒|火)|不骗(?:你|人)|气人(?:感|气)|垃圾(?:袋|桶|箱|分类|处理器|篓)|破(?:壁|冰)|滚(?:筒|轮|动|珠)"
)


@recently
def is_angry_at_once(text: str) -> bool:
    """True for a message whose words alone show anger. Some µs; never for a plain question about a return or a fault."""
    if not text:
        return False
    if _SHOUTED.search(text):
        return True
    plain = text.lower()
    if not plain.isascii():
        try:
            plain = _TO_SIMPLIFIED.convert(plain)
        except UnicodeEncodeError:
            plain = plain.encode("utf-8", "replace").decode()
    return bool(_ANGRY.search(_CALM.sub(" ", plain)))
