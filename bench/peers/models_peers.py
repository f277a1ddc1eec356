"""The tasks of bench/models_bench.cpp by scikit-learn, LightGBM, XGBoost, ONNX Runtime and river. One line of JSON a task.

    models_peers.py ROWS FILE   (rows that models_bench wrote)
"""
import json
import sys
import time
import warnings

import lightgbm
import numpy as np
import onnxruntime
import xgboost
from river import forest as online_forest, linear_model, preprocessing, tree
from skl2onnx import to_onnx
from sklearn.ensemble import IsolationForest, RandomForestRegressor

warnings.filterwarnings("ignore")
rows = int(sys.argv[1])
table = np.fromfile(sys.argv[2]).reshape(rows, -1)
x, y = table[:, :-1].astype(np.float32), table[:, -1]


def say(task, peer, value, unit):
    print(json.dumps({"task": task, "peer": peer, "value": value, "unit": unit}), flush=True)


def seconds(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def ns_a_row(predict, block):
    few = x[:20_000]
    predict(few[:block])
    took, _ = seconds(lambda: [predict(few[i:i + block]) for i in range(0, len(few), block)])
    return took / len(few) * 1e9


took, _ = seconds(lambda: RandomForestRegressor(100, max_depth=10, n_jobs=2, random_state=1).fit(x, y))
say("train a forest of 100 x depth 10, two threads", "scikit-learn", took, "s")
forest = RandomForestRegressor(100, max_depth=10, n_jobs=2, random_state=1).fit(x[:20_000], y[:20_000])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(to_onnx(forest, x[:1]).SerializeToString(), options, providers=["CPUExecutionProvider"])
for block in (1, 64, 1000):
    say(f"score that forest, blocks of {block}", "ONNX Runtime", ns_a_row(lambda part: session.run(None, {"X": part}), block), "ns/row")
took, _ = seconds(lambda: lightgbm.LGBMRegressor(n_estimators=100, num_leaves=31, n_jobs=1, verbose=-1).fit(x, y))
say("train boosting of 100 x 31 leaves, one thread", "LightGBM", took, "s")
light = lightgbm.LGBMRegressor(n_estimators=500, max_depth=6, num_leaves=64, n_jobs=1, verbose=-1).fit(x[:50_000], y[:50_000])
say("score boosting of 500 x depth 6, blocks of 1000", "LightGBM",
    ns_a_row(lambda part: light.booster_.predict(part, num_threads=1), 1000), "ns/row")
strong = xgboost.XGBRegressor(n_estimators=500, max_depth=6, n_jobs=1).fit(x[:50_000], y[:50_000])
say("score boosting of 500 x depth 6, blocks of 1000", "XGBoost", ns_a_row(strong.predict, 1000), "ns/row")
few = x[:49_097]
took, _ = seconds(lambda: IsolationForest(n_estimators=100, random_state=1).fit(few).score_samples(few))
say("fit an isolation forest of 100 x 256 and score 49,097 rows", "scikit-learn", took, "s")

stream = [dict(enumerate(row)) for row in table[:20_000, :-1].tolist()]
truths = y[:20_000].tolist()


def learn_on(task, model, truth):
    def work():
        for one, true in zip(stream, truth):
            model.predict_one(one)
            model.learn_one(one, true)
    took, _ = seconds(work)
    say(f"predict and learn on, {task}", "river", took / len(stream) * 1e9, "ns/row")


learn_on("sgd_regressor", preprocessing.StandardScaler() | linear_model.LinearRegression(), truths)
learn_on("sgd_classifier", preprocessing.StandardScaler() | linear_model.LogisticRegression(), [true > 1 for true in truths])
learn_on("hoeffding_tree_classifier", tree.HoeffdingTreeClassifier(), [true > 1 for true in truths])
learn_on("hoeffding_tree_regressor", preprocessing.StandardScaler() | tree.HoeffdingTreeRegressor(), truths)
learn_on("adaptive_random_forest_classifier", online_forest.ARFClassifier(seed=1), [true > 1 for true in truths])
learn_on("adaptive_random_forest_regressor", preprocessing.StandardScaler() | online_forest.ARFRegressor(seed=1), truths)
