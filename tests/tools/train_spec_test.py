"""`weir train SPEC.yaml`, as a user runs it: from files, with the schema and the steps of a pipeline, into a registry that a
pipeline follows."""
import json
import os
import signal
import unittest

from weir_command import WeirTest, wait_until

PIPELINE = """name: counts
source: { file: counts.csv }
schema: { hour: int, bikes: int, total: double }
preprocess:
  - filter: total > 0
  - derive: { many: bikes * 2 }
infer:
  - { model: models/counts@champion, inputs: [hour, many], as: expected }
sink: { file: { path: out.ndjson, overwrite: true } }
stats: { enabled: false }
"""

SPEC = """name: counts
data: { file: counts.csv }
pipeline: pipeline.yaml
model: { linear_regression: {} }
target: total
features: [hour, many]
split: { test: 0.2, holdout: 0.2 }
register: { model: models/counts, alias: champion, when: "new.rmse < 0.9 * old.rmse" }
"""


def counts(rows, noise=0):
    lines = [f"{i % 24},{i % 7},{100 + 3 * (i % 24) + 2 * (i % 7) + noise * (i * 37 % 11 - 5)}" for i in range(rows)]
    return "hour,bikes,total\n" + "\n".join(lines) + "\n,1,5\n1,1,-1\n1,x,5\n"


class TrainSpecTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("counts.csv", counts(200))
        self.write("pipeline.yaml", PIPELINE)
        self.write("train.yaml", SPEC)

    def train(self, *options, code=0):
        return self.weir("train", "train.yaml", *options, code=code)

    def test_a_pipeline_scores_with_what_its_own_steps_have_taught(self):
        run = self.train()
        self.assertRegex(run.stdout, r"120 to learn from, 40 to test with, 40 held back, 1 dropped .*, 1 filtered, 1 refused")
        self.assertIn("a pipeline would refuse them: ", run.stderr)
        self.weir("run", "pipeline.yaml", code=0)
        rows = self.rows("out.ndjson")
        self.assertEqual(len(rows), 200)
        for row in rows:
            self.assertAlmostEqual(row["expected"], row["total"], places=2)

    def test_missing_values_are_filled_and_the_target_is_brought_back(self):
        """In the pipeline as in the training: a record with a null has a result, on the target's own scale."""
        lines = self.read("counts.csv").splitlines()
        holes = [",".join(["", *line.split(",")[1:]]) if i % 9 == 5 else line for i, line in enumerate(lines)]
        self.write("counts.csv", "\n".join(holes) + "\n")
        how = "impute: { hour: median }\ntarget_transform: log1p\n"
        self.write("train.yaml", SPEC.replace("split:", how + "split:"))
        self.assertRegex(self.train().stdout, r"41 held back, 1 filtered, 1 refused")
        shown = self.weir("models", "show", "models/counts@champion", code=0).stdout
        self.assertIn("log1p", shown)
        self.weir("run", "pipeline.yaml", code=0)
        rows = self.rows("out.ndjson")
        self.assertEqual(len(rows), 201)
        self.assertEqual(sum(row["hour"] is None for row in rows), 23)
        for row in rows:
            if row["hour"] is not None and row["total"] > 5:
                self.assertLess(abs(row["expected"] - row["total"]), 0.1 * row["total"])
        lacking = {(row["bikes"], row["expected"]) for row in rows if row["hour"] is None}
        self.assertLessEqual(len(lacking), 7)

    def test_an_alias_moves_only_where_its_rule_is_true(self):
        self.write("counts.csv", counts(200, noise=20))
        self.train()
        aliases = lambda: json.loads(self.weir("models", "list", "models", "-o", "json", code=0).stdout)["models"][0]["aliases"]
        self.assertEqual(aliases(), {"champion": 1})
        self.write("train.yaml", SPEC.replace("linear_regression: {}", "ridge: { alpha: 100000 }"))
        worse = json.loads(self.train("-o", "json").stdout)
        self.assertFalse(worse["promotion"]["promoted"])
        self.assertGreater(worse["promotion"]["new.rmse"], worse["promotion"]["old.rmse"])
        self.assertEqual(aliases(), {"champion": 1})
        self.write("counts.csv", counts(200))
        self.write("train.yaml", SPEC)
        better = json.loads(self.train("-o", "json").stdout)
        self.assertTrue(better["promotion"]["promoted"])
        self.assertEqual(aliases(), {"champion": 3})

    def test_the_same_data_makes_the_same_version(self):
        self.train()
        lines = self.read("counts.csv").splitlines()
        self.write("counts.csv", "\n".join(lines[:1] + lines[:0:-1]) + "\n")
        self.assertIn("which is there already", self.train().stdout)

    def test_mistakes_are_named_at_their_place(self):
        self.write("train.yaml", SPEC.replace("features: [hour, many]", "features: [hour, mony]"))
        self.assertIn("train.yaml:6:18: error: there is no column 'mony', did you mean 'many'?", self.train(code=78).stderr)
        self.write("pipeline.yaml", PIPELINE.replace("total > 0", "totl > 0"))
        self.assertIn("pipeline.yaml:5:13: error: unknown column 'totl'", self.train(code=78).stderr)

    def test_options_beside_a_training_file_are_refused(self):
        self.assertIn("a training file says everything itself", self.train("--target", "total", code=64).stderr)

    def test_a_file_that_is_not_there(self):
        self.write("train.yaml", SPEC.replace("counts.csv", "nothing.csv"))
        self.assertIn("nothing.csv", self.train(code=69).stderr)

    def test_a_target_with_one_value_is_said(self):
        self.write("counts.csv", "hour,bikes,total\n" + "".join(f"{i},1,5\n" for i in range(20)))
        self.assertIn("the target 'total' has one value alone", self.train().stderr)

    # --- every ---

    def follow(self):
        """Starts a training that goes on, and gives what it has printed so far."""
        self.write("train.yaml", SPEC + "every: 1s\n")
        self.process = self.start_weir("train", "train.yaml")
        return lambda: self.read("log")

    def versions(self):
        run = self.weir("models", "list", "models", "-o", "json")
        models = json.loads(run.stdout)["models"] if run.returncode == 0 else []
        return len(models[0]["versions"]) if models else 0

    def test_it_learns_again_from_what_there_is_by_then(self):
        log = self.follow()
        wait_until(lambda: self.versions() == 1, 30, "a first version", log)
        self.write("counts.csv", counts(300))
        wait_until(lambda: self.versions() == 2, 30, "a version of what was added", log)
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(30), 0, log())

    def test_it_runs_at_the_lowest_priority(self):
        log = self.follow()
        wait_until(lambda: self.versions() == 1, 30, "a first version", log)
        self.assertEqual(os.getpriority(os.PRIO_PROCESS, self.process.pid), 19)

    def test_a_round_that_fails_does_not_end_it(self):
        log = self.follow()
        wait_until(lambda: self.versions() == 1, 30, "a first version", log)
        (self.folder / "counts.csv").rename(self.folder / "away.csv")
        wait_until(lambda: "error: " in log(), 30, "the missing file is said", log)
        self.write("counts.csv", counts(300))
        wait_until(lambda: self.versions() == 2, 30, "a version of the file that is back", log)
        self.assertIsNone(self.process.poll())

    def test_a_single_round_where_that_is_asked_for(self):
        self.write("train.yaml", SPEC + "every: 1h\n")
        self.assertIn("counts/1@", self.train("--once").stdout)

    def test_a_mistake_at_the_start_ends_it(self):
        self.write("counts.csv", "hour,bikes,total\n")
        self.write("train.yaml", SPEC + "every: 1s\n")
        self.assertIn("none is left to learn from", self.train(code=78).stderr)


if __name__ == "__main__":
    unittest.main()
