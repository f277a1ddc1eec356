#!/usr/bin/env python3
"""Makes tests/data/linear: a table to learn from, and what scikit-learn learns from it.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn
    VENV/bin/python tests/oracles/linear_oracle.py [tests/data/linear]

table.csv has a header: features x0, ... (x4 depends on x0 and x1, x5 is the same in all rows), the rows' weights, a target
of numbers, one of two classes and one of three. A line of learned.csv is the kind of model, its options, which features
it learned from, from how many rows, whether they had weights, the target, and the numbers that it learned: coefficients
and intercepts; of gaussian_nb priors, means and variances; of k_means the inertia. All is fitted as exactly as
scikit-learn can. Targets are multiples of 2^-10: they keep all their digits when 1e12 is added.
"""
import pathlib
import sys
import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "linear")
ROWS = 60
random = np.random.default_rng(5)
X = np.column_stack([random.normal(50, 20, ROWS), random.integers(0, 12, ROWS), random.exponential(3, ROWS),
                     random.normal(-0.01, 0.001, ROWS), np.zeros(ROWS), np.full(ROWS, 0.1)]).astype(np.float32).astype(float)
X[:, 4] = X[:, 0] + 2 * X[:, 1]
Y = np.round((X[:, 0] / 7 - X[:, 1] + 2 * X[:, 2] + 900 * X[:, 3] + random.normal(0, 2, ROWS)) * 1024) / 1024
WEIGHTS = random.integers(0, 4, ROWS).astype(float)
TWO = (Y + random.normal(0, 4, ROWS) > np.median(Y)).astype(int)
THREE = np.digitize(Y + random.normal(0, 3, ROWS), np.quantile(Y, [.4, .7]))
TARGETS = {"y": Y, "two": TWO, "three": THREE}
INDEPENDENT, DEPENDENT, TWICE, ONE, CONSTANT = [0, 1, 2, 3], [0, 1, 2, 4, 5], [0, 0, 1], [2], [5]
EXACT = {"tol": 1e-14, "max_iter": 1_000_000}
KINDS = {
    "linear_regression": LinearRegression,
    "ridge": Ridge,
    "lasso": lambda **how: Lasso(**how, **EXACT),
    "elastic_net": lambda **how: ElasticNet(**how, **EXACT),
    "logistic_regression": lambda **how: LogisticRegression(**how, tol=1e-10, max_iter=100_000, solver="newton-cholesky"),
    "gaussian_nb": GaussianNB,
    "k_means": lambda **how: KMeans(**how, random_state=1, n_init=500, tol=0),
}
LINES = []


def learned(model):
    if isinstance(model, GaussianNB):
        return np.concatenate([model.class_prior_, model.theta_.ravel(), model.var_.ravel()])
    if isinstance(model, KMeans):
        return [model.inertia_]
    return np.concatenate([np.ravel(model.coef_), np.ravel(model.intercept_)])


def written(option):
    if isinstance(option, dict):
        return ",".join(f"{label}:{weight}" for label, weight in option.items())
    return str(option).lower() if isinstance(option, bool) else option


def add(kind, features, target="y", rows=ROWS, weighted=False, **options):
    x, y = X[:rows, features], TARGETS[target][:rows]
    model = KINDS[kind](**options).fit(x, y, sample_weight=WEIGHTS[:rows] if weighted else None)
    how = " ".join(f"{name}={written(value)}" for name, value in options.items())
    LINES.append([kind, how, " ".join(map(str, features)), str(rows), str(int(weighted)), target,
                  " ".join(format(value, ".17g") for value in learned(model))])


def add_regressors():
    for kind, strong in [("linear_regression", {}), ("ridge", {"alpha": 100.0}), ("lasso", {"alpha": 0.01}),
                         ("elastic_net", {"alpha": 0.1, "l1_ratio": 0.9})]:
        for features in [INDEPENDENT, DEPENDENT, TWICE, ONE, CONSTANT]:
            add(kind, features)
        for weighted in [False, True]:
            add(kind, INDEPENDENT, weighted=weighted, **strong)
            add(kind, INDEPENDENT, weighted=weighted, fit_intercept=False, **strong)
        add(kind, INDEPENDENT, rows=3)
        add(kind, DEPENDENT, rows=3)
        add(kind, INDEPENDENT, rows=1)
    add("elastic_net", INDEPENDENT, l1_ratio=0.0)
    add("lasso", INDEPENDENT, alpha=1000.0)


def add_classifiers():
    for target in ["two", "three"]:
        for features in [INDEPENDENT, DEPENDENT, TWICE, ONE, CONSTANT]:
            add("logistic_regression", features, target)
            if features != CONSTANT:
                add("gaussian_nb", features, target)
        for weighted in [False, True]:
            add("logistic_regression", INDEPENDENT, target, weighted=weighted, C=100.0)
            add("logistic_regression", INDEPENDENT, target, weighted=weighted, fit_intercept=False, C=0.01)
            add("logistic_regression", INDEPENDENT, target, weighted=weighted, class_weight="balanced")
            add("logistic_regression", INDEPENDENT, target, weighted=weighted, class_weight={1: 2.5})
            add("gaussian_nb", INDEPENDENT, target, weighted=weighted, var_smoothing=0.01)
        add("logistic_regression", [0, 1, 2, 3, 4, 5], target, rows=12)


def main():
    warnings.filterwarnings("ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    table = [",".join([*(f"x{f}" for f in range(X.shape[1])), "weight", *TARGETS])]
    for row in zip(X, WEIGHTS, *TARGETS.values()):
        table.append(",".join(format(value, ".17g") for value in [*row[0], *row[1:]]))
    (OUT / "table.csv").write_text("\n".join(table) + "\n")
    add_regressors()
    add_classifiers()
    for clusters in [1, 3, 5]:
        for weighted in [False, True]:
            add("k_means", [0, 1, 2], weighted=weighted, n_clusters=clusters)
    (OUT / "learned.csv").write_text("\n".join(",".join(line) for line in LINES) + "\n")


if __name__ == "__main__":
    main()
