#!/usr/bin/env python3
"""Makes tests/data/onnx/base_value_*: boosted trees for two classes, one of them rare, so that the base value of their log-odds
is far from 0, as skl2onnx and onnxmltools write them and, with the program, as `weir train` does. What is expected is what ONNX
Runtime says; of the libraries' models it is compared with what they say themselves. With the program it also says whether ONNX
Runtime gives both classes the probabilities that Weir does, by files of `weir train --classify`.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn skl2onnx onnxruntime onnxmltools xgboost 'protobuf<5'
    VENV/bin/python tests/oracles/two_classes_oracle.py [build/release/weir]

The files are as those of onnx_oracle.py.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from xgboost import XGBClassifier

OUT = pathlib.Path(__file__).parents[1] / "data" / "onnx"
FEATURES = ["x0", "x1", "x2"]
KINDS = ("gradient_boosting", "random_forest", "extra_trees")


def table(count=500):
    random = np.random.default_rng(4)
    x = random.normal(size=(count, 3)).round(2).astype(np.float32)
    return x, (x[:, 0] - x[:, 1] / 2 + 0.3 * random.normal(size=count) > 1.2).astype(int)


def runtime_says(path, x):
    """Labels and, for each class, its probability."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = [one.name for one in session.get_inputs()]
    inputs = {given[0]: x} if len(given) == 1 and x.shape[1] > 1 else {name: x[:, [i]] for i, name in enumerate(given)}
    labels, shares = session.run(None, inputs)
    if isinstance(shares, list):  # maps of ZipMap
        shares = np.array([[one[0], one[1]] for one in shares])
    return labels, shares


def store(name, x):
    labels, shares = runtime_says(OUT / f"{name}.onnx", x)
    lines = ["# 1e-05", ",".join([*FEATURES, "=prediction", "=0", "=1"])]
    for row, label, both in zip(x, labels, shares):
        lines.append(",".join([*(format(v, "g") for v in row), str(label), *(format(float(p), ".9g") for p in both)]))
    (OUT / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return shares


def write_files_of_libraries(x, y):
    for name, model in (("base_value_scikit_learn", GradientBoostingClassifier(n_estimators=4, max_depth=2, random_state=1)),
                        ("base_value_histograms", HistGradientBoostingClassifier(max_iter=4, max_leaf_nodes=5)),
                        ("base_value_xgboost", XGBClassifier(n_estimators=4, max_depth=2))):
        model.fit(x, y)
        made = convert_xgboost(model, initial_types=[("X", FloatTensorType([None, 3]))]) if "xgboost" in name else \
            to_onnx(model, x[:1], options={id(model): {"zipmap": False}})
        (OUT / f"{name}.onnx").write_bytes(made.SerializeToString())
        apart = np.max(np.abs(store(name, x[:40]) - model.predict_proba(x[:40])))
        print(f"{name}: ONNX Runtime and the library are {apart:.1e} apart")
        assert apart < 1e-6


def train(weir, folder, name, x, y, kind, options=()):
    """Returns what Weir and what ONNX Runtime say."""
    with open(folder / "in.csv", "w", newline="") as file:
        csv.writer(file).writerows([[*FEATURES, "y"], *([*(format(v, "g") for v in row), label] for row, label in zip(x, y))])
    subprocess.run([weir, "train", "in.csv", "--target", "y", "--features", ",".join(FEATURES), "--model", kind, "--classify",
                    *options, "--out", name], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([weir, "score", name, "in.csv", "--out", "out.csv"], cwd=folder, check=True)
    rows = list(csv.DictReader(open(folder / "out.csv")))
    ours = np.array([[row["prediction"], row["probability_0"], row["probability_1"]] for row in rows], dtype=float)
    labels, shares = runtime_says(folder / name, x)
    return ours, np.column_stack([labels, shares])


def compare(weir, x, y):
    folder, wrong = pathlib.Path(tempfile.mkdtemp()), 0
    same = np.ones_like(x)
    for kind in KINDS:
        # rare and frequent classes, one tree, and features that say nothing
        for rows, labels, options in ((x, y, []), (x, 1 - y, []), (x, y, ["--max-iter", "1"]), (same, y, []), (same, 1 - y, [])):
            if options and kind != "gradient_boosting":
                continue
            ours, theirs = train(weir, folder, "m.onnx", rows, labels, kind, options)
            apart = np.max(np.abs(ours - theirs))
            if not (len(ours) == len(rows) and apart < 1e-5):
                wrong += 1
                print(f"{kind} {options} {np.mean(labels)} {np.ptp(rows)}: {apart}")
    small = ["--max-iter", "4", "--max-leaf-nodes", "4"]
    train(weir, folder, "m.onnx", x, y, "gradient_boosting", small)
    (OUT / "base_value_weir.onnx").write_bytes((folder / "m.onnx").read_bytes())
    store("base_value_weir", x[:40])
    print("ONNX Runtime predicts the same" if wrong == 0 else f"{wrong} files differ")
    return wrong


def main():
    x, y = table()
    write_files_of_libraries(x, y)
    if len(sys.argv) > 1:
        sys.exit(compare(str(pathlib.Path(sys.argv[1]).resolve()), x, y))


if __name__ == "__main__":
    main()
