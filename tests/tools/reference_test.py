"""What the program says of itself: `weir list`, `weir create` and `weir schema` hold for the pipelines that there are."""
import json
import os
import pathlib
import tempfile
import unittest

import jsonschema
import yaml

from weir_command import ROOT, weir


def kinds(family):
    return json.loads(weir("list", family, "-o", "json").stdout)


class ReferenceTest(unittest.TestCase):
    def test_lists_every_family_and_each_kind_in_full(self):
        families = [line.split()[0] for line in weir("list").stdout.splitlines() if line and not line.startswith("`")]
        self.assertIn("detectors", families)
        for family in families:
            for kind in kinds(family):
                whole = weir("list", family, kind["name"])
                self.assertEqual(whole.returncode, 0, kind["name"])
                self.assertIn(kind["help"], whole.stdout)
                for field in kind["fields"]:
                    self.assertIn(field["name"], whole.stdout)

    def test_names_what_was_meant(self):
        misspelt = weir("list", "detector", "zscor")
        self.assertEqual(misspelt.returncode, 64)
        self.assertIn("did you mean 'zscore'?", misspelt.stderr)
        self.assertIn("did you mean 'detectors'?", weir("list", "detecters").stderr)

    def test_a_created_pipeline_of_every_step_is_valid(self):
        steps = [k["name"] for f in ("transforms", "aggregates", "inferences", "detectors") for k in kinds(f)]
        for source in (k["name"] for k in kinds("sources")):
            for sink in (k["name"] for k in kinds("sinks")):
                for step in steps:
                    self.check_created(f"{source}/{step}/{sink}")
        self.assertEqual(weir("create", "file/zscoer/console").returncode, 64)

    def check_created(self, path):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "pipeline.yaml"
            created = weir("create", path)
            self.assertEqual(created.returncode, 0, created.stderr)
            file.write_text(created.stdout, encoding="utf-8")
            valid = weir("validate", str(file))
            self.assertEqual(valid.returncode, 0, path + "\n" + valid.stderr)

    def test_a_created_pipeline_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            weir("generate", "transactions", "--rows", "500", "--out", "transactions.csv", cwd=folder, check=True)
            file = pathlib.Path(folder) / "pipeline.yaml"
            file.write_text(weir("create", "file/filter/derive/mean/zscore/file").stdout, encoding="utf-8")
            run = weir("run", "pipeline.yaml", "--stats-port", "0", cwd=folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            lines = (pathlib.Path(folder) / "out.ndjson").read_text(encoding="utf-8").splitlines()
            self.assertGreater(len(lines), 100)
            self.assertLessEqual({"hour", "ratio", "mean_20", "anomaly", "z"}, set(json.loads(lines[-1])))

    def test_echo_prints_a_pipeline_with_its_defaults_that_is_one_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "pipeline.yaml"
            file.write_text("name: p\nsource: { kafka: { brokers: b, topic: t, properties: { sasl.password: '${SECRET}' } } }\n"
                            "schema: { x: double }\ndetect: [ { zscore: x, as: odd } ]\nsink: { null: {} }\n", encoding="utf-8")
            echoed = weir("echo", str(file), env={**os.environ, "SECRET": "swordfish"})
            self.assertEqual(echoed.returncode, 0, echoed.stderr)
            self.assertIn("{zscore: x, threshold: 3, min_count: 5, as: odd}", echoed.stdout)
            self.assertIn("guarantee: exactly_once", echoed.stdout)
            self.assertIn("sasl.password", echoed.stdout)
            self.assertNotIn("swordfish", echoed.stdout)
            file.write_text(echoed.stdout, encoding="utf-8")
            self.assertEqual(weir("echo", str(file)).stdout, echoed.stdout)
            file.write_text("name: p\n", encoding="utf-8")
            self.assertEqual(weir("echo", str(file)).returncode, 78)

    def test_the_schema_takes_all_examples_and_refuses_a_misspelt_field(self):
        schema = json.loads(weir("schema").stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        files = sorted((ROOT / "tests/data/pipelines").glob("*.yaml")) + sorted((ROOT / "examples").rglob("pipeline*.yaml"))
        self.assertGreater(len(files), 4)
        for file in files:
            pipeline = yaml.safe_load(file.read_text(encoding="utf-8"))
            self.assertEqual([e.message for e in validator.iter_errors(pipeline)], [], file)
        pipeline["detect"] = [{"zscore": "Amount", "treshold": 3, "as": "odd"}]
        self.assertNotEqual(list(validator.iter_errors(pipeline)), [])


if __name__ == "__main__":
    unittest.main()
