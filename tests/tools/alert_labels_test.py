"""Labels of alerts: a person goes through a log with `weir alerts label`, and `weir eval --alerts` says how often the
alerts were right."""
import json
import unittest

from weir_command import WeirTest

PIPELINE = """
name: labelled
source: { file: in.ndjson }
schema: { id: { type: string, key: true }, x: double }
detect:
  - { threshold: x, above: 10, as: high }
  - { rule: x < 0, level: critical, as: negative }
alerts: [ { detector: all, by: id } ]
alert_sink: { file: alerts.ndjson }
sink: { file: out.ndjson }
stats: { enabled: false }
"""


class AlertLabels(WeirTest):
    def setUp(self):
        super().setUp()
        readings = [("a", 12), ("b", 1), ("c", -1), ("a", 2), ("a", 20), ("d", 30)]
        self.write("in.ndjson", "".join(json.dumps({"id": key, "x": x}) + "\n" for key, x in readings))
        self.write("p.yaml", PIPELINE)
        self.weir("run", "p.yaml", code=0)

    def label(self, answers, *arguments):
        return self.weir("alerts", "label", "alerts.ndjson", *arguments, input=answers, code=0).stdout

    def judged(self):
        """Of all alerts together."""
        return json.loads(self.weir("eval", "--alerts", "alerts.ndjson", "-o", "json", code=0).stdout)["all"][0]

    def test_shows_each_alert_and_counts_what_is_said_of_it(self):
        before = self.read("alerts.ndjson")
        shown = self.label("a\nn a wire that was loose\n?\na\n\n")
        self.assertIn("1 of 4  high", shown)
        self.assertIn('{"id":"a","x":12', shown)
        self.assertIn("3 labels written", shown)
        self.assertEqual(self.read("alerts.ndjson"), before, "the log is the pipeline's")
        self.assertEqual([(one["label"], one["note"]) for one in self.rows("alerts.ndjson.labels")],
                         [("anomaly", ""), ("normal", "a wire that was loose"), ("anomaly", "")])
        judged = self.judged()
        self.assertEqual([judged[name] for name in ("alerts", "labelled", "anomalies")], [4, 3, 2])
        self.assertAlmostEqual(judged["precision"], 2 / 3)
        # statsmodels.stats.proportion.proportion_confint(2, 3, method="wilson")
        self.assertAlmostEqual(judged["precision_low"], 0.20765, places=4)
        self.assertAlmostEqual(judged["precision_high"], 0.93851, places=4)

    def test_asks_for_what_has_no_label_and_takes_back_what_was_wrong(self):
        self.label("a\nq\n")
        self.assertIn("1 of 3", self.label("n\nb\na\nq\n"))
        self.assertEqual(self.judged()["anomalies"], 2)
        self.assertIn("1 of 4", self.label("n\nq\n", "--again"))
        self.assertEqual(self.judged()["anomalies"], 1)
        self.assertIn("1 of 1  negative  critical", self.label("q\n", "--alert", "negative", "--again"))

    def test_counts_a_label_that_stands_in_the_log(self):
        alerts = self.rows("alerts.ndjson")
        for alert in alerts:
            if alert["status"] == "firing":
                self.assertIsNone(alert["label"])
                alert["label"] = "anomaly"
        self.write("alerts.ndjson", "".join(json.dumps(alert) + "\n" for alert in alerts))
        self.assertEqual(self.judged()["anomalies"], 4)

    def test_shows_a_table_by_rule_and_severity(self):
        self.label("a\nn\na\na\n")
        table = self.weir("eval", "--alerts", "alerts.ndjson", code=0).stdout
        self.assertRegex(table, r"(?m)^high +3 +3 +2 ")
        self.assertRegex(table, r"(?m)^critical +1 +1 +1 ")

    def test_says_what_is_wrong(self):
        self.assertIn("none of its 4 alerts has a label",
                      self.weir("eval", "--alerts", "alerts.ndjson", code=78).stderr)
        self.assertIn("in.ndjson:1: this is no alert", self.weir("alerts", "label", "in.ndjson", code=78).stderr)
        self.assertIn("MODEL, DATA and --target are required", self.weir("eval", "--target", "x", code=64).stderr)


if __name__ == "__main__":
    unittest.main()
