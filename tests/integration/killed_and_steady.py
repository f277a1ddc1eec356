"""Two runs over one topic, of a node that is killed by kill -9 again and again and of one that is left alone: they say the same."""
import json
import random
import time

from reference_job import ReferenceJob

RECORDS = 40_000
KILLS = 6


class KilledAndSteady(ReferenceJob):
    """A test has pipeline_text() and write_records(): RECORDS of them, each with an `id` of its own and a key `k`."""

    def produce(self, path, rate):
        return self.start_weir("produce", path, "--topic", self.source, "--brokers", self.brokers, "--key", "k", "--rate",
                               str(rate))

    def lines_by_id(self, topic):
        lines = self.consume(topic).read_text().splitlines()
        by_id = {json.loads(line)["id"]: line for line in lines}
        self.assertEqual(len(by_id), len(lines), "an output came twice")
        return by_id

    def wait_for_all(self):
        until = time.monotonic() + 120
        while self.lines(self.sink) < RECORDS:
            self.assertLess(time.monotonic(), until, f"{self.lines(self.sink)} outputs\n{self.log()}")
            time.sleep(0.3)

    def run_and_kill(self):
        dice = random.Random(12)
        producer = self.produce(self.write_records(), rate=2000)
        for _ in range(KILLS):
            node = self.start()
            time.sleep(dice.uniform(0.8, 5.0))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
        node = self.start()
        self.finish_producing(producer)
        self.wait_for_all()
        self.stop(node)

    def run_undisturbed(self):
        """Another pipeline over the same topic."""
        self.sink += "-steady"
        self.make_topics(self.sink)
        self.environment = self.environment | {"OUT": self.sink, "GROUP": self.environment["GROUP"] + "-steady"}
        node = self.start("steady")
        self.wait_for_all()
        self.stop(node)

    def outputs_that_agree(self):
        """The lines of both runs, by id."""
        self.make_topics()
        self.run_and_kill()
        killed = self.lines_by_id(self.sink)
        self.run_undisturbed()
        steady = self.lines_by_id(self.sink)
        self.assertEqual(len(steady), RECORDS)
        differing = [number for number in steady if killed.get(number) != steady[number]]
        self.assertEqual(differing, [], f"{killed.get(min(differing, default=0))}\n{steady[min(differing, default=0)]}")
        return steady
