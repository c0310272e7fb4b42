"""How alike a question and a text are as wholes: the cosine of their weighted pieces.

BM25 adds up what matches and forgives what does not; the cosine also counts what is left over on
either side. The first is better at finding, the second at telling near ones apart, so it looks at
the first few hits alone. Only for scripts with spaces: on Chinese and Japanese it lost.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import repeat
from operator import mul

from knowledge.engine.tokens import Streams, streams
from knowledge.engine.words import Words

SHARES = {"word": 1.0, "gram": 1.0, "pair": 0.5, "piece": 0.5}
CROSSING_SHARE = 0.3
CROSSINGS = (4, 5, 6)
"""Lengths of pieces over a space: "log in" and "login" share what whole words do not."""
VECTORS_KEPT = 2_000
_UNSPACED = re.compile(r"[\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[a-z0-9\u00c0-\u024f]+")


def is_spaced(text: str) -> bool:
    """Whether a normalised text has no Chinese or Japanese in it."""
    return not _UNSPACED.search(text)


class Likeness:
    """The texts of an index by key, ready to be compared with a question."""

    def __init__(self, texts: Mapping[str, str], words: Words) -> None:
        self._texts = texts
        self._words = words
        spread: Counter[str] = Counter()
        early: dict[str, dict[str, float]] = {}
        for key, text in texts.items():
            features = _features(text, streams(text, words))
            spread.update(features.keys())
            if len(early) < VECTORS_KEPT:
                early[key] = features
        size = len(texts)
        self._rarity = {token: math.log((1 + size) / (1 + df)) + 1 for token, df in spread.items()}
        self._vectors = {key: (features, self._length(features)) for key, features in early.items()}

    def shares(self, question: str, query: Streams, keys: list[str]) -> list[float]:
        """The likeness of each key's text to a normalised question, a share of the best one."""
        features = _features(question, query)
        known = [token for token in features if token in self._rarity]
        # Squared: a token's rarity counts in the question's vector and in the text's.
        weights = [features[token] * self._rarity[token] ** 2 for token in known]
        values = []
        for key in keys:
            vector, length = self._vector(key)
            values.append(sum(map(mul, weights, map(vector.get, known, repeat(0.0)))) / length)
        best = max(values, default=0.0) or 1.0
        return [value / best for value in values]

    def _vector(self, key: str) -> tuple[dict[str, float], float]:
        """A text's features and the length of its vector; kept, since the same ones come again."""
        found = self._vectors.get(key)
        if found is None:
            text = self._texts[key]
            features = _features(text, streams(text, self._words))
            found = features, self._length(features)
            if len(self._vectors) >= VECTORS_KEPT:
                self._vectors.clear()
            self._vectors[key] = found
        return found

    def _length(self, features: dict[str, float]) -> float:
        squares = ((value * self._rarity[token]) ** 2 for token, value in features.items())
        return math.sqrt(sum(squares)) or 1.0


def _features(text: str, tokens: Streams) -> dict[str, float]:
    """Each token with its stream's share; a repeated one counts for more, but ever less so."""
    features: dict[str, float] = {}
    for stream, share in SHARES.items():
        root = math.sqrt(share)
        for token, times in Counter(getattr(tokens, stream)).items():
            features[f"{stream}:{token}"] = root * (1 + math.log(times))
    root = math.sqrt(CROSSING_SHARE)
    for token, times in Counter(_crossings(text)).items():
        features[token] = root * (1 + math.log(times))
    return features


def _crossings(text: str) -> Iterator[str]:
    """Pieces of neighbouring Latin words with the space between them."""
    line = f" {' '.join(_LATIN.findall(text))} "
    for size in CROSSINGS:
        for i in range(len(line) - size + 1):
            if " " in line[i + 1 : i + size - 1]:
                yield line[i : i + size]
