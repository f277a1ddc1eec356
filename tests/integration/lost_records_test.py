"""Records that the log has no more before they were read, by retention or because the topic was made anew."""
import json
import unittest
import urllib.request

from copy_job import CopyJob
from own_kafka import OwnKafka
from reference_job import wait_until

FEW, MANY, WIDTH = 50, 5000, 2000  # records; the many are 10 MB, of which retention leaves one or two


class LostRecordsTest(CopyJob):
    accept = "false"

    def find_brokers(self):
        self.own = OwnKafka(self, "lost-records", "log.segment.bytes=1048576", "log.retention.bytes=1048576",
                            "log.retention.check.interval.ms=500", "log.initial.task.delay.ms=500")
        return self.own.brokers

    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", accept_data_loss: {self.accept}, properties: {{ {self.source_properties} }} }}
schema: {{ id: {{ type: int }}, text: {{ type: string }} }}
sink: {{ file: out.ndjson }}
memory: {{ limit: 16MiB }}
stats: {{ port: 0 }}
"""

    def seen(self):
        if not (self.folder / "out.ndjson").exists():
            return []
        whole, _, _ = self.read("out.ndjson").rpartition("\n")
        return [json.loads(line)["id"] for line in whole.splitlines()]

    def read_few(self):
        """Makes the source, and reads some records of it; the node runs on."""
        self.make_topics(self.source, partitions=1)
        self.fill(self.write_records("x" for _ in range(FEW)))
        node = self.start()
        wait_until(lambda: len(self.seen()) == FEW, 30, "outputs", self.log)
        return node

    def lose_records(self):
        """Produces so many that retention removes some which nobody has read."""
        self.fill(self.write_records("x" * WIDTH for _ in range(MANY)))
        wait_until(lambda: len(self.ids(self.source)) < MANY, 60, "a shorter log", self.log)

    def test_the_node_ends_and_says_which_and_goes_on_without_them_when_it_may(self):
        self.stop(self.read_few())
        self.lose_records()
        run = self.weir("run", self.pipeline, code=78)
        self.assertRegex(run.stderr, rf"the log of {self.source}/0 begins at offset \d+ by now, and was read only up to {FEW}\b")
        self.assertIn("set accept_data_loss: true", run.stderr)
        self.assertEqual(len(self.seen()), FEW, "nothing behind the gap is read")

        self.accept = "true"
        self.pipeline.write_text(self.pipeline_text())
        node = self.start()
        wait_until(lambda: self.seen()[-1] == MANY - 1, 30, "the records that are left", self.log)
        first = self.seen()[FEW]
        self.assertGreater(first, 0)
        self.assertEqual(self.seen(), [*range(FEW), *range(first, MANY)])
        with urllib.request.urlopen(self.stats_url() + "/api/v1/stats", timeout=5) as answer:
            self.assertEqual(json.load(answer)["lost"], first)
        self.stop(node)

    def test_a_lane_that_is_overtaken_while_it_is_paused_ends_the_node_too(self):
        node = self.read_few()
        self.weir("ctl", "pause", code=0)
        wait_until(lambda: "paused" in self.readiness()[1], 10, "a paused node", self.log)
        self.lose_records()
        self.weir("ctl", "resume", code=0)
        self.assertEqual(node.wait(60), 78, self.log())
        self.assertIn("begins at offset", self.log())

    def test_a_topic_that_was_made_anew_is_not_taken_for_the_old_one(self):
        self.stop(self.read_few())
        self.own.run("topics", "delete", self.source)
        self.make_topics(self.source, partitions=1)
        self.fill(self.write_records("new" for _ in range(FEW // 2)))
        run = self.weir("run", self.pipeline, code=78)
        self.assertIn(f"the state of partition 0 reflects offset {FEW}, the group's offset is none", run.stderr)
        self.assertIn("was the topic made anew", run.stderr)
        self.assertEqual(len(self.seen()), FEW)


if __name__ == "__main__":
    unittest.main()
