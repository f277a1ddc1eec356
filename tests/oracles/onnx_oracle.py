#!/usr/bin/env python3
"""Makes tests/data/onnx: models of scikit-learn, LightGBM and XGBoost as skl2onnx and onnxmltools write them, and what
they themselves predict; and small graphs of single operators, with what ONNX Runtime makes of them.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn skl2onnx onnxruntime onnxmltools lightgbm xgboost pandas
    VENV/bin/python tests/oracles/onnx_oracle.py [tests/data/onnx]

A file NAME.csv has a header: the features, and behind them `=prediction` (or `=prediction0`, ... of several targets) and,
of a classifier, a column `=LABEL` with the probability of each class. Its first line says how near a prediction has to
be: `# 1e-05`. Rows stand on thresholds too: values are those of the training, which trees split by and scalers learn.
"""
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import pandas as pd
from onnx import helper, numpy_helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloat
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor, ExtraTreesClassifier,
                              ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor,
                              RandomForestClassifier, RandomForestRegressor, StackingClassifier, StackingRegressor,
                              VotingRegressor)
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (ElasticNet, Lasso, LinearRegression, LogisticRegression, Perceptron, PoissonRegressor,
                                  Ridge, RidgeClassifier, SGDClassifier, SGDRegressor)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import MultiOutputRegressor
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder,
                                   PolynomialFeatures, RobustScaler, StandardScaler)
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
import lightgbm
import xgboost

warnings.filterwarnings("ignore")
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "onnx")
ROWS = 48
random = np.random.default_rng(7)
X = np.column_stack([random.normal(50, 20, 400), random.integers(0, 12, 400), random.exponential(3, 400),
                     random.integers(0, 2, 400), random.normal(0, 1, 400)]).astype(np.float32)
Y = np.sqrt(np.abs(X[:, 0])) * (1 + X[:, 3]) + np.sin(X[:, 1]) * 3 + X[:, 2] + random.normal(0, .5, 400)
TWO = (Y > np.median(Y)).astype(int)
THREE = np.digitize(Y, np.quantile(Y, [.4, .7])) * 10 - 5
NAMED = np.array(["low", "middle", "high"])[np.digitize(Y, np.quantile(Y, [.4, .7]))]
TARGETS = np.column_stack([Y, X[:, 2] - X[:, 1], Y * X[:, 3]])
COLOURS = np.array(["red", "green", "blue", "ochre"])[random.integers(0, 4, 400)]
MADE = []


def text(value):
    if isinstance(value, (str, np.str_)):
        return str(value)
    if isinstance(value, (int, np.integer, np.bool_)):
        return str(int(value))
    return format(float(value), ".17g") if not np.isnan(value) else "nan"


def store(name, model, table, prediction, shares=None, labels=None, tolerance=1e-5):
    """@param table the features, column by column: names and values"""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.onnx").write_bytes(model.SerializeToString())
    prediction = np.asarray(prediction)
    columns = {f"={'prediction' if prediction.ndim == 1 else f'prediction{k}'}": prediction if prediction.ndim == 1 else prediction[:, k]
               for k in range(1 if prediction.ndim == 1 else prediction.shape[1])}
    if shares is not None:
        columns |= {f"={label}": shares[:, k] for k, label in enumerate(labels)}
    everything = {**table, **columns}
    lines = [f"# {tolerance:g}", ",".join(everything)]
    lines += [",".join(text(values[i]) for values in everything.values()) for i in range(ROWS)]
    (OUT / f"{name}.csv").write_text("\n".join(lines) + "\n")
    MADE.append(name)
    return everything


