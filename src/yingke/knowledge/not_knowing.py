"""What is said when the knowledge does not answer: short, in the customer's language, with a way on."""

from collections.abc import Sequence

from yingke.knowledge.languages import in_traditional

_SENTENCES = {
    "unknown": {
        "en": "I could not find this in our material, and I would rather not guess. Shall I ask a person to help?",
        "ja": "資料に記載が見つからないため、推測でのお答えは控えます。担当者におつなぎしましょうか？",
        "ko": "자료에서 찾을 수 없어 추측으로 답하지 않겠습니다. 상담원에게 연결해 드릴까요?",
        "es": "No lo he encontrado en nuestra información y prefiero no suponer. ¿Quiere que le ayude una persona?",
    },
    "partly": {
        "en": "Our material does not say anything about {asked}. Shall I ask a person?",
        "ja": "{asked} については資料に記載がありません。担当者におつなぎしましょうか？",
        "ko": "{asked}에 대해서는 자료에 내용이 없습니다. 상담원에게 연결해 드릴까요?",
        "es": "Nuestra información no dice nada sobre {asked}. ¿Quiere que pregunte a una persona?",
    },
    "not_in_language": {
        "en": "I do not have this answer in English yet. Shall I ask a person to help?",
        "ja": "このご質問の日本語の回答はまだ用意がありません。担当者におつなぎしましょうか？",
        "ko": "이 질문에 대한 한국어 답변이 아직 없습니다. 상담원에게 연결해 드릴까요?",
        "es": "Todavía no tengo esta respuesta en español. ¿Quiere que le ayude una persona?",
        "zh": "这个问题目前只有其他语言的资料，我不直接贴给您。需要的话可以为您转人工。",
    },
    "again": {
        "zh": "这个问题资料里也没有写到，再猜只会耽误您。建议直接转人工：回复「转人工」就会有人来接。",
        "en": "Our material does not say this either, and guessing would waste your time. "
        "Reply “a person, please” and somebody takes over.",
        "ja": "こちらも資料に記載がありません。お待たせしないよう、担当者におつなぎします。「担当者」とお送りください。",
        "ko": "이것도 자료에 없습니다. 시간을 아껴 드리기 위해 상담원 연결을 권합니다. “상담원”이라고 보내 주세요.",
        "es": "Esto tampoco está en nuestra información. Es mejor que le atienda una persona: escriba «persona».",
    },
    "which": {
        "en": "Did you mean one of these?",
        "ja": "次のどれに近いですか？",
        "ko": "혹시 이런 질문인가요?",
        "es": "¿Se refiere a una de estas preguntas?",
    },
}
# How an earlier admission is known again in the conversation.
_ADMITTED = (
    "资料里没有写到", "资料里也没有写到", "資料裡沒有寫到", "資料裡也沒有寫到", "could not find this in our material", "Our material does not say",
    "資料に記載", "자료에서 찾을 수 없", "자료에 없습니다", "자료에 내용이 없", "No lo he encontrado", "nuestra información",
)  # fmt: skip
_MOST_CHOICES = 3


def sentence(name: str, language: str) -> str:
    """In `language`, or in English where there is none; Chinese has some of them only."""
    known = _SENTENCES[name]
    if language.startswith("zh") and "zh" in known:
        return shown_in(known["zh"], language)
    return known.get(language, known["en"])


def was_admitted(text: str) -> bool:
    """True for an answer that said that the knowledge does not tell."""
    return any(marker in text for marker in _ADMITTED)


def unknown(asked: Sequence[str], near: Sequence[str], choices: Sequence[str], language: str, *, partly: bool) -> str:
    """`asked` are the questions without an answer, `near` titles close to them, `choices` stored questions that may be
    meant; `partly`: something else was answered."""
    if not language.startswith("zh"):
        return _unknown_abroad(asked, choices, language, partly)
    quoted = "、".join(f"「{text}」" for text in asked)
    said = f"{'另外，' if partly else ''}资料里没有写到{quoted}，我不乱猜。"
    if choices and not partly:
        lines = "\n".join(f"{number}. {text}" for number, text in enumerate(choices[:_MOST_CHOICES], start=1))
        return shown_in(f"{said}您想问的是不是：\n{lines}\n都不是的话，可以为您转人工。", language)
    if near and not partly:
        said += "最相近的内容有：" + "、".join(near[:_MOST_CHOICES]) + "。"
    return shown_in(said + "需要的话可以为您转人工。", language)


def _unknown_abroad(asked: Sequence[str], choices: Sequence[str], language: str, partly: bool) -> str:
    if partly:
        return sentence("partly", language).format(asked=" / ".join(f"“{text}”" for text in asked))
    said = sentence("unknown", language)
    if not choices:
        return said
    lines = "\n".join(f"{number}. {text}" for number, text in enumerate(choices[:_MOST_CHOICES], start=1))
    return f"{said}\n{sentence('which', language)}\n{lines}"


def shown_in(text: str, language: str) -> str:
    """Our own Chinese sentences in traditional characters for those who write them."""
    return in_traditional(text) if language == "zh-Hant" else text
