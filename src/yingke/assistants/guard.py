"""Requests that the assistant politely refuses, whatever its knowledge says. Small rules, few false alarms."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from yingke.kit.expression import expression
from yingke.knowledge.not_knowing import in_speech

Label = Literal["off_platform", "instructions", "other_people", "abuse"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why, and what the customer is told in Chinese and English."""

    label: Label
    zh: str
    en: str

    def sentence(self, language: str) -> str:
        return in_speech(f"refuse_{self.label}", language, self.zh, self.en)


_REFUSALS: dict[Label, tuple[str, str]] = {
    "off_platform": (
        "为了保障您的权益，沟通和付款请都在这里进行，我不能添加私人联系方式，也不能私下改价。有优惠会按店铺公布的规则给您。",
        "To protect you, please chat and pay here. I cannot add private contacts or change prices; "
        "published offers apply to everyone.",
    ),
    "instructions": (
        "这个我帮不了。我只能根据店铺的资料回答关于商品和服务的问题，您可以直接告诉我想了解什么。",
        "I cannot do that. I answer questions about the products and services of this shop; "
        "what would you like to know?",
    ),
    "other_people": (
        "其他客人的信息我不能提供。如果是您自己的订单，我可以请人工客服核实身份后帮您查。",
        "I cannot share other customers' information. For an order of your own, "
        "a person can help after checking who you are.",
    ),
    "abuse": (
        "听得出您很不满意，很抱歉给您带来不好的体验。我可以马上请人工客服来处理。",
        "I am sorry this has been so frustrating. I can ask a person to take over right away.",
    ),
}

