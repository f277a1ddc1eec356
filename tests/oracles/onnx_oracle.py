#!/usr/bin/env python3
"""Makes tests/data/onnx: models of scikit-learn, LightGBM and XGBoost as skl2onnx and onnxmltools write them, and what
they themselves predict.

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


def main():
    for part in (trees, linear, kernels_and_networks, prepared, columns, boosters):
        part()
    print(f"{len(MADE)} models")


if __name__ == "__main__":
    main()
