"""Any number of shop texts of our own making: goods with codes and sizes, questions with answers, pieces of manuals."""

import random
from dataclasses import dataclass

from benchmarks.faq import THINGS, TOPICS

_BRANDS = ["青松", "远岭", "拾光", "木禾", "海棠里", "北屿", "小满", "云栖", "知物", "山野集", "晴川", "橙子家", "白露", "合意", "南风"]  # fmt: skip
_STYLES = ["轻量", "加厚", "折叠", "便携", "家用", "商务", "儿童", "女士", "男士", "四季", "旅行", "静音", "无线", "复古", "升级版", "联名", "入门", "专业", "迷你", "大容量"]  # fmt: skip
_MORE = ["凉席", "蚊帐", "马克杯", "电风扇", "加湿器", "吹风机", "登山鞋", "冲锋衣", "牛仔裤", "毛衣", "围巾", "手套", "泳镜", "跳绳", "哑铃", "拼图", "积木", "婴儿车", "奶瓶", "纸尿裤", "牙刷", "香薰", "相框", "花瓶", "砂锅", "炒锅", "菜刀", "保鲜盒", "垃圾桶", "拖把", "衣架", "鞋柜", "书架", "办公椅", "显示器", "路由器", "硬盘", "音箱", "麦克风", "三脚架", "鱼竿", "帽子", "袜子", "睡衣", "枕头", "被子", "床单", "窗帘", "地毯", "茶叶", "坚果", "蜂蜜", "咖啡豆", "狗粮", "猫砂", "鱼缸", "盆栽", "口红", "防晒霜", "面膜"]  # fmt: skip
_COLOURS = ["黑色", "米白", "雾蓝", "墨绿", "砖红", "浅灰", "焦糖", "藕粉", "藏青", "鹅黄"]
_STUFFS = ["棉", "尼龙", "304不锈钢", "铝合金", "实木", "硅胶", "玻璃", "陶瓷", "竹", "聚酯纤维", "羊毛", "真皮", "亚麻", "ABS"]  # fmt: skip
_PARTS = ["拉链", "电池", "滤芯", "盖子", "支架", "充电线", "底座", "按键", "密封圈", "轮子", "遥控器", "说明书", "收纳袋", "扣带", "内胆"]  # fmt: skip
_FAULTS = ["打不开", "有异响", "掉色", "漏水", "充不进电", "连不上", "起球", "松动", "有划痕", "变形", "褪色", "发热", "断裂", "卡住", "少了一个"]  # fmt: skip
_REMEDIES = ["先擦干净再试一次", "长按五秒复位", "拍照发给客服免费补寄", "换一根原装线", "冷却十分钟后再用", "按说明书第{n}页重新安装", "用软布蘸中性清洁剂轻擦", "七天内可直接换新", "联系维修点更换，费用{n}元"]  # fmt: skip


@dataclass(frozen=True)
class ShopText:
    """One passage. `question` is how a shopper asks for it."""

    kind: str
    heading: str
    text: str
    search_text: str
    row: dict[str, str] | None
    question: str


def shop_texts(count: int, seed: int = 1) -> list[ShopText]:
    """`count` different passages, the same for the same seed."""
    rng = random.Random(seed)
    makers = (_goods, _pair, _fault, _manual)
    return [makers[number % len(makers)](rng, number) for number in range(count)]


def _thing(rng: random.Random) -> str:
    return f"{rng.choice(_BRANDS)}{rng.choice(_STYLES)}{rng.choice(THINGS + _MORE)}"


def _goods(rng: random.Random, number: int) -> ShopText:
    name = f"{_thing(rng)} {rng.choice(_COLOURS)}款"
    code = f"{rng.choice('ABCDEFGHKMNPQRSTX')}{rng.choice('ABCDEFGHKMNPQRSTX')}-{1000 + number}"
    row = {"名称": name, "货号": code, "材质": rng.choice(_STUFFS), "价格": f"{rng.randint(9, 2999)}元",
           "尺寸": f"{rng.randint(5, 200)}×{rng.randint(5, 120)}cm", "库存": str(rng.randint(0, 900))}  # fmt: skip
    text = "；".join(f"{column}：{cell}" for column, cell in row.items())
    asked = rng.choice([f"{name}多少钱", f"{code} 还有货吗", f"{name}是什么材质的", f"{name}尺寸多大"])
    return ShopText("row", "商品目录", text, text, row, asked)


def _pair(rng: random.Random, number: int) -> ShopText:
    asks, answers = rng.choice(TOPICS)
    name = _thing(rng)
    question = asks.format(name)
    answer = f"{answers.format(name)}{rng.choice(['', '具体以订单页为准。', f'如有疑问请在{rng.randint(8, 12)}点后联系客服。'])}"
    return ShopText("qa", question, answer, question, {"问题": question, "答案": answer}, _loosely(rng, question))


def _fault(rng: random.Random, number: int) -> ShopText:
    name, part, fault = _thing(rng), rng.choice(_PARTS), rng.choice(_FAULTS)
    remedy = rng.choice(_REMEDIES).format(n=rng.randint(2, 90))
    heading = f"{name}使用说明 › 常见故障 › {part}{fault}"
    text = f"{name}的{part}{fault}时，请{remedy}。仍未解决请提供订单号，{rng.randint(1, 5)}个工作日内处理。"
    return ShopText("text", heading, text, f"{heading}\n{text}", None, f"{name}{part}{fault}怎么办")


def _manual(rng: random.Random, number: int) -> ShopText:
    name, part = _thing(rng), rng.choice(_PARTS)
    heading = f"{name}使用说明 › {rng.choice(['安装', '保养', '收纳', '清洗', '首次使用', '安全提示'])}"
    text = (
        f"{name}采用{rng.choice(_STUFFS)}制成，净重{rng.randint(1, 90) / 10}公斤。使用前请检查{part}是否完好，"
        f"建议每{rng.randint(1, 12)}个月更换一次{part}，存放温度不超过{rng.randint(25, 60)}度。"
    )
    asked = rng.choice([f"{name}多重", f"{name}的{part}多久换一次", f"{name}能放在多少度的地方"])
    return ShopText("text", heading, text, f"{heading}\n{text}", None, asked)


def _loosely(rng: random.Random, question: str) -> str:
    """As people type it: something before, something after, sometimes a letter lost."""
    letters = list(question)
    if rng.random() < 0.4:
        del letters[rng.randrange(len(letters))]
    return rng.choice(["", "请问", "亲，", "想问下"]) + "".join(letters) + rng.choice(["", "呢", "呀", "？"])
