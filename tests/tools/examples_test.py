"""The demo and the examples, as a reader of their READMEs runs them."""
import collections
import csv
import json
import os
import re
import signal
import subprocess
import unittest
import uuid

from weir_command import ROOT, WEIR, WeirTest, wait_until


class ExamplesTest(WeirTest):
    def run_command(self, *command, **environment):
        run = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120,
                             env={**os.environ, "WEIR": str(WEIR), "BROKERS": "", **environment})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run

    def run_example(self, name, *options, **environment):
        return self.run_command(ROOT / "examples" / name / "run.sh", "--out", self.folder, *options, **environment)

    # --- cluster ---

    def test_three_nodes_share_a_topic(self):
        name = f"cluster-{uuid.uuid4().hex[:8]}"
        self.environment = os.environ | {"BROKERS": self.find_brokers(), "GROUP": name, "IN": f"{name}-in",
                                         "OUT": f"{name}-out", "DEAD": f"{name}-dead"}
        # The ports of the file may be in use: here any will do.
        text = (ROOT / "examples" / "cluster" / "cluster.yaml").read_text()
        text = re.sub(r" (listen|stats): \d+,", "", text)
        text = text.replace("pipeline: pipeline.yaml", f"pipeline: {ROOT}/examples/cluster/pipeline.yaml")
        self.write("cluster.yaml", text)
        # `weir up` must be asked to end: killed, it would leave its nodes.
        up = self.start_weir("up", "cluster.yaml", end_by=signal.SIGTERM)
        self.until(lambda: len(re.findall(r"(?m)^n\d +\d+ running", self.status())) == 6, "six lanes run")
        self.weir("generate", "transactions", "--rows", "3000", "--no-label", "--format", "ndjson", "--out", "in.ndjson",
                  code=0)
        self.weir("produce", "in.ndjson", "--topic", f"{name}-in", "--key", "CustomerID", "--brokers",
                  self.find_brokers(), code=0)
        self.until(lambda: re.search(r"(?m)^all +3,000 ", self.status()), "all records are received")
        self.until(lambda: "count_5m" in self.status(), "the supervisor has counted them all")
        self.weir("ctl", "stop", code=0)
        self.assertEqual(up.wait(60), 0)
        outputs = self.weir("consume", f"{name}-out", "--brokers", self.find_brokers(), "--exit-at-end", code=0).stdout
        wanted = [row for row in self.rows("in.ndjson") if (row["Amount"] or 0) > 50]
        self.assertEqual(len(outputs.splitlines()), len(wanted))

    def status(self):
        return self.weir("status", "--interval", "0").stdout

    def until(self, condition, what, limit=60):
        wait_until(condition, limit, what, self.status)

    # --- salary ---

    def check_salary(self, run):
        with open(ROOT / "examples/salary/position_salaries.csv") as file:
            table = {row["Position"]: row for row in csv.DictReader(file)}
        predicted = {row["Position"]: row for row in self.rows("predicted.ndjson")}
        self.assertEqual(predicted.keys(), table.keys())
        paid = [float(row["Salary"]) for row in table.values()]
        for position, row in predicted.items():
            self.assertEqual(float(row["Salary"]), float(table[position]["Salary"]))
            self.assertTrue(min(paid) <= row["predicted"] <= max(paid), row)
        by_level = [row["predicted"] for row in sorted(predicted.values(), key=lambda row: float(row["Level"]))]
        self.assertLess(by_level[0], by_level[-1])
        self.assertRegex(run.stdout, r"rows +8 to learn from, 2 to test with")

    def test_salary_predicts_each_position_from_a_file(self):
        self.check_salary(self.run_example("salary"))

    def test_salary_predicts_each_position_from_a_topic(self):
        self.check_salary(self.run_example("salary", "--kafka", self.find_brokers()))

    def test_a_position_that_the_model_does_not_know_goes_to_the_dead_letters(self):
        self.run_example("salary")
        self.write("other.csv", "Position,Level,Salary\nJuggler,3,1\nManager,4,80000\n")
        for name in ("predicted.ndjson", "dead_letters.ndjson"):
            (self.folder / name).unlink(missing_ok=True)
        self.run_command(WEIR, "run", ROOT / "examples/salary/pipeline.yaml", IN=str(self.folder / "other.csv"),
                         MODEL=str(self.folder / "salary.onnx"), OUT=str(self.folder))
        self.assertEqual([row["Position"] for row in self.rows("predicted.ndjson")], ["Manager"])
        letters = self.rows("dead_letters.ndjson")
        self.assertEqual([letter["value"] for letter in letters], ["Juggler,3,1"])
        self.assertEqual(letters[0]["reason"], "'Position' has a category that the model has not learned")

    # --- movies ---

    def check_movies(self, run):
        held = {row["movie_title"]: float(row["imdb_score"]) for row in csv.DictReader(self.read("live.csv").splitlines())}
        predicted = self.rows("predicted.ndjson")
        self.assertEqual(collections.Counter(row["movie_title"] for row in predicted).keys(), held.keys())
        found = re.search(r"rows +(\d+) to learn from, (\d+) to test with, (\d+) held back, (\d+) dropped", run.stdout)
        self.assertTrue(found, run.stdout)
        learned, tested, kept, dropped = map(int, found.groups())
        self.assertEqual(kept, len(predicted))
        self.assertAlmostEqual(tested / (learned + tested + kept), 0.1, delta=0.01)
        self.assertAlmostEqual(kept / (learned + tested + kept), 0.1, delta=0.01)
        self.assertGreater(dropped, 100)
        error = sum(abs(row["predicted_score"] - float(row["imdb_score"])) for row in predicted) / len(predicted)
        mean = sum(held.values()) / len(held)
        naive = sum(abs(score - mean) for score in held.values()) / len(held)
        self.assertLess(error, naive, "the model is no better than the mean")

    def test_movies_predicts_what_was_held_back_from_a_file(self):
        self.check_movies(self.run_example("movies"))

    def test_movies_predicts_what_was_held_back_over_tls_and_sasl(self):
        self.find_brokers()
        brokers = os.environ["WEIR_TEST_SASL_BROKERS"]
        self.check_movies(self.run_example("movies", "--kafka", brokers,
                                           CA=os.environ["WEIR_TEST_KAFKA_DIR"] + "/tls/ca.pem"))

    # --- traffic ---

    def check_traffic(self, run, rate, seconds):
        with open(ROOT / "examples/traffic/traffic.csv") as file:
            live = list(csv.DictReader(file))[2000:]
        predicted = self.rows("predicted.ndjson")
        self.assertTrue(predicted)
        # What came out is the busy part of the first rows, in order: those that the time allowed for.
        busy = [row for row in live if int(row["Total"]) > 50]
        self.assertEqual([(r["Time"], int(r["Date"]), int(r["Total"])) for r in predicted],
                         [(r["Time"], int(r["Date"]), int(r["Total"])) for r in busy[:len(predicted)]])
        self.assertLessEqual(len(predicted), rate * seconds * 1.2 + 1)
        error = sum(abs(r["predicted_total"] - int(r["Total"])) for r in predicted) / len(predicted)
        mean = sum(int(r["Total"]) for r in predicted) / len(predicted)
        naive = sum(abs(mean - int(r["Total"])) for r in predicted) / len(predicted)
        self.assertLess(error, naive, "the model is no better than the mean")
        self.assertRegex(run.stdout, r"test +R2 0\.\d+")
        # The training beside it has made versions, and the pipeline has changed to some of them.
        scored = [int(re.match(r"traffic/(\d+)@", r["model"])[1]) for r in predicted]
        self.assertEqual(scored, sorted(scored))
        self.assertEqual(scored[0], 1)
        self.assertGreater(scored[-1], 1)
        models = json.loads(self.weir("models", "list", "models", "-o", "json", code=0).stdout)["models"][0]
        self.assertGreaterEqual(models["aliases"]["champion"], scored[-1])
        self.assertGreater(models["versions"][0]["rows"], models["versions"][-1]["rows"])

    def test_traffic_replays_at_its_rate_for_its_time_from_a_file(self):
        self.check_traffic(self.run_example("traffic", RATE="100", FOR="6s"), 100, 6)

    def test_traffic_replays_at_its_rate_for_its_time_from_a_topic(self):
        self.check_traffic(self.run_example("traffic", "--kafka", self.find_brokers(), RATE="100", FOR="6s"), 100, 6)

    # --- transactions ---

    def check_transactions(self, run):
        kept, seen = [], {}
        for row in csv.DictReader(self.read("live.csv").splitlines()):
            if not all(row[field] for field in ("Amount", "Age", "Location", "Device")) or float(row["Amount"]) <= 0:
                continue
            key = row["CustomerID"], row["Date"], float(row["Amount"])  # what is sent twice has the same date
            if key not in seen:
                kept.append(key)
            seen[key] = row["is_anomaly"]
        predicted = self.rows("predicted.ndjson")
        self.assertEqual([(row["CustomerID"], row["Date"], row["Amount"]) for row in predicted], kept)
        self.assertLess(len(kept), 0.985 * (self.read("live.csv").count("\n") - 1))
        odd = sum(row["is_anomaly"] for row in predicted)
        for said, least_precision, least_recall in (("flagged", 0.85, 0.9), ("unusual", 0.5, 0.7), ("guess", 0.9, 0.3)):
            flagged = [row for row in predicted if row[said]]
            right = sum(row["is_anomaly"] for row in flagged)
            self.assertGreater(right / len(flagged), least_precision, said)
            self.assertGreater(right / odd, least_recall, said)
            self.assertRegex(run.stdout, rf"(?m)^ +{said} +{len(flagged)} +{100 * right / len(flagged):.1f}% +{100 * right / odd:.1f}%")
        changes = [json.loads(line) for line in self.read("changes.ndjson").splitlines()]
        judged = self.rows("judged.ndjson")
        self.assertEqual([row["id"] for row in judged], [change["after"]["id"] for change in changes])
        verdicts = [row for row in judged if row["__op"] == "u"][5000:]
        flagged = [row for row in verdicts if row["guess"]]
        self.assertGreater(sum(row["is_anomaly"] for row in flagged) / len(flagged), 0.8)

    def test_transactions_are_cleaned_scored_and_learned_from_in_files(self):
        self.check_transactions(self.run_example("transactions"))

    def test_transactions_come_out_of_a_topic_as_they_come_out_of_a_file(self):
        run = self.run_example("transactions", "--kafka", self.find_brokers())
        self.check_transactions(run)
        self.assertIn("What came out of the topic is the same, byte for byte", run.stdout)

    # --- table ---

    def check_table(self, run):
        """What the run says was found is what stands in the records, and not less than most of what was planted."""
        rows = self.rows("predicted.ndjson")
        with open(self.folder / "loads.csv") as file:
            loads = list(csv.DictReader(file))
        good = [load for load in loads if load["table_name"] and load["source_record_count"].isdigit()]
        self.assertEqual([(row["batch_id"], row["fault"] or "") for row in rows],
                         [(int(load["batch_id"]), load["fault"]) for load in good])
        self.assertEqual(len(self.rows("dead_letters.ndjson")), len(loads) - len(good))
        self.assertGreater(len(loads), len(good) + 5)
        said = re.findall(r"(?m)^   (\w+) +(\d+) +(\d+) +([\d.]+)%", run.stdout)
        split = next(i for i, line in enumerate(said) if line[0] == "all") + 1
        kinds = {kind: (int(planted), int(found)) for kind, planted, found, _ in said[:split]}
        planted = collections.Counter(fault.rsplit("-", 1)[0] for fault in {load["fault"] for load in good} - {""})
        self.assertEqual({kind: planted for kind, (planted, _) in kinds.items() if kind != "all"}, planted)
        self.assertEqual(len(planted), 12)
        for kind, (planted, found) in kinds.items():
            least = 0.7 if kind in ("spike", "drop", "null_share") else 0.9
            self.assertGreaterEqual(found / planted, least, kind)
        verdicts = {verdict: (int(count), int(right)) for verdict, count, right, _ in said[split:]}
        for verdict, (count, right) in verdicts.items():
            if verdict != "any":
                self.assertEqual(count, sum(row[verdict] is True for row in rows), verdict)
            self.assertGreater(right / count, 0.4 if verdict in ("pace_changed", "pace_spread_changed") else 0.9, verdict)
        # Each detector finds what it is there for.
        for kind, verdict in (("failed", "failed"), ("mismatch", "mismatch"), ("stuck", "stuck"), ("gap", "late"),
                              ("nulls", "times_missing"), ("new_table", "new_table"), ("level_shift", "pace_changed"),
                              ("drift", "pace_drifts"), ("concept_drift", "pace_spread_changed")):
            line = re.search(rf"(?m)^   {kind} .*$", run.stdout)[0]
            by = re.search(rf" {verdict} (\d+)", line)
            self.assertTrue(by, line)
            self.assertGreaterEqual(int(by[1]), (0.5 if kind == "concept_drift" else 0.8) * kinds[kind][0], line)
        alerts = [alert for alert in self.rows("alerts.ndjson") if alert["status"] == "firing"]
        self.assertEqual({alert["alert"] for alert in alerts}, verdicts.keys() - {"any"})
        by_id = {row["batch_id"]: row for row in rows}
        for alert in alerts:
            row = by_id[alert["record"]["batch_id"]]
            self.assertEqual(alert["record"], row)
            self.assertTrue(row[alert["detector"]], alert)
            self.assertIsNone(alert["label"])
            self.assertEqual(alert["labels"]["table_name"], row["table_name"])
        right = [label["label"] for label in self.rows("alerts.ndjson.labels")].count("anomaly")
        self.assertGreater(right / len(alerts), 0.85)
        self.assertRegex(run.stdout, rf"(?m)^all +{len(alerts)} +{len(alerts)} +{right} +0\.\d+ ")

    def test_faults_of_table_loads_are_found_in_files(self):
        self.check_table(self.run_example("table"))

    def test_faults_of_table_loads_are_found_in_a_topic_as_in_a_file(self):
        run = self.run_example("table", "--kafka", self.find_brokers())
        self.check_table(run)
        self.assertIn("What came out of the topic is the same, byte for byte", run.stdout)

    # --- demo ---

    def check_demo(self, run, rows):
        live = []
        for line in self.read("live.ndjson").splitlines():
            try:
                live.append(json.loads(line))
            except json.JSONDecodeError:
                live.append(None)
        wanted = collections.Counter()
        complete = ("Age", "Location", "Device")
        for record in live:
            if record and record["Amount"] is not None and record["Amount"] > 50 and all(record[f] for f in complete):
                wanted[(record["CustomerID"], record["Date"], record["Amount"], record["is_anomaly"])] += 1
        scored = self.rows("scored.ndjson")
        self.assertEqual(len(live), rows * 4 // 5)
        self.assertEqual(collections.Counter((r["CustomerID"], r["Date"], r["Amount"], r["is_anomaly"]) for r in scored),
                         wanted)
        labelled = sum(r["is_anomaly"] for r in scored)
        flagged = [r for r in scored if r["anomaly"]]
        right = sum(r["is_anomaly"] for r in flagged)
        line = re.search(r"z-score beyond 3 +([\d,]+) +([\d,]+) +([\d.]+) % +([\d.]+) %", run.stdout)
        self.assertEqual(int(line[1].replace(",", "")), len(flagged))
        self.assertEqual(int(line[2].replace(",", "")), right)
        self.assertAlmostEqual(float(line[3]), 100 * right / len(flagged), delta=0.06)
        self.assertAlmostEqual(float(line[4]), 100 * right / labelled, delta=0.06)
        raised = [a for a in self.rows("alerts.ndjson") if a["status"] == "firing"]
        self.assertIn(f"Alerts: {len(raised):,} raised", run.stdout)
        books = re.search(r"received ([\d,]+) = emitted ([\d,]+) \+ filtered ([\d,]+) \+ dead-lettered ([\d,]+) \+ in flight 0",
                          run.stdout)
        received, emitted, filtered, dead = (int(number.replace(",", "")) for number in books.groups())
        self.assertEqual(received, len(live))
        self.assertEqual(emitted, len(scored))
        self.assertEqual(received, emitted + filtered + dead)
        return scored

    def test_the_demo_says_what_its_files_hold(self):
        run = self.run_command(WEIR, "demo", "--rows", "20000", "--dir", self.folder)
        self.check_demo(run, 20000)
        for pipeline in ("pipeline.yaml", "features.yaml"):
            self.run_command(WEIR, "validate", self.folder / pipeline)

    def test_the_demo_can_be_repeated_in_its_folder_and_says_the_same(self):
        def findings():
            text = self.run_command(WEIR, "demo", "--rows", "5000", "--dir", self.folder).stdout
            return re.search(r"^Anomalies.*^Alerts[^\n]*", text, re.DOTALL | re.MULTILINE)[0]
        self.assertEqual(findings(), findings())

    def test_the_demo_finds_most_of_what_is_odd(self):
        self.run_command(WEIR, "demo", "--rows", "100000", "--dir", self.folder)
        scored = self.rows("scored.ndjson")
        labelled = sum(r["is_anomaly"] for r in scored)
        # Amounts have a long tail, so every third or second of those that are far out is an honest one.
        for flag, least_precision in ((lambda r: r["anomaly"], 0.4), (lambda r: r["risk"] > 0.5, 0.7)):
            flagged = [r for r in scored if flag(r)]
            right = sum(r["is_anomaly"] for r in flagged)
            self.assertGreater(right / labelled, 0.7)
            self.assertGreater(right / len(flagged), least_precision)

    def test_the_demo_goes_through_topics(self):
        run = self.run_command(WEIR, "demo", "--rows", "20000", "--dir", self.folder, "--kafka", self.find_brokers())
        self.check_demo(run, 20000)


if __name__ == "__main__":
    unittest.main()
