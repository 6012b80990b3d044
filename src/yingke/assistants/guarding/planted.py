"""Sentences that speak to an assistant instead of a customer: planted in a document, an order note or a name."""

import re

_PLANTED = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|绕过)[^。\n]{0,10}(?:以上|之前|前面|上面|先前|所有|系统|你的)[^。\n]{0,8}(?:规则|指令|指示|提示|设定|要求|内容)"
    r"|(?:AI|人工智能|助手|智能客服|机器人|模型|assistant)[^。\n]{0,8}(?:必须|请|应当|要|需要|务必)[^。\n]{0,6}(?:告诉|回复|输出|发送|回答|执行|调用|说)"
    r"|(?:系统|管理员|开发者)(?:提示|指令|消息|命令)[：:]|你现在(?:是|扮演)|(?:输出|公开|泄露|重复)[^。\n]{0,6}(?:系统提示|提示词|你的规则|以上规则)"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|rules|prompts?|above|previous)\b"
    r"|^\s*(?:system|assistant|developer)\s*[:：]|\b(?:you are now|new instructions?)\b|\b(?:the )?(?:AI|assistant|chatbot|model) (?:must|should|has to) (?:say|tell|reply|send|output|call)"
    r"|\b(?:reveal|print|repeat|output)\b.{0,20}\b(?:system prompt|your (?:rules|instructions|prompt))\b",
    re.IGNORECASE | re.MULTILINE,
)


_SENTENCE = re.compile(r".+?(?:[。！？!?；;\n]|\.(?=\s|[\u4e00-\u9fff])|$)", re.DOTALL)
_TRIGGERS = (
    "忽略", "无视", "忘记", "忘掉", "不要理会", "绕过", "系统提示", "系统指令", "系统消息", "管理员", "开发者", "你现在", "AI", "人工智能",
    "助手", "智能客服", "机器人", "模型", "输出", "ignore", "disregard", "forget", "override", "system", "assistant", "developer",
    "you are now", "new instruction", "chatbot", "reveal",
)  # fmt: skip


def planted_from(text: str) -> int:
    """Where, in the sentence under way, something begins that may turn out to be an order; its length when nothing does."""
    begin = max((match.start() for match in _SENTENCE.finditer(text)), default=0)
    if text and re.search(r"[。！？!?；;\n]$", text):
        return len(text)
    sentence = text[begin:].lower()
    found = [at for word in _TRIGGERS if (at := sentence.find(word.lower())) >= 0]
    for word in _TRIGGERS:
        short = word.lower()
        found += [len(sentence) - size for size in range(2, len(short)) if sentence.endswith(short[:size])]
    return begin + min(found, default=len(sentence))


def without_planted(text: str) -> str:
    """`text` without the sentences that give orders to an assistant; what is left is what was written for people."""
    if not _PLANTED.search(text):
        return text
    return "".join(sentence for sentence in _SENTENCE.findall(text) if not _PLANTED.search(sentence)).strip()
