"""The same talk in shops of cosmetics, electronics, food and clothes: nothing of selling is made for one kind of goods."""

from typing import Any

import pytest

from tests.assistants.camp import Customer, new_customer
from tests.conftest import Ground
from tests.learning import Learning
from yingke.commerce.shapes import Product, Variant
from yingke.commerce.store.put_products import put_products


def one(code: str, title: str, yuan: int, stock: int, category: str, description: str = "", **told: str) -> Product:
    variant = Variant(f"{code}-1", yuan * 100, f"{code}-1", stock=stock)
    return Product(code, title, (variant,), code=code, category=category, attributes=told, description=description)


def several(code: str, title: str, yuan: int, variants: dict[str, int], category: str, **told: str) -> Product:
    made = tuple(
        Variant(f"{code}-{place}", yuan * 100, f"{code}-{place}", name, {"颜色": name}, stock=stock)
        for place, (name, stock) in enumerate(variants.items())
    )
    return Product(code, title, made, code=code, category=category, attributes=told)


BEAUTY = [
    one("MZ-01", "温和氨基酸洁面乳 120g", 75, 60, "洁面", "早晚洗脸用，洗后不紧绷。", 适合肤质="所有肤质，敏感肌可用", 保质期="开封后 12 个月"),
    one("MZ-02", "舒缓修护面霜 50g", 168, 25, "面霜", "换季泛红刺痛时厚涂。", 适合肤质="干皮、敏感肌", 成分="神经酰胺、角鲨烷", 保质期="开封后 12 个月"),
    one("MZ-03", "清爽控油面霜 50g", 138, 40, "面霜", "出油多的夏天用，不闷痘。", 适合肤质="油皮、混油皮", 成分="烟酰胺、锌", 保质期="开封后 12 个月"),
    one("MZ-04", "轻薄防晒乳 SPF50 40ml", 98, 0, "防晒", "通勤和海边都能用。", 适合肤质="所有肤质", 容量="40ml"),
    one("MZ-05", "玻尿酸面膜 5 片装", 59, 200, "面膜", "敷十五分钟补水。", 数量="5 片"),
    several("MZ-06", "丝绒口红", 119, {"豆沙色": 12, "正红色": 0, "枫叶红": 7}, "口红", 重量="3.5g"),
]  # fmt: skip
GADGETS = [
    one("SJ-01", "入耳降噪耳机", 359, 30, "耳机", "通勤和自习都安静。", 续航="单次 7 小时", 防水="IPX4", 重量="5g"),
    one("SJ-02", "头戴降噪耳机", 699, 12, "耳机", "在家听音乐，可折叠收纳。", 续航="单次 40 小时", 防水="不防水", 重量="250g"),
    one("SJ-03", "充电宝 10000mAh", 99, 80, "充电宝", "手机能充两次。", 重量="210g", 充电="Type-C 双向 22.5W"),
    one("SJ-04", "充电宝 20000mAh", 159, 50, "充电宝", "出差三天够用。", 重量="430g", 充电="Type-C 双向 65W"),
    one("SJ-05", "机械键盘 87 键", 299, 20, "键盘", "打字手感清脆。", 续航="电池用 30 天", 连接="蓝牙和有线"),
    one("SJ-06", "静音鼠标", 79, 100, "鼠标", "办公室用不吵人。", 连接="蓝牙", 重量="85g"),
]  # fmt: skip
FOOD = [
    one("SP-01", "高邮咸鸭蛋 20 枚", 68, 30, "蛋品", "真空包装，不用冷藏。", 净含量="1.3kg", 配料="鸭蛋、食用盐", 储存="阴凉处 90 天", 产地="江苏高邮"),
    one("SP-02", "桂花酸梅汤", 32, 80, "冲饮", "一瓶大约兑 8 杯。", 净含量="1L", 配料="乌梅、山楂、桂花、冰糖", 储存="开盖后冷藏 15 天"),
    one("SP-03", "黑巧克力 72%", 45, 0, "糖果", "微苦。", 净含量="100g", 配料="可可液块、白砂糖"),
    one("SP-04", "黑麦列巴", 26, 60, "面包", "没有加糖，早上切片烤着吃。", 净含量="600g", 配料="黑麦粉、酵母、核桃", 储存="常温 4 天"),
]  # fmt: skip
CLOTHES = [
    several("YF-01", "垂感阔腿裤", 199, {"雾霾蓝 M": 9, "雾霾蓝 L": 4, "奶油杏 M": 0}, "裤装", 面料="聚酯 95% 氨纶 5%", 版型="偏大，建议小一码", 裤长="102cm"),
    several("YF-02", "缎面吊带裙", 329, {"香槟 M": 6}, "连衣裙", 面料="醋酸 70% 锦纶 30%", 洗护="手洗"),
    several("YF-03", "加厚羽绒服", 899, {"黑 M": 5, "黑 L": 7}, "外套", 填充="白鹅绒 90%，充绒量 180g", 洗护="可机洗，低温烘干"),
]  # fmt: skip
Turn = tuple[str, list[str], list[str]]
"""What is said; what stands in the answer; what does not."""
TALKS: dict[str, tuple[list[Product], list[Turn]]] = {
    "a basket that grows": (BEAUTY, [("洁面乳两支 面膜一盒 一共多少", ["209.00"], []), ("面膜换成三盒", ["327.00"], []), ("洁面不要了", ["177.00"], ["洁面乳"])]),
    "one of two of a kind": (BEAUTY, [("控油的那个面霜来两瓶 多少钱", ["276.00"], ["舒缓"]), ("换成舒缓的", ["336.00"], [])]),
    "a shade": (BEAUTY, [("口红有哪些颜色", ["豆沙色", "枫叶红"], []), ("枫叶红的来两支 多少钱", ["238.00", "枫叶红"], [])]),
    "what is sold out": (BEAUTY, [("防晒乳有货吗", ["没有货|没货|无货"], ["有货，"])]),
    "a shade that is sold out": (BEAUTY, [("正红色的口红还有吗", ["没有货|没货|无货"], [])]),
    "for a dry skin": (BEAUTY, [("换季脸上又红又痛 用什么好", ["舒缓修护面霜"], [])]),
    "for an oily skin": (BEAUTY, [("我是大油皮 想买个面霜", ["清爽控油面霜"], [])]),
    "ingredients": (BEAUTY, [("舒缓面霜里面都有什么成分", ["神经酰胺"], []), ("敏感肌能用吗", ["敏感肌"], []), ("多少钱", ["168.00"], [])]),
    "two creams": (BEAUTY, [("两款面霜有什么区别", ["舒缓修护面霜", "清爽控油面霜"], []), ("便宜的那个多少钱", ["138.00"], ["168"])]),
    "how long it keeps": (BEAUTY, [("洁面开封了能用多久", ["12 个月"], [])]),
    "how many in a box": (BEAUTY, [("面膜一盒几片", ["5 片"], []), ("来两盒", ["118.00"], [])]),
    "the difference": (BEAUTY, [("舒缓面霜比控油面霜贵多少", ["30.00"], [])]),
    "the cheapest": (BEAUTY, [("你家最便宜的是什么", ["玻尿酸面膜", "59"], [])]),
    "a budget": (BEAUTY, [("80 块以内有什么", ["59|75"], ["168"])]),
    "what is not sold": (BEAUTY, [("有香水吗", ["没有"], [])]),
    "one more": (BEAUTY, [("口红豆沙色要一支", ["119.00"], []), ("再加个面膜", ["178.00"], []), ("口红也要两支", ["297.00"], [])]),
    "which lasts longer": (GADGETS, [("两款耳机哪个续航久", ["头戴降噪耳机", "40 小时"], []), ("那个多少钱", ["699.00"], ["359"])]),
    "which is lighter": (GADGETS, [("充电宝哪个轻", ["210g"], []), ("轻的那个来三个 一共多少", ["297.00"], [])]),
    "a keyboard and a mouse": (GADGETS, [("键盘加鼠标一套多少钱", ["378.00"], []), ("鼠标要两个", ["457.00"], []), ("键盘去掉", ["158.00"], ["键盘"])]),
    "rain": (GADGETS, [("入耳的那个下雨天跑步能戴吗", ["IPX4"], [])]),
    "for the office": (GADGETS, [("天天敲代码手累 有推荐的吗", ["机械键盘"], [])]),
    "for the road": (GADGETS, [("出门手机老没电", ["充电宝"], ["键盘"])]),
    "noise": (GADGETS, [("地铁上太吵想安静听歌", ["耳机"], ["键盘"])]),
    "stock of many": (GADGETS, [("头戴耳机我要二十个 够吗", ["12", "不够"], [])]),
    "both": (GADGETS, [("两款耳机各来一个 多少钱", ["1058.00"], [])]),
    "the bigger one": (GADGETS, [("充电宝有吗", ["10000mAh", "20000mAh"], []), ("贵的那个多重", ["430g"], ["210g"]), ("来一个", ["159.00"], [])]),
    "these two together": (BEAUTY, [("面膜多少钱", ["59"], []), ("洁面呢", ["75"], []), ("两个一起", ["134.00"], [])]),
    "what somebody has": (BEAUTY, [("面霜我家还有 只拿面膜四盒和口红豆沙一支 总共", ["355.00"], ["面霜"])]),
    "bare numbers behind": (BEAUTY, [("洁面2 面霜控油的1 一共", ["288.00"], [])]),
    "the small one": (GADGETS, [("充电宝小的一个 入耳耳机一副 多少", ["458.00"], []), ("打错 要大的", ["518.00"], [])]),
    "stock of another": (GADGETS, [("键盘还有货没", ["20"], []), ("鼠标呢", ["100"], [])]),
    "stock of the other of a kind": (GADGETS, [("大充电宝剩几个", ["50"], []), ("小的", ["80"], [])]),
    "its own word for a thing": (FOOD, [("咸鸭蛋多少钱", ["68.00"], []), ("酸梅汤呢", ["32.00"], [])]),
    "its own words in a basket": (FOOD, [("鸭蛋两盒酸梅汤三瓶 一共多少", ["232.00"], []), ("再来个列巴", ["258.00"], [])]),
    "short for a thing": (FOOD, [("黑巧还有没", ["没有货|没货|无货"], ["咸鸭蛋"])]),
    "what is in it": (FOOD, [("酸梅汤里头都放了啥", ["乌梅"], []), ("咸鸭蛋呢", ["食用盐"], ["乌梅"])]),
    "how long food keeps": (FOOD, [("咸鸭蛋能搁几天", ["90 天"], [])]),
    "what was spoilt is not sold": (FOOD, [("鸭蛋碎了俩", [], ["合计", "136.00"])]),
    "for the breakfast": (FOOD, [("早饭来不及做 有啥能对付的", ["黑麦列巴"], ["咸鸭蛋"])]),
    "what nobody has written": (GADGETS, [("静音鼠标滚轮是什么牌子的编码器", ["没有单独写|没有写到"], [])]),
    "a colour of the shop": (CLOTHES, [("奶油杏的还有吗", ["没有货|没货|无货"], []), ("雾霾蓝M呢", ["9"], [])]),
    "priced and not there": (CLOTHES, [("奶油杏阔腿裤M来一条 多少钱", ["没有货|没货|无货", "199.00"], [])]),
    "how it runs": (CLOTHES, [("阔腿裤偏大还是偏小", ["偏大，建议小一码"], [])]),
    "for a wedding": (CLOTHES, [("下礼拜闺蜜结婚 穿什么去", ["缎面吊带裙"], ["羽绒服"])]),
    "which down": (CLOTHES, [("羽绒服里充了多少绒", ["180g"], [])]),
    "a question is no basket": (GADGETS, [("鼠标多少钱", ["79.00"], []), ("两个能同时连一台电脑吗", [], ["158.00"])]),
}  # fmt: skip


async def stocked(ground: Ground, learning: Learning, products: list[Any]) -> Customer:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await put_products(tx, ground.workspace_id, None, products)
    return await new_customer(ground, learning)


@pytest.mark.parametrize("name", TALKS)
async def test_selling_works_for_other_goods(name: str, ground: Ground, learning: Learning) -> None:
    products, turns = TALKS[name]
    customer = await stocked(ground, learning, products)
    for said, has, lacks in turns:
        told = (await customer.says(said)).text
        missing = [words for words in has if not any(word in told for word in words.split("|"))]
        assert not missing, f"{said} → {told}"
        assert not [word for word in lacks if word in told], f"{said} → {told}"