def check_with_onnxruntime(name, inputs, prediction, tolerance):
    try:
        session = onnxruntime.InferenceSession(OUT / f"{name}.onnx", providers=["CPUExecutionProvider"])
        given = np.asarray(session.run(None, inputs)[0]).reshape(len(prediction), -1)
    except Exception as problem:  # it refuses some of what skl2onnx writes
        return print(f"  {name}: ONNX Runtime says {str(problem)[:120]}")
    prediction = np.asarray(prediction).reshape(len(prediction), -1)
    if given.dtype.kind in "OU":
        same = given == prediction
    else:
        same = np.isclose(given.astype(float), prediction.astype(float), rtol=tolerance * 10, atol=tolerance * 10)
    if not same.all():
        print(f"  {name}: ONNX Runtime agrees with {np.mean(same):.3f} of the predictions")


def numbers(name, model, target, x=X, kind=np.float32, tolerance=None, options=None, opset=None):
    """A model over one matrix."""
    x = x.astype(kind)
    model.fit(x, target)
    options = {id(model): options} if options else None
    try:
        made = to_onnx(model, x[:1], options=options, target_opset=opset)
    except Exception as problem:
        return print(f"  {name}: skl2onnx says {str(problem)[:120]}")
    tolerance = tolerance or (1e-5 if kind == np.float32 else 1e-9)
    few = x[:ROWS]
    is_classifier = hasattr(model, "classes_") and not hasattr(model, "transform_only")
    shares = labels = None
    if is_classifier and hasattr(model, "predict_proba"):
        shares, labels = model.predict_proba(few), model.classes_
    prediction = model.predict(few)
    if prediction.ndim == 2 and prediction.shape[1] == 1:
        prediction = prediction[:, 0]
    store(name, made, {f"x{f}": few[:, f] for f in range(x.shape[1])}, prediction, shares, labels, tolerance)
    check_with_onnxruntime(name, {made.graph.input[0].name: few}, prediction, tolerance)


def mixed(name, model, frame, target, types):
    """A model over named columns."""
    model.fit(frame, target)
    made = to_onnx(model, initial_types=[(column, kind([None, 1])) for column, kind in types.items()])
    few = frame[:ROWS]
    shares = labels = None
    if hasattr(model, "classes_"):
        shares, labels = model.predict_proba(few), model.classes_
    prediction = model.predict(few)
    store(name, made, {c: few[c].to_numpy() for c in frame}, prediction, shares, labels)
    of = {StringTensorType: str, FloatTensorType: np.float32, Int64TensorType: np.int64, DoubleTensorType: float}
    check_with_onnxruntime(name, {c: few[[c]].to_numpy().astype(object if of[types[c]] is str else of[types[c]]) for c in frame},
                           prediction, 1e-5)


def trees():
    numbers("forest_regressor", RandomForestRegressor(8, max_depth=6, random_state=1), Y)
    numbers("forest_several_targets", RandomForestRegressor(5, max_depth=5, random_state=1), TARGETS)
    numbers("forest_double", RandomForestRegressor(5, max_depth=6, random_state=1), Y, kind=np.float64, tolerance=1e-6)
    numbers("forest_two_classes", RandomForestClassifier(8, max_depth=5, random_state=1), TWO)
    numbers("forest_named_classes", RandomForestClassifier(8, max_depth=5, random_state=1), NAMED)
    numbers("forest_no_zipmap", RandomForestClassifier(4, max_depth=4, random_state=1), THREE, options={"zipmap": False})
    numbers("forest_columns_of_classes", RandomForestClassifier(4, max_depth=4, random_state=1), THREE,
            options={"zipmap": "columns"})
    many = (X[:, 0] * 2).astype(int) % 200
    numbers("forest_many_classes", RandomForestClassifier(2, max_depth=9, random_state=1), many)
    numbers("extra_trees_regressor", ExtraTreesRegressor(5, max_depth=6, random_state=1), Y)
    numbers("extra_trees_classifier", ExtraTreesClassifier(5, max_depth=6, random_state=1), THREE)
    numbers("deep_tree", DecisionTreeRegressor(random_state=1), Y)
    numbers("stump", DecisionTreeClassifier(max_depth=1, random_state=1), TWO)
    numbers("one_feature", DecisionTreeRegressor(max_depth=5, random_state=1), Y, x=X[:, :1])
    wide = np.random.default_rng(3).normal(size=(400, 500)).astype(np.float32)
    numbers("wide", RandomForestRegressor(2, max_depth=4, random_state=1), wide[:, 0] + wide[:, 333], x=wide)
    numbers("boosted_regressor", GradientBoostingRegressor(n_estimators=12, random_state=1), Y)
    numbers("boosted_two_classes", GradientBoostingClassifier(n_estimators=10, random_state=1), TWO)
    numbers("boosted_named_classes", GradientBoostingClassifier(n_estimators=6, random_state=1), NAMED)
    numbers("boosted_several_targets", MultiOutputRegressor(GradientBoostingRegressor(n_estimators=4, random_state=1)), TARGETS)
    numbers("ada_boost", AdaBoostClassifier(n_estimators=5, random_state=1), THREE)
    numbers("ada_boost_regressor", AdaBoostRegressor(n_estimators=5, random_state=1), Y)
    numbers("bagging_regressor", BaggingRegressor(n_estimators=3, random_state=1, max_samples=.3), Y)
    numbers("bagging_classifier", BaggingClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=4, random_state=1), NAMED)


