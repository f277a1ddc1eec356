#!/usr/bin/env python3
"""Makes tests/data/online: streams to learn from, and what river says of each of their records before it learns from it,
or of least squares what solving them anew says.

    python3 -m venv VENV && VENV/bin/pip install river
    VENV/bin/python tests/oracles/online_oracle.py [tests/data/online]

The streams come with river: TrumpApproval (FiveThirtyEight), ChickWeights (R), Phishing and ImageSegments (UCI). A file has
a header, the features and the truth last. A line of predictions.csv is a step of `infer` as it stands in a pipeline file,
the stream, how many of its records, and for each record what the model said, separated by spaces; of a classifier the
label, a colon and the probability of the second class of two, else of the class that was chosen; nothing: none.
"""
import csv
import pathlib
import sys

import numpy as np
from river import compose, datasets, linear_model, multiclass, optim, preprocessing, tree
from river.naive_bayes import GaussianNB

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "online")
LINES = []


def number(value):
    return repr(float(value)) if not float(value).is_integer() else str(int(value))


def stream(name, dataset, features, target, rows):
    found = [([x[feature] for feature in features], y) for x, y in dataset.take(rows)]
    with (OUT / f"{name}.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*features, target])
        for x, y in found:
            out.writerow([*map(number, x), y if isinstance(y, str) else str(y).lower() if isinstance(y, bool) else number(y)])
    return name, features, target, [(dict(zip(features, x)), y) for x, y in found]


TRUMP = stream("trump_approval", datasets.TrumpApproval(),
               ["ordinal_date", "gallup", "ipsos", "morning_consult", "rasmussen", "you_gov"], "five_thirty_eight", 1001)
FEW_POLLS = (TRUMP[0], ["gallup", "ipsos"], TRUMP[2], [({key: x[key] for key in ["gallup", "ipsos"]}, y) for x, y in TRUMP[3]])
CHICKS = stream("chick_weights", datasets.ChickWeights(), ["time", "chick", "diet"], "weight", 400)
PHISHING = stream("phishing", datasets.Phishing(),
                  ["empty_server_form_handler", "popup_window", "https", "request_from_other_domain", "anchor_from_other_domain",
                   "is_popular", "long_url", "age_of_domain", "ip_in_url"], "is_phishing", 400)
SEGMENTS = stream("image_segments", datasets.ImageSegments(),
                  ["region-centroid-col", "region-centroid-row", "intensity-mean", "exred-mean", "hue-mean"], "category", 300)

HUES = (SEGMENTS[0], SEGMENTS[1][:4], "hue-mean", [({key: x[key] for key in SEGMENTS[1][:4]}, x["hue-mean"]) for x, _ in SEGMENTS[3]])


class EpsilonInsensitive(optim.losses.RegressionLoss):
    """scikit-learn's; river's EpsilonInsensitiveHinge takes a number for one of two classes."""

    def __init__(self, epsilon):
        self.epsilon = epsilon

    def __call__(self, y_true, y_pred):
        return max(abs(y_pred - y_true) - self.epsilon, 0)

    def gradient(self, y_true, y_pred):
        return 1 if y_pred - y_true > self.epsilon else -1 if y_true - y_pred > self.epsilon else 0


class ModifiedHuber(optim.losses.BinaryLoss):
    """scikit-learn's, with its probabilities."""

    def __call__(self, y_true, y_pred):
        raise NotImplementedError

    def gradient(self, y_true, y_pred):
        y = 1 if y_true else -1
        margin = y * y_pred
        return 0 if margin >= 1 else -2 * (1 - margin) * y if margin >= -1 else -4 * y

    def mean_func(self, y_pred):
        return (np.clip(y_pred, -1, 1) + 1) / 2


class Tie(Exception):
    """Two splits are equally good, so the last bit decides: a stream is compared up to there."""


def add(kind, of, rows, model, options, probability=True):
    name, features, target, records = of
    is_classifier = not isinstance(records[0][1], (int, float)) or isinstance(records[0][1], bool)
    said = []
    for x, y in records[:rows]:
        if is_classifier:
            votes = model.predict_proba_one(x)
            chosen = max(votes, key=votes.get) if votes else None
            shown = votes[True] if set(votes) == {True, False} else votes.get(chosen)
            label = str(chosen).lower() if isinstance(chosen, bool) else chosen
            said.append("" if chosen is None else f"{label}:{float(shown)!r}" if probability else label)
        else:
            said.append(repr(float(model.predict_one(x))))
        try:
            model.learn_one(x, y)
        except Tie:
            break
    text = f"{{ {kind}: {target}, inputs: [{', '.join(features)}], as: said"
    text += ", probability: p" if is_classifier and probability else ""
    text += "".join(f", {key}: {value}" for key, value in options.items()) + " }"
    LINES.append([text, name, str(len(said)), " ".join(said)])


def scaled(model):
    return compose.Pipeline(preprocessing.StandardScaler(), model)


def sgd_regressors():
    linear = linear_model.LinearRegression
    losses = [
        (optim.losses.Squared(), {}),
        (optim.losses.Absolute(), {"loss": "absolute_error"}),
        (optim.losses.Huber(0.5), {"loss": "huber", "epsilon": 0.5}),
        (EpsilonInsensitive(0.1), {"loss": "epsilon_insensitive"}),
        (optim.losses.Quantile(0.9), {"loss": "quantile", "quantile": 0.9}),
    ]
    for loss, options in losses:
        add("sgd_regressor", TRUMP, 200, scaled(linear(loss=loss)), options)
    add("sgd_regressor", CHICKS, 400, scaled(linear()), {})
    add("sgd_regressor", CHICKS, 200, scaled(linear(l2=0.1)), {"l2": 0.1})
    add("sgd_regressor", CHICKS, 200, scaled(linear(l1=0.01)), {"l1": 0.01})
    add("sgd_regressor", CHICKS, 200, scaled(linear(clip_gradient=1, intercept_lr=0.3)), {"clip_gradient": 1, "intercept_lr": 0.3})
    add("sgd_regressor", CHICKS, 200, linear(optimizer=optim.SGD(1e-4)), {"learning_rate": 1e-4, "standardize": "false"})
    add("sgd_regressor", CHICKS, 200, scaled(linear(optimizer=optim.SGD(optim.schedulers.InverseScaling(0.1, 0.25)))),
        {"learning_rate": 0.1, "schedule": "invscaling", "power": 0.25})
    add("sgd_regressor", CHICKS, 200, scaled(linear(loss=optim.losses.Absolute(), optimizer=optim.SGD(optim.schedulers.Optimal(optim.losses.Absolute(), 0.05)))),
        {"loss": "absolute_error", "schedule": "optimal", "alpha": 0.05})


def sgd_classifiers():
    logistic = linear_model.LogisticRegression
    for loss, options in [(optim.losses.Log(), {}), (ModifiedHuber(), {"loss": "modified_huber"})]:
        add("sgd_classifier", PHISHING, 400, scaled(logistic(loss=loss)), options)
    add("sgd_classifier", PHISHING, 200, scaled(logistic(loss=optim.losses.Hinge())), {"loss": "hinge"}, probability=False)
    add("sgd_classifier", PHISHING, 200, scaled(logistic(optimizer=optim.SGD(0.1), l1=0.003)), {"learning_rate": 0.1, "l1": 0.003})
    rest = multiclass.OneVsRestClassifier
    add("sgd_classifier", SEGMENTS, 300, scaled(rest(logistic(optimizer=optim.SGD(0.1)))), {"learning_rate": 0.1})
    add("sgd_classifier", SEGMENTS, 200, scaled(rest(logistic(l2=0.01))), {"l2": 0.01})


def passive_aggressive():
    for mode in [0, 1, 2]:
        model = linear_model.PARegressor(mode=mode, C=0.5, eps=0.2)
        model.loss = EpsilonInsensitive(0.2)
        add("passive_aggressive_regressor", TRUMP, 200, scaled(model), {"mode": mode, "C": 0.5, "eps": 0.2})
        add("passive_aggressive_classifier", PHISHING, 200, scaled(linear_model.PAClassifier(mode=mode, C=0.1)),
            {"mode": mode, "C": 0.1})
    model = linear_model.PARegressor(learn_intercept=False)
    model.loss = EpsilonInsensitive(0.1)
    add("passive_aggressive_regressor", CHICKS, 200, model, {"learn_intercept": "false", "standardize": "false"})
    add("passive_aggressive_classifier", SEGMENTS, 200, scaled(multiclass.OneVsRestClassifier(linear_model.PAClassifier())), {})


class LeastSquares:
    """Solved anew for each record."""

    def __init__(self, forgetting_factor=1.0, alpha=0.001, fit_intercept=True):
        self.forgetting_factor, self.alpha, self.fit_intercept = forgetting_factor, alpha, fit_intercept
        self.rows, self.truths = [], []

    def row(self, x):
        return [float(value) for value in x.values()] + [1.0] * self.fit_intercept

    def predict_one(self, x):
        row = np.array(self.row(x))
        if not self.rows:
            return 0.0
        rows, truths = np.array(self.rows), np.array(self.truths)
        weights = self.forgetting_factor ** np.arange(len(rows) - 1, -1, -1.0)
        penalty = self.alpha * self.forgetting_factor ** len(rows)
        products = (rows * weights[:, None]).T @ rows + penalty * np.eye(len(row))
        return row @ np.linalg.solve(products, (rows * weights[:, None]).T @ truths)

    def learn_one(self, x, y):
        self.rows.append(self.row(x))
        self.truths.append(y)


def least_squares():
    for options in [{}, {"forgetting_factor": 0.95, "alpha": 2}, {"fit_intercept": False}]:
        written = {key: str(value).lower() for key, value in options.items()}
        add("recursive_least_squares", CHICKS, 200, LeastSquares(**options), written)
        add("recursive_least_squares", FEW_POLLS, 100, LeastSquares(**options), written)


def naive_bayes():
    add("gaussian_nb", PHISHING, 200, GaussianNB(), {})
    add("gaussian_nb", SEGMENTS, 300, GaussianNB(), {})


def hoeffding_trees():
    classifier = tree.HoeffdingTreeClassifier
    quick = {"grace_period": 20, "delta": 0.01, "tau": 0.2}
    add("hoeffding_tree_classifier", PHISHING, 400, classifier(), {})
    for leaf_prediction in ["mc", "nb", "nba"]:
        add("hoeffding_tree_classifier", PHISHING, 400, classifier(**quick, leaf_prediction=leaf_prediction),
            {**quick, "leaf_prediction": leaf_prediction})
    quick = {"grace_period": 20, "delta": 0.1, "tau": 0.5}
    for options in [quick, {**quick, "max_depth": 1}]:
        model = classifier(**options)
        add("hoeffding_tree_classifier", SEGMENTS, 300, model, options)
        assert model.n_branches > 0


class Candidates(tree.splitter.TEBSTSplitter):
    """The default, but that it forgets no candidate after an attempt: one that it forgets and that comes again lacks what
    was counted before."""

    def remove_bad_splits(self, **ignored):
        pass


class RegressionTree(tree.HoeffdingTreeRegressor):
    def _attempt_to_split(self, leaf, *args, **kwargs):
        best = sorted(each.merit for each in leaf.best_split_suggestions(self._new_split_criterion(), self))[-2:]
        if best[1] > 0 and best[1] - best[0] < 1e-9 * best[1]:
            raise Tie
        super()._attempt_to_split(leaf, *args, **kwargs)


def regression_trees():
    def regressor(**options):
        return RegressionTree(splitter=Candidates(), **options)

    quick = {"grace_period": 20, "delta": 0.05, "tau": 0.3}
    add("hoeffding_tree_regressor", HUES, 300, scaled(regressor()), {"max_values": 400})
    for leaf_prediction in ["mean", "model", "adaptive"]:
        options = {**quick, "leaf_prediction": leaf_prediction}
        for of, rows in [(HUES, 300), (CHICKS, 400)]:
            model = scaled(regressor(**options))
            add("hoeffding_tree_regressor", of, rows, model, {**options, "max_values": 400})
            assert model["RegressionTree"].n_branches > 1
    options = {**quick, "max_depth": 1, "min_samples_split": 9, "model_selector_decay": 0.8}
    add("hoeffding_tree_regressor", HUES, 300, scaled(regressor(**options)), {**options, "max_values": 400})
    add("hoeffding_tree_regressor", HUES, 300, regressor(**quick, leaf_prediction="mean"),
        {**quick, "leaf_prediction": "mean", "standardize": "false", "max_values": 400})


def main():
    sgd_regressors()
    sgd_classifiers()
    passive_aggressive()
    least_squares()
    naive_bayes()
    hoeffding_trees()
    regression_trees()
    with (OUT / "predictions.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n", delimiter="\t", quoting=csv.QUOTE_NONE).writerows(LINES)


main()
