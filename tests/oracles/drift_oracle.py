#!/usr/bin/env python3
"""Makes tests/data/drift/tests.csv: what scipy and evidently say of pairs of samples, histograms, shares and p values.

    python3 -m venv VENV && VENV/bin/pip install scipy==1.17.1 numpy==2.4.6
    VENV/bin/python tests/oracles/drift_oracle.py [tests/data]

A line is the function, one input, the other input, and what is expected; numbers stand with spaces between them. The
population stability index is evidently's (0.4.0, calculations/stattests/utils.py, get_binned_data with feel_zeroes),
written out here, since that package brings many others. The first two lines are known from frouros 0.9.0
(tests/integration/test_data_drift.py, numpy's seed 31): IncrementalKSTest, of the last 10 values, and PSI in 10 equal bins.
"""
import csv
import math
import pathlib
import sys

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.stats._stats_py import _attempt_exact_2kssamp


def smoothed(counts):
    shares = np.asarray(counts) / np.sum(counts)
    least = shares[shares != 0].min()
    shares[shares == 0] = least / 10**6 if least <= 0.0001 else 0.0001
    return shares


def psi(one, other):
    both = (np.asarray(one) + np.asarray(other)) > 0
    p, q = smoothed(np.asarray(one)[both]), smoothed(np.asarray(other)[both])
    return np.sum((p - q) * np.log(p / q))


def shoemaker(one, other):
    n, m = len(one), len(other)
    square = (n * np.var(one) + m * np.var(other)) / (n + m)
    kurtosis = (np.sum((one - np.mean(one))**4) + np.sum((other - np.mean(other))**4)) / (n + m) / square**2
    degrees = [2 * count / (kurtosis - (count - 3) / (count - 1)) for count in (n, m)]
    ratio = np.var(one, ddof=1) / np.var(other, ddof=1)
    return ratio, 2 * min(stats.f.sf(ratio, *degrees), stats.f.cdf(ratio, *degrees))


def pooled(one, other, least_expected):
    """Columns of which too few are expected, taken together; with the least of the others where that is rare still."""
    table = np.array([one, other])
    table = table[:, table.sum(axis=0) > 0]
    table = table[:, np.argsort(-table.sum(axis=0), kind="stable")]
    rare = np.zeros(2)
    share = table.sum(axis=1).min() / table.sum()
    while table.shape[1] and (table[:, -1].sum() * share < least_expected or 0 < rare.sum() * share < least_expected):
        rare, table = rare + table[:, -1], table[:, :-1]
    return np.column_stack((table, rare)) if rare.sum() else table


def samples(random, n, m):
    kind = random.integers(4)
    shift, spread = random.choice([0, 0.1, 0.5, 2]), random.choice([1, 1, 1.3, 3])
    draw = [lambda size: random.normal(size=size), lambda size: random.lognormal(size=size),
            lambda size: random.poisson(3, size).astype(float), lambda size: random.uniform(-3, 9, size)][kind]
    return draw(n).round(3), (shift + spread * draw(m)).round(3)


