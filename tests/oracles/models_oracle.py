#!/usr/bin/env python3
"""Makes tests/data/models: small models and what scikit-learn predicts with them, and a data set to learn from.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn skl2onnx onnxruntime
    VENV/bin/python tests/oracles/models_oracle.py [tests/data/models]

NAME.onnx is a model of skl2onnx. A row of NAME.csv is the features, the prediction (a classifier's label) and, of a
classifier, the probability of the second class of two, else of the label. Thresholds lie between float32 values, so
features are float32 and predictions do not depend on rounding. training.csv ends with the target; training_r2.txt is
scikit-learn's R2 over five-fold cross-validation (folds: row modulo 5).
"""
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from skl2onnx import to_onnx
from sklearn.ensemble import (GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier,
                              RandomForestRegressor)
from sklearn.metrics import r2_score

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "models")


def features(rows, seed):
    random = np.random.default_rng(seed)
    return np.column_stack([random.normal(50, 20, rows), random.integers(0, 12, rows), random.exponential(3, rows),
                            random.integers(0, 2, rows)]).astype(np.float32)


def target(x, seed):
    noise = np.random.default_rng(seed).normal(0, 1, len(x))
    return np.sqrt(np.abs(x[:, 0])) * (1 + x[:, 3]) + np.sin(x[:, 1]) * 3 + x[:, 2] + noise


def text(value):
    return value if isinstance(value, str) else format(float(value), ".9g")


def write(name, model, x, zipmap=True):
    options = {"zipmap": zipmap} if hasattr(model, "classes_") else None
    (OUT / f"{name}.onnx").write_bytes(to_onnx(model, x[:1], options=options and {id(model): options}).SerializeToString())
    columns = [model.predict(x)]
    if hasattr(model, "classes_"):
        p = model.predict_proba(x)
        columns.append(p[:, 1] if p.shape[1] == 2 else p.max(axis=1))
    check_with_onnxruntime(name, x, columns[0])
    rows = [",".join(text(v) for v in [*row, *(c[i] for c in columns)]) for i, row in enumerate(x)]
    (OUT / f"{name}.csv").write_text("\n".join(rows) + "\n")


def check_with_onnxruntime(name, x, expected):
    session = onnxruntime.InferenceSession(str(OUT / f"{name}.onnx"))
    given = session.run(None, {session.get_inputs()[0].name: x})[0].reshape(-1)
    same = given == expected if given.dtype.kind in "OUi" else np.isclose(given, expected, rtol=1e-4, atol=1e-4)
    print(f"{name}: {np.mean(same):.4f} of ONNX Runtime's predictions agree")


def write_missing(name, like, x):
    """The model `like` with every third node sending what is missing to the left; here ONNX Runtime predicts."""
    model = onnx.load(OUT / f"{like}.onnx")
    tracks = next(a for a in model.graph.node[0].attribute if a.name == "nodes_missing_value_tracks_true")
    for i in range(0, len(tracks.ints), 3):
        tracks.ints[i] = 1
    onnx.save(model, OUT / f"{name}.onnx")
    x = x.copy()
    x[::3, 0] = x[::2, 2] = np.nan
    session = onnxruntime.InferenceSession(str(OUT / f"{name}.onnx"))
    given = session.run(None, {"X": x})[0].reshape(-1)
    rows = [",".join(text(v) for v in [*row, given[i]]) for i, row in enumerate(x)]
    (OUT / f"{name}.csv").write_text("\n".join(rows) + "\n")


def write_named_codes(like):
    """The model `like`, which says how its features are called, and which codes of one it learned."""
    model = onnx.load(OUT / f"{like}.onnx")
    for key, value in (("feature_names", '["Amount","Age","Gender","Flag"]'), ("encoders", '{"Gender":["F","M","X"]}')):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.save(model, OUT / "named_codes.onnx")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    x, test = features(600, 1), features(150, 2)
    y = target(x, 3)
    write("regressor", RandomForestRegressor(10, max_depth=7, random_state=1).fit(x, y), test)
    write_named_codes("regressor")
    write("deep_regressor", RandomForestRegressor(3, random_state=1).fit(x, y), test)
    write("boosted_regressor", GradientBoostingRegressor(n_estimators=15, random_state=1).fit(x, y), test)
    binary = (y > np.median(y)).astype(int) * 3 + 4
    write("binary", RandomForestClassifier(10, max_depth=5, random_state=1).fit(x, binary), test)
    write("boosted_binary", GradientBoostingClassifier(n_estimators=10, random_state=1).fit(x, binary), test)
    three = np.array(["low", "middle", "high"])[np.digitize(y, np.quantile(y, [0.4, 0.7]))]
    write("multiclass", RandomForestClassifier(10, max_depth=5, random_state=1).fit(x, three), test)
    write("boosted_multiclass", GradientBoostingClassifier(n_estimators=5, random_state=1).fit(x, three), test, zipmap=False)
    write_missing("missing", "deep_regressor", test)

    x = features(2000, 4)
    y = target(x, 5)
    (OUT / "training.csv").write_text("\n".join(",".join(text(v) for v in [*r, t]) for r, t in zip(x, y)) + "\n")
    fold = np.arange(len(x)) % 5
    scores = []
    for k in range(5):
        model = RandomForestRegressor(50, max_depth=10, random_state=1).fit(x[fold != k], y[fold != k])
        scores.append(r2_score(y[fold == k], model.predict(x[fold == k])))
    (OUT / "training_r2.txt").write_text(f"{np.mean(scores):.5f}\n")


if __name__ == "__main__":
    main()
