"""Where a topic is begun that the group has no offset of; what it has an offset of goes on there."""
import json
import time
import unittest

from reference_job import GROUP_PROPERTIES, PARTITIONS, ReferenceJob, wait_until

FIRST = 40


class StartTest(ReferenceJob):
    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", start: PLACE, properties: {{ {GROUP_PROPERTIES} }} }}
schema: {{ number: int }}
preprocess: [ {{ derive: {{ at: _offset, partition: _partition }} }} ]
sink:   {{ kafka: {{ topic: "${{OUT}}" }} }}
commit: {{ interval: 100ms }}
stats:  {{ port: 0 }}
"""

    def produce_numbers(self, numbers):
        self.write("in.ndjson", "".join(json.dumps({"number": i, "id": f"C{i}"}) + "\n" for i in numbers))
        self.weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "id", code=0)

    def outputs(self):
        return [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()]

    def start_at(self, place):
        self.pipeline.write_text(self.pipeline_text().replace("PLACE", place))
        return self.start()

    def wait_for(self, count):
        wait_until(lambda: self.lines(self.sink) >= count, 60, f"{count} outputs", self.log)

    def test_a_time_and_a_kill_before_the_first_commit_and_behind_it(self):
        self.make_topics()
        self.produce_numbers(range(FIRST))
        time.sleep(1.1)
        then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.produce_numbers(range(FIRST, 2 * FIRST))
        for _ in range(2):  # which may be killed before anything is committed
            node = self.start_at(f'"{then}"')
            time.sleep(0.4)
            node.kill()
            node.wait()
        node = self.start_at(f'"{then}"')
        self.wait_for(FIRST)
        node.kill()
        node.wait()
        self.produce_numbers(range(2 * FIRST, 3 * FIRST))
        node = self.start_at("earliest")
        self.wait_for(2 * FIRST)
        self.stop(node)
        self.assertEqual(sorted(row["number"] for row in self.outputs()), list(range(FIRST, 3 * FIRST)))

    def test_offsets_of_partitions_and_the_others_from_their_earliest(self):
        self.make_topics()
        self.produce_numbers(range(FIRST))
        node = self.start_at("[0:3, 1:5]")
        self.wait_for(FIRST - 8)
        self.stop(node)
        least = {p: min(row["at"] for row in self.outputs() if row["partition"] == p) for p in range(PARTITIONS)}
        self.assertEqual(least, {0: 3, 1: 5, 2: 0, 3: 0})
        self.assertEqual(len(self.outputs()), FIRST - 8)

    def test_a_time_behind_the_last_record_waits_for_the_next(self):
        self.make_topics()
        self.produce_numbers(range(FIRST))
        node = self.start_at("2100-01-01")
        wait_until(lambda: self.readiness()[0] == 200, 60, "ready", self.log)
        self.produce_numbers(range(FIRST, FIRST + 5))
        self.wait_for(5)
        self.stop(node)
        self.assertEqual(sorted(row["number"] for row in self.outputs()), list(range(FIRST, FIRST + 5)))

    def test_what_is_not_there_is_said(self):
        self.make_topics()
        self.produce_numbers(range(FIRST))
        node = self.start_at("[9:0]")
        self.assertEqual(node.wait(60), 78, self.log())
        self.assertIn(f"'start' in kafka source names partition 9, and '{self.source}' has {PARTITIONS} from 0 on", self.log())
        node = self.start_at("[0:100000]")
        self.assertEqual(node.wait(60), 78, self.log())
        self.assertRegex(self.log(), r"the log of \S+/0 ends at offset \d+, and is to be begun at 100000")


if __name__ == "__main__":
    unittest.main()