def tests(lines):
    random = np.random.default_rng(7)

    def put(name, one, other, expected):
        texts = [" ".join(repr(float(x)) for x in part) for part in (one, other, expected)]
        lines.writerow([name, *texts])

    state = np.random.RandomState(31)
    one, other = state.normal(0, 1, 100), state.normal(0, 1, 100)[-10:]
    known = stats.ks_2samp(one, other)
    assert abs(known.statistic - 0.27) < 1e-12 and abs(known.pvalue - 0.46046910) < 1e-8
    put("kolmogorov_smirnov", one.round(4), other.round(4), [0.27, known.pvalue])
    state = np.random.RandomState(31)
    one, other = state.normal(1, 1, 500), state.normal(1, 1, 500)
    edges = np.histogram(np.hstack((one, other)), bins=10)[1]
    counts = [np.histogram(x, edges)[0] for x in (one, other)]
    known = psi(*counts)
    assert abs(known - 0.0184007) < 1e-7, known
    put("population_stability_index", *counts, [0.0184007])

    for n, m in [(5, 5), (3, 8), (10, 10), (30, 30), (17, 50), (60, 36), (100, 100), (101, 77)] * 2:
        one, other = samples(random, n, m)
        ks = stats.ks_2samp(one, other)
        put("kolmogorov_smirnov", one, other, [ks.statistic, ks.pvalue])
        put("wasserstein_distance", one, other, [stats.wasserstein_distance(one, other)])
        welch = stats.ttest_ind(one, other, equal_var=False)
        d = (one.mean() - other.mean()) / math.sqrt(((n - 1) * one.var(ddof=1) + (m - 1) * other.var(ddof=1)) / (n + m - 2))
        put("welch", one, other, [welch.statistic, welch.pvalue, welch.df, d, d * (1 - 3 / (4 * (n + m) - 9))])
        levene = stats.levene(one, other, center="median")
        put("brown_forsythe", one, other, [levene.statistic, levene.pvalue])
        put("variance_ratio", one, other, shoemaker(one, other))
    for n, m, d in [(9000, 7000, 0.02), (500, 10000, 0.07), (10000, 10000, 0.021), (60, 30, 0.9), (2000, 3, 0.9),
                    (20000, 30000, 0.003), (20000, 30000, 0.009), (20000, 30000, 0.02), (20000, 30000, 0.04),
                    (100000, 100000, 0.004), (100000, 100000, 0.011), (100000, 20000, 0.0107)]:
        steps = math.lcm(n, m)
        d = round(d * steps) / steps
        if max(n, m) <= 10000:
            one = np.arange(n) / n
            p = exact_p(n, m, d)
        else:
            p = stats.kstwo.sf(d, round(n * m / (n + m)))
        put("kolmogorov_smirnov_p_value", [n, m], [d], [p])
    for bins in [2, 3, 5, 10, 10, 30, 64] * 2:
        shares = random.dirichlet(np.full(bins, random.choice([0.3, 2])))
        changed = random.dirichlet(np.full(bins, 2)) * 0.2 + shares * 0.8
        one, other = random.multinomial(random.choice([200, 5000]), shares), random.multinomial(random.choice([100, 20000]), changed)
        put("population_stability_index", one, other, [psi(one, other)])
        put("population_stability_threshold", [one.sum(), other.sum()], [bins, 0.01],
            [(1 / one.sum() + 1 / other.sum()) * stats.chi2.isf(0.01, bins - 1)])
        put("jensen_shannon", one, other, [jensenshannon(one, other, base=2)])
        put("total_variation", one, other, [np.abs(one / one.sum() - other / other.sum()).sum() / 2])
        for least in (0, 5):
            table = pooled(one, other, least)
            if table.shape[1] > 1:
                chi = stats.chi2_contingency(table, correction=False)
                put(f"chi_square {least}", one, other, [chi.statistic, chi.pvalue, chi.dof, math.sqrt(chi.statistic / table.sum())])
    for part, whole, others, of in [(0, 10, 3, 10), (1, 50, 9, 60), (5, 1000, 25, 1000), (0, 100000, 3, 500), (7, 9, 1, 12),
                                    (300, 1000, 310, 1000), (40, 50, 2, 40), (100, 200, 100, 200), (5000, 9000, 5200, 9000)]:
        put("share_change", [part, whole], [others, of],
            [others / of - part / whole, stats.fisher_exact([[part, whole - part], [others, of - others]]).pvalue])
    for part, whole, others, of in [(50000, 900000, 51000, 900000), (20000, 100000, 31000, 150000)]:
        share = (part + others) / (whole + of)
        z = (others / of - part / whole) / math.sqrt(share * (1 - share) * (1 / whole + 1 / of))
        put("share_change", [part, whole], [others, of], [others / of - part / whole, 2 * stats.norm.sf(abs(z))])
    for r, n, s, m in [(0.1, 50, 0.5, 60), (-0.9, 10, 0.2, 10), (0.3, 1000, 0.31, 900), (0.99, 40, 0.2, 300), (0, 4, 0, 4)]:
        z = (math.atanh(r) - math.atanh(s)) / math.sqrt(1 / (n - 3) + 1 / (m - 3))
        put("correlation_change", [r, n], [s, m], [z, 2 * stats.norm.sf(abs(z))])
    for count in (1, 2, 7, 40):
        p = (random.uniform(size=count) ** 3).round(4)
        p[0] = p[-1]
        put("benjamini_hochberg", p, [], stats.false_discovery_control(p))
    for x, degrees in [(0.5, 1), (3.84, 1), (30, 9), (200, 63), (1000, 3), (1e-3, 5), (63, 63)]:
        put("chi_square_tail", [x], [degrees], [stats.chi2.sf(x, degrees)])
    for t, degrees in [(0.1, 3), (-2, 7.5), (12, 4), (1.96, 1e6), (40, 100), (1e-5, 11)]:
        put("student_two_sided", [t], [degrees], [2 * stats.t.sf(abs(t), degrees)])
    for x, a, b in [(0.2, 3, 7), (4, 1, 30), (100, 2.5, 8), (1.001, 5000, 6000), (20, 30, 40)]:
        put("f_tail", [x], [a, b], [stats.f.sf(x, a, b)])


def exact_p(n, m, d):
    """Of samples that have just this distance, by what ks_2samp calls."""
    return _attempt_exact_2kssamp(n, m, math.gcd(n, m), d, "two-sided")[2]


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data")
    with (out / "drift" / "tests.csv").open("w", newline="") as file:
        tests(csv.writer(file, lineterminator="\n"))


if __name__ == "__main__":
    main()
