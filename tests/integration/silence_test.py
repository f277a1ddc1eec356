"""Silence is told by the clock, without a record, and once: whatever is killed while it lasts."""
import collections
import json
import random
import time
import unittest

from reference_job import PARTITIONS, wait_until
from told_by_clock import ToldByClock

DEVICES = 8


class SilenceTest(ToldByClock):
    schema = "id: int, device: { type: string, key: true }"
    detectors = """  - { silence: 3s, by: device, as: silent, ended: ended, reason: why }
  - { silence: 3s, as: all_silent, reason: all_why }"""
    rules = """  - { name: device, when: silent, summary: "{why}" }
  - { name: lane, when: all_silent, summary: "{all_why}" }"""

    def fill(self, devices):
        self.write("in.ndjson", "".join(json.dumps({"id": i, "device": f"device {i}"}) + "\n" for i in devices))
        self.weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "device", timeout=60, code=0)

    def said(self):
        """How often each was said: (rule, key, status)."""
        said = [json.loads(line) for line in self.consume(self.alerts).read_text().splitlines()]
        return collections.Counter((alert["alert"], alert["labels"].get("device", alert["labels"].get("partition")),
                                    alert["status"]) for alert in said)

    def test_each_silence_is_told_once_and_its_end_once_though_nodes_are_killed_while_it_lasts(self):
        dice = random.Random(3)
        self.fill(range(DEVICES))
        node = self.start()
        wait_until(lambda: self.lines(self.sink) == DEVICES, 60, "all outputs", self.log)
        firing = collections.Counter({("device", f"device {i}", "firing"): 1 for i in range(DEVICES)})
        firing.update({("lane", str(partition), "firing"): 1 for partition in range(PARTITIONS)})
        for _ in range(4):
            time.sleep(dice.uniform(0.3, 3.0))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
            node = self.start()
        wait_until(lambda: self.said() == firing, 60, "every silence", lambda: f"{self.said()}\n{self.log()}")
        node.kill()
        node.wait()
        node = self.start()
        time.sleep(7)  # twice as long as a silence that is told
        self.assertEqual(self.said(), firing)
        self.fill([0, 1])
        wait_until(lambda: self.lines(self.sink) == DEVICES + 2, 60, "all outputs", self.log)
        self.stop(node)
        said = self.said()
        self.assertEqual([said[("device", f"device {i}", "resolved")] for i in range(DEVICES)], [1, 1] + [0] * (DEVICES - 2))
        self.assertEqual(set(count for (_, _, status), count in said.items() if status == "resolved"), {1})
        rows = [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()]
        self.assertEqual(sorted(row["id"] for row in rows if row["ended"]), [0, 1])
        self.assertEqual(sum(row["silent"] for row in rows), 0)


if __name__ == "__main__":
    unittest.main()
