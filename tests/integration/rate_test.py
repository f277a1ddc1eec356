"""Intervals with too many or too few records are told when they close, by records or by the clock, and once: whatever is killed."""
import collections
import json
import random
import time
import unittest

from reference_job import wait_until
from told_by_clock import ToldByClock

DEVICES = 8
INTERVAL = 3_000  # ms
USUAL = 60        # records of a device in it
START = 1_767_225_600_000


class RateTest(ToldByClock):
    schema = "id: int, device: { type: string, key: true }, at: timestamp"
    detectors = f"  - {{ rate: {INTERVAL}ms, by: device, time: at, as: odd, score: by_how_much, count: count, reason: why }}"
    rules = '  - { name: device, when: odd, summary: "{why}" }'

    def setUp(self):
        super().setUp()
        self.sent = 0

    def fill(self, counts, begin):
        """So many records of each device in an interval, one interval behind the other."""
        rows = []
        for number, of_devices in enumerate(counts):
            for device, count in of_devices.items():
                rows += [(begin + number * INTERVAL + i * INTERVAL // count, device) for i in range(count)]
        lines = []
        for at, device in sorted(rows):
            lines.append(json.dumps({"id": self.sent, "device": f"device {device}", "at": at}))
            self.sent += 1
        self.write("in.ndjson", "\n".join(lines) + "\n")
        self.weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "device", timeout=60, code=0)

    def said(self):
        """How often each was said: (device, status, too many or none)."""
        said = collections.Counter()
        for line in self.consume(self.alerts).read_text().splitlines():
            alert = json.loads(line)
            what = "none" if " no records " in alert["summary"] else "many"
            said[(alert["labels"]["device"], alert["status"], what if alert["status"] == "firing" else "")] += 1
        return said

    def test_each_odd_interval_is_told_once_and_its_end_once_though_nodes_are_killed(self):
        dice = random.Random(5)
        everyone = {device: USUAL for device in range(DEVICES)}
        self.fill([everyone] * 30 + [everyone | {3: 10 * USUAL}] + [everyone] * 2, START)
        node = self.start()
        wait_until(lambda: self.lines(self.sink) == self.sent, 60, "all outputs", self.log)
        expected = collections.Counter({("device 3", "firing", "many"): 1, ("device 3", "resolved", ""): 1})
        expected.update({(f"device {device}", "firing", "none"): 1 for device in range(DEVICES)})
        for _ in range(4):
            time.sleep(dice.uniform(0.3, 3.0))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
            node = self.start()
        wait_until(lambda: self.said() == expected, 60, "that nothing comes any more", lambda: f"{self.said()}\n{self.log()}")
        node.kill()
        node.wait()
        node = self.start()
        time.sleep(4 * INTERVAL / 1000)
        self.assertEqual(self.said(), expected)
        # Far enough behind what the clock shows by now; two of them come back.
        self.fill([{0: USUAL, 1: USUAL}] * 3, START + 1000 * INTERVAL)
        for device in (0, 1):
            expected[(f"device {device}", "resolved", "")] += 1
        wait_until(lambda: all(self.said()[key] >= 1 for key in expected), 60, "their ends", lambda: f"{self.said()}\n{self.log()}")
        self.stop(node)
        said = self.said()
        self.assertEqual([said[(f"device {device}", "resolved", "")] for device in range(DEVICES)], [1, 1, 0, 1] + [0] * (DEVICES - 4))
        self.assertEqual(said[("device 3", "firing", "many")], 1)
        rows = [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()]
        self.assertEqual(len(rows), self.sent)
        self.assertTrue(all(row["device"] == "device 3" for row in rows if row["odd"] and row["count"] > 0))


if __name__ == "__main__":
    unittest.main()
