"""Hears in a sentence's vector, its runs of signs and the kinds of its words that a person is called: somebody wishes one, or it is about what only a person may touch.

The rules (`wants_person`, `guarding/danger.py`) come first and need no encoder; they know the words we thought of. This
hears the others. The weights travel with the package (`tools/train_calls.py` makes them of our own sentences).
"""

import re
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.calls.features import features
from yingke.assistants.guarding.danger import TOPICS, Topic, asks_of_goods
from yingke.assistants.wants_person import declines_person

Call = Literal["asked"] | Topic
CALLS: Final[tuple[str, ...]] = ("none", "asked", *TOPICS)
"""The order of the outputs."""
SURE_WITH_WORD, SURE_WITHOUT, SURE_AGAINST = 0.5, 0.7, 0.95
"""How sure it must be: where a word of the message speaks of it, where none does (or its language is not looked into), and
where the words speak against it. Chosen on voices that were left out of a training, and on our own shop questions and
scenarios, of which at most 1 in 1000 may call."""
AHEAD: Final = 0.07
"""So much less sure it must be of a wish for a person, which does no harm."""
_ROUNDING: Final = 1e-6
Vector = NDArray[np.float32]

_READ = re.compile(r"[\u4e00-\u9fff]|^[\x00-\x7f‘’“”…]+$")
_KANA_HANGUL = re.compile(r"[\u3041-\u30ff\uac00-\ud7af]")
_WORDS: Final[dict[Call, str]] = {
    "asked": r"当家|掌柜|头儿|头头|主人|组长|店员|接线|老细|同学跟进|当班|(?:叫|让|喊|请).{1,5}(?:出来|过来|接电话)|(?<![工老女男大小客病商])人(?!参|造|字|气|均|民|家的)|[转轉]接|客服|坐席|专员|專員|同事|老板|店长|经理|主管|领导|负责|上级|管事|值班|活的|回电|电话|机器|自动回复|智能|[克可课科]服|仁工|rengong|ren gong|kefu"
    r"|human|person|people|agent|some(?:one|body)|any(?:one|body)|staff|manager|supervisor|representative|\brep\b|operator|bot\b|boss|colleague|\bteam\b|support|transfer|escalat",
    "injury": r"手|脚|腿|脸|头|眼|嘴|牙|腰|背|膝|胳膊|脖|皮|骨|血|伤|疼|痛|摔|医院|急诊|医生|吞|咽|晕|麻|烫|割|砸|扎|夹"
    r"|hand|finger|foot|leg|face|head|eye|mouth|arm|ankle|wrist|bleed|hurt|injur|burn|cut\b|hospital|doctor|swallow|fell|broke|shatter|trapped",
    "allergy": r"过敏|红|肿|疹|痒|痘|脱皮|水泡|化脓|烂|刺痛|火辣|疙瘩|喘|喉咙|嗓子|起皮|allerg|rash|hives|swell|swollen|itch|skin|breathe|throat|peel|burning",
    "fire": r"烧(?!烤|酒|水|饭|菜)|着火|起火|自燃|冒烟|黑烟|炸(?!鸡|锅|串|酱|弹)|爆(?!款|米|珠|料)|漏电|漏气|电人|打火花|火花|火苗|窜火|窜出|回火|短路|熔|融化|焦味|糊味|触电|fire|smok|explod|spark|melt|burn|shock|gas leak",
    "food": r"吃|喝|霉|毛|虫|馊|臭|酸|坏|异物|头发|玻璃|铁丝|钢丝|塑料|蟑螂|苍蝇|过期|拉肚|吐|泻|中毒|日期|胀|eat|ate\b|food|mold|mould|rotten|expired|bug|hair|worm|metal|glass|sick|poison|vomit",
    "minor": r"(?:孩|儿子|女儿|侄|外甥|弟|妹|未成年|岁|学生|小学|初中|高中|年级|家长).{0,40}(?:买了|下单|付款|付了|充值|充了|打赏|刷了|花了|偷|瞒|私自|擅自|退|酒|烟|刀|手机|卡)|(?:下单|付款|充值|打赏|消费|买).{0,20}(?:孩子|未成年|岁|家长不知)|(?:year[- ]old|my (?:son|daughter|kid|child|nephew)|under ?18|i'?m 1[0-7]).{0,50}(?:order|bought|buy|paid|pay|spent|permission|vape|alcohol)",
    "self_harm": r"(?<![累笑饿热冷困美香急气烦吵痛疼兴动慢贵爱])死|活|自杀|结束|解脱|跳|药|手腕|割|醒|撑不|走了|人世|世界|意义|没人|永别|安心|die|kill|suicid|end (?:it|my)|go on|living|alive|miss me|gone|without me|over\b",
    "extortion": r"(?:钱|\d|[百千万]|红包|赔|私了|价码|币|封口|诚意).{0,40}(?:不然|否则|要不|就(?:让|找|去|把|算|当|删|撤|不)|删|撤|曝光|公开|泄露|资料|名单|数据|证据|黑料|差评|视频|举报|相安)|(?:删|撤|曝光|公开|泄露|资料|名单|数据|证据|黑料|差评|视频|不然|否则|打假).{0,40}(?:钱|打款|\d|[百千万]|看着给|私了|开个?价|谈个|币|诚意)|砸|弄死|打断|废了|杀了|找人|住哪|工号|小心点|堵门|走着瞧|威胁"
    r"|(?:pay|send|transfer|money|bitcoin|\d).{0,60}(?:leak|or (?:else|i)|publish|expose|post|review|data|unlock)|(?:leak|review|data|video|locked).{0,60}(?:pay|money|bitcoin|send)|where you (?:live|work)|kill|hurt you",
    "lawyer": r"律师|律所|法院|法庭|起诉|诉状|传票|官司|仲裁|法律|法务|告(?:你|到|上|死)|消法|食品安全法|权益保护法|十倍|三倍|lawyer|attorney|solicitor|court|lawsuit|sue\b|suing|legal|small claims",
    "regulator": r"12315|12345|110|消协|监管|工商|市监|质监|食药|黑猫|举报|报警|报案|警察|公安|派出所|平台|小二|介入|立案|税务|物价|工信|网信|police|authorit|regulator|report|chargeback|dispute|bbb|ftc|consumer|complaint",
    "media": r"曝光|避雷|记者|媒体|电视台|报社|采访|报道|热搜|(?:发|挂|传|放|晒|捅).{0,6}(?:抖音|小红书|微博|网上|朋友圈|视频)|(?:抖音|小红书|微博|视频|直播).{0,10}(?:曝|挂|火|看看|评理|扒|黑你|发出|万粉)|粉丝|万粉|自媒体|博主.{0,12}(?:曝|发|掂量)|爆料|全网|网友|微博见|扒"
    r"|(?:post|shar|put|expos|tweet|viral).{0,60}(?:tiktok|twitter|facebook|reddit|youtube|social|online|internet|everyone|you\b)|report(?:er|ing)|journalist|press\b|newspaper|\bnews\b.{0,40}(?:story|you|cover|love)|media",
}
_SPOKEN_OF: Final = {call: re.compile(words, re.IGNORECASE) for call, words in _WORDS.items()}
"""What a message mostly speaks of as well, in Chinese or English: a vector alone confuses a shopper's need with a call."""
_SHOPS = re.compile(
    r"(?:生产日期(?:是|新|在|有|多|几)|(?:老板|店长)(?:是谁|叫什么)|说话还?(?:挺|蛮)|多少钱|有货吗|几天到|哪款|推荐|尺码|穿几码|什么价|便宜点|优惠|内部价|老客户|保质期(?!改|被)|配料|怎么(?:加盟|代理|合作)|想(?:给|送|买)|买个|(?:看到|刷到|搜到|关注)(?:的|了)?你们|能用.{0,8}吗|能吃.{0,4}[吗不])"
    r"|\b(?:in stock|how much|which one|looking for|size|recommend|found you|saw you)\b",
    re.IGNORECASE,
)
_EXAGGERATES = re.compile(
    r"(?:累|笑|饿|热|冷|困|美|香|急|气|烦|吵|馋|甜|辣|丑|贵|慢|晒|堵|等|闷|无聊|尴尬|羡慕|开心|高兴|可爱)死(?:了|我|人|个)"
)
"""Tired, hungry or glad to death is how shoppers talk."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAVES_NUMBER = re.compile(r"\d{7}")
"""Who leaves a number wants to be called later, and contacts are taken for that."""
_APPLIED = re.compile(
    r"[用抹涂敷擦贴喷染吃喝穿洗]|戴(?!口罩|头盔)|你们|你家|这款|那个|收到|买|过敏|疹|医|用了|烂|喘|针|肿|睁|泡|产品|皮肤科"
)
"""Without one of these somebody tells of his skin, before he buys anything."""


def call_of(text: str, vector: Vector) -> Call | None:
    """`vector` is that of `fold(text)`. Some tens of µs. None where it is not sure: most messages call nobody."""
    shares = shares_of(text, vector)
    if 1.0 - shares[0] < SURE_WITH_WORD - AHEAD - _ROUNDING:
        return None
    most = max(shares[1:])
    call = cast(Call, CALLS[shares.index(most, 1)])
    share = shares[1] + AHEAD if call == "asked" else sum(shares[2:])
    return call if share >= SURE_WITH_WORD and share >= _needed(call, text) else None


def shares_of(text: str, vector: Vector) -> list[float]:
    """How likely each of `CALLS` is, 0..1."""
    matrix, by_place, bias = _weights()
    places, values = features(text)
    scores = vector @ matrix
    scores += bias
    scores += values @ by_place.take(places, axis=0)
    found = scores.tolist()
    most = max(found)
    grown = [exp(score - most) for score in found]
    whole = sum(grown)
    return [one / whole for one in grown]


def _needed(call: Call, text: str) -> float:
    """How sure it must be, by the words."""
    if (_SHOPS.search(text) and call != "self_harm") or _is_against(call, text):
        return SURE_AGAINST
    if not _READ.search(text) or _KANA_HANGUL.search(text):
        return SURE_WITHOUT
    return SURE_WITH_WORD if _SPOKEN_OF[call].search(text) else SURE_WITHOUT


def _is_against(call: Call, text: str) -> bool:
    if call == "self_harm" and _EXAGGERATES.search(text):
        return True
    if call == "allergy" and _HAN.search(text) and not _APPLIED.search(text):
        return True
    if call == "asked":
        return declines_person(text) or bool(_LEAVES_NUMBER.search(text))
    return asks_of_goods(call, text)


@cache
def _weights() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    with files("yingke.assistants.calls").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        return tuple(stored[name].astype(np.float32) for name in ("matrix", "runs", "bias"))
