"""Judges what a merchant wrote of a tool of his own, field by field."""

import re
from urllib.parse import urlsplit

import msgspec

from yingke.assistants.own_tools.config import (
    FEWEST_EXAMPLES,
    LONGEST_ABOUT,
    LONGEST_EXAMPLE,
    LONGEST_NAME,
    LONGEST_WORDS,
    BodyLine,
    OwnField,
    OwnInput,
    OwnToolConfig,
    Said,
)
from yingke.assistants.own_tools.fields import steps_of
from yingke.assistants.own_tools.fill import holes_of, is_placed_well, needed_inputs
from yingke.assistants.own_tools.shape import is_shape
from yingke.commerce.connections.form import HEADER, NOT_FOR_KEYS
from yingke.kit.address_guard import is_odd_number
from yingke.kit.errors import Problem, bad_input
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line, clean_text
from yingke.workspaces.webhooks import check_url

MOST_CHOICES = 20
MOST_VALUES = 30
_KEY = re.compile(r"\w{1,20}")
_BODY_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}(?:\.[A-Za-z0-9_-]{1,40}){0,3}")


def check_tool(config: OwnToolConfig, settings: Settings) -> OwnToolConfig:
    """The same, trimmed. Raises 400 with a reason a field, 422 for an address inside."""
    examples = [clean_line(one, LONGEST_EXAMPLE, field="examples") for one in config.examples]
    examples = list(dict.fromkeys(one for one in examples if one))
    if len(examples) < FEWEST_EXAMPLES:
        raise bad_input({"examples": "至少写 3 句客户会怎么问 / at least three sentences of customers"})
    inputs = [_input(one) for one in config.inputs]
    if len({one.key for one in inputs}) < len(inputs):
        raise bad_input({"inputs": "两项不能同名 / two have the same name"})
    fields = [_field(one) for one in config.fields]
    if len({one.name for one in fields} | {one.key for one in inputs}) < len(fields) + len(inputs):
        raise bad_input({"fields": "名称不能重复，也不能和要问的内容同名 / a name stands for two things"})
    checked = msgspec.structs.replace(
        config,
        name=clean_line(config.name, LONGEST_NAME, field="name", min_chars=1),
        about=clean_line(config.about, LONGEST_ABOUT, field="about", min_chars=1),
        examples=examples,
        inputs=inputs,
        fields=fields,
        url=_address(config.url.strip(), settings),
        headers=_headers(config.headers),
        body=_body(config),
        answer=_sentence("answer", config.answer),
        nothing=_sentence("nothing", config.nothing),
    )
    _check_holes(checked)
    return checked


def _input(one: OwnInput) -> OwnInput:
    key = clean_line(one.key, 20, field="inputs", min_chars=1)
    if not _KEY.fullmatch(key):
        raise bad_input({"inputs": "名称只用文字和数字 / letters and digits only in a name"})
    if one.kind != "customer" and not one.ask.zh.strip():
        raise bad_input({"inputs": f"「{key}」缺少问客户的话 / {key}: what customers are asked is missing"})
    shape = clean_line(one.shape, 40, field="inputs")
    if shape and (one.kind != "text" or not is_shape(shape)):
        raise bad_input({"inputs": f"「{key}」的格式写法不对 / {key}: this is not a format"})
    choices = list(dict.fromkeys(clean_line(each, 40, field="inputs") for each in one.choices if each.strip()))
    if one.kind == "choice" and not 2 <= len(choices) <= MOST_CHOICES:
        raise bad_input({"inputs": f"「{key}」要有 2 到 20 个选项 / {key}: from 2 to 20 choices"})
    ask = Said(clean_text(one.ask.zh.strip(), 200, field="inputs"), clean_text(one.ask.en.strip(), 200, field="inputs"))
    return OwnInput(key, one.kind, ask, shape, choices if one.kind == "choice" else [])


