"""The lag is that of the broker, whatever the lanes do: while they are paused, while the broker is away, and when what
stands at the end is nothing that anybody may read."""
import json
import re
import unittest
import urllib.request

from copy_job import CopyJob
from own_kafka import OwnKafka
from reference_job import wait_until

FEW, MANY = 100, 3000


class LagTest(CopyJob):
    more = "alerts: [ { name: behind, when: engine.lag > 1000 } ]\nalert_sink: { console: {} }\n"

    def find_brokers(self):
        self.own = OwnKafka(self, "lag")
        return self.own.brokers

    def page(self, path):
        with urllib.request.urlopen(self.stats_url() + path, timeout=5) as answer:
            return answer.read().decode()

    def lag(self):
        return json.loads(self.page("/api/v1/stats"))["lag"]

    def metric(self):
        """The lag as Prometheus sees it; no partition where none is known."""
        return [int(value) for value in re.findall(r"^weir_lag_records\{.*\} (\S+)$", self.page("/metrics"), re.MULTILINE)]

    def status(self):
        return self.weir("status", "--interval", "0", code=0).stdout

    def alerts(self):
        return re.findall(r'"status":"(\w+)"', self.read("n1.log"))

    def test_it_is_that_of_the_broker_or_not_known_and_never_zero_for_want_of_an_answer(self):
        self.make_topics()
        self.fill(self.write_records("x" for _ in range(FEW)))
        node = self.start()
        wait_until(lambda: self.lines(self.sink) == FEW, 30, "outputs", self.log)
        wait_until(lambda: self.lag() == 0, 10, "a lag of 0", self.log)

        self.weir("ctl", "pause", code=0)
        wait_until(lambda: '"phase":"paused"' in self.page("/readyz"), 10, "a paused node", self.log)
        self.fill(self.write_records("x" for _ in range(MANY)))
        wait_until(lambda: self.lag() == MANY, 10, "the lag of a pipeline that is paused", self.log)
        self.assertEqual(sum(self.metric()), MANY)
        self.assertIn(f"{MANY:,}", self.status())
        wait_until(lambda: self.alerts() == ["firing"], 10, "an alert", self.log)

        self.own.kill()
        wait_until(lambda: self.lag() is None, 20, "a lag that is not known", self.log)
        self.assertEqual(self.metric(), [])
        self.assertRegex(self.status(), r"(?m)^all .* \?")
        self.assertEqual(self.alerts(), ["firing"], "what was known last holds")

        self.own.start()
        wait_until(lambda: self.lag() == MANY, 30, "the lag when the broker is back", self.log)
        self.weir("ctl", "resume", code=0)
        wait_until(lambda: self.lines(self.sink) == FEW + MANY, 60, "outputs", self.log)
        wait_until(lambda: self.lag() == 0, 10, "a lag of 0", self.log)
        wait_until(lambda: self.alerts() == ["firing", "resolved"], 10, "the end of the alert", self.log)
        self.stop(node)

    def test_what_a_transaction_leaves_at_the_end_is_no_lag(self):
        """The marks of commits are offsets that no reader sees: the second pipeline reads what the first one writes."""
        self.make_topics()
        first = self.start()
        self.fill(self.write_records("x" for _ in range(FEW)))
        wait_until(lambda: self.lines(self.sink) == FEW, 30, "outputs", self.log)
        self.stop(first)
        second = f"{self.sink}-second"
        self.make_topics(second)
        self.environment |= {"IN": self.sink, "OUT": second, "GROUP": second}
        node = self.start("n2")
        wait_until(lambda: self.lines(second) == FEW, 30, "outputs", self.log)
        self.stats_url = lambda name="n2": super(LagTest, self).stats_url(name)
        wait_until(lambda: self.lag() == 0, 10, "a lag of 0", self.log)
        self.stop(node)


if __name__ == "__main__":
    unittest.main()
