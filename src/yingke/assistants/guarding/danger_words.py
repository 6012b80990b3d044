"""The one sentence said at a danger topic: it cares, it asks nothing, and it says nothing on whose fault it is."""

from typing import Any

from yingke.knowledge.not_knowing import in_speech

NAMES: dict[str, tuple[str, str]] = {
    "self_harm": ("轻生、自伤", "Self-harm"),
    "extortion": ("敲诈、威胁", "Extortion, threats"),
    "injury": ("人身伤害", "Injury"),
    "allergy": ("过敏反应", "Allergic reaction"),
    "fire": ("起火、爆炸、漏电", "Fire, explosion, shock"),
    "food": ("食品安全", "Food safety"),
    "minor": ("未成年人购买", "Minors buying"),
    "lawyer": ("律师、诉讼", "Lawyer, court"),
    "regulator": ("监管部门、报警", "Authorities, police"),
    "media": ("媒体曝光", "Media, exposure"),
}
_CARE = (
    "我先停一下其他问题。您和家人的安全最要紧，请先停止使用，身体不适请及时就医。我马上请同事来和您沟通。",
    "Your safety comes first: please stop using it and see a doctor if you feel unwell. A colleague is joining right now.",
)
SENTENCES: dict[str, tuple[str, str]] = {
    "self_harm": (
        "听到您这样说，我很担心您。您不是一个人，我马上请同事来陪您说说话。",
        "I am worried about you, and you are not alone. A colleague is coming to talk with you right now.",
    ),
    "extortion": (
        "您说的内容我已经记下，马上请同事来和您沟通。",
        "I have noted what you say. A colleague will talk with you right away.",
    ),
    "injury": _CARE,
    "allergy": _CARE,
    "fire": (
        "您和家人的安全最要紧：请先断电、离开现场，有危险请拨打 119。我马上请同事来和您沟通。",
        "Your safety comes first: cut the power, step away, and call the fire service if there is danger. "
        "A colleague is joining right now.",
    ),
    "food": (
        "您的身体最要紧：请先不要再食用，不适请及时就医，食品和包装请先留着。我马上请同事来和您沟通。",
        "Your health comes first: please eat no more of it, see a doctor if you feel unwell, and keep the food and its "
        "packaging. A colleague is joining right now.",
    ),
    "minor": (
        "这件事需要由同事和监护人一起处理，我马上请同事来和您沟通。",
        "This has to be settled together with a parent or guardian. A colleague is joining right now.",
    ),
    "lawyer": (
        "您反映的事情我们很重视，我马上请负责的同事来和您沟通。",
        "We take what you say seriously. The colleague in charge will talk with you right away.",
    ),
    "regulator": (
        "您反映的事情我们很重视，我马上请负责的同事来和您沟通。",
        "We take what you say seriously. The colleague in charge will talk with you right away.",
    ),
    "media": (
        "您反映的事情我们很重视，我马上请负责的同事来和您沟通。",
        "We take what you say seriously. The colleague in charge will talk with you right away.",
    ),
}
HINTS: dict[str, tuple[str, str]] = {
    "self_harm": (
        "如果此刻很难受，也可以拨打全国统一心理援助热线 12356；有生命危险请拨打 120 或 110。",
        "If it is hard right now, please call your local crisis line; in danger, call the emergency number.",
    ),
}
"""Where else there is help; 12356 is the psychological support line of the whole of China since 2025-05-01."""


_SAID_OF = {"allergy": "injury", "regulator": "lawyer", "media": "lawyer"}
"""Topics of which the same is said."""


def sentence_for(topic: str, language: str, chosen: dict[str, Any] | None = None) -> str:
    """`chosen`: {sentences, hint} of the workspace, by zh and en; its English ones are said in all other languages."""
    is_chinese = language.lower().startswith("zh")
    tag = "zh" if is_chinese else "en"
    own = chosen or {}
    said = own.get("sentences", {}).get(tag) or in_speech(
        f"danger_{_SAID_OF.get(topic, topic)}", language, *SENTENCES[topic]
    )
    hint = own.get("hint", {}).get(tag)
    if hint is None and topic in HINTS:
        hint = in_speech(f"danger_hint_{topic}", language, *HINTS[topic])
    return f"{said}{'' if is_chinese or not hint else ' '}{hint or ''}"
