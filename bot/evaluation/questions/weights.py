"""How much each sign for or against an answer counts: logistic regression on labelled questions.

Iteratively reweighted least squares with a small ridge, as in Hastie, Tibshirani and Friedman, The
Elements of Statistical Learning, section 4.4.1. Pure, and the same on every machine: the figures
are rounded to hundredths.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

from rules.weights import Sign

RIDGE = 0.5
"""Keeps a sign that is rarely seen from counting beyond measure."""
ROUNDS = 30
CLOSE = 1e-8
CLOSE_CHOICE = 1e-4


def fit(rows: Sequence[tuple[dict[str, float], bool]]) -> tuple[int, tuple[Sign, ...]]:
    """(base, signs) in hundredths from (signs of the first candidate, whether it was right).

    Without both right and wrong rows there is nothing to learn: raises ValueError.
    """
    if len({right for _, right in rows}) < 2:
        raise ValueError("there must be right and wrong first candidates to learn from")
    names = list(rows[0][0])
    table = [[1.0, *(signs[name] for name in names)] for signs, _ in rows]
    wanted = [float(right) for _, right in rows]
    weights = [0.0] * (len(names) + 1)
    for _ in range(ROUNDS):
        step = _step(table, wanted, weights)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < CLOSE:
            break
    base, *rest = (round(100 * weight) for weight in weights)
    return base, tuple(Sign(name, weight) for name, weight in zip(names, rest, strict=True))


Choice = tuple[Sequence[Sequence[float]], int]
"""The signs of each candidate of a question, and the place of the right one."""


def choice(rows: Sequence[Choice]) -> list[float]:
    """The weights of a conditional logit, by Newton's method with halved steps."""
    found = [0.0] * len(rows[0][0][0])
    reached = _likelihood(rows, found)
    for _ in range(ROUNDS):
        step = _choice_step(rows, found)
        while max(map(abs, step)) > CLOSE_CHOICE:
            tried = list(map(operator.add, found, step))
            likelihood = _likelihood(rows, tried)
            if likelihood > reached:
                break
            step = [x / 2 for x in step]
        else:
            break
        gained, found, reached = likelihood - reached, tried, likelihood
        if gained < CLOSE_CHOICE * len(rows):
            break
    return found


def _likelihood(rows: Sequence[Choice], weights: list[float]) -> float:
    """The logarithm of how likely the right choices are, less the ridge."""
    total = -RIDGE / 2 * sum(w * w for w in weights)
    for candidates, right in rows:
        totals = [sum(map(operator.mul, weights, signs)) for signs in candidates]
        most = max(totals)
        total += totals[right] - most - math.log(sum(math.exp(t - most) for t in totals))
    return total


def _choice_step(rows: Sequence[Choice], weights: list[float]) -> list[float]:
    """One step of Newton's method: slope and curve of the likelihood, with a small ridge."""
    size = len(weights)
    slope = [-RIDGE * weight for weight in weights]
    curve = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
    for candidates, right in rows:
        totals = [sum(map(operator.mul, weights, signs)) for signs in candidates]
        most = max(totals)
        shares = [math.exp(total - most) for total in totals]
        whole = sum(shares)
        mean = [0.0] * size
        for share, signs in zip(shares, candidates, strict=True):
            scaled = [share / whole * x for x in signs]
            mean = list(map(operator.add, mean, scaled))
            for i, x in enumerate(scaled):
                if x:
                    line = curve[i]
                    for j in range(i + 1):
                        line[j] += x * signs[j]
        for i in range(size):
            slope[i] += candidates[right][i] - mean[i]
            for j in range(i + 1):
                curve[i][j] -= mean[i] * mean[j]
    return _solve(_mirror(curve), slope)


def _mirror(curve: list[list[float]]) -> list[list[float]]:
    """The whole of a symmetric matrix of which the lower left is known."""
    for i in range(len(curve)):
        for j in range(i):
            curve[j][i] = curve[i][j]
    return curve


def _step(table: list[list[float]], wanted: list[float], weights: list[float]) -> list[float]:
    """One step of Newton's method towards the weights that explain the rows best."""
    size = len(weights)
    slope = [0.0 if i == 0 else -RIDGE * weights[i] for i in range(size)]
    curve = [[RIDGE * (i == j and i > 0) for j in range(size)] for i in range(size)]
    for row, target in zip(table, wanted, strict=True):
        sure = 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row, strict=True))))
        spread = max(sure * (1 - sure), 1e-9)
        for i, x in enumerate(row):
            slope[i] += (target - sure) * x
            for j in range(i + 1):
                curve[i][j] += spread * x * row[j]
    return _solve(_mirror(curve), slope)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x of matrix · x = right, by Gaussian elimination; the ridge makes it solvable."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda i: abs(rows[i][at]))
        rows[at], rows[best] = rows[best], rows[at]
        pivot = rows[at][at] or 1e-12
        for below in range(at + 1, size):
            factor = rows[below][at] / pivot
            rows[below] = [a - factor * b for a, b in zip(rows[below], rows[at], strict=True)]
    result = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(rows[i][j] * result[j] for j in range(i + 1, size))
        result[i] = (rows[i][size] - rest) / (rows[i][i] or 1e-12)
    return result
