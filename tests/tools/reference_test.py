"""What the program says of itself: `weir list`, `weir create` and `weir schema` hold for the pipelines that there are."""
import json
import os
import re
import unittest

import jsonschema
import yaml

from weir_command import ROOT, WeirTest


class ReferenceTest(WeirTest):
    def kinds(self, family):
        return json.loads(self.weir("list", family, "-o", "json").stdout)

    def test_lists_every_family_and_each_kind_in_full(self):
        families = [line.split()[0] for line in self.weir("list").stdout.splitlines() if line and not line.startswith("`")]
        self.assertIn("detectors", families)
        for family in families:
            for kind in self.kinds(family):
                whole = self.weir("list", family, kind["name"], code=0).stdout
                self.assertIn(kind["help"], whole)
                for field in kind["fields"]:
                    self.assertIn(field["name"], whole)

    def test_names_what_was_meant(self):
        self.assertIn("did you mean 'zscore'?", self.weir("list", "detector", "zscor", code=64).stderr)
        self.assertIn("known: sources, formats", self.weir("list", "foo", code=64).stderr)
        self.assertIn("did you mean 'detectors'?", self.weir("list", "detecters").stderr)

    def test_a_created_pipeline_of_every_step_is_valid(self):
        steps = [k["name"] for f in ("transforms", "aggregates", "inferences", "detectors") for k in self.kinds(f)]
        for source in (k["name"] for k in self.kinds("sources")):
            for sink in (k["name"] for k in self.kinds("sinks")):
                for step in steps:
                    self.check_created(f"{source}/{step}/{sink}")
        self.weir("create", "file/zscoer/console", code=64)

    def check_created(self, path):
        self.write("pipeline.yaml", self.weir("create", path, code=0).stdout)
        # What it is to read is not there yet.
        said = self.weir("validate", "pipeline.yaml").stderr.splitlines()
        self.assertEqual([line for line in said if "cannot read" not in line and not re.match(r" +\d* \|", line)], [], path)

    def test_a_created_pipeline_runs(self):
        self.weir("generate", "transactions", "--rows", "500", "--out", "transactions.csv", code=0)
        self.write("pipeline.yaml", self.weir("create", "file/filter/derive/mean/zscore/file").stdout)
        self.weir("run", "pipeline.yaml", "--stats-port", "0", code=0)
        rows = self.rows("out.ndjson")
        self.assertGreater(len(rows), 100)
        self.assertLessEqual({"hour", "ratio", "mean_20", "anomaly", "z"}, set(rows[-1]))

    def test_echo_prints_a_pipeline_with_its_defaults_that_is_one_itself(self):
        self.write("p.yaml",
                   "name: p\nsource: { kafka: { brokers: b, topic: t, properties: { sasl.password: '${SECRET}' } } }\n"
                   "schema: { x: double }\ndetect: [ { zscore: x, as: odd } ]\nsink: { null: {} }\n")
        echoed = self.weir("echo", "p.yaml", env={**os.environ, "SECRET": "swordfish"}, code=0).stdout
        self.assertIn("{zscore: x, as: odd, clear_below: 1, suppress_for: 0ms, min_count: 5}", echoed)
        self.assertIn("guarantee: exactly_once", echoed)
        self.assertIn("sasl.password", echoed)
        self.assertNotIn("swordfish", echoed)
        self.write("p.yaml", echoed)
        self.assertEqual(self.weir("echo", "p.yaml").stdout, echoed)
        self.write("p.yaml", "name: p\n")
        self.weir("echo", "p.yaml", code=78)

    def test_the_schema_takes_all_examples_and_refuses_a_misspelt_field(self):
        schema = json.loads(self.weir("schema").stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        files = sorted((ROOT / "tests/data/pipelines").glob("*.yaml")) + [
            file for file in sorted((ROOT / "examples").rglob("pipeline*.yaml")) if not file.name.endswith(".test.yaml")]
        self.assertGreater(len(files), 4)
        for file in files:
            pipeline = yaml.safe_load(file.read_text(encoding="utf-8"))
            self.assertEqual([e.message for e in validator.iter_errors(pipeline)], [], file)
        pipeline["detect"] = [{"zscore": "Amount", "treshold": 3, "as": "odd"}]
        self.assertNotEqual(list(validator.iter_errors(pipeline)), [])


if __name__ == "__main__":
    unittest.main()
