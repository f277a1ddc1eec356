"""The broker goes away, in mid-stream or before the node starts: nothing is lost, nothing comes twice,
nobody gives up, nothing spins."""
import signal
import time
import unittest

from own_kafka import OwnKafka
from reference_job import ReferenceJob, wait_until

AWAY_BEYOND_TRANSACTION = 75  # seconds; the transaction and its messages time out after 60
AWAY = 40
AWAY_AT_START = 20
LIMIT = 0.05  # of a core, while it is away


class BrokerAway:
    away = AWAY

    def find_brokers(self):
        self.own = OwnKafka(self, "away")
        return self.own.brokers

    def stay_away(self, node, seconds):
        """The node notices, says so, and waits in silence."""
        wait_until(lambda: self.readiness()[0] == 503, 30, "a node that is not ready", self.log)
        lines, used, since = len(self.log_lines()), self.cpu_seconds(node), time.monotonic()
        time.sleep(seconds)
        self.assertIsNone(node.poll(), self.log())
        share = (self.cpu_seconds(node) - used) / (time.monotonic() - since)
        self.assertLess(share, LIMIT, self.log())
        status, reason = self.readiness()
        self.assertEqual(status, 503)
        self.assertRegex(reason, "(?i)broker")
        self.assertLess(len(self.log_lines()) - lines, 3 + seconds / 5, self.log())

    def log_lines(self):
        return self.read("n1.log").splitlines()

    def test_everything_arrives_when_it_is_back(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=20_000, seed=5), rate=2000)
        node = self.start()
        wait_until(lambda: self.lines(self.sink) > 2000, 30, "outputs", self.log)
        self.own.kill()
        self.stay_away(node, self.away)
        self.own.start()
        self.finish_producing(producer)
        self.wait_for_outputs(limit=90)
        wait_until(lambda: self.readiness()[0] == 200, 10, "a node that is ready", self.log)
        self.stop(node)
        self.check()


class ExactlyOnceTest(BrokerAway, ReferenceJob):
    away = AWAY_BEYOND_TRANSACTION

    def check(self):
        self.check_exact()

    def test_a_node_that_starts_without_it_works_when_it_is_there(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=3000, seed=6), rate=2000)
        self.finish_producing(producer)
        self.own.kill()
        node = self.start()
        self.stay_away(node, AWAY_AT_START)
        self.assertIn("cannot reach the Kafka brokers", self.log())
        self.own.start()
        self.wait_for_outputs(limit=60)
        wait_until(lambda: self.readiness()[0] == 200, 10, "a node that is ready", self.log)
        self.stop(node)
        self.check()

    def test_a_node_that_is_asked_to_stop_meanwhile_ends_and_says_what_it_left(self):
        self.make_topics()
        self.produce(self.generate(rows=60_000, seed=8), rate=2000)  # more than is through before the kill
        node = self.start()
        wait_until(lambda: self.lines(self.sink) > 2000, 30, "outputs", self.log)
        self.own.kill()
        node.send_signal(signal.SIGTERM)
        # shutdown.timeout is 30 s, and 5 s to end.
        self.assertEqual(node.wait(40), 1, self.log())
        self.assertIn("not committed: they will be read again", self.log())


class AtLeastOnceTest(BrokerAway, ReferenceJob):
    guarantee = "at_least_once"

    def check(self):
        self.check_nothing_lost()


if __name__ == "__main__":
    unittest.main()
