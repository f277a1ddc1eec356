#!/usr/bin/env python3
"""Makes tests/data/preparation: rows with missing values, and what scikit-learn predicts of them behind SimpleImputer and
with TransformedTargetRegressor. With the program it also says whether ONNX Runtime predicts what Weir does, by the files
that `weir train --impute --target-transform` writes, of rows with missing numbers and texts, and of two classes.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn onnxruntime
    VENV/bin/python tests/oracles/preparation_oracle.py [build/release/weir]

A line of rows.csv is a, b, c, where some are missing, and the target. predicted.csv has a column of predictions for each
`STRATEGY TRANSFORM`, of the least squares of all rows.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

OUT = pathlib.Path(__file__).parents[1] / "data" / "preparation"
TRANSFORMS = {"none": {}, "log": {"func": np.log, "inverse_func": np.exp}, "log1p": {"func": np.log1p, "inverse_func": np.expm1},
              "sqrt": {"func": np.sqrt, "inverse_func": np.square}, "standardize": {"transformer": StandardScaler()}}


def rows(random, count=80):
    a, b = np.round(random.normal(2, 1, (2, count)), 2)
    c = random.integers(0, 4, count).astype(float)
    target = np.round(np.exp(0.5 * a + 0.2 * b + 0.1 * c + random.normal(0, 0.1, count)), 4)
    made = np.column_stack([a, b, c])
    made[random.random(made.shape) < 0.15] = np.nan
    return made, target


def write_expected(random):
    OUT.mkdir(parents=True, exist_ok=True)
    x, y = rows(random)
    lines = [",".join("" if np.isnan(v) else format(v, ".6g") for v in row) for row in np.column_stack([x, y])]
    (OUT / "rows.csv").write_text("a,b,c,y\n" + "\n".join(lines) + "\n")
    predicted = {}
    for strategy in ("mean", "median", "most_frequent"):
        for name, how in TRANSFORMS.items():
            model = make_pipeline(SimpleImputer(strategy=strategy), LinearRegression())
            model = TransformedTargetRegressor(model, check_inverse=False, **how) if how else model
            predicted[f"{strategy} {name}"] = model.fit(x, y).predict(x)
    lines = [",".join(format(v, ".10g") for v in row) for row in zip(*predicted.values())]
    (OUT / "predicted.csv").write_text("\n".join([",".join(predicted), *lines]) + "\n")


def runtime_says(path, table):
    import onnxruntime
    session = onnxruntime.InferenceSession(str(path))
    inputs = {}
    if [given.name for given in session.get_inputs()] == ["X"]:
        numbers = [[np.nan if row[k] == "" else float(row[k]) for k in ("a", "b", "c")] for row in table]
        inputs["X"] = np.array(numbers, dtype=np.float32)
    else:
        for given in session.get_inputs():
            values = [row[given.name] for row in table]
            if given.type != "tensor(string)":
                values = np.array([np.nan if v == "" else float(v) for v in values], dtype=np.float32)
            inputs[given.name] = np.array(values, dtype=object if given.type == "tensor(string)" else np.float32).reshape(-1, 1)
    made = session.run(None, inputs)
    return made[0].reshape(-1, 1) if len(made) == 1 else made[1]


def compare(weir, random):
    x, y = rows(random, 400)
    texts = random.choice(["red", "green", "blue", ""], 400)
    folder = pathlib.Path(tempfile.mkdtemp())
    with open(folder / "in.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c", "t", "y", "two"])
        for (a, b, c), t, target in zip(x, texts, y):
            writer.writerow(["" if np.isnan(v) else v for v in (a, b, c)] + [t, target, int(target > np.quantile(y, .8))])
    table = list(csv.DictReader(open(folder / "in.csv")))
    regressors = ("linear_regression", "ridge", "random_forest", "extra_trees", "gradient_boosting", "svr", "kernel_ridge")
    cases = [(kind, "y", ["--target-transform", transform]) for kind in regressors for transform in TRANSFORMS]
    cases += [(kind, "two", ["--classify"]) for kind in ("random_forest", "extra_trees", "gradient_boosting")]
    wrong = 0
    for kind, target, options in cases:
        for features, more in (("a,b,c", []), ("a,b,t", ["--encode", "t"])):
            run = [weir, "train", "in.csv", "--target", target, "--features", features, *more, "--model", kind, "--impute",
                   "median", *options, "--out", "m.onnx"]
            subprocess.run(run, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([weir, "score", "m.onnx", "in.csv", "--out", "out.csv"], cwd=folder, check=True)
            columns = ["prediction"] if target == "y" else ["probability_0", "probability_1"]
            ours = np.array([[float(row[c]) for c in columns] for row in csv.DictReader(open(folder / "out.csv"))])
            theirs = runtime_says(folder / "m.onnx", table)
            apart = np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))
            if not (len(ours) == 400 and apart < 2e-5):
                wrong += 1
                print(f"{kind} {target} {options} {features}: {apart}")
    print("ONNX Runtime predicts the same" if wrong == 0 else f"{wrong} files differ")
    return wrong


def main():
    write_expected(np.random.default_rng(5))
    if len(sys.argv) > 1:
        sys.exit(compare(str(pathlib.Path(sys.argv[1]).resolve()), np.random.default_rng(6)))


if __name__ == "__main__":
    main()
