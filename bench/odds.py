#!/usr/bin/env python3
"""How well detectors over several inputs find what is unusual, beside river's and scikit-learn's, and what a row costs.

    python3 -m venv VENV && VENV/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 river==0.26.1
    ninja -C build/release bench/odds_scores
    VENV/bin/python bench/odds.py FOLDER [--driver build/release/bench/odds_scores] [--seeds 5] [--sets cardio,shuttle]

FOLDER has sets of outliers, such as those of ODDS (https://odds.cs.stonybrook.edu): NAME.csv or NAME.csv.gz with a header,
numbers, and a last column that is 1 for an outlier. All have one setting, their defaults: ours, river's HalfSpaceTrees behind a
MinMaxScaler, both told a row before they learn it, and scikit-learn's IsolationForest, which learns all rows first.
The ROC AUC and the average precision are those of the rows behind the longest warm-up, on the mean over so many seeds: of the
rows as they stand, and in random orders. Times are the processor's, in microseconds a row; river's trees are 10 of height 8. What
river takes with as many trees as ours, 25 of height 15, is measured over 1,000 rows of the first set.
"""
import argparse
import gzip
import itertools
import json
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from river import anomaly, preprocessing
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score


def read(path):
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    header, *lines = text.splitlines()
    return header, np.array([[float(value) for value in line.split(",")] for line in lines])


def ours(driver, header, rows, folder, seed):
    source, scores = folder / "rows.csv", folder / "scores.csv"
    np.savetxt(source, rows, delimiter=",", header=header, comments="", fmt="%.17g")
    costs = json.loads(subprocess.run([driver, source, scores, str(seed)], check=True, stdout=subprocess.PIPE).stdout)
    names, *lines = scores.read_text().rstrip("\n").split("\n")
    table = np.array([[float(score) if score else np.nan for score in line.split(",")] for line in lines])
    return {name: (scores, costs[name]["ns_row"] / 1000, costs[name]["state_bytes"])
            for name, scores in zip(names.split(","), table.T)}


def rivers(x, seed, **size):
    model = preprocessing.MinMaxScaler() | anomaly.HalfSpaceTrees(seed=seed, **size)
    model.learn_one(dict(enumerate(x[0].tolist())))  # makes the trees
    scores, begin = [0], time.process_time()
    for row in x[1:]:
        features = dict(enumerate(row.tolist()))
        scores.append(model.score_one(features))
        model.learn_one(features)
    return np.array(scores), (time.process_time() - begin) / (len(x) - 1) * 1e6, np.nan


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--driver", default="build/release/bench/odds_scores")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sets", type=lambda text: text.split(","))
    options = parser.parse_args()
    paths = {path.name.split(".")[0]: path for path in sorted(options.folder.glob("*.csv*"))}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sets or paths:
            header, rows = read(paths[name])
            for seed, is_shuffled in itertools.product(range(1, options.seeds + 1), [False, True]):
                order = np.random.default_rng(seed).permutation(len(rows)) if is_shuffled else np.arange(len(rows))
                x, truth = rows[order, :-1], rows[order, -1] > 0
                told = ours(options.driver, header, rows[order], pathlib.Path(folder), seed)
                told["river HalfSpaceTrees"] = rivers(x, seed)
                told["batch IsolationForest"] = (-IsolationForest(random_state=seed).fit(x).score_samples(x), np.nan, np.nan)
                after = max(np.flatnonzero(np.isfinite(scores))[0] for scores, _, _ in told.values())
                for who, (scores, microseconds, state) in told.items():
                    found.setdefault(who, {}).setdefault(name, {False: [], True: []})[is_shuffled].append(
                        (roc_auc_score(truth[after:], scores[after:]), average_precision_score(truth[after:], scores[after:]),
                         microseconds, state))
    names = options.sets or list(paths)
    for title, figure in [("ROC AUC", 0), ("average precision", 1)]:
        print(f"\n| {title}, as they stand / shuffled | {' | '.join(names)} | mean |\n|{' --- |' * (len(names) + 2)}")
        for who, sets in found.items():
            figures = [[np.mean([run[figure] for run in sets[name][is_shuffled]]) for is_shuffled in (False, True)]
                       for name in names]
            figures.append(tuple(np.mean(figures, axis=0)))
            print(f"| {who} | " + " | ".join(f"{file:.3f} / {shuffled:.3f}" for file, shuffled in figures) + " |")
    for title, figure, unit in [("microseconds a row", 2, 1), ("KB of state", 3, 1000)]:
        print(f"\n| {title} | {' | '.join(names)} |\n|{' --- |' * (len(names) + 1)}")
        for who, sets in found.items():
            figures = [np.median([run[figure] / unit for run in sets[name][False] + sets[name][True]]) for name in names]
            if np.isfinite(figures).all():
                print(f"| {who} | " + " | ".join(f"{value:.3g}" for value in figures) + " |")

    _, rows = read(paths[names[0]])
    _, microseconds, _ = rivers(rows[:1000, :-1], seed=1, n_trees=25, height=15)
    print(f"\nriver's HalfSpaceTrees of 25 trees of height 15: {microseconds:.0f} microseconds a row")


if __name__ == "__main__":
    main()
