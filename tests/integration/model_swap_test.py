"""Another model while the pipeline runs, on two nodes: from a known record on, whoever is killed meanwhile."""
import json
import random
import re
import time
import unittest
import urllib.error
import urllib.request

from reference_job import GROUP_PROPERTIES, PARTITIONS, ReferenceJob, partition_of, wait_until

PIPELINE = """
name: "{name}"
stats: {{ port: 0 }}
source: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {group} }} }} }}
schema: {{ id: int, x: double, z: double }}
infer:
  - {{ model: times_1.onnx, as: y, version_as: model, truth: z{more} }}
output: {{ drop: [x, z] }}
alert_sink: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{ALERTS}}" }} }}
sink: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{DEAD}}" }} }}
"""
RECORDS = 40_000


class ModelSwap(ReferenceJob):
    more = ""

    def pipeline_text(self):
        return PIPELINE.format(name=self.environment["GROUP"], group=GROUP_PROPERTIES, more=self.more)

    def setUp(self):
        super().setUp()
        self.alerts = self.environment["ALERTS"] = self.source.removesuffix("-in") + "-alerts"
        for factor in (1, 2, 3):
            rows = "".join(f"{x},{factor * x}\n" for x in range(5))
            self.write("rows.csv", "x,y\n" + rows)
            self.weir("train", "rows.csv", "--model", "linear_regression", "--target", "y", "--features", "x", "--test-size",
                      "0", "--out", f"times_{factor}.onnx", code=0)
        self.write("rows.csv", "x,w,y\n1,2,3\n2,3,5\n3,1,4\n4,4,8\n")
        self.weir("train", "rows.csv", "--model", "linear_regression", "--target", "y", "--features", "x,w", "--test-size",
                  "0", "--out", "misfit.onnx", code=0)

    def start_all(self, rate):
        self.make_topics()
        self.make_topics(self.alerts, partitions=1)
        rows = ({"id": i, "x": i % 1000, "z": 3 * (i % 1000)} for i in range(RECORDS))
        self.write("in.ndjson", "".join(json.dumps(row) + "\n" for row in rows))
        producer = self.start_weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "id",
                                   "--rate", str(rate))
        nodes = {name: self.start(name) for name in ("n1", "n2")}
        wait_until(lambda: self.lines(self.sink) > 1000, 60, "first outputs", self.log)
        wait_until(lambda: len(self.lanes()) == PARTITIONS, 30, "all lanes run", self.log)
        return producer, nodes

    def lanes(self):
        """The choice of models that each partition has, as the first node knows it; none while it is not there."""
        try:
            with urllib.request.urlopen(f"{self.stats_url()}/api/v1/models", timeout=10) as answer:
                return {lane["partition"]: lane["choice"] for lane in json.load(answer)["lanes"]}
        except urllib.error.URLError:
            return {}

    def choose(self, model, code=0):
        return self.weir("ctl", "set", "infer.y.model", model, code=code, timeout=120)

    def outputs_by_partition(self):
        """Each partition's outputs in the order of its records; every record is there once, and is what its model makes."""
        rows = [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()]
        self.assertEqual(sorted(row["id"] for row in rows), list(range(RECORDS)))
        parts = [[] for _ in range(PARTITIONS)]
        for row in rows:
            factor = int(re.match(r"(?:times_|y/)(\d)@[0-9a-f]{8}$", row["model"])[1])
            self.assertAlmostEqual(row["y"], factor * (row["id"] % 1000), delta=0.01)
            parts[partition_of(str(row["id"]))].append((row["id"], factor))
        for part in parts:
            part.sort()
        return [[factor for _, factor in part] for part in parts]

    def finish(self, producer, nodes):
        self.finish_producing(producer)
        wait_until(lambda: self.lines(self.sink) >= RECORDS, 60, "all outputs", self.log)
        for node in nodes.values():
            self.stop(node)


