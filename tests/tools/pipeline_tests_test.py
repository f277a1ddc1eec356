"""`weir test`: cases of a test file run through a pipeline without a source or a sink, and what is other than expected is said
with its place."""
import unittest
import xml.etree.ElementTree

from weir_command import ROOT, WeirTest

PIPELINE = """
name: payments
source: { file: "${IN}" }
schema: { id: { type: string, key: true }, Amount: double }
preprocess:
  - { filter: Amount <> 0 }
  - { derive: { twice: Amount * 2 } }
aggregate:
  - { rolling: mean, of: Amount, by: id, last: 2, as: mean_2 }
  - { rolling: sum, of: Amount, over: 1h, as: total }
detect: [ { threshold: Amount, above: 100, as: large } ]
alerts: [ { name: large, when: large, by: id, summary: "{id} paid {Amount}" } ]
sink: { file: out.ndjson }
stats: { enabled: false }
"""

RIGHT = """
pipeline: p.yaml
environment: { IN: in.ndjson }
cases:
  - name: payments are cleaned and watched
    input:
      - { id: a, Amount: 10, note: [1, { deep: true }] }
      - { id: a, Amount: 20 }
      - { id: b, Amount: 0 }
      - '{"id":"b"'
      - { id: "7", Amount: 150 }
    time: 2026-01-05T10:00:00Z
    interval: 1m
    expect:
      output:
        - { id: a, twice: 20, mean_2: 10, large: false, note: [1, { deep: true }], absent: null }
        - { mean_2: 15 }
        - { id: "7", large: true }
      filtered: 1
      dead_letters: [ { record: 4, stage: decode, reason: "byte" } ]
      alerts: [ { alert: large, status: firing, summary: 7 paid 150, starts_at: 2026-01-05T10:04:00.000Z, labels.id: "7" } ]
      aggregates: { total: 180 }
"""


