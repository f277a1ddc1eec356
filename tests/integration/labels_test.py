"""Labels that come later, on another topic: what they say of the models, and that no kill loses one or counts one twice."""
import json
import random
import time
import unittest
import urllib.request

from reference_job import GROUP_PROPERTIES, PARTITIONS, ReferenceJob, wait_until

PIPELINE = """
name: "{name}"
stats: {{ port: 0 }}
source: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {group} }} }} }}
schema: {{ id: int, x: double }}
infer:
  - model: times_1.onnx
    as: y
    version_as: model
    labels: {{ topic: "${{LABELS}}", key: id, truth: z, within: 1h }}
    {more}
sink: {{ kafka: {{ topic: "${{OUT}}" }} }}
alert_sink: {{ kafka: {{ topic: "${{ALERTS}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
processing: {{ guarantee: "${{GUARANTEE}}" }}
"""
RECORDS = 20_000


class Labels(ReferenceJob):
    more = ""

    def pipeline_text(self):
        return PIPELINE.format(name=self.environment["GROUP"], group=GROUP_PROPERTIES, more=self.more)

    def setUp(self):
        super().setUp()
        name = self.source.removesuffix("-in")
        self.labels, self.alerts = (f"{name}-{part}" for part in ("labels", "alerts"))
        self.environment |= {"LABELS": self.labels, "ALERTS": self.alerts}
        for factor in (1, 2):
            self.write("rows.csv", "x,y\n" + "".join(f"{x},{factor * x}\n" for x in range(5)))
            self.weir("train", "rows.csv", "--model", "linear_regression", "--target", "y", "--features", "x", "--test-size",
                      "0", "--out", f"times_{factor}.onnx", code=0)
        self.make_topics()
        self.make_topics(self.alerts, partitions=1)

    def fill(self, topic, rows, rate=None):
        """Starts to produce, keyed by id; waits for the end without a rate."""
        path = self.write(f"{topic}.in.ndjson", "".join(json.dumps(row) + "\n" for row in rows))
        pace = ["--rate", str(rate)] if rate else []
        process = self.start_weir("produce", f"{topic}.in.ndjson", "--topic", topic, "--brokers", self.brokers, "--key", "id",
                                  *pace)
        if not rate:
            self.finish_producing(process)
        return process

    def model(self):
        """What the node says of its model: the version, and the figures since it was started."""
        with urllib.request.urlopen(f"{self.stats_url()}/api/v1/models", timeout=10) as answer:
            return json.load(answer)["models"][0]

    def contest(self):
        return self.model()["contest"]

    def truths(self):
        try:
            return self.contest()["champion.truths"]
        except (OSError, TypeError, KeyError, ValueError):
            return 0


class LabelsTest(Labels):
    def test_labels_are_joined_in_front_of_their_records_and_behind_them(self):
        self.make_topics(self.labels)
        records = [{"id": i, "x": i % 100} for i in range(1000)]
        labels = [{"id": row["id"], "z": 2 * row["x"]} for row in records]
        self.fill(self.labels, labels[:300])
        self.fill(self.labels, [{"id": 5, "z": "dear"}, {"id": "five", "z": 5}])
        node = self.start()
        self.fill(self.source, records)
        wait_until(lambda: self.lines(self.sink) == 1000, 60, "all outputs", self.log)
        self.fill(self.labels, labels[300:])  # no record comes behind these
        wait_until(lambda: self.truths() == 1000, 30, "all labels are joined", lambda: f"{self.truths()}\n{self.log()}")
        said = self.contest()
        self.assertAlmostEqual(said["champion.rmse"], (sum(row["x"] ** 2 for row in records) / 1000) ** 0.5, delta=0.01)
        self.assertAlmostEqual(said["champion.mae"], sum(row["x"] for row in records) / 1000, delta=0.01)
        self.stop(node)
        self.assertEqual(sorted(json.loads(letter)["z"] == 5 for letter in self.consume(self.dead).read_text().splitlines()),
                         [False, True])
        self.assertEqual(self.lines(self.sink), 1000)

    def test_a_killed_node_knows_what_waits_and_counts_no_label_again(self):
        self.make_topics(self.labels)
        dice = random.Random(4)
        records = [{"id": i, "x": i % 100} for i in range(RECORDS)]
        producers = [self.fill(self.source, records, rate=4000)]
        for _ in range(4):
            node = self.start()
            time.sleep(dice.uniform(1.0, 2.5))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
        node = self.start()
        self.finish_producing(producers[0])
        wait_until(lambda: self.lines(self.sink) == RECORDS, 60, "all outputs", self.log)
        # All predictions were made, most of them by nodes that are dead. This node's figures are of the labels alone.
        half = RECORDS // 2
        self.fill(self.labels, [{"id": i, "z": i % 100} for i in range(half)])
        wait_until(lambda: self.truths() == half, 30, "half of the labels", lambda: f"{self.truths()}\n{self.log()}")
        time.sleep(0.5)  # a commit
        node.kill()
        node.wait()
        node = self.start()
        self.fill(self.labels, [{"id": i, "z": i % 100} for i in range(half, RECORDS)])
        wait_until(lambda: self.truths() >= half, 30, "the other half", lambda: f"{self.truths()}\n{self.log()}")
        self.assertEqual(self.truths(), half, "labels were counted again")
        self.assertEqual(self.contest()["champion.mae"], 0)
        self.stop(node)

    def test_the_topic_of_labels_must_have_the_sources_partitions(self):
        self.make_topics(self.labels, partitions=PARTITIONS + 1)
        run = self.weir("run", self.pipeline)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(f"the topic '{self.labels}' of labels has {PARTITIONS + 1} partitions, and the source {PARTITIONS}",
                      run.stderr)


class PromotionTest(Labels):
    more = """challenger: times_2.onnx
    promote: challenger.rmse < 0.5 * champion.rmse over 500"""

    def test_labels_promote_the_model_that_they_speak_for(self):
        self.make_topics(self.labels)
        node = self.start()
        self.fill(self.source, [{"id": i, "x": i % 100} for i in range(1000)])
        wait_until(lambda: self.lines(self.sink) == 1000, 60, "all outputs", self.log)
        self.fill(self.labels, [{"id": i, "z": 2 * (i % 100)} for i in range(1000)])
        wait_until(lambda: "model promoted" in self.consume(self.alerts).read_text(), 60, "the promotion", self.log)
        wait_until(lambda: self.model()["version"].startswith("times_2"), 30, "the change", self.log)
        time.sleep(0.5)  # a barrier
        self.fill(self.source, [{"id": i, "x": 7} for i in range(1000, 1100)])
        wait_until(lambda: self.lines(self.sink) == 1100, 60, "all outputs", self.log)
        self.stop(node)
        last = [row for row in map(json.loads, self.consume(self.sink).read_text().splitlines()) if row["id"] >= 1000]
        self.assertEqual({row["model"].split("@")[0] for row in last}, {"times_2"})
        self.assertEqual({round(row["y"], 3) for row in last}, {14.0})


if __name__ == "__main__":
    unittest.main()
