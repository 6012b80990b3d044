"""A thousand questions with answers, and twenty thousand ways to ask them. Our own; a public set is used where present."""

import itertools
import json
import random
from pathlib import Path

from yingke.assistants.wants_person import wants_person

SHARED = Path(__file__).parent.parent.parent / "shared" / "data" / "faq_retrieval" / "ant_atec_afqmc" / "corpus.jsonl"

THINGS = ["帐篷", "睡袋", "保温杯", "电饭煲", "运动鞋", "连衣裙", "蓝牙耳机", "行李箱", "儿童书包", "面霜", "洗发水", "充电宝",
           "台灯", "床垫", "咖啡机", "雨伞", "手表", "键盘", "瑜伽垫", "猫粮", "净水器", "剃须刀", "羽绒服", "投影仪", "自行车"]  # fmt: skip
TOPICS = [
    ("{}多久发货", "{}在付款后四十八小时内发出。"), ("{}可以退吗", "{}支持七天无理由退货。"),
    ("{}保修几年", "{}自签收起保修一年。"), ("{}怎么清洗", "{}请按吊牌说明用温水清洗。"),
    ("{}有几种颜色", "{}有黑色、白色和蓝色。"), ("{}能开发票吗", "{}可以开电子发票。"),
    ("{}降价了能补差价吗", "{}签收七天内降价可申请补差。"), ("{}缺货什么时候补", "{}缺货时每周二补货。"),
    ("{}发什么快递", "{}默认发顺丰或中通。"), ("{}可以送礼包装吗", "{}下单备注即可礼品包装。"),
    ("{}收到是坏的怎么办", "{}破损请在签收二十四小时内拍照联系我们。"), ("{}有赠品吗", "{}赠品以商品页为准。"),
    ("{}能用优惠券吗", "{}可以使用店铺优惠券。"), ("{}尺寸是多大", "{}尺寸见商品详情页的尺寸表。"),
    ("{}重量是多少", "{}的重量写在商品参数里。"), ("{}支持货到付款吗", "{}暂不支持货到付款。"),
    ("{}可以改地址吗", "{}发货前可以修改收货地址。"), ("{}能寄到国外吗", "{}目前只在国内配送。"),
    ("{}怎么取消订单", "{}发货前可在订单页取消。"), ("{}会员有折扣吗", "{}会员按等级享受折扣。"),
    ("{}什么材质", "{}的材质写在商品参数里。"), ("{}适合几岁用", "{}适用年龄见包装说明。"),
    ("{}怎么安装", "{}附有安装说明书和视频。"), ("{}异味大吗", "{}新品通风两天即可散味。"),
    ("{}质量问题谁出运费", "{}质量问题由店铺承担运费。"), ("{}可以换货吗", "{}十五天内可以换货一次。"),
    ("{}生产日期是哪天", "{}的生产日期印在包装上。"), ("{}运费多少", "{}满九十九元包邮。"),
    ("{}能便宜点吗", "{}的价格以下单页为准。"), ("{}和旧款有什么区别", "{}新款改进了做工和配件。"),
    ("{}怎么查物流", "{}可在订单详情查看物流。"), ("{}丢件了怎么办", "{}丢件由我们补发或退款。"),
    ("{}可以批发吗", "{}十件以上可联系客服报价。"), ("{}有实体店吗", "{}目前只在网上销售。"),
    ("{}少发了配件怎么办", "{}少发配件会免费补寄。"), ("{}评价返现吗", "{}不做评价返现。"),
    ("{}预售几号发", "{}预售按商品页日期发货。"), ("{}能指定送货时间吗", "{}可在备注里写希望的送货时间。"),
    ("{}防水吗", "{}的防水等级写在商品参数里。"), ("{}可以试用吗", "{}支持七天试用。"),
]  # fmt: skip
_BEFORE = [
    "请问",
    "你好,",
    "亲,",
    "在吗,",
    "想问下",
    "那个",
    "麻烦问一下",
    "老板",
    "我买的",
    "家里的",
    "帮看下",
    "咨询一下",
]
_AFTER = ["呢", "呀", "啊", "?", "谢谢", "急", "能说下吗", "嘛", "哈", "~", "回一下", "我在等"]


def faq_entries(count: int) -> list[tuple[str, str]]:
    """(question, answer) pairs; the public questions where they are present, else our own."""
    if SHARED.is_file():
        questions = [json.loads(line)["question"] for line in SHARED.read_text("utf-8").splitlines()][:count]
        return [
            (question, f"关于“{question[:18]}”,请按页面说明第 {n} 条办理。") for n, question in enumerate(questions)
        ]
    pairs = [(q.format(thing), a.format(thing)) for (q, a), thing in itertools.product(TOPICS, THINGS)]
    return pairs[:count]


def distinct_questions(entries: list[tuple[str, str]], count: int, rng: random.Random) -> list[str]:
    """Seeded edits: words before and after, a letter lost or doubled, two neighbours exchanged. No two are equal."""
    found: set[str] = set()
    while len(found) < count:
        text = list(rng.choice(entries)[0])
        for _ in range(rng.randint(0, 2)):
            at = rng.randrange(len(text))
            kind = rng.random()
            if kind < 0.4 and len(text) > 4:
                del text[at]
            elif kind < 0.7:
                text.insert(at, text[at])
            elif at + 1 < len(text):
                text[at], text[at + 1] = text[at + 1], text[at]
        question = rng.choice(_BEFORE) + "".join(text) + rng.choice(_AFTER)
        # Whoever asks for a person gets one, and is not answered by the assistant any more.
        if not wants_person(question):
            found.add(question)
    ordered = sorted(found)
    rng.shuffle(ordered)
    return ordered
