"""`weir score` adds predictions to the rows of a file, `weir eval` says how good they are, `weir train` hands both what
they need."""
import csv
import io
import json
import os
import unittest

from weir_command import ROOT, WeirTest

ONNX = ROOT / "tests/data/onnx"


def houses(count):
    """Rows of houses whose price and sale follow from their area and place."""
    lines = ["id,place,rooms,area,price,sold"]
    for i in range(count):
        place, rooms, area = ('"east, far"', "north", "south")[i % 3], 1 + i % 6, 30 + i * 37 % 120
        lines.append(f"{i},{place},{rooms},{area},{area * 30 + i % 3 * 500},{('no', 'yes')[area + i % 11 > 95]}")
    return "\n".join(lines) + "\n"


class ScoreTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("houses.csv", houses(600))

    def train(self, out, *arguments):
        encode = ["--encode", "place"] if any("place" in argument for argument in arguments) else []
        return self.weir("train", "houses.csv", "--n-estimators", "10", "--out", out, *encode, *arguments, code=0)

    def scored(self, *arguments, **more):
        """The rows that `weir score` writes, and what it says."""
        run = self.weir("score", *arguments, "--out", "-", code=0, **more)
        return list(csv.DictReader(io.StringIO(run.stdout))), run.stderr

    def oracle(self, name):
        """A model of scikit-learn: the file, and its rows with what it predicts for each."""
        text = (ONNX / f"{name}.csv").read_text().split("\n", 1)[1]
        self.write("oracle.csv", text)
        return ONNX / f"{name}.onnx", list(csv.DictReader(io.StringIO(text)))

    def test_predicts_what_the_model_predicts_and_leaves_the_rows_as_they_are(self):
        self.train("price.onnx", "--target", "price", "--features", "place,rooms,area", "--holdout", "test.csv")
        rows, said = self.scored("price.onnx", "test.csv")
        self.assertEqual(said, "")
        self.assertEqual(len(rows), 120)
        self.assertEqual(self.read("test.csv").splitlines()[1] + "," + rows[0]["prediction"],
                         self.weir("score", "price.onnx", "test.csv", "--out", "-").stdout.splitlines()[1])
        for row in rows:
            self.assertLess(abs(float(row["prediction"]) - float(row["price"])), 700)

    def explained(self, row):
        return float(row["expected_value"]) + sum(float(row[name]) for name in row if name.startswith("shap_"))

    def test_explains_a_prediction_by_its_features(self):
        self.train("price.onnx", "--target", "price", "--features", "place,rooms,area", "--holdout", "test.csv")
        plain, _ = self.scored("price.onnx", "test.csv")
        rows, said = self.scored("price.onnx", "test.csv", "--explain")
        self.assertEqual(said, "")
        added = ["prediction", "shap_place", "shap_rooms", "shap_area", "expected_value"]
        self.assertEqual(list(rows[0])[-5:], added)
        self.assertEqual([row["prediction"] for row in rows], [row["prediction"] for row in plain])
        self.assertEqual(len({row["expected_value"] for row in rows}), 1)
        for row in rows:
            self.assertAlmostEqual(self.explained(row) / float(row["prediction"]), 1, delta=1e-6)
        worth = {name: sum(abs(float(row[name])) for row in rows) for name in added[1:4]}
        self.assertGreater(worth["shap_area"], worth["shap_place"])
        self.assertGreater(worth["shap_place"], worth["shap_rooms"])

    def test_explains_the_probability_of_the_second_class_as_a_pipeline_does(self):
        self.train("sold.onnx", "--target", "sold", "--features", "rooms,area", "--classify", "--holdout", "test.csv")
        rows, _ = self.scored("sold.onnx", "test.csv", "--explain", "--inputs", "rooms,area")
        for row in rows:
            self.assertAlmostEqual(self.explained(row), float(row["probability_yes"]), delta=1e-6)
        self.write("p.yaml", "name: p\nsource: { file: test.csv }\nschema: { area: double, rooms: double }\n"
                             "sink: { file: out.ndjson }\nstats: { enabled: false }\n"
                             "infer: [ { model: sold.onnx, as: s, explain: { area: why }, expected_value: usual } ]\n")
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([(float(row["shap_area"]), float(row["expected_value"])) for row in rows],
                         [(row["why"], row["usual"]) for row in self.rows("out.ndjson")])

    def test_explains_the_class_that_is_chosen_of_several(self):
        self.weir("train", "houses.csv", "--target", "place", "--features", "rooms,area,price", "--n-estimators", "10",
                  "--classify", "--out", "place.onnx", "--holdout", "test.csv", code=0)
        rows, _ = self.scored("place.onnx", "test.csv", "--explain")
        for row in rows:
            most = max(float(row[name]) for name in row if name.startswith("probability_"))
            self.assertAlmostEqual(self.explained(row), most, delta=1e-6)

    def test_says_what_cannot_be_explained(self):
        self.weir("train", "houses.csv", "--target", "price", "--features", "rooms,area", "--model", "linear_regression",
                  "--out", "line.onnx", code=0)
        self.train("price.onnx", "--target", "price", "--features", "rooms,area")
        self.write("taken.csv", "rooms,area,shap_area\n1,2,3\n")
        for arguments, reason in ((["line.onnx", "houses.csv"], "only models of trees can be explained"),
                                  (["price.onnx", "taken.csv"], "there is a column 'shap_area' already"),
                                  (["price.onnx", "houses.csv", "--backend", "onnxruntime"], "no SHAP values")):
            run = self.weir("score", *arguments, "--explain", "--out", "-")
            self.assertNotEqual(run.returncode, 0)
            self.assertEqual(run.stdout, "")
            self.assertIn(reason, run.stderr)

    def test_a_backend_that_is_not_installed_is_an_error_that_says_what_to_install(self):
        model, _ = self.oracle("logistic_two_classes")
        environment = {**os.environ, "ONNXRUNTIME_LIBRARY": "/no/such/libonnxruntime.so"}
        self.write("p.yaml", "name: p\nsource: { file: oracle.csv }\nschema: { x0: double }\nsink: { file: out.ndjson }\n"
                             f"infer: [ {{ model: {model}, inputs: [x0, x0, x0, x0, x0], as: worth, "
                             "backend: onnxruntime } ]\n")
        for arguments in (["score", model, "oracle.csv", "--out", "-", "--backend", "onnxruntime"],
                          ["eval", model, "oracle.csv", "--target", "=prediction", "--backend", "onnxruntime"],
                          ["validate", "p.yaml"]):
            said = self.weir(*arguments, env=environment).stderr
            self.assertIn("ONNX Runtime cannot be loaded: /no/such/libonnxruntime.so", said)
            self.assertIn("install ONNX Runtime", said)
            self.assertIn("weir list operators", said)

    def test_a_backend_that_nobody_knows_is_wrong_usage(self):
        model, _ = self.oracle("logistic_two_classes")
        run = self.weir("score", model, "oracle.csv", "--out", "-", "--backend", "tensorflow", code=64)
        self.assertIn("onnxruntime", run.stderr)

    def test_says_the_same_as_a_pipeline(self):
        self.train("price.onnx", "--target", "price", "--features", "area,rooms", "--holdout", "test.csv")
        rows, _ = self.scored("price.onnx", "test.csv", "--as", "worth")
        self.write("p.yaml", "name: p\nsource: { file: test.csv }\nschema: { area: double, rooms: double }\n"
                             "sink: { file: out.ndjson }\nstats: { enabled: false }\n"
                             "infer: [ { model: price.onnx, inputs: [area, rooms], as: worth } ]\n")
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([float(row["worth"]) for row in rows], [row["worth"] for row in self.rows("out.ndjson")])

    def test_adds_a_probability_for_each_class(self):
        self.train("sold.onnx", "--target", "sold", "--classify", "--features", "all")
        rows, _ = self.scored("sold.onnx", "houses.csv")
        for row in rows:
            p = {label: float(row["probability_" + label]) for label in ("no", "yes")}
            self.assertAlmostEqual(sum(p.values()), 1, places=5)
            self.assertEqual(row["prediction"], max(p, key=p.get))

    def test_models_of_scikit_learn_with_several_targets_and_with_texts(self):
        model, rows = self.oracle("linear_several_targets")
        inputs = ",".join(name for name in rows[0] if not name.startswith("="))
        for row in self.scored(model, "oracle.csv", "--inputs", inputs)[0]:
            for k in range(3):
                self.assertAlmostEqual(float(row[f"prediction_{k}"]), float(row[f"=prediction{k}"]), places=3)
        model, rows = self.oracle("columns_strict")
        scored, _ = self.scored(model, "oracle.csv", "--inputs", "amount,colour,hour,ratio")
        self.assertEqual(len(scored), len(rows))
        for row in scored:
            self.assertAlmostEqual(float(row["prediction"]), float(row["=prediction"]), places=3)

    def test_a_row_without_a_prediction_stays_and_is_counted(self):
        model, _ = self.oracle("columns_strict")
        self.write("in.csv", "amount;colour;hour;ratio\n50;red;5;0.6\n50;mauve;5;0.6\nmuch;red;5;0.6\n50;red\n"
                             "50;red;5;0.6;7\n50;red;five;0.6\n50;red;5.5;0.6\n")
        run = self.weir("score", model, "in.csv", "--delimiter", ";", "--inputs", "amount,colour,hour,ratio", "--out",
                        "out.csv", code=0)
        rows = self.read("out.csv").splitlines()
        self.assertEqual(rows[0], "amount;colour;hour;ratio;prediction")
        self.assertRegex(rows[1], r"^50;red;5;0.6;\d")
        self.assertEqual(rows[2:], ["50;mauve;5;0.6;", "much;red;5;0.6;", "50;red;;;", "50;red;5;0.6;7;", "50;red;five;0.6;",
                                    "50;red;5.5;0.6;"])
        said = run.stderr.splitlines()
        self.assertEqual(len(said), 6, run.stderr)
        self.assertIn("line 3: ", said[0])
        self.assertEqual(said[1], "weir: warning: line 4: 'much' in column 'amount' is no number")
        self.assertEqual(said[2], "weir: warning: line 5: the row has 2 fields, the header 4")
        self.assertEqual(said[-1], "weir: warning: 6 of 7 rows have no prediction")

    def test_a_number_that_is_missing_is_one_for_the_model(self):
        self.train("price.onnx", "--target", "price", "--features", "place,area")
        self.write("in.csv", "place,area\nnorth,\nnorth,nan\nnorth,1e999\nmoon,50\n,50\n")
        rows, said = self.scored("price.onnx", "in.csv")
        self.assertEqual(len({row["prediction"] for row in rows[:3]} - {""}), 1)
        self.assertEqual([row["prediction"] for row in rows[3:]], ["", ""])
        self.assertIn("line 5: 'place' has a category that the model has not learned", said)

    def test_more_rows_than_a_block_from_standard_input(self):
        self.train("price.onnx", "--target", "price", "--features", "area,rooms")
        text = houses(5000)
        rows, _ = self.scored("price.onnx", "-", input=text)
        self.assertEqual([row["id"] for row in rows], [str(i) for i in range(5000)])
        again, _ = self.scored("price.onnx", "-", input=text.splitlines()[0] + "\n" + text.splitlines()[4900] + "\n")
        self.assertEqual(rows[4899], again[0])

    def test_says_what_is_wrong_before_it_writes(self):
        self.train("price.onnx", "--target", "price", "--features", "area,rooms")
        self.write("other.csv", "rooms,aera\n1,2\n")

        def refusal(*arguments):
            run = self.weir("score", *arguments, "--out", "out.csv", code=78)
            self.assertFalse((self.folder / "out.csv").exists())
            return run.stderr

        self.assertEqual(refusal("price.onnx", "other.csv"),
                         "weir: error: other.csv: there is no column 'area' (did you mean 'aera'?)\n")
        self.assertIn("the model takes 2 inputs, not 1", refusal("price.onnx", "other.csv", "--inputs", "aera"))
        self.assertIn("--inputs a,b,c", refusal(ONNX / "linear_several_targets.onnx", "other.csv"))
        self.assertIn("there is a column 'rooms' already (name the prediction: --as)",
                      refusal("price.onnx", "houses.csv", "--as", "rooms"))
        over = self.weir("score", "price.onnx", "houses.csv", "--out", "./houses.csv", code=78).stderr
        self.assertIn("'houses.csv' is read and would be written over (name another --out)", over)
        self.assertEqual(self.read("houses.csv"), houses(600))
        self.weir("eval", "price.onnx", "houses.csv", "--target", "price", "--html", "price.onnx", code=78)
        self.weir("score", "price.onnx", "none.csv", "--out", "out.csv", code=69)

    def judged(self, *arguments):
        return json.loads(self.weir("eval", *arguments, "-o", "json", code=0).stdout)

    def test_eval_judges_values(self):
        self.train("price.onnx", "--target", "price", "--features", "area,place", "--holdout", "test.csv")
        judged = self.judged("price.onnx", "test.csv", "--target", "price", "--by", "place")
        rows, _ = self.scored("price.onnx", "test.csv")
        errors = [float(row["prediction"]) - float(row["price"]) for row in rows]
        self.assertAlmostEqual(judged["measures"]["mae"], sum(map(abs, errors)) / len(errors), places=6)
        self.assertGreater(judged["measures"]["r2"], 0.9)
        for name, interval in judged["intervals"].items():
            self.assertLessEqual(interval["low"], judged["measures"][name], name)
            self.assertGreaterEqual(interval["high"], judged["measures"][name], name)
        self.assertEqual({s["value"] for s in judged["slices"]}, {"east, far", "north", "south"})
        self.assertEqual(sum(s["rows"] for s in judged["slices"]), judged["rows"])
        self.assertEqual(judged, self.judged("price.onnx", "test.csv", "--target", "price", "--by", "place"))

    def test_eval_says_what_each_feature_is_worth(self):
        self.train("price.onnx", "--target", "price", "--features", "area,place,rooms", "--holdout", "test.csv")
        arguments = ["price.onnx", "test.csv", "--target", "price", "--bootstrap", "0"]
        found = self.judged(*arguments)["permutation_importances"]
        self.assertEqual((found["measure"], found["repeats"]), ("r2", 5))
        self.assertEqual(set(found["features"]), {"area", "place", "rooms"})
        self.assertGreater(found["features"]["area"]["mean"], 0.1)
        self.assertEqual(set(self.judged(*arguments)["importances"]), {"area", "place", "rooms"})
        self.assertEqual(found, self.judged(*arguments)["permutation_importances"])
        fewer = self.judged(*arguments, "--permutation-rows", "20", "--n-repeats", "2")["permutation_importances"]
        self.assertEqual((fewer["rows"], fewer["repeats"]), (20, 2))
        self.assertNotIn("permutation_importances", self.judged(*arguments, "--permutation-rows", "0"))
        table = self.weir("eval", *arguments, code=0).stdout
        self.assertRegex(table, r"feature +R2 falls by +deviation +share in the training\n +area ")
        whole = self.weir("eval", *arguments, "--html", "report.html", code=0)
        self.assertIn("R2 falls by", self.read("report.html"))
        self.assertEqual(whole.stdout, table)

    def test_eval_judges_classes(self):
        self.train("sold.onnx", "--target", "sold", "--classify", "--features", "area,rooms", "--holdout", "test.csv")
        judged = self.judged("sold.onnx", "test.csv", "--target", "sold", "--bootstrap", "0")
        self.assertNotIn("intervals", judged)
        rows, _ = self.scored("sold.onnx", "test.csv")
        right = [row["prediction"] == row["sold"] for row in rows]
        self.assertAlmostEqual(judged["measures"]["accuracy"], sum(right) / len(right))
        self.assertEqual([c["label"] for c in judged["classes"]], ["no", "yes"])
        self.assertEqual(sum(map(sum, judged["confusion"])), len(rows))
        self.assertEqual(sum(b["rows"] for b in judged["calibration"]), len(rows))
        table = self.weir("eval", "sold.onnx", "test.csv", "--target", "sold", code=0).stdout
        for word in ("accuracy", "ROC AUC", "95 % in", "confusion", "calibration"):
            self.assertIn(word, table)

    def test_kernel_models_are_trained_shown_scored_and_judged(self):
        """A classifier of these says no probabilities: what needs them is left out, not made up."""
        listed = self.weir("list", "models", code=0).stdout
        features = ["--features", "place,area", "--encode", "place", "--holdout", "test.csv"]
        for kind, target, options in [("svr", "price", ["--C", "10000"]), ("svr", "price", ["--kernel", "linear", "--C", "100"]),
                                      ("kernel_ridge", "price", ["--kernel", "rbf", "--gamma", "0.001"]),
                                      ("svc", "sold", []), ("linear_svc", "sold", []), ("one_class_svm", None, ["--nu", "0.1"])]:
            with self.subTest(kind, options=options):
                self.assertIn(kind, listed)
                wanted = ["--target", target] if target else []
                wanted += ["--classify"] if target == "sold" else []
                self.weir("train", "houses.csv", "--model", kind, *wanted, *features, *options, "--out", "m.onnx", code=0)
                shown = self.weir("models", "show", "m.onnx", code=0).stdout
                self.assertIn(kind, shown)
                self.assertNotIn("nan", shown.lower())
                rows, said = self.scored("m.onnx", "test.csv")
                self.assertEqual(said, "")
                self.assertFalse([name for name in rows[0] if name.startswith("probability")])
                if target is None:
                    unusual = sum(float(row["prediction"]) > 0 for row in rows)
                    self.assertLess(unusual, len(rows) / 4)
                    continue
                measures = self.judged("m.onnx", "test.csv", "--target", target)["measures"]
                if target == "price":
                    self.assertGreater(measures["r2"], 0.8)
                else:
                    right = sum(row["prediction"] == row["sold"] for row in rows)
                    self.assertAlmostEqual(measures["accuracy"], right / len(rows))
                    self.assertGreater(right / len(rows), 0.85)
                    self.assertNotIn("log_loss", [name for name, value in measures.items() if value is not None])

    def test_eval_says_why_there_is_no_area_under_a_curve(self):
        self.train("sold.onnx", "--target", "sold", "--classify", "--features", "area,rooms")
        self.write("in.csv", "rooms,area,sold\n1,50,no\n2,55,no\n")
        said = self.weir("eval", "sold.onnx", "in.csv", "--target", "sold", code=0).stdout
        self.assertIn("ROC AUC needs rows of two classes, and all of these are of one", said)
        self.assertNotIn("nan", said)
        self.assertIsNone(self.judged("sold.onnx", "in.csv", "--target", "sold")["measures"]["roc_auc"])
        self.weir("train", "houses.csv", "--model", "linear_svc", "--target", "sold", "--classify", "--features",
                  "area,rooms", "--out", "svc.onnx", code=0)
        said = self.weir("eval", "svc.onnx", "houses.csv", "--target", "sold", code=0).stdout
        self.assertIn("ROC AUC needs probabilities, and the model says none", said)

    def test_eval_counts_rows_that_cannot_be_judged(self):
        self.train("sold.onnx", "--target", "sold", "--classify", "--features", "area,rooms")
        self.write("in.csv", "rooms,area,sold\n1,50,no\n1,50,maybe\n1,50,\n1,wide,no\n6,140,yes\n")
        run = self.weir("eval", "sold.onnx", "in.csv", "--target", "sold", "-o", "json", code=0)
        judged = json.loads(run.stdout)
        self.assertEqual((judged["rows"], judged["left_out"]), (2, 3))
        self.assertIn("line 3: 'maybe' in column 'sold' is no class of the model", run.stderr)
        self.assertIn("3 of 5 rows cannot be judged", run.stderr)
        self.write("in.csv", "rooms,area,sold\n1,wide,no\n")
        self.assertIn("no row can be judged", self.weir("eval", "sold.onnx", "in.csv", "--target", "sold", code=78).stderr)
        self.assertIn("there is no column 'solt' (did you mean 'sold'?)",
                      self.weir("eval", "sold.onnx", "in.csv", "--target", "solt", code=78).stderr)


class TrainTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("houses.csv", houses(300))

    def test_help_shows_the_default_of_each_kind(self):
        said = " ".join(self.weir("train", "--help", code=0).stdout.split())
        self.assertIn("default 0 (random_forest, extra_trees), 31 (gradient_boosting)", said)
        self.assertIn("--learning-rate TEXT=0.1", said)

    def test_reports_as_json(self):
        run = self.weir("train", "houses.csv", "--target", "price", "--features", "all", "--drop-missing", "--out",
                        "price.onnx", "-o", "json", code=0)
        report = json.loads(run.stdout)
        self.assertEqual(report["features"], ["id", "rooms", "area"])
        self.assertEqual(report["rows"], {"train": 240, "test": 60, "held": 0, "dropped": 0, "filtered": 0, "refused": 0})
        self.assertIn("rmse", report["test"])

    def test_needs_a_target_where_the_kind_learns_one(self):
        arguments = ["houses.csv", "--features", "all", "--out", "m.onnx"]
        self.assertIn("name it: --target", self.weir("train", *arguments, code=64).stderr)
        run = self.weir("train", *arguments, "--model", "isolation_forest", "-o", "json", code=0)
        self.assertIsNone(json.loads(run.stdout)["test"])

    def test_fills_what_is_missing(self):
        lines = self.read("houses.csv").splitlines()
        area = lines[0].split(",").index("area")
        for i in range(3, len(lines), 10):
            lines[i] = ",".join("" if k == area else field for k, field in enumerate(lines[i].split(",")))
        self.write("holes.csv", "\n".join(lines) + "\n")
        arguments = ["holes.csv", "--target", "price", "--features", "rooms,area", "--out", "m.onnx", "-o", "json"]
        dropped = json.loads(self.weir("train", *arguments, code=0).stdout)["rows"]
        self.assertEqual((dropped["train"] + dropped["test"], dropped["dropped"]), (270, 30))
        filled = json.loads(self.weir("train", *arguments, "--impute", "area:median,0", "--target-transform", "log", code=0).stdout)
        self.assertEqual((filled["rows"]["train"] + filled["rows"]["test"], filled["rows"]["dropped"]), (300, 0))
        self.assertGreater(filled["test"]["r2"], 0.5)
        self.weir("score", "m.onnx", "holes.csv", "--out", "out.csv", code=0)
        self.assertNotIn(",\n", self.read("out.csv"))
        for wrong, said in [(["--impute", "area:average"], "one of mean, median, most_frequent, or a number"),
                            (["--impute", "place:median"], "'place' is to be imputed, but is no feature"),
                            (["--target-transform", "cube"], "log1p"),
                            (["--classify", "--target-transform", "log"], "a target is transformed where it is a number")]:
            self.assertIn(said, self.weir("train", *arguments, *wrong, code=None).stderr, wrong)

    def test_splits_categories_into_sets(self):
        rows = "".join(f"{'' if i % 17 == 3 else f'shop {i * 7 % 24}'},{i % 13},{(i * 7 % 24 * 5 % 7) * 10 + i % 13}\n" for i in range(900))
        self.write("shops.csv", f"shop,day,sales\n{rows}")
        arguments = ["shops.csv", "--target", "sales", "--features", "shop,day", "--encode", "shop", "--model",
                     "gradient_boosting", "--max-depth", "2", "--max-iter", "20", "--out", "m.onnx", "-o", "json"]
        ordered = json.loads(self.weir("train", *arguments, code=0).stdout)
        sets = json.loads(self.weir("train", *arguments, "--categories", "shop", code=0).stdout)
        self.assertGreater(ordered["rows"]["dropped"], 0)
        self.assertEqual(sets["rows"]["dropped"], 0)
        self.assertGreater(sets["test"]["r2"], ordered["test"]["r2"])
        self.write("new.csv", "shop,day\n,5\nnever seen,5\nshop 1,5\n")
        self.weir("score", "m.onnx", "new.csv", "--out", "out.csv", code=0)
        missing, unknown, known = [float(line.split(",")[-1]) for line in self.read("out.csv").splitlines()[1:]]
        self.assertEqual(missing, unknown)
        self.assertNotEqual(missing, known)
        for wrong, said in [(["--categories", "place"], "'place' is a category, but is no feature"),
                            (["--categories", "shop", "--model", "ridge"], "takes no categories")]:
            run = [a for a in arguments if a != "gradient_boosting" and a != "--model" or "ridge" not in wrong]
            self.assertIn(said, self.weir("train", *run, *wrong, code=64 if "ridge" in wrong else None).stderr)

    def test_warns_of_a_target_that_is_constant(self):
        self.write("flat.csv", "a,b\n1,5\n2,5\n3,5\n4,5\n5,5\n6,5\n")
        run = self.weir("train", "flat.csv", "--target", "b", "--features", "a", "--out", "m.onnx", code=0)
        self.assertIn("the target 'b' has one value alone in 'flat.csv'", run.stderr)


if __name__ == "__main__":
    unittest.main()
