#!/usr/bin/env python3
"""Makes tests/data/explain: models of trees whose nodes know how many rows went through them, and what
shap.TreeExplainer(..., feature_perturbation="tree_path_dependent") says of some rows.

    python3 tests/oracles/explain_oracle.py      # needs scikit-learn, skl2onnx, shap, lightgbm, onnxmltools, onnx
"""
import pathlib

import numpy as np
import onnx
import shap
from lightgbm import LGBMRegressor
from onnx import helper
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from skl2onnx import to_onnx

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data" / "explain"
NAMES = ["a", "b", "c", "d", "e"]


def rows_of(seed, count):
    dice = np.random.default_rng(seed)
    return dice.normal(size=(count, len(NAMES))).astype(np.float32)


def target_of(x):
    return 3 * x[:, 0] + x[:, 1] * x[:, 2] - 2 * (x[:, 3] > 0.5)


def with_covers(file, covers):
    """The file with `covers`, one for each node of each tree, in place of what the exporter wrote."""
    (trees,) = [node for node in file.graph.node if node.op_type.startswith("TreeEnsemble")]
    count = len(next(a for a in trees.attribute if a.name == "nodes_nodeids").ints)
    assert len(covers) == count, (len(covers), count)
    kept = [a for a in trees.attribute if a.name != "nodes_hitrates"]
    del trees.attribute[:]
    trees.attribute.extend(kept + [helper.make_attribute("nodes_hitrates", [float(c) for c in covers])])
    return file


def write(name, file, x, values, expected):
    """A line for each row: its features, the SHAP value of each, what is expected."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    onnx.save(file, FOLDER / f"{name}.onnx")
    with (FOLDER / f"{name}.csv").open("w") as out:
        for features, shares, base in zip(x, values, np.broadcast_to(expected, len(x))):
            print(",".join(repr(float(number)) for number in [*features, *shares, base]), file=out)


def scikit_learn(name, model, y_of):
    x = rows_of(1, 300)
    model.fit(x, y_of(x))
    estimators = [tree[0] if isinstance(tree, np.ndarray) else tree for tree in model.estimators_]
    covers = np.concatenate([tree.tree_.weighted_n_node_samples for tree in estimators])
    file = with_covers(to_onnx(model, x[:1], options={"zipmap": False} if hasattr(model, "classes_") else None), covers)
    seen = rows_of(2, 40)
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = np.asarray(explainer.shap_values(seen, check_additivity=False))
    expected = np.asarray(explainer.expected_value)
    if values.ndim == 3:  # of classes: the second of two, else the one that is chosen
        which = np.ones(len(seen), int) if values.shape[2] == 2 else model.predict_proba(seen).argmax(axis=1)
        values = values[np.arange(len(seen)), :, which]
        expected = expected[which]
    write(name, file, seen, values, expected.ravel() if expected.size > 1 else float(expected.ravel()[0]))


def light_gbm(name):
    x = rows_of(3, 400)
    x[::7, 1] = np.nan
    model = LGBMRegressor(n_estimators=15, num_leaves=12, min_child_samples=5, verbose=-1).fit(x, target_of(np.nan_to_num(x)))
    file = convert_lightgbm(model, initial_types=[("X", FloatTensorType([None, len(NAMES)]))], zipmap=False)
    # The exporter numbers nodes in its own order: the values of leaves and the thresholds say which is which.
    (trees,) = [node for node in file.graph.node if node.op_type.startswith("TreeEnsemble")]
    of = {a.name: helper.get_attribute_value(a) for a in trees.attribute}
    dumps = model.booster_.dump_model()["tree_info"]
    covers = np.zeros(len(of["nodes_nodeids"]))
    at = {(t, n): i for i, (t, n) in enumerate(zip(of["nodes_treeids"], of["nodes_nodeids"]))}

    def walk(tree, number, node):
        index = at[(tree, number)]
        covers[index] = node["internal_count"] if "split_index" in node else node.get("leaf_count", len(x))
        if "split_index" in node:
            assert of["nodes_featureids"][index] == node["split_feature"], "another order of nodes"
            walk(tree, of["nodes_truenodeids"][index], node["left_child"])
            walk(tree, of["nodes_falsenodeids"][index], node["right_child"])

    for tree, dump in enumerate(dumps):
        walk(tree, 0, dump["tree_structure"])
    seen = rows_of(4, 40)
    seen[::5, 1] = np.nan
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    write(name, with_covers(file, covers), seen, explainer.shap_values(seen), float(np.ravel(explainer.expected_value)[0]))


if __name__ == "__main__":
    shape = dict(n_estimators=12, max_depth=6, random_state=0)
    scikit_learn("forest", RandomForestRegressor(**shape), target_of)
    scikit_learn("extra_trees", ExtraTreesRegressor(**shape), target_of)
    scikit_learn("boosting", GradientBoostingRegressor(n_estimators=20, max_depth=3, random_state=0), target_of)
    scikit_learn("two_classes", RandomForestClassifier(**shape), lambda x: (target_of(x) > 0).astype(int))
    scikit_learn("three_classes", RandomForestClassifier(**shape), lambda x: np.digitize(target_of(x), [-2, 2]))
    light_gbm("light_gbm")
