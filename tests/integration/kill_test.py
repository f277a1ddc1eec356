"""kill -9 of a node again and again while records are being produced: what a read_committed reader sees afterwards."""
import json
import random
import signal
import time
import unittest

from reference_job import PARTITIONS, SESSION_MS, ReferenceJob, partition_of, wait_until

KILLS = 6


class Kills(ReferenceJob):
    def run_and_kill(self, seed):
        dice = random.Random(seed)
        self.make_topics()
        producer = self.produce(self.generate(rows=40_000, seed=seed), rate=2000)
        for _ in range(KILLS):
            node = self.start()
            # Some die while they start or restore, most while they work.
            time.sleep(dice.uniform(0.3, 5.0))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
        node = self.start()
        self.finish_producing(producer)
        self.wait_for_outputs()
        self.stop(node)


class ExactlyOnceTest(Kills):
    def test_each_input_has_its_effect_once_however_often_the_node_is_killed(self):
        self.run_and_kill(seed=1)
        self.check_exact()


class AtLeastOnceTest(Kills):
    guarantee = "at_least_once"

    def test_nothing_is_lost_however_often_the_node_is_killed(self):
        self.run_and_kill(seed=2)
        self.check_nothing_lost()


class TakeOverTest(ReferenceJob):
    # The session has to end, the new owner waits a second for the dead node's transaction, then fences it.
    STANDSTILL = SESSION_MS / 1000 + 2

    def test_a_node_of_another_name_takes_over_soon_and_exactly(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=60_000, seed=3), rate=2000)
        first = self.start("n1")
        wait_until(lambda: self.lines(self.sink) > 3000, 30, "the first node's outputs")
        second = self.start("n2")
        before = self.lines(self.sink)
        wait_until(lambda: self.lines(self.sink) > before + 3000, 30, "outputs of both nodes")
        first.kill()
        first.wait()
        killed = time.monotonic()
        time.sleep(0.3)
        # Every partition moves on, not only those of the node that is left: a reader must not wait for the dead node's
        # transaction to time out.
        self.assertIsNone(second.poll(), self.log())
        seen = self.per_partition()
        wait_until(lambda: all(now > then for now, then in zip(self.per_partition(), seen)), 60, "all partitions move on", self.log)
        self.assertLess(time.monotonic() - killed, self.STANDSTILL + 1, self.log())  # looking takes a while too
        self.finish_producing(producer)
        self.wait_for_outputs()
        self.stop(second)
        self.check_exact()

    def test_a_transaction_that_was_the_first_of_its_node_is_ended_too(self):
        # No marker names the dead node: it has never committed.
        self.pipeline.write_text(self.pipeline_text() + "commit: { interval: 60s }\n")
        self.make_topics()
        producer = self.produce(self.generate(rows=10_000, seed=6), rate=2000)
        first = self.start("n1")
        wait_until(lambda: self.lines(self.sink, "--read-uncommitted") > 3000, 30, "the first node's outputs", self.log)
        self.assertEqual(self.lines(self.sink), 0)
        first.kill()
        first.wait()
        self.pipeline.write_text(self.pipeline_text())
        killed = time.monotonic()
        second = self.start("n2")
        wait_until(lambda: self.lines(self.sink) > 3000, 30, "the second node's outputs", self.log)
        self.assertLess(time.monotonic() - killed, self.STANDSTILL + 1, self.log())
        self.finish_producing(producer)
        self.wait_for_outputs()
        self.stop(second)
        self.check_exact()

    def per_partition(self):
        """Visible outputs of each partition: a record goes out to the partition that it came in by."""
        counts = [0] * PARTITIONS
        with self.consume(self.sink).open() as lines:
            for line in lines:
                counts[partition_of(json.loads(line)["CustomerID"])] += 1
        return counts


class TwoNodesTest(ReferenceJob):
    def test_each_input_has_its_effect_once_however_the_partitions_wander(self):
        dice = random.Random(9)
        self.make_topics()
        producer = self.produce(self.generate(rows=45_000, seed=9), rate=2000)
        nodes = {name: self.start(name) for name in ("n1", "n2")}
        for _ in range(4):
            time.sleep(dice.uniform(0.3, 5.0))
            name = dice.choice(sorted(nodes))
            self.assertIsNone(nodes[name].poll(), self.log())
            nodes[name].kill()
            nodes[name].wait()
            time.sleep(dice.choice([0, SESSION_MS / 1000 + 0.5]))
            nodes[name] = self.start(name)
        self.finish_producing(producer)
        self.wait_for_outputs()
        for node in nodes.values():
            self.stop(node)
        self.check_exact()


class FrozenNodeTest(ReferenceJob):
    def test_a_node_that_stands_still_and_goes_on_later_does_no_harm(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=60_000, seed=7), rate=2000)
        nodes = {name: self.start(name) for name in ("n1", "n2")}
        wait_until(lambda: self.lines(self.sink) > 3000, 30, "outputs of both", self.log)
        for node in nodes.values():
            node.send_signal(signal.SIGSTOP)
            time.sleep(SESSION_MS / 1000 + 1)  # the group has missed it
            seen = self.lines(self.sink)
            wait_until(lambda: self.lines(self.sink) > seen + 3000, 30, "outputs of the other", self.log)
            node.send_signal(signal.SIGCONT)
            seen = self.lines(self.sink)
            wait_until(lambda: self.lines(self.sink) > seen + 3000, 30, "outputs of both again", self.log)
        self.finish_producing(producer)
        self.wait_for_outputs()
        for node in nodes.values():
            self.stop(node)
        self.check_exact()


if __name__ == "__main__":
    unittest.main()
