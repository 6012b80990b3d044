"""Requests that the assistant politely refuses, whatever its knowledge says. Small rules, few false alarms."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Label = Literal["off_platform", "instructions", "other_people", "abuse"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why, and what the customer is told in Chinese and English."""

    label: Label
    zh: str
    en: str

    def sentence(self, language: str) -> str:
        return self.en if language.lower().startswith("en") else self.zh


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
        r"|(?:开发者|管理员|调试|越狱|上帝)模式|\bdan\s+mode\b|jailbreak|developer\s+mode"
        r"|\b(?:ignore|disregard|forget|override|bypass)\b.{0,20}\b(?:previous|prior|above|earlier|all|your"
        r"|system)\b.{0,20}\b(?:instructions?|rules?|prompts?|guidelines?|messages?|directions?)"
        r"|\b(?:reveal|print|show|repeat|output|tell me)\b.{0,20}\b(?:system|initial|hidden"
        r"|original)\s+(?:prompt|instructions?|message)"
        r"|\b(?:act|pretend|behave)\s+as\s+(?:if\s+you|an?\s+(?:unrestricted|evil|admin|developer|dan))",
    ),
    (
        "off_platform",
        r"(?:加|留|给|发|扫|换|要)(?!票|货|现)[^,。;?!]{0,5}(?<!到)(?:微信号?|薇信|威信|wx|vx|v\s?信|➕\s?v"
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
_COMPILED = tuple((label, re.compile(pattern, re.IGNORECASE)) for label, pattern in _RULES)
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