_RULES: tuple[tuple[Label, str], ...] = (
    (
        "other_people",
        r"(?:上一?[个位]|前一?[个位]|别的?|其他|其它|另外|隔壁|那位|那个)(?:的)?(?:客人|顾客|客户|买家|用户|人).{0,8}"
        r"(?:电话|手机|号码|地址|姓名|名字|订单|微信|信息|资料|聊天|记录)"
        r"|(?:把|给我|告诉我|导出|列出|查(?:一下)?).{0,8}(?:所有|全部|其他|别的?)(?:的)?(?:客人|顾客|客户|买家"
        r"|用户|订单).{0,8}(?:电话|手机|地址|信息|资料|名单|数据|记录)"
        r"|\b(?:other|another|previous|last)\s+(?:customer|client|buyer|user"
        r"|person)(?:'?s)?\b.{0,25}\b(?:phone|number|address|name|order|email|details|data|info)"
        r"|\b(?:phone|number|address|email|details|orders?)\b.{0,12}\bof\b.{0,12}\b(?:other|another|previous"
        r"|last|all)\s+(?:the\s+)?(?:customers?|clients?|buyers?|users?)",
    ),
    (
        "other_people",
        r"(?:我是|本人是)(?:警察|民警|快递员|骑手|法院|税务|隔壁店|平台|他(?:老公|老婆|朋友|家人)).{0,24}(?:地址|电话|手机号?|资料|订单|信息|多少单)|查(?:一?下)?(?:手机号|电话|电话号码)?\s?1\d{10}.{0,8}(?:买|订单|地址|是谁)"
        r"|(?:我|俺)(?:老婆|老公|朋友|同事|女朋友|男朋友|前任).{0,16}(?:订单|买的).{0,16}(?:地址|电话|手机号|住哪|寄到哪)|(?:下一个|别人的|隔壁的|今天(?:的)?所有|随便给我一个)(?:订单|客户|顾客|买家).{0,6}(?:是谁|列|电话|号|地址|表)"
        r"|(?:上一位|前一位|别的|其他)(?:顾客|买家|客人|客户).{0,10}(?:聊天|截图|成交|价格?成交)|(?:老板|店长|员工|客服)的?(?:家庭)?住址|(?:数据库|后台)里.{0,8}(?:用户|客户|订单)|(?:手机)?(?:尾号|后四位|第一位)(?:的?数字)?(?:提示|透露|先告诉|给我提示)|跳过(?:手机)?(?:尾号|验证)|(?:会员|客户|用户)(?:名单|表)(?:导出|发我|给我)"
        r"|\b(?:who else|other (?:people|buyers)) (?:bought|ordered)\b.{0,30}\b(?:email|phone|address|name)|\blast \w+ (?:conversations|chats|orders)\b|\baddress for order \w+.{0,20}\bcourier|\bstaff[- ]only\b",
    ),
    (
        "instructions",
        r"<\|?/?(?:im_start|im_end|context|system|tool_call|script|img|iframe)\b|\[/?(?:system|inst)\]|^#{2,}\s?(?:instruction|system|管理员)|\{\{\s?\w+\s?\}\}|\$\{[\w.]+\}|\bselect\b.{1,20}\bfrom\b|\bdrop table\b|\bapi[ _-]?key|(?:^|\s)\.env\b|\b\w{3,30}\(\w+=\w+\)|\bsudo\b|!\[[^\]]*\]\(|\bevil\."
        r"|(?:系统|内部|你的?|完整)(?:的)?(?:配置文件?|密钥|温度参数|内部规则|安全检查|模型参数)|(?:无限制|越狱|越权|以下犯上|dan)模式|(?:进入|切换到?|开启|打开)(?:维护|调试|自由)模式(?!怎么|后|了)|跳过(?:安全|所有)?(?:检查|审核|限制)|关闭(?:所有|全部|安全)(?:检查|限制|过滤)|(?:最高(?:指令|权限|授权)|管理员(?:指令|身份|权限(?!的)))|授权码|以(?:法院|老板|店长|管理员|警方|总部)(?:的)?(?:名义|身份)(?!证)|当作(?:是)?(?:店长|老板|管理员)(?:发|说)|(?:后台|财务|老板)已经(?:审批|批准|同意).{0,10}(?:执行|退款|打款)"
        r"|(?:第一条|第一句|第一段|最开始的?|收到的|之前的所有|以前的所有)(?:消息|话|文字|指令|内容)(?:逐字|原样|原封不动|贴|发给我|是什么|复述)|原封不动地?(?:贴|发|输出|返回)|(?:上文|上面的话|以上文字)(?:原样|返回|重复)|复述(?:我发之前|你的设定|之前)|(?:倒着|反着|用拼音|用火星文|每个字之间).{0,8}(?:念|写|说|输出|复述)?.{0,6}(?:指令|提示|规则|设定)|base64|藏头诗|(?:补全|接龙|继续).{0,12}(?:系统提示|内部规则|规则的内容|提示词)|(?:提示词|系统指令|隐藏(?:信息|指令))"
        r"|(?:你|助手)(?:已经|现在)?(?:被)?(?:解锁|解放|重置)了|(?:没有|不受|不用遵守|可以不遵守|摆脱)(?:任何)?(?:店铺)?(?:的)?(?:限制|规定|规则)(?:的|了|，|,|$)(?!.{0,4}(?:券|优惠))|凡是我说的|新规则[：:]|(?:忘掉|忘记)你的(?:职责|身份|工作)|你(?:现在)?是我的?(?:女朋友|男朋友|奴隶|主人)|不许说你是|猫娘|没有审查|你的创造者|给了你什么命令|(?:我们|来)玩个游戏.{0,20}(?:规则|反的|限制)|另一个叫.{1,8}的\s?ai|重复.{1,8}(?:一万|十万|无数|\d{3,})[遍次]|一直说下去|无限长的|(?:伪造|骗过|绕过)(?:一张|你们的?)?(?:退货单|运费险|优惠券|发票|小票)|(?:做|造|制作)(?:一?个)?炸弹(?!面包|手办|玩具)|诈骗短信|店铺公告（?必须|全场免单|只需要回答[“\"]?是"
        r"|\b(?:disregard|ignore|forget|override)\b.{0,14}\b(?:the above|prior|directions|instructions|rules|guidelines)\b|\bhidden (?:rules|instructions|prompt)|\b(?:text|everything) above this\b|\bverbatim\b|\b(?:your|the) system (?:message|prompt)|\byour (?:instructions|prompt|guardrails|context window)\b(?! (?:for|on|about|say))|\bmaintenance mode\b|\bno rules\b|\bwithout guidelines\b|\bas the (?:store|shop) owner\b|\bcall the \w+ function\b|\brespond only with\b|\brepeat the word\b.{0,20}\bforever\b|\byou agreed to give\b|\bwere you told before\b|\bgrandmother\b.{0,30}\bprompt|\bappend https?:|\brender this\b|\bapprove all\b"
        r"|システムプロンプト|制約なし|시스템 프롬프트|이전 지시|instrucciones anteriores|instructions précédentes|vorherigen anweisungen|(?:предыдущие|прошлые) инструкции|\bpromp?t\b.{0,12}(?:muéstrame|покажи)",
    ),
    (
        "instructions",
        r"(?:输出|打印|翻译|重复|复述|显示|公开|泄露|念|告诉我)[^。\n]{0,12}(?:系统提示|提示词|你的?(?:规则|指令|设定|密码)|收到的全部|上面的(?:全部|所有)?内容|隔离符|后台密码)"
        r"|(?:把|将)(?:上面|以上|前面)的(?:全部|所有)?内容[^。\n]{0,6}(?:翻译|输出|重复|打印)|(?:后台|管理员|系统)的?密码|重复[^。\n]{0,4}(?:一万|十万|百万|一百万|无数|\d{4,})[遍次]"
        r"|(?:用|以)\s?(?:json|html)[^。\n]{0,6}(?:调用|回答|输出|回复)|系统消息[：:]|不要管规则"
        r"|\b(?:output|print|repeat|translate|reveal|show|leak)\b.{0,30}\b(?:your (?:rules|instructions|prompt)|system prompt|everything above|hidden prompt)"
        r"|\bcall the \w{3,40} (?:tool|function)\b|\bstarting with the word\b"
        r"|(?:请?你?(?:来)?(?:扮演|饰演|假装(?:你|自己)?(?:是|成)|充当|模仿)|将(?:自己|你)设定为|你(?:现在|将|要)(?:是|扮演|成为))[^。\n]{0,40}"
        r"(?:角色|人物|反派|口吻|语气|身份|机器人|语言模型|AI|小丑|黑客|没有任何|不受)"
        r"|以[^。\n]{1,24}的(?:角色|口吻|身份|语气)(?:和[^。\n]{1,6})?(?:来)?(?:回答|回复|说|描述|写)"
        r"|(?:不受|摆脱|没有|无视|突破)(?:任何|一切)?[^。\n]{0,8}(?:道德|法律|伦理|规则|审查|安全)[^。\n]{0,10}(?:限制|约束|准则|规则)"
        r"|(?:无道德|无伦理|未经过滤|不加过滤|无审查|越狱模式|开发者模式)|假设(?:的)?故事中|创建[^。\n]{0,12}角色[^。\n]{0,24}(?:每个角色|层)"
        r"|\b(?:pretend|imagine) (?:to be|that you(?:'re| are)|you(?:'re| are))\b|\byou(?:'re| are) going to (?:pretend|act|role)"
        r"|\b(?:act|behave|respond|answer|speak) as (?:if you|an? (?:unfiltered|evil|uncensored|AI|hacker|character|villain))"
        r"|\brole-?play(?:ing)? (?:as|with|a|the|scenario)|\b(?:assume|take on|play) the (?:role|character|persona) of"
        r"|\b(?:unfiltered|uncensored|amoral|jailbroken)\b|\bdo anything now\b|\bwithout (?:any )?(?:moral|ethical|restrictions|filters|censorship)"
        r"|\b(?:no|zero|free of|ignor\w+) (?:moral|ethical|content|safety) (?:guidelines|restrictions|limits|filters?|principles|policy)"
        r"|(?:忽略|无视|忘记|忘掉|抛开|不要管|别管|跳过|绕过|推翻).{0,8}(?:之前|前面|以上|上面|上述|先前|所有"
        r"|全部|一切|你的|系统).{0,8}(?:规则|指令|指示|设定|提示|要求|限制|约束|命令|内容)"
        r"|system\s?prompt|系统(?:提示词|指令|设定)|(?:你的|输出|打印|重复|显示|告诉我).{0,6}(?:提示词"
        r"|初始指令|系统指令|系统设定|隐藏指令)"
        r"|(?:你现在|从现在(?:起|开始)|接下来)(?:你)?(?:是|扮演|假装|充当)(?!.{0,6}(?:营业|上班|在线|休息|忙"
        r"|人工|不是|什么|哪))"
        r"|(?:开发者|管理员|越狱|上帝)模式|\bdan\s+mode\b|jailbreak|developer\s+mode"
        r"|\b(?:ignore|disregard|forget|override|bypass)\b.{0,20}\b(?:previous|prior|above|earlier|all|your"
        r"|system)\b.{0,20}\b(?:instructions?|rules?|prompts?|guidelines?|messages?|directions?)"
        r"|\b(?:reveal|print|show|repeat|output|tell me)\b.{0,20}\b(?:system|initial|hidden"
        r"|original)\s+(?:prompt|instructions?|message)"
        r"|\b(?:act|pretend|behave)\s+as\s+(?:if\s+you|an?\s+(?:unrestricted|evil|admin|developer|dan))",
    ),
    (
        "off_platform",
        r"加\s?[vV](?:信)?\s?[:：]|走闲鱼|(?:私人)?手机号?多少.{0,8}交个朋友|\bcheaper outside\b|\bwhatsapp me\b"
        r"|(?:加|留|给|发|扫|换|要)(?!票|货|现)[^,。;?!]{0,5}(?<!到)(?:微信号?|薇信|威信|wx|vx|v\s?信|➕\s?v"
        r"|\+\s?v|qq号?|whats\s?app|电报|telegram|私人(?:电话|号))(?!支付|付款|转账|小程序|公众号|群发票|红包)"
        r"|(?:微信|wx|vx|v信|qq)(?:号)?(?:是)?(?:多少|几多|给我|发我|聊|私聊|联系)|(?:私下|线下|绕过平台"
        r"|不走平台).{0,6}(?:交易|付|转|打款|便宜|下单|买)"
        r"|(?:你|您)(?:的)?(?:私人)?(?:微信|qq|电话|手机号?)(?:号码?)?(?:是多少|多少|给我|告诉我)"
        r"|\b(?:add|give|send)\b.{0,12}\b(?:your|you on|me on|my)\b.{0,8}\b(?:wechat|whatsapp|telegram|line id"
        r"|personal number|private number)"
        r"|\bpay\s+(?:you\s+)?(?:outside|privately|directly\s+off)",
    ),
    (
        "abuse",
        r"傻[逼比叉屄bx]|煞笔|操你|草你|艹你|去死|滚蛋|给我滚|狗屎|王八蛋|畜生|你妈的?(?:逼|死|b)|妈的智障"
        r"|脑残|废物客服|垃圾(?:客服|店铺?|商家)|骗子店|fuck|asshole|bitch|\bidiot\b|stupid\s+bot",
    ),
)
_COMPILED = tuple((label, expression(pattern, re.IGNORECASE)) for label, pattern in _RULES)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def guard(text: str) -> Refusal | None:
    """The refusal for a request that must not be served, or None. Anger alone is no reason: see label "abuse"."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    plain = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", plain)
    for label, pattern in _COMPILED:
        if pattern.search(plain):
            zh, en = _REFUSALS[label]
            return Refusal(label, zh, en)
    return None