class ModelSwapTest(ModelSwap):
    def test_each_lane_changes_at_the_offset_that_is_said(self):
        producer, nodes = self.start_all(rate=4000)
        said = self.choose("times_2.onnx").stdout
        self.assertIn("infer.y.model: times_2@", said)
        offsets = {int(p): int(at) for p, at in re.findall(r"partition (\d+): from offset (\d+) on", said)}
        self.assertEqual(sorted(offsets), list(range(PARTITIONS)), said)
        refused = self.choose("misfit.onnx", code=69).stderr
        self.assertIn("the model takes 'w', which is no column in front of it", refused)
        self.assertIn("nothing has changed", refused)
        self.assertIn("did you mean 'infer.y.model'", self.weir("ctl", "set", "infer.x.model", "times_3.onnx").stderr)
        self.finish(producer, nodes)
        for partition, factors in enumerate(self.outputs_by_partition()):
            at = offsets[partition]
            self.assertEqual(factors, [1] * at + [2] * (len(factors) - at), f"partition {partition}, {said}")

    def test_killed_nodes_go_on_with_the_models_that_were_chosen(self):
        dice = random.Random(11)
        producer, nodes = self.start_all(rate=2500)
        for factor in (2, 3):
            self.choose(f"times_{factor}.onnx")
            for _ in range(2):
                time.sleep(dice.uniform(0, 1.5))
                name = dice.choice(sorted(nodes))
                nodes[name].kill()
                nodes[name].wait()
                nodes[name] = self.start(name)
            wait_until(lambda: len(self.lanes()) == PARTITIONS, 60, "all lanes run", self.log)
        # All at once: what was chosen stands in the lanes' state alone.
        for node in nodes.values():
            node.kill()
        for node in nodes.values():
            node.wait()
        nodes = {name: self.start(name) for name in nodes}
        self.finish(producer, nodes)
        for partition, factors in enumerate(self.outputs_by_partition()):
            self.assertEqual(factors, sorted(factors), f"partition {partition} went back to an older model\n{self.log()}")
            self.assertEqual(factors[-1], 3)


class FollowTest(ModelSwap):
    """The pipeline follows an alias of a registry: whoever moves it needs to know nothing of the pipeline."""

    def setUp(self):
        super().setUp()
        for factor in (1, 2, 3):
            self.weir("models", "add", "models/y", f"times_{factor}.onnx", code=0)
        self.weir("models", "promote", "models/y@1", code=0)
        self.pipeline.write_text(self.pipeline_text().replace("times_1.onnx", "models/y, follow: champion"))

    def versions(self):
        """The model of each node, as they say."""
        seen = set()
        for name in ("n1", "n2"):
            with urllib.request.urlopen(f"{self.stats_url(name)}/api/v1/models", timeout=10) as answer:
                seen.add(json.load(answer)["models"][0]["version"].partition("@")[0])
        return seen

    def test_the_lanes_change_when_the_alias_moves_and_stay_with_what_an_operator_chooses(self):
        producer, nodes = self.start_all(rate=2500)
        self.assertEqual(self.versions(), {"y/1"})
        self.weir("models", "promote", "models/y@2", code=0)
        wait_until(lambda: self.versions() == {"y/2"}, 20, "both nodes follow", self.log)
        self.choose("3")
        self.weir("models", "rollback", "models/y", code=0)
        self.assertEqual(self.versions(), {"y/3"})
        self.choose("default")
        wait_until(lambda: self.versions() == {"y/1"}, 20, "both nodes follow again", self.log)
        self.finish(producer, nodes)
        for partition, factors in enumerate(self.outputs_by_partition()):
            runs = [factor for i, factor in enumerate(factors) if i == 0 or factors[i - 1] != factor]
            self.assertEqual(runs, [1, 2, 3, 1], f"partition {partition}")


class ChallengerTest(ModelSwap):
    """A challenger that is right takes the place of a champion that is not; a person only reads about it."""
    more = ", challenger: times_3.onnx, promote: when challenger.rmse < 0.95 * champion.rmse over 4000"

    def test_a_rule_promotes_it(self):
        producer, nodes = self.start_all(rate=4000)
        self.finish(producer, nodes)
        for partition, factors in enumerate(self.outputs_by_partition()):
            self.assertEqual(factors, sorted(factors), f"partition {partition}")
            self.assertEqual({factors[0], factors[-1]}, {1, 3}, f"partition {partition}\n{self.log()}")
        said = [json.loads(line) for line in self.consume(self.alerts).read_text().splitlines()]
        self.assertEqual([alert["alert"] for alert in said], ["model promoted"], said)
        self.assertIn("infer.y: the challenger", said[0]["summary"])
        self.assertIn("takes the champion's place", said[0]["summary"])

    def test_a_canary_has_its_share_of_the_keys(self):
        self.more = ", challenger: times_3.onnx, canary: 20%"
        self.pipeline.write_text(self.pipeline_text())
        producer, nodes = self.start_all(rate=4000)
        for node in nodes.values():
            node.kill()
            node.wait()
        nodes = {name: self.start(name) for name in nodes}
        self.finish(producer, nodes)
        seen = sum(self.outputs_by_partition(), [])
        self.assertAlmostEqual(seen.count(3) / len(seen), 0.2, delta=0.02)


if __name__ == "__main__":
    unittest.main()
