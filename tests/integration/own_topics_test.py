"""The topics that Weir keeps its state in, and brokers that make topics by themselves."""
import unittest

from copy_job import CopyJob
from own_kafka import OwnKafka
from reference_job import GROUP_PROPERTIES, PARTITIONS, wait_until

WINDOW = 1000  # values: 8 kB a key


class OwnTopicsTest(CopyJob):
    more = f"aggregate: [{{ rolling: sum, of: id, by: text, last: {WINDOW}, as: total }}]\n"

    def find_brokers(self):
        self.kafka = OwnKafka(self, "own-topics")
        return self.kafka.brokers

    def make_topic(self, name, partitions=PARTITIONS, *config):
        words = [word for entry in config for word in ("--config", entry)]
        self.kafka.run("topics", "create", name, "--partitions", str(partitions), *words)

    def refusal(self):
        return self.weir("run", self.pipeline, code=78).stderr

    def totals(self):
        return [row["total"] for row in self.rows(self.consume(self.sink))]

    def test_one_that_was_made_with_another_configuration_is_refused_with_the_command_that_mends_it(self):
        self.make_topics()
        state, control = (f"{self.environment['GROUP']}-{part}" for part in ("state", "control"))
        self.make_topic(state)  # cleanup.policy=delete, as brokers make topics by themselves
        said = self.refusal()
        self.assertIn(f"the topic '{state}' has cleanup.policy=delete", said)
        self.assertIn(f"--entity-name {state} --add-config cleanup.policy=compact", said)
        self.kafka.run("topics", "delete", state)
        self.make_topic(state, PARTITIONS, "cleanup.policy=compact", "max.message.bytes=3000")
        self.assertIn("--add-config max.message.bytes=1048588", self.refusal())
        self.kafka.run("topics", "delete", state)
        self.make_topic(control, 3, "cleanup.policy=compact")
        said = self.refusal()
        self.assertIn(f"the topic '{control}' has 3 partitions, and must have one", said)
        self.assertIn(f"--delete --topic {control}", said)

    def test_a_record_of_the_state_that_is_not_taken_fails_its_commit_and_ends_the_node_with_its_name(self):
        self.make_topics()
        self.write("a.ndjson", '{"id": 1, "text": "a"}\n')
        self.fill("a.ndjson")
        node = self.start()
        wait_until(lambda: self.lines(self.sink) == 1, 30, "an output", self.log)
        # What was wide enough at the start is not any more.
        state = f"{self.environment['GROUP']}-state"
        self.kafka.run("topics", "configure", state, "--config", "max.message.bytes=3000")
        self.fill("a.ndjson")
        self.assertEqual(node.wait(60), 78, self.log())
        self.assertIn("the state of 'total' cannot be written: the record is too large", self.log())
        self.assertEqual(self.totals(), [1])
        # With room again it goes on from the last commit: nothing is lost, and the sum is right.
        self.kafka.run("topics", "configure", state, "--config", "max.message.bytes=1048588")
        self.start()
        wait_until(lambda: self.lines(self.sink) == 2, 30, "the second output", self.log)
        self.assertEqual(self.totals(), [1, 2])


class AddedPartitionsTest(CopyJob):
    source_properties = f'{GROUP_PROPERTIES}, topic.metadata.refresh.interval.ms: "1000"'
    more_partitions = PARTITIONS + 2

    def find_brokers(self):
        self.kafka = OwnKafka(self, "added-partitions")
        return self.kafka.brokers

    def setUp(self):
        super().setUp()
        self.state = f"{self.environment['GROUP']}-state"
        self.make_topics()
        self.fill(self.write_records("x" for _ in range(50)))
        self.node = self.start()
        wait_until(lambda: self.lines(self.sink) == 50, 30, "outputs", self.log)

    def grow(self, *topics):
        for topic in topics:
            self.kafka.run("topics", "grow", topic, "--partitions", str(self.more_partitions))

    def test_those_that_lack_something_end_the_node_which_says_what(self):
        self.grow(self.source)
        self.assertEqual(self.node.wait(60), 78, self.log())
        self.assertIn(f"--alter --topic {self.state} --partitions {self.more_partitions}", self.log())
        self.grow(self.state)
        said = self.weir("run", self.pipeline, code=78).stderr
        self.assertIn(f"the topic '{self.sink}' has {PARTITIONS} partitions, the source '{self.source}' has 6", said)

    def test_those_that_lack_nothing_are_read_without_a_restart(self):
        self.grow(self.state, self.sink, self.source)
        wait_until(lambda: f"assigned {self.more_partitions} partitions" in self.log(), 60, "more partitions", self.log)
        self.fill(self.write_records("x" for _ in range(50)))
        wait_until(lambda: self.lines(self.sink) == 100, 30, "outputs of all partitions", self.log)
        self.stop(self.node)


class AutoCreateTest(CopyJob):
    def find_brokers(self):
        self.kafka = OwnKafka(self, "auto-create", "auto.create.topics.enable=true", "num.partitions=3")
        return self.kafka.brokers

    def topics(self):
        return self.kafka.run("topics", "list").split()

    def test_a_look_makes_no_topic_and_those_of_weir_are_made_as_they_must_be(self):
        run = self.weir("run", self.pipeline, code=78)
        self.assertIn(f"the topic '{self.source}' does not exist", run.stderr)
        self.assertNotIn(self.source, self.topics())
        self.make_topics()
        self.write("a.ndjson", '{"id": 1, "text": "a"}\n')
        self.fill("a.ndjson")
        self.start()
        wait_until(lambda: self.lines(self.sink) == 1, 30, "an output", self.log)
        group = self.environment["GROUP"]
        for topic, partitions in ((f"{group}-state", PARTITIONS), (f"{group}-control", 1)):
            description = self.kafka.run("topics", "describe", topic)
            self.assertRegex(description, rf"PartitionCount: {partitions}\b")
            self.assertIn("cleanup.policy=compact", description)


if __name__ == "__main__":
    unittest.main()
