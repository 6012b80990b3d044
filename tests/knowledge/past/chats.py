"""Past chats of an invented shop, from templates: questions in several wordings, agents who mostly agree."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

TOPICS = [
    (
        ["多久能发货", "什么时候发货呀", "今天下单几天发货"],
        ["亲，付款后 48 小时内发货哦", "付款后48小时内发货的", "我们 48 小时内都会发出的呢"],
    ),
    (
        ["可以退货吗", "不喜欢能退吗", "支持退货吗"],
        ["签收后 7 天内不影响二次销售都可以退的", "可以退的亲，签收后7天内都可以退", "7 天内可以退货的哦"],
    ),
    (
        ["能开发票吗", "可以开票吗", "有发票吗"],
        [
            "可以开电子发票，确认收货后在订单页申请",
            "支持开电子发票的，在订单页申请就行",
            "能开电子发票的亲，订单页申请",
        ],
    ),
    (
        ["保修多久", "质保几年", "保修期是多长"],
        ["整机保修 1 年的", "保修一年哦，主要部件都保", "质保 1 年的亲"],
    ),
]
ASKED = tuple(question for questions, _ in TOPICS for question in questions)
AGENTS = ["小美", "阿强"]
GREETING, HELLO = "在吗", "您好，在的，请问有什么可以帮您"
FIRST = datetime(2024, 3, 4, 9, 0)


@dataclass(frozen=True)
class Row:
    conversation: str
    at: datetime
    sender: str
    text: str
    agent: str
    customer: str


def rows(conversations: int = 40) -> Iterator[Row]:
    """Six messages a conversation; every fifth customer gives personal details."""
    for number in range(conversations):
        questions, answers = TOPICS[number % len(TOPICS)]
        at = FIRST + timedelta(days=number % 14, hours=number % 9, minutes=number % 50)
        key, agent, customer = f"S{20240000 + number}", AGENTS[number % 2], f"小鹿{number}号店"
        said = [
            ("客户", GREETING),
            ("客服", HELLO),
            ("客户", questions[number // 4 % 3]),
            ("客服", answers[number // 4 % 3]),
            ("客户", f"我是{customer}，电话 13800138{number:03d}，寄到浙江省杭州市西湖区文三路{number + 1}号" if number % 5 == 0 else "好的"),
            ("客服", "嗯嗯好的亲"),
        ]  # fmt: skip
        for step, (sender, text) in enumerate(said):
            yield Row(key, at + timedelta(seconds=20 * step), sender, text, agent, customer)


def as_csv(all_rows: Iterator[Row] | list[Row], encoding: str = "utf-8") -> bytes:
    """One row a message, as the usual desks export it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["会话ID", "发送时间", "发送方", "消息内容", "接待客服", "买家昵称", "店铺", "渠道"])
    for row in all_rows:
        at = row.at.strftime("%Y-%m-%d %H:%M:%S")
        writer.writerow([row.conversation, at, row.sender, row.text, row.agent, row.customer, "青松", "网站"])
    return out.getvalue().encode(encoding)
