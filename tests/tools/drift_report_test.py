"""`weir drift report` says which columns of a file are distributed otherwise, as a table, as JSON and as a page; and pipelines
compare with baselines of files and of model cards."""
import json
import math
import random
import unittest
import xml.etree.ElementTree

from report_page import check_looks, check_page
from weir_command import WeirTest

EVIL = "<script>alert('1')</script>"


class DriftReport(WeirTest):
    def write_rows(self, name, rows, shift=0.0, more_web=0.0, nulls=0.01, seed=1):
        """Income that may be larger, a device that may be `web` more often, an age and a rare text that are what they were."""
        dice = random.Random(seed)
        lines = [f'income,device,age,"{EVIL}"']
        for _ in range(rows):
            device = "web" if dice.random() < more_web else dice.choice(["web", "mobile", "atm"])
            income = "" if dice.random() < nulls else f"{dice.gauss(50, 10) + shift:.3f}"
            lines.append(f'{income},{device},{dice.randrange(18, 90)},"{EVIL} & {dice.randrange(20)}"')
        self.write(name, "\n".join(lines) + "\n")

    def report(self, *arguments, code=0):
        return self.weir("drift", "report", *arguments, code=code)


class DriftReportTest(DriftReport):
    def found(self, *arguments):
        made = json.loads(self.report(*arguments, "-o", "json").stdout)
        return made, {column["column"]: column for column in made["columns"]}

    def test_tells_the_columns_that_have_changed_the_worst_first(self):
        self.write_rows("before.csv", 8000)
        self.write_rows("after.csv", 4000, shift=5, more_web=0.1, seed=2)
        made, columns = self.found("before.csv", "after.csv")
        self.assertEqual((made["baseline_rows"], made["rows"], made["drifting"], made["drift_percent"]), (8000, 4000, 2, 50))
        self.assertEqual([column["column"] for column in made["columns"][:2]], ["income", "device"])
        self.assertEqual({name: column["drifts"] for name, column in columns.items()},
                         {"income": True, "device": True, "age": False, EVIL: False})
        income = columns["income"]
        # The total variation distance of normal distributions half a deviation apart is 2 Phi(1 / 4) - 1.
        self.assertAlmostEqual(income["drift_percent"], 100 * math.erf(0.25 / math.sqrt(2)), delta=2)
        self.assertEqual(len(income["edges"]), 9)
        self.assertEqual(sum(income["baseline"]), 8000 - round(8000 * self.share_of_nulls("before.csv")))
        self.assertEqual({one["method"] for one in income["methods"]},
                         {"population_stability_index", "kolmogorov_smirnov", "wasserstein_distance", "jensen_shannon",
                          "chi_square", "nulls"})
        self.assertAlmostEqual(next(one["statistic"] for one in income["methods"] if one["method"] == "wasserstein_distance"),
                               0.5, delta=0.05)
        self.assertEqual(columns["device"]["categories"], sorted(columns["device"]["categories"], key=lambda name: -dict(
            zip(columns["device"]["categories"], columns["device"]["baseline"]))[name]))
        table = self.report("before.csv", "after.csv").stdout
        self.assertRegex(table, r"^2 of 4 columns drift: 4000 rows of after.csv against 8000 of before.csv\n")
        self.assertRegex(table, r"(?m)^income +yes ")

    def share_of_nulls(self, name):
        rows = self.read(name).splitlines()[1:]
        return sum(row.startswith(",") for row in rows) / len(rows)

    def test_is_quiet_where_nothing_has_changed(self):
        for seed in range(10):
            self.write_rows("before.csv", 3000, seed=seed)
            self.write_rows("after.csv", 1000, seed=100 + seed)
            self.assertEqual(self.found("before.csv", "after.csv")[0]["drifting"], 0, seed)

    def test_tells_nulls_and_compares_only_what_is_asked_for(self):
        self.write_rows("before.csv", 4000)
        self.write_rows("after.csv", 4000, nulls=0.2, seed=2)
        made, columns = self.found("before.csv", "after.csv", "--columns", "income,age", "--methods", "nulls")
        self.assertEqual(sorted(columns), ["age", "income"])
        self.assertTrue(columns["income"]["drifts"])
        self.assertEqual([one["method"] for one in columns["age"]["methods"]], ["nulls"])

    def test_says_what_cannot_be_compared(self):
        self.write_rows("before.csv", 10)
        self.write("other.csv", "a,b\n1,2\n")
        self.assertIn("there is no column that both have", self.report("before.csv", "other.csv", code=78).stderr)
        self.assertIn("there is no column 'incom'", self.report("before.csv", "before.csv", "--columns", "incom", code=78).stderr)
        self.assertIn("no method is called 'ks'", self.report("before.csv", "before.csv", "--methods", "ks", code=78).stderr)
        self.write("short.csv", "a,b\n1,2\n3\n")
        self.assertIn("short.csv:3: the row has 1 fields, the header 2", self.report("short.csv", "other.csv", code=78).stderr)
        self.write("empty.csv", "a,b\n")
        self.assertIn("the data has no rows", self.report("other.csv", "empty.csv", code=78).stderr)
        self.assertIn("the baseline has no rows", self.report("empty.csv", "other.csv", code=78).stderr)
        self.report("gone.csv", "other.csv", code=69)
        self.assertIn("--out names a file that is read",
                      self.report("other.csv", "other.csv", "--out", "other.csv", code=64).stderr)

    def train(self, rows=4000):
        dice = random.Random(7)
        lines = ["area,rooms,place,price"]
        for _ in range(rows):
            area, rooms = dice.uniform(20, 200), dice.randrange(1, 6)
            lines.append(f"{area:.3f},{rooms},{dice.choice('abc')},{3 * area + 20 * rooms + dice.gauss(0, 5):.3f}")
        self.write("houses.csv", "\n".join(lines) + "\n")
        self.weir("train", "houses.csv", "--target", "price", "--features", "area,rooms,place", "--encode", "place",
                  "--n-estimators", "5", "--out", "price.onnx", code=0)

    def write_houses(self, name, rows, larger=0.0, seed=9):
        dice = random.Random(seed)
        lines = ["area,rooms,place,price"]
        for _ in range(rows):
            area, rooms = dice.uniform(20, 200) + larger, dice.randrange(1, 6)
            lines.append(f"{area:.3f},{rooms},{dice.choice('abc')},{3 * area + 20 * rooms:.3f}")
        self.write(name, "\n".join(lines) + "\n")

    def test_a_models_card_is_a_baseline_of_its_features_and_of_its_prediction(self):
        self.train()
        self.write_houses("same.csv", 3000)
        self.write_houses("larger.csv", 3000, larger=30)
        made, columns = self.found("price.onnx", "same.csv", "--prediction", "price")
        self.assertEqual((made["drifting"], sorted(columns)), (0, ["area", "place", "price", "rooms"]))
        made, columns = self.found("price.onnx", "larger.csv", "--prediction", "price")
        self.assertEqual({name: column["drifts"] for name, column in columns.items()},
                         {"area": True, "price": True, "place": False, "rooms": False})
        self.assertEqual(len(columns["rooms"]["baseline"]), 5, "values that repeat have bins of their own")
        self.report("price.onnx", "larger.csv", "--out", "report.html")
        check_page(self, self.read("report.html"))

    def run_pipeline(self, drift, rows):
        self.write("pipeline.yaml", f"""
name: drifting
source: {{ file: "{rows}", format: csv }}
schema: {{ area: double, rooms: double, place: string }}
infer:
  - {{ model: price.onnx, as: price }}
drift:
{drift}
sink: {{ file: out.ndjson, format: json }}
state: {{ dir: state }}
stats: {{ enabled: false }}
""")

    def verdicts(self, name):
        return [row[name] for row in map(json.loads, self.read("out.ndjson").splitlines()) if row.get(f"{name}_p") is not None]

    def test_a_pipeline_compares_with_the_card_of_a_model_and_with_a_file(self):
        self.train()
        drift = """
  - { data_drift: area, baseline: { model: price.onnx }, window: 1000, as: by_card, p_value: by_card_p }
  - { data_drift: price, baseline: { model: price.onnx }, window: 1000, as: of_price, p_value: of_price_p }
  - { data_drift: place, baseline: { model: price.onnx }, window: 1000, as: of_place, p_value: of_place_p }
  - { data_drift: area, baseline: { file: houses.csv }, window: 1000, as: by_file, p_value: by_file_p }
"""
        for larger, expected in ((0, False), (30, True)):
            self.write_houses("in.csv", 3000, larger)
            self.run_pipeline(drift, "in.csv")
            self.weir("run", "pipeline.yaml", code=0)
            for name in ("by_card", "of_price", "by_file"):
                self.assertEqual(self.verdicts(name), [expected] * 3, name)
            self.assertEqual(self.verdicts("of_place"), [False] * 3)

    def test_a_baseline_that_is_not_there_is_said_at_its_place(self):
        self.train(200)
        for drift, problem in (
                ("{ data_drift: area, baseline: { file: gone.csv }, as: d }", "gone.csv: the file cannot be opened"),
                ("{ data_drift: area, baseline: { file: short.csv }, as: d }", "the baseline has 2 records"),
                ("{ data_drift: area, baseline: { file: wrong.csv }, as: d }", "wrong.csv:3: a record cannot be read"),
                ("{ data_drift: area, baseline: { file: other.csv }, as: d }", "the file has no column 'area'"),
                ("{ data_drift: garden, baseline: { model: price.onnx }, as: d }", "the model has no feature 'garden'"),
                ("{ data_drift: area, baseline: { model: price.onnx, file: houses.csv }, as: d }", "of a model or of a file"),
                ("{ data_drift: area, baseline: { files: houses.csv }, as: d }", "did you mean 'file'")):
            self.write("short.csv", "area\n1\n2\n")
            self.write("wrong.csv", "area\n1\nx\n")
            self.write("other.csv", "rooms\n1\n2\n")
            self.run_pipeline("  - " + drift, "houses.csv")
            text = self.read("pipeline.yaml").replace("area: double,", "area: double, garden: double,")
            self.write("pipeline.yaml", text)
            self.assertRegex(self.weir("validate", "pipeline.yaml", code=78).stderr, rf"pipeline.yaml:8:\d+: error: .*{problem}")


class PageTest(DriftReport):
    """What a page of it holds, and how a real browser shows it."""

    def test_a_page_has_both_distributions_of_each_column(self):
        self.write_rows("before.csv", 3000)
        self.write_rows("after.csv", 3000, shift=8, more_web=0.3, seed=2)
        self.report("before.csv", "after.csv", "--out", "report.html")
        page, pictures = check_page(self, self.read("report.html"))
        self.assertEqual(page.headings, ["Columns", "income", "device", EVIL, "age"] if page.headings[3] == EVIL
                         else ["Columns", "income", "device", "age", EVIL])
        self.assertEqual(len(pictures), 4)
        self.assertIn("2 of 4 columns drift", page.texts)
        self.assertEqual(pictures[0].count("<polyline"), 2)
        self.assertTrue(any(EVIL[:19] in "".join(xml.etree.ElementTree.fromstring(one).itertext()) for one in pictures))

    def test_a_reader_sees_every_picture_by_day_and_by_night(self):
        self.write_rows("before.csv", 2000)
        self.write_rows("after.csv", 2000, shift=8, seed=2)
        self.report("before.csv", "after.csv", "--out", "report.html")
        check_looks(self, 4)


if __name__ == "__main__":
    unittest.main()
