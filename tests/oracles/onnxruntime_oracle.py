#!/usr/bin/env python3
"""Compares `weir score --backend onnxruntime` with ONNX Runtime itself: on the models of tests/data/onnx, without their
ZipMap, on models that Weir cannot compute itself, and on inputs and outputs of each type. Writes nothing that stays.

    python3 -m venv VENV && VENV/bin/pip install onnxruntime scikit-learn skl2onnx pandas
    VENV/bin/python tests/oracles/onnxruntime_oracle.py build/release/weir
"""
import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import pandas
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

WEIR = sys.argv[1]
DATA = pathlib.Path(__file__).parents[1] / "data" / "onnx"
LIBRARY = next((pathlib.Path(onnxruntime.__file__).parent / "capi").glob("libonnxruntime.so*"))
TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
         "tensor(bool)": bool, "tensor(string)": object}
BLOCK = 1024  # rows of a block of weir
onnxruntime.set_default_logger_severity(4)  # what it refuses is counted
random = np.random.default_rng(3)


def without_zip_map(model):
    """ZipMap makes maps of probabilities, which are no tensor."""
    for node in [n for n in model.graph.node if n.op_type == "ZipMap"]:
        for output in model.graph.output:
            if output.name == node.output[0]:
                output.CopyFrom(helper.make_tensor_value_info(node.input[0], TensorProto.FLOAT, [None, None]))
        model.graph.node.remove(node)
    return model


def run(session, rows):
    """All outputs of each row in a line; None of rows that are not computed."""
    at, inputs = 0, {}
    for given in session.get_inputs():
        width = given.shape[1] if len(given.shape) > 1 else 1
        kind = TYPES[given.type]
        values = [v if kind is object else kind(float(v)) if kind is not bool else v == "1"
                  for row in rows for v in row[at:at + width]]
        at += width
        inputs[given.name] = np.array(values, dtype=kind).reshape([len(rows), width][:len(given.shape)])
    try:
        outputs = session.run(None, inputs)
    except Exception:  # an unknown category, say
        return None
    if any(len(output) != len(rows) for output in outputs):
        return None
    return [[v for output in outputs for v in np.ravel(output[i])] for i in range(len(rows))]


def expected(session, rows):
    """What ONNX Runtime makes of rows of texts, in blocks as weir has them; and whether it failed with one. Then it
    makes each row by itself, of which its last bits may differ."""
    made, has_failed = [], False
    size = 1 if session.get_inputs()[0].shape[0] == 1 else BLOCK
    for begin in range(0, len(rows), size):
        block = rows[begin:begin + size]
        outputs = run(session, block)
        has_failed = has_failed or outputs is None
        made += outputs or [(run(session, [row]) or [None])[0] for row in block]
    return made, has_failed


