"""Signals to a probability: rules that hold for every shop, weighed again on questions whose answers are known."""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def weights() -> dict[str, float]:
    """Log odds by signal, from `weights.toml`."""
    text = files("yingke.knowledge.answering").joinpath("weights.toml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in tomllib.loads(text).items()}


def by_rules(signals: Mapping[str, float], asks_concept: bool, has_content: bool) -> float:
    """Log odds by rules written by hand, the same for every shop."""
    if signals["pair"]:
        z = _of_pair(signals)
        if signals["titled"] == 1.0 and not has_content and signals["echo"] < 1.0:
            # Asks for the very same in other words and names nothing else: nearly as a passage under that title.
            z = max(z, _of_passage(signals, asks_concept, has_content) - 0.8)
    else:
        z = _of_passage(signals, asks_concept, has_content)
    return z + 1.5 * signals["range"] - 2.0 * signals["other_thing"] - 4.0 * signals["other_code"]


def features(signals: Mapping[str, float], rules: float) -> dict[str, float]:
    """What `weights.toml` weighs. `signals` with those of overlap and surroundings."""
    return {
        "rules": rules,
        "pair": signals["pair"],
        "pair_vector": signals["pair"] * signals["vector"],
        "covered": signals["covered"],
        "shared": signals["shared"],
        "returned": signals["returned"],
    }


def sureness(signals: Mapping[str, float], rules: float) -> float:
    """The probability, 0..1, that the passage answers."""
    known = weights()
    odds = known["start"] + sum([known[name] * value for name, value in features(signals, rules).items()])
    return min(probability(odds + _around(signals)), most_sure(signals, rules))


def most_sure(signals: Mapping[str, float], rules: float) -> float:
    """The highest that `sureness` can be, whatever words they share; of the signals only those of surroundings count.

    Words in common never outweigh what the rules miss, such as the colour that a row does not name.
    """
    return probability(rules + weights()["most_above_rules"] + _around(signals))


def _around(signals: Mapping[str, float]) -> float:
    known = weights()
    return known["density"] * signals["density"] + known["alike"] * signals["alike"]


def probability(odds: float) -> float:
    """Log odds as 0..1."""
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, odds))))


def _of_pair(signals: Mapping[str, float]) -> float:
    """A stored question answers what means the same: the vector leads."""
    return (
        -5.3
        + 6.5 * signals["vector"]
        + 1.1 * (signals["words"] + signals["characters"])
        + 1.6 * signals["covered"]
        + 0.9 * (signals["concepts"] + signals["echo"])
        - 2.0 * signals["lacking"]
        - 2.5 * signals["unheard"]
    )


def _of_passage(signals: Mapping[str, float], asks_concept: bool, has_content: bool) -> float:
    """Rows and prose rarely look like a question: what they speak of leads."""
    z = -3.4
    z += (0.5 if has_content else 1.2) * signals["titled"]
    z += 3.2 * signals["vector"] + 1.6 * signals["words"] + 2.4 * signals["characters"] + 1.2 * signals["name"]
    if asks_concept:
        z += 2.4 * signals["concepts"] - 2.6 * signals["lacking"] + 0.6 * signals["echo"]
    if has_content:
        return z + 1.8 * (signals["covered"] - 0.45) - 3.0 * signals["unheard"]
    return z + (0.9 if asks_concept else -1.4)