def _field(one: OwnField) -> OwnField:
    name = clean_line(one.name, 20, field="fields", min_chars=1)
    if not _KEY.fullmatch(name):
        raise bad_input({"fields": "名称只用文字和数字 / letters and digits only in a name"})
    path = clean_line(one.path, 200, field="fields", min_chars=1)
    if not steps_of(path):
        raise bad_input({"fields": f"「{name}」没有选中答案里的位置 / {name}: no place in the answer"})
    if len(one.values) > MOST_VALUES:
        raise bad_input({"fields": f"「{name}」最多 30 个换词 / {name}: at most 30 words for codes"})
    values = {
        clean_line(code, 60, field="fields"): clean_line(words, 60, field="fields")
        for code, words in one.values.items()
        if code.strip() and words.strip()
    }
    return OwnField(name, path, values, clean_line(one.if_empty, 60, field="fields"))


def _address(url: str, settings: Settings) -> str:
    if not url:
        raise bad_input({"url": "请填写网址 / required"})
    if not is_placed_well(url):
        raise bad_input(
            {"url": "花括号只能放在路径或 ? 后面的值里 / braces only in the path or in a value behind the ?"}
        )
    try:
        check_url(url, settings)
    except Problem as problem:
        if problem.status != 400:
            raise
        raise bad_input({"url": next(iter(problem.fields.values()), problem.zh)}) from problem
    if is_odd_number(urlsplit(url).hostname or ""):
        raise bad_input({"url": "请填写域名 / a host name"})
    if not url.startswith("https://") and not settings.allow_private_urls:
        raise bad_input({"url": "须为 https 网址，密钥和客户信息才不会被人看到 / must be https"})
    return url


def _headers(names: list[str]) -> list[str]:
    kept = [clean_line(one, 60, field="headers") for one in names]
    if any(not HEADER.fullmatch(one) or one.lower() in NOT_FOR_KEYS for one in kept):
        raise bad_input({"headers": "不能用作请求头 / not a header for a key"})
    if len({one.lower() for one in kept}) < len(kept):
        raise bad_input({"headers": "两个请求头同名 / two headers have the same name"})
    return kept


def _body(config: OwnToolConfig) -> list[BodyLine]:
    if config.method == "GET":
        return []
    if any(not _BODY_NAME.fullmatch(one.name.strip()) for one in config.body):
        raise bad_input(
            {"body": "名称只用字母、数字、_ 和 -，用点表示下一层 / letters, digits, _ and -, with dots between"}
        )
    return [BodyLine(one.name.strip(), clean_line(one.value, 200, field="body")) for one in config.body]


def _sentence(field: str, said: Said) -> Said:
    zh = clean_text(said.zh.strip(), LONGEST_WORDS, field=field, min_chars=1)
    return Said(zh, clean_text(said.en.strip(), LONGEST_WORDS, field=field))


def _check_holes(config: OwnToolConfig) -> None:
    """Every name in braces has to be known, and everything that is asked has to go somewhere."""
    keys, names = {one.key for one in config.inputs}, {one.name for one in config.fields}
    needed = needed_inputs(config)
    if unknown := [one for one in needed if one not in keys]:
        where = "url" if unknown[0] in holes_of(config.url) else "body"
        raise bad_input({where: f"没有「{unknown[0]}」这一项 / nothing is called {unknown[0]}"})
    if unused := sorted(keys - set(needed)):
        raise bad_input(
            {
                "inputs": f"「{unused[0]}」没有用在网址里，写成 {{{unused[0]}}} / {unused[0]} does not stand in the address"
            }
        )
    for where, said, known in (("answer", config.answer, keys | names), ("nothing", config.nothing, keys)):
        strange = [one for text in (said.zh, said.en) for one in holes_of(text) if one not in known]
        if strange:
            raise bad_input({where: f"没有「{strange[0]}」这个字段 / no field is called {strange[0]}"})
