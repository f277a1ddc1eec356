#!/usr/bin/env python3
"""Makes tests/data/training/categories.csv and category_scores.csv: a table with a category of 30 values that matters, and
how well scikit-learn's HistGradientBoosting learns it with categorical_features. With the program it also says whether ONNX
Runtime predicts what Weir does, by files of `weir train --categories`, of known, unknown and missing categories.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn onnxruntime
    VENV/bin/python tests/oracles/categories_oracle.py [build/release/weir]

A line of category_scores.csv is R2 and ROC AUC (whether the target is above its median), means over five folds.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import r2_score, roc_auc_score

OUT = pathlib.Path(__file__).parents[1] / "data" / "training"


def table(random, count=2000):
    """The category's effect has nothing to do with the order of its numbers, and changes what `a` does."""
    effect = random.normal(0, 1, 30)
    category, a, b = random.integers(0, 30, count), random.normal(0, 1, count).round(3), random.normal(0, 1, count).round(3)
    y = 2 * effect[category] + a * (1 + .7 * effect[category]) + .5 * b ** 2 + random.normal(0, 1, count)
    return np.column_stack([category, a, b]), y.round(3)


def write_scores():
    x, y = table(np.random.default_rng(8))
    rows = [",".join(format(v, "g") for v in (*row, target)) for row, target in zip(x, y)]
    (OUT / "categories.csv").write_text("category,a,b,y\n" + "\n".join(rows) + "\n")
    above, fold, r2, auc = (y > np.median(y)).astype(int), np.arange(len(y)) % 5, [], []
    for k in range(5):
        learn, test = fold != k, fold == k
        how = {"categorical_features": [0], "early_stopping": False, "random_state": 0}
        r2.append(r2_score(y[test], HistGradientBoostingRegressor(**how).fit(x[learn], y[learn]).predict(x[test])))
        model = HistGradientBoostingClassifier(**how).fit(x[learn], above[learn])
        auc.append(roc_auc_score(above[test], model.predict_proba(x[test])[:, 1]))
    (OUT / "category_scores.csv").write_text(f"{np.mean(r2):.5f},{np.mean(auc):.5f}\n")


def runtime_says(path, rows):
    import onnxruntime
    session = onnxruntime.InferenceSession(str(path))
    inputs = {}
    for given in session.get_inputs():
        values = [row[given.name] for row in rows]
        if given.type != "tensor(string)":
            values = [np.nan if v == "" else float(v) for v in values]
        kind = object if given.type == "tensor(string)" else np.float32
        inputs[given.name] = np.array(values, dtype=kind).reshape(-1, 1)
    made = session.run(None, inputs)
    return made[0].reshape(-1, 1) if len(made) == 1 else made[1]


def compare(weir):
    random = np.random.default_rng(9)
    x, y = table(random, 1500)
    names = np.array([f"name {i * 7 % 30}" for i in range(30)])
    folder = pathlib.Path(tempfile.mkdtemp())
    classes = np.digitize(y, np.quantile(y, [.3, .7]))

    def write(name, unknown):
        with open(folder / name, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["t", "n", "a", "b", "y", "two", "three"])
            for i, ((category, a, b), target) in enumerate(zip(x, y)):
                lacks, is_new = i % 11 == 3, unknown and i % 5 == 0
                text = "" if lacks else "never seen" if is_new else names[int(category)]
                number = "" if lacks else 4711 if is_new else int(category) * 10 + 5
                writer.writerow([text, number, a, b, target, int(target > 0), classes[i]])
        return list(csv.DictReader(open(folder / name)))

    write("in.csv", False)
    rows, wrong = write("new.csv", True), 0
    for kind in ("random_forest", "extra_trees", "gradient_boosting"):
        for target in ("y", "two", "three"):
            for features, more in (("t,a,b", ["--encode", "t", "--categories", "t"]), ("a,n,b", ["--categories", "n"]),
                                   ("n,t,a", ["--encode", "t", "--categories", "t,n"])):
                run = [weir, "train", "in.csv", "--target", target, "--features", features, *more, "--model", kind, "--out",
                       "m.onnx", *([] if target == "y" else ["--classify"])]
                subprocess.run(run, cwd=folder, check=True, stdout=subprocess.DEVNULL)
                subprocess.run([weir, "score", "m.onnx", "new.csv", "--out", "out.csv"], cwd=folder, check=True)
                scored, theirs = list(csv.DictReader(open(folder / "out.csv"))), runtime_says(folder / "m.onnx", rows)
                columns = ["prediction"] if target == "y" else [f"probability_{k}" for k in range(theirs.shape[1])]
                ours = np.array([[float(row[column]) for column in columns] for row in scored])
                apart = np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))
                if not (len(ours) == len(rows) and apart < 1e-5):
                    wrong += 1
                    print(f"{kind} {target} {features}: {apart}")
    print("ONNX Runtime predicts the same" if wrong == 0 else f"{wrong} files differ")
    return wrong


def main():
    write_scores()
    if len(sys.argv) > 1:
        sys.exit(compare(str(pathlib.Path(sys.argv[1]).resolve())))


if __name__ == "__main__":
    main()
