"""What a person typed into the form of a provider, checked and sorted into what may be shown and what is sealed."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from yingke.commerce.providers.pieces.connected import Connected, Field
from yingke.commerce.providers.pieces.door import base_url, origin_of
from yingke.commerce.providers.pieces.http_mapping import HttpMapping, read_mapping
from yingke.kit.address_guard import is_odd_number
from yingke.kit.errors import Problem, bad_input
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.workspaces.webhooks import check_url

LONGEST = 2000
LONGEST_MAPPING = 20_000
CURRENCY = re.compile(r"[A-Z]{3}")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
NOT_FOR_KEYS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "content-type", "accept-encoding"}
)


@dataclass(frozen=True, slots=True)
class Filled:
    settings: dict[str, Any]
    secret: dict[str, str]


def fill_form(kind: type[Connected], settings: Settings, given: dict[str, Any], before: Filled | None = None) -> Filled:
    """The values of a new form, or of one that is changed: an empty secret then keeps the old one.

    A key that was given for one server never goes to another: a new address asks for its secrets again. Raises 400 with
    one reason a field, 422 for an address inside.
    """
    known = {one.key for one in kind.fields}
    if unknown := sorted(set(given) - known):
        raise bad_input({unknown[0]: "没有这一项 / no such field"})
    open_values = dict(before.settings) if before else {}
    secret = dict(before.secret) if before else {}
    faults: dict[str, str] = {}
    for field in kind.fields:
        if field.key in given:
            try:
                _take(field, given[field.key], settings, open_values, secret)
            except Problem as problem:
                if problem.status != 400:
                    raise
                faults[field.key] = next(iter(problem.fields.values()), problem.zh)
    if before is not None and _moved(kind, before.settings, open_values):
        kept = {key for key in secret if secret[key] == before.secret.get(key) and not _said(given.get(key))}
        secret = {key: value for key, value in secret.items() if key not in kept}
    for field in kind.fields:
        if field.is_required and not (open_values.get(field.key) or secret.get(field.key)):
            faults.setdefault(field.key, "请填写 / required")
    if faults:
        raise bad_input(faults)
    return Filled(open_values, secret)


def _take(field: Field, value: Any, settings: Settings, values: dict[str, Any], secret: dict[str, str]) -> None:
    if field.kind == "mapping":
        values[field.key] = _mapping(value)
        return
    if not isinstance(value, str):
        raise bad_input({field.key: "应为文字 / text"})
    line = clean_line(value, LONGEST, field=field.key)
    if field.kind == "secret":
        if line:
            secret[field.key] = line
        return
    if not line:
        values.pop(field.key, None)
        return
    if field.kind == "url":
        _check_address(field.key, line, settings)
    if field.key == "auth_header" and (not HEADER.fullmatch(line) or line.lower() in NOT_FOR_KEYS):
        raise bad_input({field.key: "不能用作请求头 / not a header for a key"})
    values[field.key] = line


def _check_address(key: str, line: str, settings: Settings) -> None:
    whole = base_url(line)
    try:
        check_url(whole, settings)
    except Problem as problem:
        if problem.status != 400:
            raise
        raise bad_input({key: next(iter(problem.fields.values()), problem.zh)}) from problem
    if is_odd_number(urlsplit(whole).hostname or ""):
        raise bad_input({key: "请填写域名 / a host name"})
    if not whole.startswith("https://") and not settings.allow_private_urls:
        raise bad_input({key: "须为 https 网址，密钥才不会被人看到 / must be https"})


def _mapping(value: Any) -> dict[str, Any]:
    if len(msgspec.json.encode(value)) > LONGEST_MAPPING:
        raise bad_input({"mapping": "太长了 / too long"})
    try:
        mapping: HttpMapping = read_mapping(value)
    except msgspec.ValidationError as error:
        raise bad_input({"mapping": "字段对应的格式不对 / not a mapping of fields"}) from error
    if not CURRENCY.fullmatch(mapping.currency):
        raise bad_input({"mapping": "币种应为三个大写字母，如 CNY / a currency such as CNY"})
    built: dict[str, Any] = msgspec.to_builtins(mapping)
    return built


def _moved(kind: type[Connected], before: dict[str, Any], after: dict[str, Any]) -> bool:
    addresses = [one.key for one in kind.fields if one.kind == "url"]
    defaults = {one.key: one.default for one in kind.fields}
    return any(
        origin_of(before.get(key) or defaults[key]) != origin_of(after.get(key) or defaults[key]) for key in addresses
    )


def _said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
