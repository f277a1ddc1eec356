#!/usr/bin/env python3
"""Makes tests/data/kernel: what scikit-learn's kernel machines say of the rows of tests/data/linear/table.csv, and what
ONNX Runtime says of files that weir wrote.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn==1.9.1 onnxruntime==1.32.0
    VENV/bin/python tests/oracles/kernel_oracle.py [--weir build/release/weir] [tests/data/kernel]

A line of decisions.csv is the kind of model, its options, which features it learned from, from how many rows of the top,
whether they had weights, the target, and its decision values for all rows of the table, one row after the other: of a
regressor the prediction, of svc with three classes a value for each pair, of linear_svc one for each class. All is
solved as exactly as scikit-learn can. With --weir the binary learns, too: NAME.onnx is its file, NAME.csv what ONNX
Runtime makes of it: the features, then each column of each output.
"""
import argparse
import csv
import pathlib
import subprocess
import warnings

import numpy as np
from sklearn.kernel_ridge import KernelRidge
from sklearn.svm import SVC, SVR, LinearSVC, OneClassSVM

HERE = pathlib.Path(__file__).parents[1] / "data"
with open(HERE / "linear" / "table.csv") as file:
    TABLE = list(csv.DictReader(file))
X = np.array([[float(row[f"x{f}"]) for f in range(6)] for row in TABLE])
WEIGHTS = np.array([float(row["weight"]) for row in TABLE])
TARGETS = {name: np.array([float(row[name]) for row in TABLE]) for name in ["y", "two", "three"]}
LINES = []
EXACT = {"tol": 1e-9}
KINDS = {
    "svr": lambda **how: SVR(**how, **EXACT),
    "svc": lambda **how: SVC(**how, **EXACT, decision_function_shape="ovo"),
    "linear_svc": lambda **how: LinearSVC(**how, loss="hinge", tol=1e-9, max_iter=10_000_000),
    "one_class_svm": lambda **how: OneClassSVM(**how, **EXACT),
    "kernel_ridge": KernelRidge,
}


def add(kind, features, target="y", rows=60, weighted=False, **options):
    model = KINDS[kind](**options)
    how = {"sample_weight": WEIGHTS[:rows]} if weighted else {}
    model.fit(X[:rows][:, features], TARGETS[target][:rows], **how)
    decide = getattr(model, "decision_function", model.predict)
    values = np.ravel(decide(X[:, features]))
    LINES.append([kind, " ".join(f"{name}={value}" for name, value in options.items()), " ".join(map(str, features)), str(rows),
                  str(int(weighted)), target, " ".join(format(value if abs(value) > 1e-30 else 0.0, ".10g") for value in values)])


def add_all():
    for features in [[0, 1, 2, 3], [0, 0, 1], [2], [5], [1, 5]]:
        add("svr", features)
        add("one_class_svm", features)
        add("kernel_ridge", features, kernel="rbf")
        for target in ["two", "three"]:
            add("svc", features, target)
    add("svr", [0, 1, 2], C=10.0, epsilon=0.01, gamma=0.05)
    add("svr", [0, 1, 2], C=0.1, epsilon=0.0, gamma="auto")
    add("svr", [1, 2], kernel="linear", C=0.1)
    add("svr", [0, 1, 2, 3], rows=1)
    add("svr", [0, 1, 2, 3], rows=2)
    add("one_class_svm", [0, 1, 2], nu=0.1, gamma=0.01)
    add("one_class_svm", [0, 1, 2], nu=0.9)
    add("one_class_svm", [1, 2], kernel="linear", nu=0.2)
    add("one_class_svm", [0, 1, 2], rows=5)
    for weighted in [False, True]:
        add("kernel_ridge", [0, 1, 2], weighted=weighted, kernel="rbf", gamma=0.002, alpha=0.1)
        add("kernel_ridge", [0, 1, 2], weighted=weighted, alpha=5.0)
    add("kernel_ridge", [0, 1, 2], rows=1, kernel="rbf")
    for target in ["two", "three"]:
        add("svc", [0, 1, 2], target, C=10.0, gamma=0.01)
        add("svc", [0, 1, 2], target, class_weight="balanced")
        add("svc", [1, 2], target, kernel="linear")
        add("linear_svc", [1, 2], target)
        add("linear_svc", [1, 2], target, C=0.05, class_weight="balanced")
        add("linear_svc", [5], target)


def learn(weir, folder, name, kind, features, target, *options):
    """Keeps the file that weir writes, and what ONNX Runtime makes of it."""
    import onnxruntime
    path = folder / f"{name}.onnx"
    names = [f"x{f}" for f in features]
    command = [weir, "train", HERE / "linear" / "table.csv", "--model", kind, "--features", ",".join(names), "--out", path,
               "--test-size", "0.2", *options]
    if target:
        command += ["--target", target]
    if target in ["two", "three"]:
        command += ["--classify"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    said = session.run(None, {"X": X[:, features].astype(np.float32)})
    columns = np.column_stack([np.asarray(one).reshape(len(X), -1) for one in said])
    lines = [",".join([*names, *(f"={c}" for c in range(columns.shape[1]))])]
    lines += [",".join(format(value, ".9g") for value in [*X[r, features], *columns[r]]) for r in range(len(X))]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


def learn_all(weir, folder):
    learn(weir, folder, "svr", "svr", [0, 1, 2], "y")
    learn(weir, folder, "svr_linear", "svr", [1, 2], "y", "--kernel", "linear")
    learn(weir, folder, "kernel_ridge", "kernel_ridge", [0, 1, 2], "y", "--kernel", "rbf", "--gamma", "0.01")
    learn(weir, folder, "svc_two_classes", "svc", [0, 1, 2], "two")
    learn(weir, folder, "svc_three_classes", "svc", [0, 1, 2], "three", "--C", "10")
    learn(weir, folder, "svc_linear", "svc", [1, 2], "three", "--kernel", "linear")
    learn(weir, folder, "linear_svc_two_classes", "linear_svc", [1, 2], "two")
    learn(weir, folder, "linear_svc_three_classes", "linear_svc", [1, 2], "three")
    learn(weir, folder, "one_class_svm", "one_class_svm", [0, 1, 2], None, "--nu", "0.1")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--weir")
    arguments.add_argument("folder", nargs="?", type=pathlib.Path, default=HERE / "kernel")
    given = arguments.parse_args()
    warnings.filterwarnings("ignore")
    given.folder.mkdir(parents=True, exist_ok=True)
    add_all()
    (given.folder / "decisions.csv").write_text("\n".join(",".join(line) for line in LINES) + "\n")
    if given.weir:
        learn_all(given.weir, given.folder)


if __name__ == "__main__":
    main()
