"""Why an answer was sure or not: a few plain findings out of the signals, for the screen to say in words."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Why(Struct):
    """`code` names a sentence of the screen, `speaks_for` whether it speaks for answering, `value` 0..1, `words` what
    it is about."""

    code: str
    speaks_for: bool
    value: float
    words: list[str] = []


def why(signals: Mapping[str, float], confidence: float, line: float, missing: Sequence[str]) -> list[Why]:
    """Strongest first; the last one compares the confidence with the line."""
    read = {name: signals.get(name, 0.0) for name in _READ}
    found: list[Why] = []
    if not signals:
        found.append(Why("nothing_near", False, 0.0))
    else:
        found += _for(read, bool(signals.get("pair")))
        found += _against(read, list(missing), confidence < line)
        found = found or [Why("mixed", confidence >= line, read["vector"])]
    return [*found, Why("line", confidence >= line, round(confidence, 2))]


_READ = (
    "vector", "name", "shared", "titled", "range", "lacking", "other_thing", "other_code", "unheard", "density", "covered",
)  # fmt: skip
_NEAR, _FAR, _MOST, _FEW, _NAMED, _DENSE = 0.75, 0.4, 0.6, 0.35, 0.6, -0.1


def _for(read: Mapping[str, float], is_pair: bool) -> list[Why]:
    found = []
    if is_pair and read["vector"] >= _NEAR:
        found.append(Why("same_question", True, read["vector"]))
    elif read["vector"] >= _NEAR:
        found.append(Why("same_meaning", True, read["vector"]))
    if read["name"] >= _NAMED:
        found.append(Why("names_thing", True, read["name"]))
    if read["titled"] >= 1.0:
        found.append(Why("titled", True, 1.0))
    if read["range"] > 0:
        found.append(Why("figure_fits", True, 1.0))
    if read["shared"] >= _MOST:
        found.append(Why("words_there", True, read["shared"]))
    return found


def _against(read: Mapping[str, float], missing: list[str], is_refused: bool) -> list[Why]:
    found = []
    if read["other_code"] > 0:
        found.append(Why("other_code", False, 1.0))
    if read["other_thing"] > 0:
        found.append(Why("other_thing", False, 1.0))
    if read["range"] < 0:
        found.append(Why("figure_outside", False, 1.0))
    if missing and (read["lacking"] > 0 or is_refused):
        found.append(Why("lacks", False, read["lacking"], missing))
    if read["unheard"] > 0:
        found.append(Why("unheard", False, 1.0))
    if is_refused and read["density"] < _DENSE:
        found.append(Why("far_from_all", False, 1.0))
    elif is_refused and read["vector"] < _FAR:
        found.append(Why("far", False, read["vector"]))
    if is_refused and read["shared"] < _FEW:
        found.append(Why("few_words", False, read["shared"]))
    return found
