"""Histories drawn at random and by the models' own stories, and such as no model likes."""

from __future__ import annotations

import numpy as np

from orchestration.value.histories import Columns, Histories


def any_histories(seed: int, rows: int = 60) -> Histories:
    """Histories of any kind: few and many purchases, young and old customers."""
    chance = np.random.default_rng(seed)
    age = np.exp(chance.uniform(-2, 8, rows))
    frequency = np.where(chance.random(rows) < 0.3, 0, np.floor(np.exp(chance.uniform(0, 7, rows))))
    recency = np.where(frequency > 0, age * chance.beta(2, 1, rows), 0.0)
    return Histories(frequency, recency, age, chance.integers(1, 9, rows).astype(float))


def who_stops_after_a_purchase(
    chance: np.random.Generator, customers: int, r: float, alpha: float, a: float, b: float
) -> Columns:
    """A BG/NBD's customers, purchase by purchase: frequency, recency and age of each."""
    age = chance.uniform(10, 100, customers)
    wait = 1 / np.maximum(chance.gamma(r, 1 / alpha, customers), 1e-12)
    stops = chance.beta(a, b, customers)
    count, last = np.zeros(customers), np.zeros(customers)
    buys = np.ones(customers, bool)
    while buys.any():
        following = last + chance.exponential(wait)
        buys &= following <= age
        last, count = np.where(buys, following, last), count + buys
        buys &= chance.random(customers) >= stops
    return count, last, age


def who_leaves_at_any_time(
    chance: np.random.Generator, customers: int, r: float, alpha: float, s: float, beta: float
) -> Columns:
    """A Pareto/NBD's customers: frequency, recency and age of each."""
    age = chance.uniform(10, 100, customers)
    wait = 1 / np.maximum(chance.gamma(r, 1 / alpha, customers), 1e-12)
    leaves = chance.exponential(1 / np.maximum(chance.gamma(s, 1 / beta, customers), 1e-12))
    until = np.minimum(age, leaves)
    count, last = np.zeros(customers), np.zeros(customers)
    buys = np.ones(customers, bool)
    while buys.any():
        following = last + chance.exponential(wait)
        buys &= following <= until
        last, count = np.where(buys, following, last), count + buys
    return count, last, age


# Each as customers' frequencies, recencies and ages.
DEGENERATE: dict[str, tuple[list[float], list[float], list[float]]] = {
    "one customer": ([3], [5], [10]),
    "one customer without a repeat": ([0], [0], [10]),
    "one customer with very many": ([10_000], [9_999.5], [10_000]),
    "nobody comes back": ([0] * 50, [0] * 50, [10] * 50),
    "nobody comes back, at any age": ([0] * 4, [0] * 4, [1, 10, 100, 10_000]),
    "one of a hundred comes back": ([0] * 99 + [1], [0] * 99 + [4], [10] * 100),
    "all alike": ([5] * 50, [9] * 50, [10] * 50),
    "all come back once": ([1] * 50, [1] * 50, [10] * 50),
    "all come back once, at any age": ([1] * 99, [1] * 99, [float(age) for age in range(1, 100)]),
    "all bought on the last day": ([1, 2, 3], [10, 10, 10], [10, 10, 10]),
    "all bought at once and never again": ([9, 8, 9], [0.001] * 3, [1_000] * 3),
    "very many purchases of all": ([10_000] * 5, [9_999] * 5, [10_000] * 5),
    "very many purchases of one": ([10_000, 0, 1], [9_999, 0, 3], [10_000] * 3),
    "very short ages": ([1, 0, 2], [1e-6, 0, 2e-6], [1e-5] * 3),
    "very long ages": ([1, 0, 2], [1e6, 0, 2e6], [1e7] * 3),
    "a short and a long age": ([1, 1], [1, 1], [1, 10_000]),
    "two customers who differ in everything": ([0, 10_000], [0, 9_999], [0.5, 10_000]),
    "regular as a clock": ([9, 19, 29], [9, 19, 29], [10, 20, 30]),
    "counts that double": ([1, 2, 4, 8, 16, 32], [5] * 6, [10] * 6),
    "half never, half always": ([0] * 20 + [100] * 20, [0] * 20 + [50] * 20, [50] * 40),
}


def degenerate(name: str) -> Histories:
    """One of them, counted."""
    return Histories.counted(*(np.array(column, float) for column in DEGENERATE[name]))