def linear():
    numbers("linear_regression", LinearRegression(), Y)
    numbers("linear_double", LinearRegression(), Y, kind=np.float64)
    numbers("linear_several_targets", LinearRegression(), TARGETS)
    numbers("ridge", Ridge(alpha=2.), Y)
    numbers("lasso", Lasso(alpha=.1), Y)
    numbers("elastic_net", ElasticNet(alpha=.1), Y)
    numbers("poisson", make_pipeline(StandardScaler(), PoissonRegressor()), np.abs(Y))
    numbers("sgd_regressor", make_pipeline(StandardScaler(), SGDRegressor(random_state=1)), Y)
    numbers("logistic_two_classes", make_pipeline(StandardScaler(), LogisticRegression()), TWO)
    numbers("logistic_named_classes", make_pipeline(StandardScaler(), LogisticRegression()), NAMED)
    numbers("logistic_double", make_pipeline(StandardScaler(), LogisticRegression()), THREE, kind=np.float64, tolerance=1e-5)
    numbers("logistic_one_against_rest", OneVsRestClassifier(make_pipeline(StandardScaler(), LogisticRegression())), THREE)
    numbers("logistic_one_against_one", OneVsOneClassifier(LogisticRegression(max_iter=500)), TWO)
    numbers("sgd_classifier", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=1)), THREE)
    numbers("perceptron", make_pipeline(StandardScaler(), Perceptron(random_state=1)), TWO)
    numbers("ridge_classifier", make_pipeline(StandardScaler(), RidgeClassifier()), NAMED)
    numbers("linear_discriminant", LinearDiscriminantAnalysis(), NAMED)
    numbers("linear_svc", LinearSVC(random_state=1), NAMED)
    numbers("linear_svr", make_pipeline(StandardScaler(), LinearSVR(random_state=1)), Y)


