"""What a new shop says before its owner has written anything: in both languages, ready to be used."""

from typing import Any

PRIVACY_VERSION = "1"


def default_greeting(name: str) -> dict[str, str]:
    return {
        "zh-CN": f"您好，欢迎光临{name}！想了解商品、订单或售后，直接告诉我就好。",
        "en": f"Hello and welcome to {name}! Ask me about products, orders or returns.",
    }


def default_questions() -> dict[str, list[str]]:
    return {
        "zh-CN": ["多久可以发货？", "怎么退换货？", "可以开发票吗？"],
        "en": ["When will my order ship?", "How do I return something?", "Can I get an invoice?"],
    }


def default_privacy(name: str) -> dict[str, Any]:
    """Short and true: an AI answers first, what is recorded, what for, and that a person can be asked for."""
    return {
        "version": PRIVACY_VERSION,
        "url": None,
        "text": {
            "zh-CN": (
                f"您正在与{name}的 AI 客服对话，回答由人工智能生成，仅供参考；您可以随时点“转人工”。"
                "为了答复您，我们会记录对话内容、您主动留下的联系方式、浏览的页面和设备的基本信息，"
                "不用于其他用途。请勿发送身份证号、银行卡号等敏感信息。继续发送即表示您已知晓。"
            ),
            "en": (
                f"You are talking to the AI assistant of {name}. Its answers are generated and may be wrong; "
                "you can ask for a person at any time. To answer you we record this conversation, the contact details "
                "you give us, the pages you visit here and basic device information, and use them for nothing else. "
                "Please do not send identity or bank card numbers. By sending a message you confirm that you know this."
            ),
        },
    }


def people_privacy(name: str) -> dict[str, Any]:
    """The same where only people answer."""
    return {
        "version": f"{PRIVACY_VERSION}p",
        "url": None,
        "text": {
            "zh-CN": (
                f"您正在与{name}的人工客服对话。为了答复您，我们会记录对话内容、您主动留下的联系方式、浏览的页面和设备的基本信息，"
                "不用于其他用途。请勿发送身份证号、银行卡号等敏感信息。继续发送即表示您已知晓。"
            ),
            "en": (
                f"You are talking to people of {name}. To answer you we record this conversation, the contact details "
                "you give us, the pages you visit here and basic device information, and use them for nothing else. "
                "Please do not send identity or bank card numbers. By sending a message you confirm that you know this."
            ),
        },
    }


def default_assistant(name: str) -> dict[str, Any]:
    return {"name": f"{name}小助手", "enabled": True, "avatar": None}


def default_look() -> dict[str, Any]:
    """Colour as #rrggbb; offsets in pixels from the corner."""
    return {
        "color": "#1f6feb",
        "position": "right",
        "offset_x": 24,
        "offset_y": 24,
        "z_index": 2147483000,
        "launcher": "bubble",
        "title": "",
        "logo_url": None,
    }
