"""Drift of a whole stream over partitions of different speed, on two nodes of which one after the other is killed: it is told once."""
import json
import random
import re
import time
import unittest
import urllib.error
import urllib.request

from reference_job import GROUP_PROPERTIES, PARTITIONS, ReferenceJob, partition_of, wait_until

PIPELINE = """
name: "${{GROUP}}"
stats: {{ port: 0 }}
source: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {group} }} }} }}
schema: {{ id: int, k: {{ type: string, key: true }}, load: double, kind: string, calm: double }}
drift:
  - {{ data_drift: load, scope: pipeline, baseline_size: 4000, window: 2000, alpha: 0.0001, as: load_drifts, drift_percent: load_drift }}
  - {{ data_drift: kind, scope: pipeline, baseline_size: 4000, window: 2000, alpha: 0.0001, as: kind_drifts }}
  - {{ data_drift: calm, scope: pipeline, baseline_size: 4000, window: 2000, alpha: 0.0001, as: calm_drifts, p_value: calm_p }}
alerts:
  - {{ name: drifting, when: engine.drifting_columns > 0, summary: "{{engine.drifting_columns}} columns" }}
  - {{ name: load, when: load_drifts > 0 }}
  - {{ name: calm, when: calm_drifts > 0 }}
alert_sink: {{ kafka: {{ brokers: "${{BROKERS}}", topic: "${{ALERTS}}" }} }}
sink: {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
commit: {{ interval: 100ms }}
memory: {{ limit: 128MiB }}
"""
CALM, CHANGED = 30_000, 30_000
RATE = 3000
SHARES = (0.65, 0.3, 0.05, 0)  # of the records, by partition: the last one stands still


class StreamDriftTest(ReferenceJob):
    def pipeline_text(self):
        return PIPELINE.format(group=GROUP_PROPERTIES)

    def setUp(self):
        super().setUp()
        self.alerts = self.environment["ALERTS"] = self.source.removesuffix("-in") + "-alerts"

    def write_records(self):
        """From CALM on the load is higher; the columns beside it are what they were."""
        dice = random.Random(21)
        keys = [next(f"k{i}" for i in range(1000) if partition_of(f"k{i}") == partition) for partition in range(PARTITIONS)]
        with (self.folder / "in.ndjson").open("w") as out:
            for number in range(CALM + CHANGED):
                load = dice.gauss(50, 5) + (3 if number >= CALM else 0)
                print(json.dumps({"id": number, "k": dice.choices(keys, SHARES)[0], "load": round(load, 3),
                                  "kind": dice.choice(["a", "b", "c"]), "calm": round(dice.expovariate(1), 3)}), file=out)

    def answer(self, path, name):
        try:
            with urllib.request.urlopen(f"{self.stats_url(name)}{path}", timeout=5) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError, ValueError):
            return ""

    def drift(self, name):
        """The last verdict that a node knows; nothing while there is none, or no node."""
        text = self.answer("/api/v1/stats", name)
        return json.loads(text)["drift"] if text else None

    def supervisor(self):
        for name in self.nodes:
            if text := self.answer("/api/v1/cluster", name):
                if leading := json.loads(text)["supervisor"]:
                    return leading
        return None

    def kill(self, name):
        self.nodes[name].kill()
        self.nodes[name].wait()
        self.nodes[name] = self.start(name)
        other = "n1" if name == "n2" else "n2"
        wait_until(lambda: self.supervisor() == other or self.readiness(name)[0] == 200, 60, f"{name} is back", self.log)

    def said(self):
        """Rule and status of the alerts so far, in their order."""
        return [(alert["alert"], alert["status"]) for alert in map(json.loads, self.consume(self.alerts).read_text().splitlines())]

    def window(self):
        return max((verdict["window"] for name in self.nodes if (verdict := self.drift(name))), default=0)

    def test_a_drift_is_told_once_for_the_stream_whoever_is_killed(self):
        self.make_topics()
        self.make_topics(self.alerts, partitions=1)
        self.write_records()
        self.nodes = {name: self.start(name) for name in ("n1", "n2")}
        wait_until(lambda: all(self.readiness(name)[0] == 200 for name in self.nodes), 60, "both nodes are ready", self.log)
        producer = self.start_weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "k",
                                   "--rate", str(RATE))
        wait_until(lambda: self.window() >= 3, 60, "a first verdict", self.log)
        first = next(verdict for name in self.nodes if (verdict := self.drift(name)))
        self.assertEqual(first["drifting"], 0, first)
        self.assertGreaterEqual(first["records"], 2000)
        self.assertGreaterEqual(first["baseline_records"], 3000)
        self.kill(self.supervisor())
        seen = self.window()
        wait_until(lambda: self.window() > seen, 60, "a verdict of the next supervisor", self.log)
        self.assertEqual(self.said(), [], "nothing has changed yet")

        wait_until(lambda: ("load", "firing") in self.said(), 90, "the drift is told", self.log)
        time.sleep(1)  # so that all nodes have heard that it was said
        self.kill(self.supervisor())
        self.finish_producing(producer)
        wait_until(lambda: self.lines(self.sink) >= CALM + CHANGED, 60, "all outputs", self.log)
        self.assertEqual(sorted(self.said()), [("drifting", "firing"), ("load", "firing")])

        name = next(name for name in self.nodes if self.supervisor() == name)
        wait_until(lambda: self.drift(name), 30, "the supervisor knows it", self.log)
        verdict = {column["column"]: column for column in self.drift(name)["columns"]}
        self.assertEqual({column: said["drifts"] for column, said in verdict.items()}, {"load": True, "kind": False, "calm": False})
        self.assertEqual(self.drift(name)["drifting"], 1)
        # The total variation distance of normal distributions 0.6 deviations apart.
        self.assertAlmostEqual(verdict["load"]["drift_percent"], 23.6, delta=4)
        self.assertEqual({one["method"] for one in verdict["load"]["methods"]},
                         {"population_stability_index", "kolmogorov_smirnov", "nulls"})
        aggregates = json.loads(self.answer("/api/v1/cluster", name))["aggregates"]
        self.assertEqual(aggregates["load_drifts"], 1)
        self.assertEqual(aggregates["load_drift"], verdict["load"]["drift_percent"])
        metrics = self.answer("/metrics", name)
        self.assertRegex(metrics, r'(?m)^weir_drift\{.*drift="load_drifts",column="load"\} 1$')
        self.assertRegex(metrics, r'(?m)^weir_drift\{.*drift="calm_drifts",column="calm"\} 0$')
        self.assertRegex(metrics, r"(?m)^weir_drift_columns\{.*\} 1$")
        status = self.weir("status", "--url", self.stats_url(name), "--interval", "0", code=0).stdout
        self.assertTrue(re.search(r"(?m)^load DRIFTS: 2\d\.\d % lie elsewhere", status), status)
        self.assertTrue(re.search(r"(?m)^calm: ", status), status)
        for node in self.nodes.values():
            self.stop(node)


if __name__ == "__main__":
    unittest.main()
