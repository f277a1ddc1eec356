"""bench/odds.yaml scores the rows of a set of outliers, and bench/odds_pipeline.py names the columns of another one."""
import csv
import os
import random
import subprocess
import sys
import unittest

from weir_command import ROOT, WeirTest

DETECTORS = ["half_space_trees", "isolation_forest", "k_nearest_neighbours", "one_class_svm", "random_cut_forest"]
ROWS = 1200


class OddsPipelineTest(WeirTest):
    def write_rows(self, names):
        source = random.Random(4)
        rows = [[source.gauss(0, 1) for _ in names] for _ in range(ROWS)]
        rows[-1] = [12.0] * len(names)
        with open(self.folder / "rows.csv", "w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([[*names, "label"], *([*row, int(row is rows[-1])] for row in rows)])

    def scores(self, pipeline):
        self.environment = {**os.environ, "IN": str(self.folder / "rows.csv"), "OUT": str(self.folder / "scores.csv")}
        self.weir("run", str(pipeline), code=0)
        with open(self.folder / "scores.csv", encoding="utf-8") as rows:
            return list(csv.DictReader(rows))

    def expect_scores(self, rows):
        self.assertEqual(len(rows), ROWS)
        self.assertEqual([row["label"] for row in rows], ["0"] * (ROWS - 1) + ["1"])
        for name in DETECTORS:
            told = [float(row[name]) for row in rows if row[name]]
            self.assertGreater(len(told), ROWS // 2, name)
            self.assertEqual(max(told), told[-1], name)

    def test_the_pipeline_scores_a_file_with_the_columns_of_cardio(self):
        self.write_rows([f"f{i}" for i in range(21)])
        self.expect_scores(self.scores(ROOT / "bench" / "odds.yaml"))

    def test_another_files_columns_are_named(self):
        self.write_rows(["rows", "load time", "x3"])
        made = subprocess.run([sys.executable, ROOT / "bench" / "odds_pipeline.py", self.folder / "rows.csv"], check=True,
                              stdout=subprocess.PIPE).stdout
        (self.folder / "odds.yaml").write_bytes(made)
        self.expect_scores(self.scores(self.folder / "odds.yaml"))


if __name__ == "__main__":
    unittest.main()
