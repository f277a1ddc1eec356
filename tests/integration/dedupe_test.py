"""`dedupe` on a node that is killed by kill -9 again and again: no repeat comes through, and no first record goes."""
import collections
import json
import random
import time
import unittest

from reference_job import GROUP_PROPERTIES, ReferenceJob, wait_until

RECORDS = 40_000
KILLS = 6


class DedupeTest(ReferenceJob):
    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
schema: {{ number: int, id: string, at: timestamp }}
preprocess:
  - filter: number % 10 != 0
  - {{ dedupe: id, within: 10s, time: at }}
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
commit:      {{ interval: 100ms }}
stats:       {{ port: 0 }}
"""

    def records(self):
        """One in three repeats an id of the last 500, within its time or not; each is 10 ms behind the one before."""
        dice = random.Random(21)
        recent = collections.deque(maxlen=500)
        for number in range(RECORDS):
            identity = dice.choice(recent) if recent and dice.random() < 0.33 else f"id {number}"
            recent.append(identity)
            yield {"number": number, "id": identity, "at": 1_767_225_600_000 + 10 * number * (1 + number % 3)}

    def expected(self):
        passed = {}
        for record in self.records():
            before = passed.get(record["id"])
            if record["number"] % 10 == 0 or before is not None and abs(record["at"] - before) < 10_000:
                continue
            passed[record["id"]] = record["at"] if before is None else max(before, record["at"])
            yield record["number"]

    def test_what_comes_through_kills_is_each_first_record_once(self):
        self.make_topics()
        self.write("in.ndjson", "".join(json.dumps(record) + "\n" for record in self.records()))
        producer = self.start_weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "id",
                                   "--rate", "2500")
        dice = random.Random(22)
        for _ in range(KILLS):
            node = self.start()
            time.sleep(dice.uniform(0.8, 4.0))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
        node = self.start()
        self.finish_producing(producer)
        expected = sorted(self.expected())
        wait_until(lambda: self.lines(self.sink) >= len(expected), 60, "all outputs", self.log)
        self.stop(node)
        self.assertEqual(sorted(row["number"] for row in self.rows(self.consume(self.sink))), expected)
        self.assertLess(len(expected), 0.85 * RECORDS)  # 0.9 without the repeats
        self.assertEqual(self.lines(self.dead), 0)


if __name__ == "__main__":
    unittest.main()