def kernels_and_networks():
    numbers("svr_rbf", make_pipeline(StandardScaler(), SVR()), Y, tolerance=1e-4)
    numbers("svr_poly", make_pipeline(StandardScaler(), SVR(kernel="poly")), Y, tolerance=1e-4)
    numbers("svr_sigmoid", make_pipeline(StandardScaler(), SVR(kernel="sigmoid", gamma=.1)), Y, tolerance=1e-4)
    numbers("svc_two_classes", make_pipeline(StandardScaler(), SVC()), TWO)
    numbers("svc_named_classes", make_pipeline(StandardScaler(), SVC()), NAMED)
    numbers("svc_linear", make_pipeline(StandardScaler(), SVC(kernel="linear")), THREE)
    numbers("one_class_svm", make_pipeline(StandardScaler(), OneClassSVM(nu=.2)), None)
    numbers("gaussian_nb", GaussianNB(), NAMED, tolerance=1e-4)
    numbers("bernoulli_nb", BernoulliNB(binarize=1.), NAMED)
    numbers("multinomial_nb", MultinomialNB(), TWO, x=np.abs(X), tolerance=1e-4)
    numbers("network_regressor", make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8, 4), max_iter=80, random_state=1)), Y, tolerance=1e-4)
    numbers("network_several_targets", MLPRegressor(hidden_layer_sizes=(5,), max_iter=30, random_state=1), TARGETS, tolerance=1e-4)
    numbers("categorical_nb", CategoricalNB(), NAMED, x=np.abs(X), tolerance=1e-4)
    numbers("network_tanh", make_pipeline(StandardScaler(), MLPClassifier(hidden_layer_sizes=(6,), activation="tanh", max_iter=60, random_state=1)), NAMED)
    numbers("network_logistic", make_pipeline(StandardScaler(), MLPClassifier(hidden_layer_sizes=(6,), activation="logistic", max_iter=60, random_state=1)), TWO)
    numbers("k_means", KMeans(4, random_state=1, n_init=1), None)


def prepared():
    holes = X.copy()
    holes[::5, 0] = np.nan
    holes[::7, 2] = np.nan
    numbers("imputed", make_pipeline(SimpleImputer(strategy="median"), LinearRegression()), Y, x=holes)
    numbers("imputed_double", make_pipeline(SimpleImputer(strategy="median"), Ridge()), Y, x=holes, kind=np.float64, tolerance=1e-6)
    numbers("min_max", make_pipeline(MinMaxScaler(clip=True), Ridge()), Y)
    numbers("max_abs", make_pipeline(MaxAbsScaler(), Ridge()), Y)
    numbers("robust", make_pipeline(RobustScaler(), LogisticRegression()), NAMED)
    numbers("normalized", make_pipeline(Normalizer("l2"), Ridge(alpha=.01)), Y, tolerance=1e-4)
    numbers("normalized_l1", make_pipeline(Normalizer("l1"), LogisticRegression()), TWO)
    numbers("binarized", make_pipeline(Binarizer(threshold=2.), Ridge()), Y)
    numbers("polynomial", make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge()), Y, tolerance=1e-4)
    numbers("principal_components", make_pipeline(StandardScaler(), PCA(3), LinearRegression()), Y, tolerance=1e-4)
    numbers("truncated_svd", make_pipeline(TruncatedSVD(3, random_state=1), Ridge()), Y, tolerance=1e-4)
    numbers("chosen_features", make_pipeline(VarianceThreshold(.1), SelectKBest(f_regression, k=2), Ridge()), Y)
    numbers("calibrated", make_pipeline(StandardScaler(), CalibratedClassifierCV(LinearSVC(random_state=1), cv=2)), NAMED)
    numbers("voting", VotingRegressor([("a", Ridge()), ("b", RandomForestRegressor(3, max_depth=4, random_state=1))]), Y)
    numbers("stacked_classifier", StackingClassifier([("a", GaussianNB()), ("b", RandomForestClassifier(3, max_depth=4, random_state=1))], cv=2), NAMED, tolerance=1e-4)
    numbers("stacked_regressor", StackingRegressor([("a", Ridge()), ("b", RandomForestRegressor(3, max_depth=4, random_state=1))], cv=2), Y)
    for opset in (9, 11, 13, 15, 18, 21):
        numbers(f"opset_{opset}", make_pipeline(MinMaxScaler(), MLPClassifier(hidden_layer_sizes=(4,), max_iter=40, random_state=1)), NAMED,
                opset={"": opset, "ai.onnx.ml": 1 if opset < 11 else 3})