class PipelineTests(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", PIPELINE)

    def run_tests(self, text, code, *arguments):
        self.write("p.test.yaml", text)
        return self.weir("test", "p.test.yaml", *arguments, code=code)

    def test_passes_where_all_is_as_expected(self):
        said = self.run_tests(RIGHT, 0)
        self.assertEqual(said.stdout, "passed p.test.yaml: payments are cleaned and watched\n1 of 1 cases passed\n")
        self.assertFalse((self.folder / "out.ndjson").exists(), "no sink is touched")

    def test_says_where_something_is_other_than_expected(self):
        for right, wrong, line, text in (
                ("mean_2: 15", "mean_2: 15.1", 17, "record 2: 'mean_2' is 15, expected 15.1"),
                ("large: true", "large: false", 18, "record 3: 'large' is true, expected false"),
                ("absent: null", "absent: 1", 16, "record 1 has no 'absent', expected 1"),
                ("{ deep: true }], absent", "{ deep: false }], absent", 16,
                 "record 1: 'note' is [1,{\"deep\":true}], expected [1,{\"deep\":false}]"),
                ('id: "7", large', "id: 7, large", 18, "record 3: 'id' is \"7\", expected 7"),
                ("        - { mean_2: 15 }\n", "", 16, "record 2: 'id' is \"a\", expected \"7\""),
                ("filtered: 1", "filtered: 2", 5, "filtered are 1 records, expected 2"),
                ("record: 4", "record: 3", None, "dead letter 1: 'record' is '4', expected '3'"),
                ("7 paid 150", "b paid 150", None, "alert 1: 'summary' is \"7 paid 150\", expected \"b paid 150\""),
                ("total: 180", "total: 181", None, "'total' is 180, expected 181"),
                ("total: 180", "sum: 180", None, "there is no aggregate 'sum' over the whole pipeline")):
            with self.subTest(wrong=wrong):
                self.assertIn(right, RIGHT)
                said = self.run_tests(RIGHT.replace(right, wrong), 1).stdout
                self.assertIn("FAILED p.test.yaml: payments are cleaned and watched\n", said)
                self.assertIn(text + "\n", said)
                if line:
                    self.assertIn(f"p.test.yaml:{line}:", said)
                self.assertIn("0 of 1 cases passed", said)

    def test_a_dead_letter_that_nobody_expects_fails(self):
        said = self.run_tests(RIGHT.replace('      dead_letters: [ { record: 4, stage: decode, reason: "byte" } ]\n', ""), 1)
        self.assertIn("record 4 is a dead letter, which nobody expects", said.stdout)

    def test_numbers_may_be_as_far_off_as_the_tolerance(self):
        self.run_tests(RIGHT.replace("filtered: 1", "filtered: 1\n      tolerance: 0.01").replace("15 }", "15.1 }"), 0)

    def test_each_case_begins_with_nothing(self):
        case = RIGHT[RIGHT.index("  - name"):]
        self.run_tests(RIGHT + case.replace("watched", "watched again"), 0)

    def test_records_what_came_out_for_the_next_time(self):
        silent = RIGHT[:RIGHT.index("    expect:")]
        self.assertIn("it expects nothing", self.run_tests(silent, 1).stdout)
        self.run_tests(silent + RIGHT[RIGHT.index("  - name"):], 0, "--record")
        recorded = self.read("p.test.yaml")
        self.assertIn("    interval: 1m\n    expect:\n      output:\n        - {", recorded)
        self.assertEqual(recorded.count("expect:"), 2)
        said = self.weir("test", ".", code=0)
        self.assertIn("2 of 2 cases passed", said.stdout)
        self.write("p.yaml", PIPELINE.replace("Amount * 2", "Amount * 3"))
        self.weir("test", "p.test.yaml", code=1)

    def test_writes_a_report_for_build_servers(self):
        self.run_tests(RIGHT.replace("twice: 20", "twice: 21"), 1, "--junit", "report.xml")
        suite = xml.etree.ElementTree.parse(self.folder / "report.xml").getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("1", "1"))
        self.assertIn("'twice' is 20, expected 21", suite.find("testcase/failure").text)

    def test_reads_records_of_a_file_and_rows_of_a_csv_source(self):
        self.write("p.yaml", PIPELINE.replace('"${IN}"', "in.csv").replace("out.ndjson", "out.csv"))
        self.write("in.csv", "a,10\na,30\n")
        text = """
pipeline: p.yaml
cases:
  - name: rows
    input_file: in.csv
    expect: { output: [ { id: a, mean_2: 10 }, { mean_2: 20 } ] }
  - name: fields
    input: [ { Amount: 5, id: "a,b" } ]
    expect: { output: [ { id: "a,b", Amount: 5, twice: 10 } ] }
"""
        self.assertIn("2 of 2 cases passed", self.run_tests(text, 0).stdout)

    def test_a_model_may_read_what_a_window_makes(self):
        self.write("rows.csv", "mean_2,twice_as_much\n" + "".join(f"{i},{2 * i}\n" for i in range(50)))
        self.weir("train", "rows.csv", "--target", "twice_as_much", "--features", "mean_2", "--model", "linear_regression",
                  "--random-state", "0", "--out", "m.onnx", code=0)
        self.write("p.yaml", PIPELINE.replace("detect:", "infer: [ { model: m.onnx, as: predicted } ]\ndetect:"))
        text = RIGHT.replace("mean_2: 15 }", "mean_2: 15, predicted: 30 }")
        text = text.replace("filtered: 1", "filtered: 1\n      tolerance: 1e-5")
        self.assertIn("1 of 1 cases passed", self.run_tests(text, 0).stdout)

    def test_every_example_has_test_files_that_pass(self):
        said = self.weir("test", str(ROOT / "examples"), code=0).stdout
        folders = {file.parent.name for file in (ROOT / "examples").rglob("pipeline.yaml")}
        self.assertGreaterEqual(len(folders), 7)
        for folder in folders:
            self.assertRegex(said, rf"(?m)^passed .*/{folder}/pipeline\.test\.yaml: ")
        self.assertNotIn("FAILED", said)

    def test_says_what_is_wrong_with_a_test_file(self):
        said = self.run_tests("pipeline: p.yaml\ncases: [ { name: x, imput: [] } ]\n", 78).stderr
        self.assertIn("p.test.yaml:2:10: error: a case needs 'input' or 'input_file'", said)
        self.assertIn("unknown field 'imput' in case, did you mean 'input'?", said)
        self.assertIn("environment variable 'IN' is not set", self.run_tests(RIGHT.replace("IN:", "OUT:"), 78).stderr)
        (self.folder / "empty").mkdir()
        self.assertIn("there is no test file", self.weir("test", "empty", code=78).stderr)


if __name__ == "__main__":
    unittest.main()
