"""A node that is asked to stop, and one that is asked for the impossible."""
import signal
import time
import unittest

from reference_job import ReferenceJob, wait_until


class StopTest(ReferenceJob):
    def test_a_stop_drains_and_the_next_start_goes_on_without_a_gap_or_a_repetition(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=30_000, seed=4), rate=2000)
        node = self.start()
        wait_until(lambda: self.lines(self.sink) > 2000, 30, "outputs")
        self.stop(node)
        self.assertIsNone(producer.poll(), "the stop came in mid-stream")
        # It left the group: the next one need not wait for a session to end.
        seen = self.lines(self.sink)
        node = self.start()
        wait_until(lambda: self.lines(self.sink) > seen, 30, "outputs after the restart")
        self.finish_producing(producer)
        self.wait_for_outputs()
        self.stop(node)
        self.check_exact()

    def test_a_second_signal_is_obeyed_at_once(self):
        self.make_topics()
        node = self.start()
        wait_until(lambda: "assigned" in self.log(), 30, "the node at work")
        node.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        node.send_signal(signal.SIGTERM)
        self.assertIn(node.wait(10), (0, -signal.SIGTERM))  # it may have drained by then

    def test_a_signal_that_comes_to_the_process_and_to_its_group_is_one(self):
        self.make_topics()
        node = self.start()
        wait_until(lambda: "assigned" in self.log(), 30, "the node at work")
        node.send_signal(signal.SIGTERM)
        node.send_signal(signal.SIGTERM)
        self.assertEqual(node.wait(40), 0, self.log())

    def test_a_source_topic_that_is_not_there_is_a_bad_configuration_that_says_how_to_make_it(self):
        self.make_topics(self.sink, self.dead)
        run = self.weir("run", self.pipeline, code=78)
        self.assertIn(f"the topic '{self.source}' does not exist", run.stderr)
        self.assertIn("create: { partitions: 8 }", run.stderr)

    def test_a_sink_of_fewer_partitions_than_the_source_is_a_bad_configuration_that_says_what_to_do(self):
        self.make_topics(self.source, self.dead)
        self.make_topics(self.sink, partitions=2)
        run = self.weir("run", self.pipeline, code=78)
        self.assertIn(f"the topic '{self.sink}' has 2 partitions, the source '{self.source}' has 4", run.stderr)
        self.assertIn("--alter --partitions 4", run.stderr)


if __name__ == "__main__":
    unittest.main()