def columns():
    frame = pd.DataFrame({"amount": X[:, 0], "colour": COLOURS, "hour": X[:, 1].astype(np.int64), "ratio": X[:, 2]})
    types = {"amount": FloatTensorType, "colour": StringTensorType, "hour": Int64TensorType, "ratio": FloatTensorType}
    one_hot = ColumnTransformer([("numbers", StandardScaler(), ["amount", "ratio"]),
                                 ("texts", OneHotEncoder(handle_unknown="ignore"), ["colour"])])
    mixed("columns_one_hot", make_pipeline(one_hot, LogisticRegression()), frame, NAMED, types)
    strict = ColumnTransformer([("texts", OneHotEncoder(), ["colour"]), ("hours", OneHotEncoder(), ["hour"])],
                               remainder="passthrough")
    mixed("columns_strict", make_pipeline(strict, Ridge()), frame, Y, types)
    ordinal = ColumnTransformer([("texts", OrdinalEncoder(), ["colour"]), ("numbers", "passthrough", ["amount", "ratio"])])
    mixed("columns_ordinal", make_pipeline(ordinal, RandomForestClassifier(5, max_depth=5, random_state=1)), frame, TWO, types)
    doubles = {c: DoubleTensorType if k is FloatTensorType else k for c, k in types.items()}
    two = frame[["amount", "colour"]].astype({"amount": float})
    small = ColumnTransformer([("numbers", MaxAbsScaler(), ["amount"]), ("texts", OneHotEncoder(handle_unknown="ignore"), ["colour"])])
    mixed("columns_double", make_pipeline(small, Ridge()), two, Y, {c: doubles[c] for c in two})


