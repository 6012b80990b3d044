"""Questions whose meaning is known and whose words are not, and those that nobody has written about."""

from tests.assistants.conftest import NewQuestion
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.engines.embedded import EmbeddedEngine

RULES = (
    "# 发货与物流\n\n## 今天下单几号能发货\n每天 16:00 前付款当天发货，其余 48 小时内发货。\n\n"
    "## 快递几天能到\n江浙沪 1 到 2 天到，其他省份 2 到 4 天到。\n\n## 发什么快递，大件送货上门吗\n小件走快递，大件走物流，送货上门。\n\n"
    "## 运费怎么算\n每单满 99 元包邮，不满收 8 元。\n\n"
    "# 售后\n\n## 七天无理由退货\n签收后 7 天内，商品完好可以无理由退货。\n\n## 退款多久到账\n收到退货后 48 小时内退款，原路退回。\n\n"
    "## 保修\n灯和炉子保修 1 年，人为损坏付费维修。\n\n"
    "# 会员与发票\n\n## 可以开发票吗\n签收后在订单页申请电子发票，1 个工作日内发到邮箱。\n\n## 积分怎么用\n100 积分抵 1 元。\n\n"
    "## 怎么成为会员\n累计消费满 500 元升银卡，满 2000 元升金卡。\n"
)
ASKED = (
    ("隔天能拿得到吗", "1 到 2 天"),
    ("单子啥时候能走", "16:00"),
    ("箱子沉，给抬进屋里不", "送货上门"),
    ("寄过来另外要出多少", "99"),
    ("试了两次觉得不喜欢，能拿回去吗", "7 天"),
    ("寄回去都好几天了，钱呢", "48 小时"),
    ("摔了一下，修的话收多少", "付费维修"),
    ("报账要个凭据，票咋开", "1 个工作日"),
    ("攒了八百分，顶多少块", "100 积分"),
    ("花到多少给我升金卡", "2000"),
)
STRANGE = [
    "明天天气怎么样", "你们公司叫什么名字", "能送贺卡吗", "可以贴牌吗", "老板多大年纪", "有微信群吗", "能不能拼单", "要不要身份证", "怎么联系主播", "可以拆开卖吗",
    "你们注册资金多少", "能寄样品吗", "运动会几号", "会不会长毛", "分店在哪", "有没有异味", "含不含甲醛", "孕妇能不能用", "小孩几岁能玩", "能带上飞机吗", "高铁让带吗",
    "有说明书吗", "有安装视频吗", "哪里生产的", "是不是正品", "有质检报告吗", "可以刻字吗", "能定做尺寸吗", "招不招代理", "怎么加盟", "招人吗", "工资多少",
    "可以参观工厂吗", "你们几个人", "成立多少年了", "直播几点开始", "主播叫什么", "好评返现吗", "能改评价吗", "抖音号是多少", "会掉色吗", "起球吗", "缩水吗", "几层的",
    "什么牌子的拉链", "电池能换吗", "遥控的吗", "能连手机吗", "支持蓝牙吗", "声音大不大", "费电吗", "辐射大吗", "会爆炸吗", "怎么收纳", "能装几升", "配几个挂钩",
    "螺丝什么型号", "第几代了", "新款什么时候出", "去年的款还有吗", "谁设计的", "有联名款吗", "有明星同款吗", "可以以旧换新吗", "能出租吗", "二手收吗", "世界杯谁赢了",
    "帮我写一首诗", "彩票中奖号码", "房贷利率多少", "感冒吃什么药", "地铁几点停运", "怎么养多肉", "圆周率后十位", "高考分数线", "怎么注册公司", "火车票怎么改签",
    "附近有什么好吃的", "股市怎么样", "猫为什么怕黄瓜", "推荐一部电影", "怎么减肥", "怎么学英语", "月球离地球多远", "人为什么做梦", "三角形面积怎么算", "今天几号",
    "现在几点", "北京人口多少", "谁是首富", "怎么煮饭", "怎么系领带", "什么星座", "生肖是什么", "怎么洗车", "油价多少", "机票多少钱", "附近停车场", "医院几点开门",
    "学校放假了吗", "快餐推荐", "酒店怎么订",
]  # fmt: skip


async def test_a_question_in_words_of_its_own_finds_the_rule(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(ground, "店铺规则.md", RULES)
    engine = EmbeddedEngine(learning.library)
    missed = []
    for asked, told in ASKED:
        reply = await engine.answer(await new_question(ground, asked), lambda _: True)
        if told not in reply.text:
            missed.append((asked, reply.text))
    assert len(missed) <= 0.3 * len(ASKED), missed


async def test_what_nobody_has_written_stays_unknown(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(ground, "店铺规则.md", RULES)
    engine = EmbeddedEngine(learning.library)
    answered = []
    for asked in STRANGE:
        reply = await engine.answer(await new_question(ground, asked), lambda _: True)
        if reply.citations:
            answered.append((asked, reply.text))
    assert len(STRANGE) >= 100
    assert len(answered) <= 0.02 * len(STRANGE), answered
