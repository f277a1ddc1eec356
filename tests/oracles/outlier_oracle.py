#!/usr/bin/env python3
"""Makes tests/data/online/half_space_trees.txt: what river's half-space trees say of rows, and how they are split.

    python3 -m venv VENV && VENV/bin/pip install river==0.26.1
    VENV/bin/python tests/oracles/outlier_oracle.py [tests/data/online]

Four lines a case: trees, height, window and inputs; input and threshold of each split, tree after tree, in the order of the
levels; the rows, in river's limits of 0 to 1 and a few outside; and the score of each before it is learned.
"""
import pathlib
import random
import sys

from river import anomaly

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
