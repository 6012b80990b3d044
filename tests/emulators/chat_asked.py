"""A request to the emulated endpoint as whoever answers it reads it: question, passages, talk, tools and their results."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

_FENCED = re.compile(
    r"<<<(?P<word>[^<>\n]+?) (?P<code>[0-9a-f]{4,})>>>\n(?P<body>.*?)\n<<<[^<>\n]*(?P=code)>>>", re.DOTALL
)
_PASSAGE = re.compile(
    r"^\[(?P<number>\d{1,2})\] ?(?P<title>[^\n]*)\n(?P<text>.*?)(?=^\[\d{1,2}\] ?[^\n]*\n|\Z)", re.DOTALL | re.M
)
_LANGUAGE = re.compile(r"(?:语言代码|language tag) ([A-Za-z-]+)")


@dataclass
class Passage:
    number: int
    title: str
    text: str


@dataclass
class Result:
    """What a tool of this turn came to; `data` is {} where it failed or said no JSON."""

    name: str
    arguments: dict[str, Any]
    text: str
    data: dict[str, Any]
    is_error: bool


@dataclass
class Asked:
    """`talk`: what was said before, [(who, text)], who is user or assistant. `wishes`: the merchant's, if any."""

    system: str = ""
    wishes: str = ""
    language: str = "zh-CN"
    question: str = ""
    passages: list[Passage] = field(default_factory=list)
    talk: list[tuple[str, str]] = field(default_factory=list)
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    def of(self, name: str) -> list[Result]:
        return [result for result in self.results if result.name == name]


def read_asked(body: dict[str, Any]) -> Asked:
    """Of the chat completions or the messages protocol."""
    asked = Asked(tools=_tools(body))
    system = [str(body.get("system", ""))]
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    for message in body.get("messages", []):
        role, text, said, found = _parts(message)
        calls |= said
        if role == "system":
            system.append(text)
        elif found:
            asked.results += [_result(calls.get(id, ("", {})), told) for id, told in found]
        elif text and not said:
            asked.talk.append((role, text))
    asked.system = "\n".join(system)
    noted = {match["word"]: match["body"] for match in _FENCED.finditer(asked.system)}
    asked.wishes = noted.get("店铺说明", noted.get("SHOP NOTE", ""))
    found_language = _LANGUAGE.search(asked.system)
    asked.language = found_language[1] if found_language else "zh-CN"
    _read_last(asked)
    return asked


def _read_last(asked: Asked) -> None:
    """The last message of the customer holds passages and question between fences."""
    last = next((at for at in range(len(asked.talk) - 1, -1, -1) if asked.talk[at][0] == "user"), None)
    if last is None:
        return
    text = asked.talk.pop(last)[1]
    del asked.talk[last:]
    blocks = {match["word"]: match["body"] for match in _FENCED.finditer(text)}
    asked.question = blocks.get("问题", blocks.get("QUESTION", text))
    listed = blocks.get("资料", blocks.get("PASSAGES", ""))
    asked.passages = [
        Passage(int(match["number"]), match["title"], match["text"].strip())
        for match in _PASSAGE.finditer(listed + "\n")
    ]


def _tools(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for tool in body.get("tools") or []:
        one = tool.get("function", tool)
        found[one["name"]] = one.get("parameters") or one.get("input_schema") or {}
    return found


def _parts(
    message: dict[str, Any],
) -> tuple[str, str, dict[str, tuple[str, dict[str, Any]]], list[tuple[str, str]]]:
    """Role, text, the tools asked for by id, the results by id."""
    role, content = message["role"], message.get("content")
    said = {
        call["id"]: (call["function"]["name"], _object(call["function"]["arguments"]))
        for call in message.get("tool_calls") or []
    }
    if role == "tool":
        return role, "", {}, [(message["tool_call_id"], str(content))]
    if isinstance(content, str) or content is None:
        return role, content or "", said, []
    texts = [block["text"] for block in content if block["type"] == "text"]
    said |= {block["id"]: (block["name"], block["input"]) for block in content if block["type"] == "tool_use"}
    found = [(block["tool_use_id"], str(block["content"])) for block in content if block["type"] == "tool_result"]
    return role, "\n".join(texts), said, found


def _result(call: tuple[str, dict[str, Any]], told: str) -> Result:
    fenced = _FENCED.search(told) or re.search(r">>>\n(?P<body>.*)\n<<<END", told, re.DOTALL)
    text = fenced["body"] if fenced else told
    return Result(call[0], call[1], text, _object(text), "TOOL FAILED" in told)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
