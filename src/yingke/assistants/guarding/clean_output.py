"""Takes out of an answer what a model may have been talked into: foreign links and pictures, HTML, tool calls as text."""

import re
from collections.abc import Iterable

_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)|!\[[^\]\n]{0,300}\]\[[^\]\n]{0,100}\]")
_NAMED_LINK = re.compile(r"\[(?P<name>[^\]\n]{0,300})\]\((?P<link>[^)\n]{0,1000})\)")
_SCRIPT = re.compile(r"<(script|style|iframe|svg)\b[\s\S]{0,4000}?(?:</\1\s*>|$)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>\n]{0,500}>")
_LINK = re.compile(
    r"(?:(?:https?|ftp|javascript|data|vbscript|file)\s?:\s?(?://)?|www\.|//(?=[a-z0-9-]{1,63}\.[a-z]))[^\s，。！？；、）)》」\"'<>]+",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|cn|net|org|shop|store|top|vip|xyz|io|me|info|ru|site|online|link|click)(?:/[^\s，。！？；、）)》」\"'<>]*)?(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
_MARK = re.compile(r"<{2,3}[^<>\n]{0,80}>{2,3}|‹‹‹[^‹›\n]{0,80}›››")
_FENCE = re.compile(r"```[\s\S]{0,4000}?(?:```|$)")
_CALL = re.compile(
    r"<\|?(?:tool|function)[\s\S]{0,2000}?(?:\|?>|$)|\{\s*\"(?:tool|tool_calls?|function|function_call|name|action|arguments|parameters|cmd|command)\"\s*:[^\n]{0,2000}\}?",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"(?:!?\[[^\]\n]{0,300}(?:\](?:\([^)\n]{0,1000})?)?|!|<{1,3}[^<>\n]{0,500}>{0,2}|(?:https?|www|javascript|data)[^\s，。！？]{0,1000}|[a-z0-9-]{1,63}(?:\.[a-z0-9./?=&%_-]{0,300})?|`{1,3}[^`]{0,4000}|\{[^}]{0,2000})$",
    re.IGNORECASE | re.ASCII,
)


def clean_output(text: str, allowed: Iterable[str] = ()) -> str:
    """Plain words again. A link stays when it stands, letter for letter, in one of `allowed` (what is quoted)."""
    sources = "\n".join(allowed)
    text = _MARK.sub("", _PICTURE.sub("", text))
    text = _FENCE.sub("", text) if "```" in text else text
    text = _CALL.sub("", text) if "{" in text or "<" in text else text
    text = _NAMED_LINK.sub(lambda match: _named(match, sources), text)
    if "<" in text:
        text = _TAG.sub("", _SCRIPT.sub("", text))
    for pattern in (_LINK, _BARE):
        text = pattern.sub(lambda match: match[0] if match[0].rstrip("/.") in sources else "", text)
    return text


def open_from(text: str) -> int:
    """Where something begins that is not finished yet and may turn out to be a link, a picture, a tag or a call."""
    end = len(text)
    while (match := _OPEN.search(text, max(0, end - 4_200), end)) and match.start() < end:
        # What lies before may only look finished because of what is held back now.
        end = match.start()
    return end


def _named(match: "re.Match[str]", sources: str) -> str:
    link = match["link"].strip()
    return f"{match['name']}（{link}）" if link and link in sources else match["name"]
