"""The sink's Kafka freezes while two million records wait in the source's: readers stand still within the memory's
limit, and when it is back everything arrives, once and in order."""
import json
import pathlib
import time
import unittest
import urllib.request

from copy_job import CopyJob
from own_kafka import OwnKafka
from reference_job import wait_until

RECORDS = 2_000_000
BEFORE = 1000  # records that are through before the sink freezes
KEYS = 64
FROZEN = 60  # seconds
LIMIT = (256 + 200) << 20  # memory.limit of the pipeline, and what the process needs besides


class StalledSinkTest(CopyJob):
    guarantee = "at_least_once"  # two clusters have no transaction in common
    sink_kafka = 'brokers: "${SINK_BROKERS}", topic: "${OUT}"'
    # A node that a busy machine keeps from its heartbeats would read again from the last commit: outputs may come twice.
    source_properties = 'session.timeout.ms: "30000"'

    def setUp(self):
        super().setUp()
        self.sink_kafka_of_its_own = OwnKafka(self, "stalled")
        self.environment["SINK_BROKERS"] = self.sink_kafka_of_its_own.brokers
        self.make_topics(self.source, self.dead)
        self.make_topics(self.sink, brokers=self.sink_kafka_of_its_own.brokers)

    def write_numbers(self, numbers):
        path = self.folder / "in.ndjson"
        tail = "x" * 80
        with path.open("w") as out:
            for number in numbers:
                out.write(f'{{"id":{number},"text":"{number % KEYS}-{tail}"}}\n')
        return path

    def produce_numbers(self, numbers):
        self.weir("produce", self.write_numbers(numbers), "--topic", self.source, "--brokers", self.brokers,
                  "--key", "text", timeout=120, code=0)

    def memory(self, process, field):
        text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(text.split(f"{field}:")[1].split()[0]) << 10

    def received(self):
        with urllib.request.urlopen(f"{self.stats_url()}/api/v1/lanes", timeout=5) as answer:
            return sum(lane["received"] for lane in json.load(answer)["lanes"])

    def outputs(self):
        path = self.consume(self.sink, brokers=self.sink_kafka_of_its_own.brokers)
        with path.open() as lines:
            return [json.loads(line) for line in lines]

    def test_memory_stays_within_its_limit_and_everything_arrives_afterwards(self):
        self.produce_numbers(range(BEFORE))
        node = self.start()
        wait_until(lambda: len(self.outputs()) == BEFORE, 30, "the first records", self.log)
        self.sink_kafka_of_its_own.freeze(True)
        frozen = time.monotonic()
        self.produce_numbers(range(BEFORE, RECORDS))
        wait_until(lambda: self.readiness()[0] == 503, FROZEN, "a node that is not ready", self.log)
        time.sleep(max(0, frozen + FROZEN - 10 - time.monotonic()))
        seen = self.received()
        time.sleep(10)
        self.assertEqual(self.received(), seen, "readers stand still")
        self.assertLess(seen, RECORDS, "there is more than memory holds")
        self.sink_kafka_of_its_own.freeze(False)
        wait_until(lambda: self.received() == RECORDS, 120, "all records read", self.log)
        wait_until(lambda: self.readiness()[0] == 200, 60, "a node that is ready", self.log)
        highest = self.memory(node, "VmHWM")
        self.stop(node)
        self.assertLess(highest, LIMIT)
        self.check_order()

    def check_order(self):
        last = [-1] * KEYS
        count = 0
        for record in self.outputs():
            number = record["id"]
            if number <= last[number % KEYS]:
                self.fail(f"{number} comes after {last[number % KEYS]}: not in order, or not once\n{self.log()}")
            last[number % KEYS] = number
            count += 1
        self.assertEqual(count, RECORDS)


if __name__ == "__main__":
    unittest.main()