def scored(path, rows, features, may_fail=False):
    """What weir makes of them, or why not."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [f"c{i}" for i in range(features)]
    writer.writerow(names)
    writer.writerows(rows)
    done = subprocess.run([WEIR, "score", path, "-", "--out", "-", "--backend", "onnxruntime", "--inputs", ",".join(names)],
                          input=text.getvalue(), capture_output=True, text=True, check=False,
                          env={**os.environ, "ONNXRUNTIME_LIBRARY": str(LIBRARY)})
    if done.returncode != 0 and may_fail:
        return done.stderr
    if done.returncode != 0:
        raise SystemExit(f"{path}: {done.stderr}")
    return [row[features:] for row in csv.reader(io.StringIO(done.stdout))][1:]


def is_same(theirs, ours, tolerance):
    if theirs is None or any(isinstance(v, np.floating) and not np.isfinite(v) for v in theirs):
        return set(ours) == {""}
    if all(v == "" for v in ours):
        return all(str(v) == "" for v in theirs)
    for a in ours:  # weir gives the prediction and the probabilities, in any order of outputs
        if not any(str(b) == a if isinstance(b, str) else a in ("true", "false") and (a == "true") == bool(b)
                   if isinstance(b, (bool, np.bool_)) else a not in ("true", "false") and is_number(a)
                   and is_near(a, b, tolerance) for b in theirs):
            return False
    return True


def is_near(text, number, tolerance):
    if isinstance(number, np.integer):
        return int(number) == int(text) if text.lstrip("-").isdigit() else False
    return type(number)(float(text)) == number or bool(np.isclose(float(text), number, rtol=tolerance, atol=tolerance))


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def compare(name, model, rows, fewest=1):
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / f"{name}.onnx")
        onnx.save(model, path)
        try:
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except Exception as refusal:
            said = scored(path, rows, len(rows[0]), may_fail=True)
            assert isinstance(said, str) and "ONNX Runtime: " in said, (name, said)
            print(f"{name}: refused by both: {str(refusal)[:60]}")
            return
        theirs, has_failed = expected(session, rows)
        if not any(theirs):
            said = scored(path, rows, len(rows[0]), may_fail=True)
            assert isinstance(said, str) and "for each row" in said, (name, said)
            print(f"{name}: refused, its rows do not come out one by one")
            return
        ours = scored(path, rows, len(rows[0]))
    assert len(ours) == len(rows) and min(map(len, ours)) >= fewest, (name, ours[0])
    wrong = [i for i, (a, b) in enumerate(zip(theirs, ours)) if not is_same(a, b, 1e-6 if has_failed else 0)]
    if wrong:
        raise SystemExit(f"{name}: row {wrong[0]} {rows[wrong[0]]}: {theirs[wrong[0]]}, weir {ours[wrong[0]]}")
    refused = sum(row is None for row in theirs)
    print(f"{name}: {len(rows)} rows" + (f", {refused} refused" if refused else ""))


def all_files():
    left_out = []
    for path in sorted(DATA.glob("*.onnx")):
        table = path.with_suffix(".csv")
        model = without_zip_map(onnx.load(path))
        with_shape = all(i.type.tensor_type.shape.dim[-1].dim_value > 0 or len(i.type.tensor_type.shape.dim) == 1
                         for i in model.graph.input)
        if not table.exists() or not with_shape:
            left_out.append(path.stem)
            continue
        lines = list(csv.reader(line for line in table.read_text().splitlines() if not line.startswith("#")))
        features = sum(not name.startswith("=") for name in lines[0])
        compare(path.stem, model, [[v or "nan" for v in row[:features]] for row in lines[1:]])
    print("left out:", ", ".join(left_out))


def others():
    x = random.normal(size=(80, 4)).astype(np.float32)
    y = x[:, 0] * 2 - x[:, 1]
    rows = [[repr(float(v)) for v in row] for row in random.normal(size=(1500, 4)).astype(np.float32)]
    plain = {"zipmap": False}
    compare("neighbors_regressor", to_onnx(KNeighborsRegressor().fit(x, y), x[:1]), rows)
    compare("gaussian_process", to_onnx(GaussianProcessRegressor().fit(x, y), x[:1]), rows)
    for kind, classes in [("numbers", np.digitize(y, [-1, 1])), ("texts", np.array(["a", "bb", "ccc"])[np.digitize(y, [-1, 1])])]:
        model = KNeighborsClassifier().fit(x, classes)
        compare(f"neighbors_of_{kind}", to_onnx(model, x[:1], options={id(model): plain}), rows, fewest=4)
    texts = np.array([["red"], ["green"], ["blue"], ["grün"]] * 20)
    for encoder in (OrdinalEncoder(), OneHotEncoder()):
        columns = ColumnTransformer([("e", encoder, [0]), ("n", "passthrough", [1, 2])])
        table = np.concatenate([texts.astype(object), x[:, :2].astype(object)], axis=1)
        frame = pandas.DataFrame(table, columns=["c", "a", "b"])
        model = make_pipeline(columns, KNeighborsRegressor()).fit(frame, y)
        inputs = [("c", StringTensorType([None, 1])), ("a", FloatTensorType([None, 1])), ("b", FloatTensorType([None, 1]))]
        mixed = [[["red", "grün", "none", ""][i % 4]] + row[:2] for i, row in enumerate(rows[:200])]
        compare(f"neighbors_behind_{type(encoder).__name__}", to_onnx(model, initial_types=inputs), mixed)


def types():
    for name, kind, values in [("int64", TensorProto.INT64, ["0", "-3", "4611686018427387904"]),
                               ("int32", TensorProto.INT32, ["0", "-3", "2147483647"]),
                               ("double", TensorProto.DOUBLE, ["0.1", "1e300", "-3"]),
                               ("bool", TensorProto.BOOL, ["0", "1", "1"]),
                               ("string", TensorProto.STRING, ["", "a,\"b", "grün"])]:
        for shape in ([None], [None, 1], [1, 1]):
            graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g",
                                      [helper.make_tensor_value_info("x", kind, shape)],
                                      [helper.make_tensor_value_info("y", kind, shape)])
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
            compare(f"{name}_{len(shape)}_{shape[0] or 'rows'}", model, [[v] for v in values])


all_files()
others()
types()
