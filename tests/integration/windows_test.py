"""Windows that make records: each is written once, with all that belongs to it, whatever is killed while they are open."""
import collections
import json
import random
import time
import unittest

from reference_job import GROUP_PROPERTIES, ReferenceJob, wait_until

DEVICES = 20
RECORDS = 30_000
BEGIN = 1_767_225_600_000  # 2026-01-01
TUMBLING_MS = 2_000
GAP_MS = 120


class WindowsTest(ReferenceJob):
    def setUp(self):
        super().setUp()
        self.make_topics()
        dice = random.Random(5)
        self.records = []
        at = BEGIN
        for i in range(RECORDS):
            at += dice.randrange(3)
            self.records.append({"device": f"device {dice.randrange(DEVICES)}", "at": at, "x": i % 100})

    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
  format: json
schema: {{ device: {{ type: string, key: true }}, at: timestamp, x: double }}
steps:
  - {self.window()}
  - derive: {{ mean: total / n }}
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
processing:  {{ guarantee: "${{GUARANTEE}}" }}
commit:      {{ interval: 100ms }}
memory:      {{ limit: 256MiB }}
stats:       {{ port: 0 }}
"""

    def window(self):
        aggregates = 'aggregates: { n: count(), total: sum(x), last_x: last(x) }'
        length = f"tumbling: {TUMBLING_MS}ms" if "tumbling" in self.id() else f"session: {GAP_MS}ms"
        return f"{{ {length}, by: device, time: at, {aggregates} }}"

    def fill(self, records):
        self.write("in.ndjson", "".join(json.dumps(record) + "\n" for record in records))
        self.weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "device", timeout=60, code=0)

    def run_with_kills(self, seed):
        """What was written, when the last window has closed by the clock: no record comes behind it."""
        dice = random.Random(seed)
        self.fill(self.records)  # all of them: a lane that has read everything goes on by the wall clock
        node = self.start()
        for _ in range(6):
            time.sleep(dice.uniform(0.1, 1.2))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
            node = self.start()
        wait_until(lambda: sum(row["n"] for row in self.rows()) >= RECORDS, 90, "all windows",
                   lambda: f"{sum(row['n'] for row in self.rows())}\n{self.log()}")
        self.stop(node)
        self.assertEqual(self.lines(self.dead), 0)
        return self.rows()

    def rows(self):
        return [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()]

    @staticmethod
    def told(rows):
        return collections.Counter((row["device"], row["n"], row["total"], row["last_x"], row["mean"]) for row in rows)

    @staticmethod
    def expected_of(groups):
        return collections.Counter((device, len(xs), sum(xs), xs[-1], sum(xs) / len(xs)) for (device, _), xs in groups.items())

    def test_tumbling_windows_are_written_once_though_nodes_are_killed(self):
        groups = collections.defaultdict(list)
        for record in self.records:
            groups[record["device"], record["at"] // TUMBLING_MS].append(record["x"])
        self.assertEqual(self.told(self.run_with_kills(1)), self.expected_of(groups))

    def test_sessions_are_written_once_though_nodes_are_killed(self):
        groups = collections.defaultdict(list)
        last, number = {}, collections.Counter()
        for record in self.records:
            device = record["device"]
            if device in last and record["at"] - last[device] >= GAP_MS:
                number[device] += 1
            last[device] = record["at"]
            groups[device, number[device]].append(record["x"])
        self.assertGreater(len(groups), DEVICES)
        self.assertEqual(self.told(self.run_with_kills(2)), self.expected_of(groups))


if __name__ == "__main__":
    unittest.main()
