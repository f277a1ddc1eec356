#!/usr/bin/env python3
"""Makes tests/data/evaluation: predictions, and what scikit-learn says of them.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn
    VENV/bin/python tests/oracles/evaluation_oracle.py [tests/data/evaluation]

A row of regression.csv is truth and prediction; one of binary.csv and multiclass.csv the truth, the predicted class and
the probability of each class. NAME.txt holds a measure and its value a line; `calibration K` has the mean probability,
the share and the count of a bin that has rows, `roc` and `precision_recall` a point of the curve each. permutation.csv has rows of
two features and a truth, permutation.txt `MEASURE:FEATURE`, its permutation importance, the standard deviation of one
repeat and the measure of the rows as they are.
"""
import pathlib
import sys

import numpy as np
from sklearn import metrics
from sklearn.base import BaseEstimator
from sklearn.calibration import calibration_curve
from sklearn.inspection import permutation_importance

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "evaluation")
BINS = 10


def number(value):
    return format(float(value), ".17g")


def write(name, columns, lines):
    rows = [",".join(number(v) for v in row) for row in zip(*columns)]
    (OUT / f"{name}.csv").write_text("\n".join(rows) + "\n")
    (OUT / f"{name}.txt").write_text("".join(" ".join([key, *map(number, values)]) + "\n" for key, *values in lines))


def regression(random):
    truth = np.round(random.normal(10, 5, 80), 3)
    predicted = np.round(truth + random.normal(0.5, 2, 80), 3)
    lines = [("rmse", metrics.root_mean_squared_error(truth, predicted)),
             ("mae", metrics.mean_absolute_error(truth, predicted)),
             ("r2", metrics.r2_score(truth, predicted)),
             ("mape", metrics.mean_absolute_percentage_error(truth, predicted))]
    lines += [(f"pinball_{q}", metrics.mean_pinball_loss(truth, predicted, alpha=q)) for q in (0.1, 0.5, 0.9)]
    write("regression", [truth, predicted], lines)


def calibration(positive, probability):
    """The bins of calibration_curve, which does not say how many rows each has; and the error over them."""
    shares, means = calibration_curve(positive, probability, n_bins=BINS)
    bin_of = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], probability)
    used, counts = np.unique(bin_of, return_counts=True)
    lines = [(f"calibration {k}", *of_bin) for k, *of_bin in zip(used, means, shares, counts)]
    return [*lines, ("calibration_error", np.sum(np.abs(shares - means) * counts) / len(positive))]


def classes(name, random, count, rows):
    truth = random.integers(0, count, rows)
    scores = random.normal(0, 1, (rows, count)) + 1.2 * np.eye(count)[truth]
    probability = np.round(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), 2)
    probability[:, -1] = 1 - probability[:, :-1].sum(axis=1)
    predicted = probability.argmax(axis=1)
    lines = [("accuracy", metrics.accuracy_score(truth, predicted)),
             ("macro_precision", metrics.precision_score(truth, predicted, average="macro")),
             ("macro_recall", metrics.recall_score(truth, predicted, average="macro")),
             ("macro_f1", metrics.f1_score(truth, predicted, average="macro")),
             ("log_loss", metrics.log_loss(truth, probability))]
    if count == 2:
        positive, judged = truth == 1, probability[:, 1]
        lines += [("roc_auc", metrics.roc_auc_score(truth, judged)),
                  ("pr_auc", metrics.average_precision_score(truth, judged)),
                  ("brier", metrics.brier_score_loss(truth, judged))]
        false_share, true_share, _ = metrics.roc_curve(truth, judged, drop_intermediate=False)
        lines += [("roc", x, y) for x, y in zip(false_share, true_share)]
        precision, recall, _ = metrics.precision_recall_curve(truth, judged)
        lines += [("precision_recall", x, y) for x, y in zip(recall[::-1], precision[::-1])]
    else:
        positive, judged = truth == predicted, probability[np.arange(rows), predicted]
        lines += [("roc_auc", metrics.roc_auc_score(truth, probability, multi_class="ovr")),
                  ("pr_auc", metrics.average_precision_score(truth, probability)),
                  ("brier", metrics.brier_score_loss(truth, probability, scale_by_half=False))]
    per_class = metrics.precision_recall_fscore_support(truth, predicted)
    lines += [(f"class {k}", *of_class) for k, of_class in enumerate(zip(*per_class))]
    lines += [(f"confusion {i}", *row) for i, row in enumerate(metrics.confusion_matrix(truth, predicted))]
    write(name, [truth, predicted, *probability.T], lines + calibration(positive, judged))


class Sum(BaseEstimator):
    """2 a + b; the score is R2."""

    def fit(self, features, truth):
        return self

    def predict(self, features):
        return 2 * features[:, 0].astype(float) + features[:, 1].astype(float)

    def score(self, features, truth):
        return metrics.r2_score(truth, self.predict(features))


class Sign(Sum):
    """Whether that is above 0; the score is the accuracy."""

    def score(self, features, truth):
        return metrics.accuracy_score(truth > 0, self.predict(features) > 0)


def permutation(random):
    """Rows of a, b and the truth, and what scikit-learn says of these, a constant column and one that nothing reads."""
    a, b = np.round(random.normal(0, 1, (2, 300)), 3)
    truth = np.round(2 * a + b + random.normal(0, 0.7, 300), 3)
    rows = np.column_stack([a, b, np.ones(300), np.arange(300) % 7])
    lines = []
    for measure, model in (("r2", Sum()), ("accuracy", Sign())):
        found = permutation_importance(model, rows, truth, n_repeats=2000, random_state=0)
        baseline = model.score(rows, truth)
        lines += [(f"{measure}:{name}", mean, sd, baseline) for name, mean, sd in
                  zip(("a", "b", "place", "name"), found.importances_mean, found.importances_std)]
    write("permutation", [a, b, truth], lines)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    regression(random)
    classes("binary", random, 2, 80)
    classes("multiclass", random, 3, 90)
    permutation(np.random.default_rng(11))


if __name__ == "__main__":
    main()
