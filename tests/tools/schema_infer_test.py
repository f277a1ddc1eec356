"""`weir schema infer` prints the schema of records that a pipeline then reads without a dead letter; `weir create --from` uses it."""
import json
import unittest

from weir_command import WeirTest

CSV = """id,at,amount,zip,note,day
C1,2026-01-05T13:45:10Z,12.5,01234,,2026-01-05
C2,2026-01-05T13:46:10Z,7,99999,"a, b",2026-01-06
"""
SCHEMA = """schema:
  id: { type: string, required: true }
  at: { type: timestamp, required: true }
  amount: { type: double, required: true }
  zip: { type: string, required: true }  # guessed: numbers with zeros in front; int would lose them
  note: string
  day: { type: timestamp, required: true }
"""


class SchemaInferTest(WeirTest):
    def test_of_a_csv_file(self):
        self.write("in.csv", CSV)
        self.assertEqual(self.weir("schema", "infer", "in.csv", code=0).stdout, SCHEMA)

    def test_of_json_lines_with_names_that_need_quotes(self):
        self.write("in.ndjson", '{"a b":1,"yes: no":true,"#x":{"y":1},"1":null}\n' * 3)
        said = self.weir("schema", "infer", "in.ndjson", code=0).stdout
        self.write("p.yaml", "name: p\nsource: { file: in.ndjson }\n" + said + "sink: { file: out.ndjson }\nstats: { enabled: false }\n")
        self.weir("run", "p.yaml", code=0)
        self.assertEqual(self.rows("out.ndjson"), [{"a b": 1, "yes: no": True, "#x": {"y": 1}, "1": None}] * 3)

    def test_json_for_programs(self):
        self.write("in.ndjson", '{"a":1}\n{"a":2,"b":[1]}\nno JSON\n')
        run = self.weir("schema", "infer", "in.ndjson", "-o", "json", code=0)
        self.assertEqual(json.loads(run.stdout), {"records": 2, "unreadable": 1, "nested": ["b"],
                                                  "schema": {"a": {"type": "int", "key": False, "required": True}}})
        self.assertEqual(run.stderr, "weir: warning: 1 of 3 records cannot be read as json\n")

    def test_so_many_records_alone(self):
        self.write("in.ndjson", '{"a":1}\n' * 5 + '{"a":0.5}\n')
        self.assertIn("type: int", self.weir("schema", "infer", "in.ndjson", "--records", "5", code=0).stdout)
        self.assertIn("type: double", self.weir("schema", "infer", "in.ndjson", code=0).stdout)

    def test_standard_input_and_a_format_that_is_named(self):
        self.assertEqual(self.weir("schema", "infer", "-", "--format", "csv", code=0, input=CSV).stdout, SCHEMA)

    def test_files_without_records_and_files_that_are_not_there(self):
        self.write("in.csv", "a,b\n")
        self.assertIn("there are no records to look at", self.weir("schema", "infer", "in.csv", code=78).stderr)
        self.write("in.ndjson", "a,b\n1,2\n")
        self.assertIn("none of 2 records can be read as json", self.weir("schema", "infer", "in.ndjson", code=78).stderr)
        self.assertIn("away.csv", self.weir("schema", "infer", "away.csv", code=69).stderr)

    def test_without_a_verb_it_prints_the_schema_of_pipeline_files(self):
        self.assertIn("$schema", json.loads(self.weir("schema", code=0).stdout))
        self.assertIn("there is no verb 'infr' of 'schema'", self.weir("schema", "infr", code=64).stderr)

    def test_a_pipeline_is_created_over_the_columns_of_a_file_and_runs(self):
        self.write("in.csv", CSV)
        for kinds in ([], ["file/zscore/file"], ["file/derive/rolling/rate/filter/console"]):
            text = self.weir("create", *kinds, "--from", "in.csv", code=0).stdout
            self.assertIn(SCHEMA, text)
            self.write("p.yaml", text)
            self.weir("validate", "p.yaml", code=0)
        self.weir("run", "p.yaml", "--stats-port", "0", code=0)
        self.assertIn("--from names a file", self.weir("create", "kafka/console", "--from", "in.csv", code=64).stderr)


if __name__ == "__main__":
    unittest.main()
