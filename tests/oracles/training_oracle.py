#!/usr/bin/env python3
"""Makes tests/data/training: tables to learn from, and how well scikit-learn learns them.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn pandas
    VENV/bin/python tests/oracles/training_oracle.py

NAME.csv has numbers, the target last: movies and traffic of examples/, and `waves`, which is drawn. scores.csv has for each
table and kind of model the mean R2 of a regressor, and the mean ROC AUC of a classifier of whether the target is above its
median, over five folds (row modulo 5), as scikit-learn's defaults give them with five seeds each. weighted_scores.csv has
the same of `waves` with weights: of a regressor whose rows above the median weigh 3 the R2 and how far its predictions lie above the
truth, in standard deviations; of a classifier with class_weight="balanced", of whether the target is above its 80th
percentile, the ROC AUC and the mean probability.
"""
import pathlib

import numpy as np
import pandas as pd
from sklearn.ensemble import (ExtraTreesClassifier, ExtraTreesRegressor, HistGradientBoostingClassifier,
                              HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor)
from sklearn.metrics import r2_score, roc_auc_score

ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "tests" / "data" / "training"
KINDS = {
    "random_forest": (RandomForestRegressor, RandomForestClassifier, {"n_jobs": 2}),
    "extra_trees": (ExtraTreesRegressor, ExtraTreesClassifier, {"n_jobs": 2}),
    "gradient_boosting": (HistGradientBoostingRegressor, HistGradientBoostingClassifier, {"early_stopping": False}),
}
SEEDS = 5


def tables():
    movies = pd.read_csv(ROOT / "examples/movies/movies.csv").select_dtypes("number").dropna()
    yield "movies", movies[[c for c in movies if c != "imdb_score"] + ["imdb_score"]]
    traffic = pd.read_csv(ROOT / "examples/traffic/traffic.csv").select_dtypes("number")
    yield "traffic", traffic[[c for c in traffic if c not in ("CarCount", "Total")] + ["Total"]]
    random = np.random.default_rng(3)
    x = random.normal(size=(1500, 6)).round(3)
    y = np.sin(x[:, 0]) * 3 + x[:, 1] ** 2 + x[:, 2] * x[:, 3] + random.normal(0, .5, len(x))
    yield "waves", pd.DataFrame(np.column_stack([x, y.round(4)]), columns=[*(f"x{i}" for i in range(6)), "y"])


def weighted_scores(table):
    """What weights change: rows above the median weigh 3, and the classes (above the 80th percentile) weigh alike."""
    x, y = table.iloc[:, :-1].to_numpy(np.float32), table.iloc[:, -1].to_numpy(float)
    rare, fold = (y > np.quantile(y, .8)).astype(int), np.arange(len(y)) % 5
    for kind, (regressor, classifier, options) in KINDS.items():
        r2, mean, auc, share = [], [], [], []
        for seed in range(SEEDS):
            for k in range(5):
                learn, test = fold != k, fold == k
                weights = np.where(y > np.median(y), 3, 1)[learn]
                made = regressor(random_state=seed, **options).fit(x[learn], y[learn], weights).predict(x[test])
                r2.append(r2_score(y[test], made))
                mean.append(np.mean(made - y[test]) / np.std(y))
                model = classifier(random_state=seed, class_weight="balanced", **options).fit(x[learn], rare[learn])
                made = model.predict_proba(x[test])[:, 1]
                auc.append(roc_auc_score(rare[test], made))
                share.append(np.mean(made))
        yield kind, r2, mean, auc, share


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    lines, weighted = [], []
    for name, table in tables():
        table.to_csv(OUT / f"{name}.csv", index=False)
        x, y = table.iloc[:, :-1].to_numpy(np.float32), table.iloc[:, -1].to_numpy(float)
        above, fold = (y > np.median(y)).astype(int), np.arange(len(y)) % 5
        for kind, (regressor, classifier, options) in KINDS.items():
            r2, auc = [], []
            for seed in range(SEEDS):
                for k in range(5):
                    learn, test = fold != k, fold == k
                    model = regressor(random_state=seed, **options).fit(x[learn], y[learn])
                    r2.append(r2_score(y[test], model.predict(x[test])))
                    model = classifier(random_state=seed, **options).fit(x[learn], above[learn])
                    auc.append(roc_auc_score(above[test], model.predict_proba(x[test])[:, 1]))
            lines.append(f"{name},{kind},{np.mean(r2):.5f},{np.mean(auc):.5f}")
            print(lines[-1])
        for kind, *scores in weighted_scores(table) if name == "waves" else []:
            weighted.append(",".join([name, kind, *(f"{np.mean(one):.5f}" for one in scores)]))
            print(weighted[-1])
    (OUT / "weighted_scores.csv").write_text("\n".join(weighted) + "\n")
    (OUT / "scores.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