def boosters():
    holes = X.copy()
    holes[::4, 0] = np.nan
    holes[::6, 4] = np.nan
    few = holes[:ROWS]
    table = {f"x{f}": few[:, f] for f in range(few.shape[1])}
    shape = [("X", MlFloat([None, few.shape[1]]))]

    def put(name, model, convert, prediction, shares=None, labels=None, tolerance=1e-5):
        made = convert(model, initial_types=shape)
        store(name, made, table, prediction, shares, labels, tolerance)
        check_with_onnxruntime(name, {made.graph.input[0].name: few}, prediction, tolerance)

    light = lightgbm.LGBMRegressor(n_estimators=8, num_leaves=9, verbose=-1).fit(holes, Y)
    put("lightgbm_regressor", light, convert_lightgbm, light.predict(few))
    light = lightgbm.LGBMRegressor(n_estimators=6, num_leaves=9, objective="poisson", verbose=-1).fit(holes, np.abs(Y))
    put("lightgbm_poisson", light, convert_lightgbm, light.predict(few))
    light = lightgbm.LGBMClassifier(n_estimators=6, num_leaves=9, verbose=-1).fit(holes, TWO)
    put("lightgbm_two_classes", light, convert_lightgbm, light.predict(few), light.predict_proba(few), light.classes_)
    light = lightgbm.LGBMClassifier(n_estimators=4, num_leaves=9, verbose=-1).fit(holes, THREE)
    put("lightgbm_three_classes", light, convert_lightgbm, light.predict(few), light.predict_proba(few), light.classes_)
    groups = holes.copy()
    groups[:, 1] = np.nan_to_num(groups[:, 1])
    light = lightgbm.LGBMRegressor(n_estimators=6, num_leaves=9, min_child_samples=5, verbose=-1)
    light.fit(groups, Y, categorical_feature=[1])
    put("lightgbm_categories", light, convert_lightgbm, light.predict(few))
    strong = xgboost.XGBRegressor(n_estimators=8, max_depth=4).fit(holes, Y)
    put("xgboost_regressor", strong, convert_xgboost, strong.predict(few))
    strong = xgboost.XGBClassifier(n_estimators=6, max_depth=3).fit(holes, TWO)
    put("xgboost_two_classes", strong, convert_xgboost, strong.predict(few), strong.predict_proba(few), [0, 1])
    strong = xgboost.XGBClassifier(n_estimators=4, max_depth=3).fit(holes, (THREE + 5) // 10)
    put("xgboost_three_classes", strong, convert_xgboost, strong.predict(few), strong.predict_proba(few), [0, 1, 2])


# Small graphs over `X` (rows x 5): nodes as (operator, inputs, outputs, attributes), values that they read, and the
# version of the standard set. They end in `out`, and ONNX Runtime says what that is.
MAGNITUDES = ("Abs", ["X"], ["a"], {})
GRAPHS = {
    "functions": ([MAGNITUDES, ("Add", ["a", "one"], ["b"], {}), ("Log", ["b"], ["l"], {}), ("Sqrt", ["b"], ["s"], {}),
                   ("Reciprocal", ["b"], ["r"], {}), ("Neg", ["r"], ["n"], {}), ("Exp", ["n"], ["e"], {}),
                   ("Concat", ["l", "s", "r", "n", "e"], ["out"], {"axis": 1})], {"one": [1.]}, 13),
    "rounding": ([("Mul", ["X", "half"], ["h"], {}), ("Ceil", ["h"], ["c"], {}), ("Floor", ["h"], ["f"], {}),
                  ("Round", ["h"], ["r"], {}), ("Sign", ["X"], ["s"], {}), ("Concat", ["c", "f", "r", "s"], ["out"], {"axis": 1})],
                 {"half": [.5]}, 13),
    "waves": ([("Sin", ["X"], ["s"], {}), ("Cos", ["X"], ["c"], {}), ("Tanh", ["s"], ["t"], {}), ("Erf", ["s"], ["e"], {}),
               ("Sigmoid", ["X"], ["g"], {}), ("Concat", ["s", "c", "t", "e", "g"], ["out"], {"axis": 1})], {}, 13),
    "activations": ([("Sub", ["X", "two"], ["x"], {}), ("Elu", ["x"], ["e"], {"alpha": .5}), ("LeakyRelu", ["x"], ["l"], {"alpha": .2}),
                     ("Relu", ["x"], ["r"], {}), ("Softplus", ["x"], ["p"], {}),
                     ("Concat", ["e", "l", "r", "p"], ["out"], {"axis": 1})], {"two": [2.]}, 13),
    "several": ([("Max", ["X", "row"], ["a"], {}), ("Min", ["X", "row"], ["b"], {}), ("Mean", ["X", "row", "a"], ["m"], {}),
                 ("Sum", ["X", "row", "b"], ["s"], {}), ("Pow", ["row", "two"], ["p"], {}), ("Add", ["X", "p"], ["q"], {}),
                 ("Div", ["X", "row"], ["d"], {}), ("Concat", ["a", "b", "m", "s", "q", "d"], ["out"], {"axis": 1})],
                {"row": [1., 2., 3., 4., 5.], "two": [2.]}, 13),
    "clipped": ([("Clip", ["X", "low", "high"], ["a"], {}), ("Clip", ["X", "low"], ["b"], {}), ("Concat", ["a", "b"], ["out"], {"axis": 1})],
                {"low": 1., "high": 5.}, 13),
    "clipped_by_attributes": ([("Clip", ["X"], ["out"], {"min": 1., "max": 5.})], {}, 9),
    "conditions": ([("Greater", ["X", "two"], ["g"], {}), ("Less", ["X", "five"], ["l"], {}), ("And", ["g", "l"], ["a"], {}),
                    ("Or", ["g", "l"], ["o"], {}), ("Xor", ["g", "l"], ["x"], {}), ("Not", ["x"], ["n"], {}),
                    ("GreaterOrEqual", ["X", "two"], ["ge"], {}), ("LessOrEqual", ["X", "two"], ["le"], {}),
                    ("Equal", ["ge", "le"], ["q"], {}), ("And", ["n", "q"], ["w"], {}), ("Or", ["w", "a"], ["v"], {}),
                    ("Where", ["v", "X", "five"], ["t"], {}), ("Where", ["o", "two", "X"], ["u"], {}),
                    ("Concat", ["t", "u"], ["out"], {"axis": 1})], {"two": [2.], "five": [5.]}, 13),
    "missing": ([("Div", ["X", "X"], ["d"], {}), ("IsNaN", ["d"], ["n"], {}), ("Div", ["one", "X"], ["i"], {}), ("IsInf", ["i"], ["f"], {}),
                 ("Or", ["n", "f"], ["o"], {}), ("Where", ["o", "one", "X"], ["out"], {})], {"one": [1.]}, 13),
    "reduced": ([MAGNITUDES] + [(f"Reduce{how}", ["a"], [f"r{i}"], {"axes": [1], "keepdims": 1}) for i, how in
                                enumerate(("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "SumSquare"))]
                + [("Mul", ["a", "tenth"], ["small"], {}), ("ReduceProd", ["small"], ["r8"], {"axes": [1]}),
                   ("ReduceSum", ["a", "axis"], ["r9"], {}), ("Concat", [f"r{i}" for i in range(10)], ["out"], {"axis": 1})],
                {"axis": np.array([1]), "tenth": [.1]}, 13),
    "reduced_18": ([("ReduceMean", ["X", "axis"], ["m"], {"keepdims": 0}), ("Unsqueeze", ["m", "axis"], ["u"], {}),
                    ("Sub", ["X", "u"], ["d"], {}), ("ReduceMax", ["d", "axis"], ["x"], {}), ("Div", ["d", "x"], ["out"], {})],
                   {"axis": np.array([1])}, 18),
    "shapes": ([("Unsqueeze", ["X", "axis"], ["u"], {}), ("Transpose", ["u"], ["t"], {"perm": [2, 0, 1]}), ("Squeeze", ["t", "last"], ["s"], {}),
                ("Transpose", ["s"], ["v"], {"perm": [1, 0]}), ("Flatten", ["v"], ["f"], {}), ("Reshape", ["f", "to"], ["w"], {}),
                ("Expand", ["column", "wide"], ["e"], {}), ("Add", ["w", "e"], ["out"], {})],
               {"axis": np.array([1]), "last": np.array([2]), "to": np.array([0, -1]), "column": [[1.]], "wide": np.array([1, 5])}, 13),
    "parts": ([("Split", ["X", "sizes"], ["p", "q"], {"axis": 1}), ("Slice", ["X", "from", "to", "axis", "step"], ["s"], {}),
               ("Gather", ["X", "which"], ["g"], {"axis": 1}), ("Concat", ["q", "s", "p", "g"], ["out"], {"axis": -1})],
              {"sizes": np.array([2, 3]), "from": np.array([4]), "to": np.array([0]), "axis": np.array([1]), "step": np.array([-2]),
               "which": np.array([3, -1, 0])}, 13),
    "parts_by_attributes": ([("Split", ["X"], ["p", "q"], {"axis": 1, "split": [1, 4]}), ("Slice", ["X"], ["s"], {"axes": [1], "starts": [1], "ends": [3]}),
                             ("Concat", ["q", "s", "p"], ["out"], {"axis": 1})], {}, 9),
    "best": ([("TopK", ["X", "three"], ["v", "i"], {"axis": 1}), ("TopK", ["X", "three"], ["w", "j"], {"axis": 1, "largest": 0}),
              ("GatherElements", ["X", "j"], ["g"], {"axis": 1}), ("Cast", ["i"], ["c"], {"to": 1}), ("CumSum", ["v", "axis"], ["u"], {}),
              ("Concat", ["v", "c", "w", "g", "u"], ["out"], {"axis": 1})], {"three": np.array([3]), "axis": np.array(1)}, 13),
    "where_the_best_is": ([("ArgMax", ["X"], ["a"], {"axis": 1}), ("ArgMin", ["X"], ["b"], {"axis": 1}), ("Cast", ["a"], ["c"], {"to": 1}),
                           ("Cast", ["b"], ["d"], {"to": 1}), ("Concat", ["c", "d"], ["out"], {"axis": 1})], {}, 13),
    "shares": ([("Mul", ["X", "tenth"], ["x"], {}), ("Softmax", ["x"], ["s"], {"axis": 1}), ("LogSoftmax", ["x"], ["l"], {"axis": -1}),
                ("BatchNormalization", ["X", "row", "row", "row", "row"], ["b"], {"epsilon": .01}), ("Concat", ["s", "l", "b"], ["out"], {"axis": 1})],
               {"tenth": [.1], "row": [1., 2., 3., 4., 5.]}, 15),
    "layers": ([("Gemm", ["X", "w", "b"], ["g"], {"transB": 1, "alpha": .5, "beta": 2.}), ("MatMul", ["g", "v"], ["out"], {})],
               {"w": np.arange(15.).reshape(3, 5), "b": [1., 2., 3.], "v": np.arange(6.).reshape(3, 2)}, 13),
    "of_features": ([("Scaler", ["X"], ["s"], {"offset": [1., 2., 3., 4., 5.], "scale": [.5, .5, 1., 1., 2.]}), ("Binarizer", ["X"], ["b"], {"threshold": 2.}),
                     ("Normalizer", ["X"], ["n"], {"norm": "L1"}), ("Imputer", ["X"], ["i"], {"imputed_value_floats": [9.], "replaced_value_float": 1.}),
                     ("ArrayFeatureExtractor", ["X", "which"], ["a"], {}), ("FeatureVectorizer", ["s", "b", "n", "i", "a"], ["out"],
                                                                           {"inputdimensions": [5, 5, 5, 5, 2]})],
                    {"which": np.array([4, 1])}, 13),
}
ML = {"Scaler", "Binarizer", "Normalizer", "Imputer", "ArrayFeatureExtractor", "FeatureVectorizer", "TreeEnsembleRegressor", "TreeEnsemble"}


def tree_modes():
    """Trees of every test and every way to take them together."""
    modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
    for how in ("SUM", "AVERAGE", "MIN", "MAX"):
        count = len(modes)
        attributes = {
            "nodes_treeids": [t for t in range(count) for _ in range(3)], "nodes_nodeids": [0, 1, 2] * count,
            "nodes_featureids": [1, 0, 0] * count, "nodes_values": [6., 0., 0.] * count,
            "nodes_modes": [m for mode in modes for m in (mode, "LEAF", "LEAF")],
            "nodes_truenodeids": [1, 0, 0] * count, "nodes_falsenodeids": [2, 0, 0] * count,
            "target_treeids": [t for t in range(count) for _ in range(2)], "target_nodeids": [1, 2] * count,
            "target_ids": [0] * (2 * count), "target_weights": [float(2 ** i) for i in range(2 * count)], "n_targets": 1,
            "aggregate_function": how, "base_values": [.5], "post_transform": "NONE"}
        yield f"trees_{how.lower()}", ([("TreeEnsembleRegressor", ["X"], ["out"], attributes)], {}, 13)


def operators():
    few = X[:ROWS]
    for name, (nodes, values, version) in (GRAPHS | dict(tree_modes())).items():
        made = helper.make_graph(
            [helper.make_node(op, of, to, domain="ai.onnx.ml" if op in ML else "", **more) for op, of, to, more in nodes], name,
            [helper.make_tensor_value_info("X", 1, [None, 5])], [helper.make_tensor_value_info("out", 1, None)],
            [numpy_helper.from_array(v if isinstance(v, np.ndarray) and v.dtype.kind == "i" else np.array(v, np.float32), k)
             for k, v in values.items()])
        model = helper.make_model(made, ir_version=8, opset_imports=[helper.make_opsetid("", version), helper.make_opsetid("ai.onnx.ml", 3)])
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        store(f"operators_{name}", model, {f"x{f}": few[:, f] for f in range(5)}, session.run(None, {"X": few})[0])


def main():
    for part in (operators, trees, linear, kernels_and_networks, prepared, columns, boosters):
        part()
    print(f"{len(MADE)} models")


if __name__ == "__main__":
    main()
