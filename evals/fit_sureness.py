"""Fits the weights of "does the knowledge answer this?" on the invented shops and prints them for weights.toml.

Run: .venv/bin/python evals/fit_sureness.py. Logistic regression with a pull to nought; leave-one-shop-out figures
come first, so that a weight that only fits one shop is seen.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).parent)]

from answerable import refused_at  # noqa: E402
from retrieval import area  # noqa: E402
from shop_questions import Asked, Shop, load_shop, shop_names  # noqa: E402

from yingke.knowledge.answerable import weigh  # noqa: E402
from yingke.knowledge.answering.sureness import by_rules, features  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402

FITTED = ("rules", "pair", "pair_vector", "covered", "shared", "returned")
DENSITY = 44.0
"""Set by hand: in a knowledge of questions it parts strangers from customers, and no fit on small shops can tell."""
ALIKE = 8.0
"""Set by hand as well: among many like questions the order of the search tells more than each signal by itself."""
MOST_ABOVE_RULES = 0.6
"""Set by hand too, on the demo shop: how far the fitted odds may lie above those of the rules."""
PULL = 4.0
REAL_SHARE = 0.75
"""Of a shop's questions its documents answer about so many; of those written here they answer fewer."""
Rows = list[tuple[str, list[float]]]


def rows_of(shop: Shop, asked: Sequence[Asked]) -> Rows:
    """The features of each question's best hit; of several questions in one message those of the weakest."""
    rows: Rows = []
    for one in asked:
        best = []
        for ask, hits in one.found:
            weighed = weigh(ask, hits, shop.index.words.rarity) if hits else []
            if weighed:
                signals = weighed[0].signals
                values = features(signals, by_rules(signals, bool(ask.concepts), bool(ask.content)))
                right = one.kind != "+" or one.wanted in weighed[0].hit.entry.text
                best.append((weighed[0].confidence, right, [values[name] for name in FITTED]))
        if best and (chosen := min(best, key=lambda item: item[0]))[1]:
            rows.append((one.kind, chosen[2]))
    return rows


def fit(rows: Rows) -> NDArray[np.float64]:
    """Newton steps on standardised features; the result is in the features' own units, the start first."""
    values = np.array([row for _, row in rows])
    wanted = np.array([float(kind == "+") for kind, _ in rows])
    mean, spread = values.mean(0), values.std(0) + 1e-6
    design = np.c_[np.ones(len(values)), (values - mean) / spread]
    pull = np.eye(design.shape[1]) * PULL
    pull[0, 0] = 0.0
    found = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-design @ found))
        slope = design.T @ (wanted - chance) - pull @ found
        found += np.linalg.solve((design * (chance * (1 - chance))[:, None]).T @ design + pull, slope)
    own = found[1:] / spread
    return np.concatenate([[found[0] - float(mean @ own)], own])


def scores(found: NDArray[np.float64], rows: Rows, kind: str) -> list[float]:
    return [float(found[0] + np.dot(found[1:], row)) for of, row in rows if of == kind]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            shops = [await load_shop(encoder, name, Path(folder)) for name in shop_names()]
        finally:
            await encoder.close()
    asked = {shop.name: rows_of(shop, shop.asked) for shop in shops}
    held = {shop.name: rows_of(shop, [one.without_answer() for one in shop.asked if one.kind == "+"]) for shop in shops}
    for left in asked:
        found = fit([row for name in asked if name != left for row in (*asked[name], *held[name])])
        kept, near, far = (scores(found, asked[left], kind) for kind in "+~-")
        unwritten = scores(found, held[left], "~")
        print(f"# {left}: near refused {refused_at(kept, near)}, unwritten {refused_at(kept, unwritten)}, "
              f"strangers {area(kept, far)}")  # fmt: skip
    found = fit([row for name in asked for row in (*asked[name], *held[name])])
    share = float(np.mean([kind == "+" for name in asked for kind, _ in (*asked[name], *held[name])]))
    start = found[0] + np.log(REAL_SHARE / (1 - REAL_SHARE)) - np.log(share / (1 - share))
    print(f"start = {start:.2f}")
    for name, value in zip(FITTED, found[1:], strict=True):
        print(f"{name} = {value:.2f}")
    print(f"density = {DENSITY}")
    print(f"alike = {ALIKE}")
    print(f"most_above_rules = {MOST_ABOVE_RULES}")


if __name__ == "__main__":
    asyncio.run(main())
