"""Do a model's arguments fit the tool's schema? The part of JSON schema that tools use, and words for what is wrong."""

from collections.abc import Mapping
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def check_arguments(schema: Mapping[str, Any], value: Any, at: str = "arguments") -> str | None:
    """What is wrong, for the model to read; None when it fits. Unknown fields of an object are wrong."""
    kinds = schema.get("type")
    wanted = [kinds] if isinstance(kinds, str) else list(kinds or ())
    if wanted and not any(_is(value, kind) for kind in wanted):
        return f"{at}: {' or '.join(wanted)} expected"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at}: one of {', '.join(map(str, schema['enum']))} expected"
    if isinstance(value, dict):
        return _check_object(schema, value, at)
    if isinstance(value, list):
        return _check_list(schema, value, at)
    if isinstance(value, str) and len(value) > schema.get("maxLength", 4_000):
        return f"{at}: too long"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum"), schema.get("maximum")
        if (low is not None and value < low) or (high is not None and value > high):
            return f"{at}: between {low} and {high} expected"
    return None


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind in ("integer", "number"):
        return False
    return isinstance(value, TYPES.get(kind, (object,)))


def _check_object(schema: Mapping[str, Any], value: dict[str, Any], at: str) -> str | None:
    known: Mapping[str, Any] = schema.get("properties", {})
    lacking = [name for name in schema.get("required", ()) if name not in value]
    if lacking:
        return f"{at}: {', '.join(lacking)} missing"
    for name, item in value.items():
        if name not in known:
            if schema.get("additionalProperties") is True:
                continue
            return f"{at}: {name[:40]} unknown"
        problem = check_arguments(known[name], item, f"{at}.{name}")
        if problem is not None:
            return problem
    return None


def _check_list(schema: Mapping[str, Any], value: list[Any], at: str) -> str | None:
    if len(value) > schema.get("maxItems", 100):
        return f"{at}: too many"
    inner = schema.get("items")
    problems = (check_arguments(inner, item, f"{at}[{n}]") for n, item in enumerate(value)) if inner else iter(())
    return next((problem for problem in problems if problem is not None), None)
