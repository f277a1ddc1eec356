#!/usr/bin/env python3
"""Makes tests/data/online/half_space_trees.txt: what river's half-space trees say of rows, and how they are split; and
isolation_forest.txt and one_class_svm.txt: what scikit-learn's isolation forest of 2,000 trees, and its OneClassSVM, say of rows.

    python3 -m venv VENV && VENV/bin/pip install river==0.26.1 scikit-learn==1.9.1
    VENV/bin/python tests/oracles/outlier_oracle.py [tests/data/online]

half_space_trees.txt has four lines a case: trees, height, window and inputs; input and threshold of each split, tree after tree, in the order of the
levels; the rows, in river's limits of 0 to 1 and a few outside; and the score of each before it is learned. A line of
isolation_forest.txt is a row and its score; what is learned before is made of a formula, here and in
tests/models/online/outlier_fixture.hpp. So is one_class_svm.txt, of the last 256 rows.
"""
import pathlib
import random
import sys

import numpy as np
from river import anomaly
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "online")


def splits_of(tree, height):
    """Input and threshold of the nodes that are split, level by level"""
    level, found = [tree], []
    for _ in range(height):
        found += [f"{node.feature} {node.threshold!r}" for node in level]
        level = [child for node in level for child in node.children]
    return found


def row_of(draw, inputs):
    if draw.random() < 0.03:
        return [round(draw.uniform(-0.5, 1.5), 4) for _ in range(inputs)]
    return [round(min(max(draw.gauss(0.3 if i % 2 else 0.6, 0.08), 0), 1), 4) for i in range(inputs)]


lines = []
for trees, height, window, inputs, rows in [(5, 3, 3, 1, 40), (3, 8, 50, 3, 300), (25, 4, 30, 5, 200), (1, 10, 100, 2, 400)]:
    draw = random.Random(inputs)
    model = anomaly.HalfSpaceTrees(n_trees=trees, height=height, window_size=window, seed=7)
    data = [row_of(draw, inputs) for _ in range(rows)]
    scores = []
    for row in data:
        x = dict(enumerate(row))
        scores.append(model.score_one(x))
        model.learn_one(x)
    lines += [f"{trees} {height} {window} {inputs}", " ".join(" ".join(splits_of(tree, height)) for tree in model.trees),
              " ".join(str(value) for row in data for value in row), " ".join(repr(float(score)) for score in scores)]
(OUT / "half_space_trees.txt").write_text("\n".join(lines) + "\n")

MASK = 2**64 - 1


def seed_of(state, part):
    x = (state * 0xD1342543DE82EF95 + (part + 1) * 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def uniform_of(seed, part):
    return (seed_of(seed, part) >> 11) * 2.0**-53


stream = np.array([[uniform_of(seed_of(3, i), 2 * f) + uniform_of(seed_of(3, i), 2 * f + 1) for f in range(3)] for i in range(4096)])
asked = [[a, b, c] for a in (0.1, 0.6, 1, 1.5, 1.9) for b in (0.2, 1, 1.8) for c in (0.3, 1.1, 1.85)]
forest = IsolationForest(n_estimators=2000, max_samples=256, random_state=0).fit(stream)
said = -forest.score_samples(np.array(asked))
(OUT / "isolation_forest.txt").write_text("".join(f"{a} {b} {c} {score!r}\n" for (a, b, c), score in zip(asked, map(float, said))))

scaler = StandardScaler().fit(stream[-256:])
machine = OneClassSVM(nu=0.5, gamma=1 / 3, tol=1e-9).fit(scaler.transform(stream[-256:]))
said = 1 - machine.score_samples(scaler.transform(asked)) / machine.dual_coef_.sum()
(OUT / "one_class_svm.txt").write_text("".join(f"{a} {b} {c} {score!r}\n" for (a, b, c), score in zip(asked, map(float, said))))
