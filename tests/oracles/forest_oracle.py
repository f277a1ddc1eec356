#!/usr/bin/env python3
"""Makes tests/data/online/forests.csv: how right river's adaptive random forests are on series that stay, that change at
once and that change slowly;
and tests/data/drift/adwin.csv: where river's ADWIN tells a change.

    python3 -m venv VENV && VENV/bin/pip install river==0.24.2
    VENV/bin/python tests/oracles/forest_oracle.py [tests/data]

The series are made of a formula, here and in tests/models/online/drifting_series.hpp, so they need no room. A line of
forests.csv is the kind, the series, and the means over the seeds 1 to 5 of the forest, over all records and over the last
1,000: of a classifier the accuracy, of a regressor the mean absolute error, each record told before it is learned. A line
of adwin.csv is a name, delta, whether it begins anew after a change (as drift.ADWIN does) or keeps what is newer, how many values the window holds in the end, their mean, and the indices of the values at
which a change is told; the last line has the values of the first series.
"""
import csv
import math
import multiprocessing
import pathlib
import sys

import numpy as np
from river import compose, forest, preprocessing
from river.drift.adwin_c import AdaptiveWindowing

ROWS, CHANGE, SLOWLY = 6000, 3000, 1000
MASK = 2**64 - 1
SERIES = ["stationary", "abrupt", "gradual"]


def mixed(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def seed_of(state, part):
    return mixed((state * 0xD1342543DE82EF95 + (part + 1) * 0x9E3779B97F4A7C15) & MASK)


def uniform_of(seed, part):
    return (seed_of(seed, part) >> 11) * 2.0**-53


def is_new(series, row, seed):
    if series == "stationary":
        return False
    if series == "abrupt":
        return row >= CHANGE
    return uniform_of(seed, 8) < (row - CHANGE + SLOWLY) / (2 * SLOWLY)


def record(kind, series, row):
    """Six inputs, and a label or a number that some of them decide on."""
    seed = seed_of(7 + SERIES.index(series), row)
    x = [uniform_of(seed, i) for i in range(6)]
    is_changed, noise = is_new(series, row, seed), uniform_of(seed, 6)
    if kind == "classifier":
        if noise < 0.05:
            label = "abc"[int(uniform_of(seed, 7) * 3)]
        elif is_changed:
            label = ("c" if x[4] < 0.3 else "a") if x[3] < 0.5 else "b" if x[1] < 0.7 else "a"
        else:
            label = ("a" if x[1] < 0.5 else "b") if x[0] < 0.4 else "b" if x[2] < 0.6 else "c"
        return x, label
    exact = 3 - 8 * x[3] + 20 * (x[4] - 0.5) ** 2 if is_changed else 10 * x[0] + 6 * math.sin(math.pi * x[1]) * x[2]
    return x, exact + noise - 0.5


def figures(task):
    kind, series, seed = task
    model = forest.ARFClassifier(seed=seed) if kind == "classifier" else compose.Pipeline(
        preprocessing.StandardScaler(), forest.ARFRegressor(seed=seed))
    found = []
    for row in range(ROWS):
        values, truth = record(kind, series, row)
        x = {f"x{i}": value for i, value in enumerate(values)}
        said = model.predict_one(x)
        found.append(float(said == truth) if kind == "classifier" else abs(said - truth))
        model.learn_one(x, truth)
    return np.mean(found), np.mean(found[-1000:])


def forests(out):
    tasks = [(kind, series, seed) for kind in ["classifier", "regressor"] for series in SERIES for seed in range(1, 6)]
    with multiprocessing.Pool() as pool:
        results = dict(zip(tasks, pool.map(figures, tasks, chunksize=1)))
    with (out / "online" / "forests.csv").open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["kind", "series", "all", "last"])
        for kind in ["classifier", "regressor"]:
            for series in SERIES:
                means = np.mean([results[kind, series, seed] for seed in range(1, 6)], axis=0)
                lines.writerow([kind, series, *(f"{mean:.6f}" for mean in means)])


def detectors(out):
    random = np.random.RandomState(12345)
    steps = np.concatenate([random.randint(2, size=1000), random.randint(8, size=1000)])
    slow = [uniform_of(5, row) + max(0, row - 2000) / 4000 for row in range(6000)]
    still = [uniform_of(6, row) for row in range(6000)]
    with (out / "drift" / "adwin.csv").open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        for name, values in {"steps": steps, "slow": slow, "still": still}.items():
            for delta in [0.002, 0.05, 0.5]:
                for begins_anew in [False, True]:
                    window, told = AdaptiveWindowing(delta=delta), []
                    for row, value in enumerate(values):
                        if begins_anew and told and told[-1] == row - 1: # as drift.ADWIN does
                            window = AdaptiveWindowing(delta=delta)
                        if window.update(float(value)):
                            told.append(row)
                    width = int(window.get_width())
                    lines.writerow([name, delta, int(begins_anew), width, repr(window.get_total() / width), " ".join(map(str, told))])
        lines.writerow(["values of steps", "".join(map(str, steps))])


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data")
    detectors(out)
    forests(out)


if __name__ == "__main__":
    main()
