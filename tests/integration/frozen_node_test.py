"""A node that stands still, as under a debugger or on a machine that sleeps, and two processes with one name."""
import signal
import time
import unittest

from reference_job import SESSION_MS, ReferenceJob, wait_until


class FrozenNodeTest(ReferenceJob):
    def test_it_comes_back_as_often_as_it_was_frozen_and_nothing_is_lost_or_doubled(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=40_000, seed=11), rate=1000)
        nodes = [self.start("n1"), self.start("n2")]
        wait_until(lambda: self.lines(self.sink) > 1000, 30, "outputs", self.log)
        for _ in range(3):  # well within a minute: it is fenced by the other one each time
            nodes[0].send_signal(signal.SIGSTOP)
            seen = self.lines(self.sink)
            wait_until(lambda: self.lines(self.sink) > seen + 2000, 30, "the other node's outputs", self.log)
            nodes[0].send_signal(signal.SIGCONT)
            time.sleep(SESSION_MS / 1000)
            self.assertIsNone(nodes[0].poll(), self.log())
        self.finish_producing(producer)
        self.wait_for_outputs()
        for node in nodes:
            self.stop(node)
        self.check_exact()

    def test_the_later_of_two_processes_with_one_name_ends_and_names_the_other(self):
        self.make_topics()
        first = self.start("n1")
        wait_until(lambda: "assigned" in self.log(), 30, "the node at work", self.log)
        beside = self.weir("run", self.pipeline, "--name", "n1", code=69)
        self.assertIn(f"-n1' runs already, in process {first.pid}", beside.stderr)
        # As on another machine: they know of each other by the consumer group alone.
        self.pipeline.write_text(self.pipeline.read_text() + "\nstate: { dir: elsewhere }\n")
        second = self.start("n1")
        producer = self.produce(self.generate(rows=20_000, seed=12), rate=500)
        self.assertEqual(second.wait(60), 69, self.log())
        self.assertIn(f"another process runs under the name 'n1' since before this one: process {first.pid} on ", self.log())
        self.assertIsNone(first.poll(), self.log())
        self.finish_producing(producer)
        self.wait_for_outputs()
        self.stop(first)
        self.check_exact()


if __name__ == "__main__":
    unittest.main()
