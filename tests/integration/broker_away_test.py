"""The broker is away for 20 seconds in mid-stream: nothing is lost, nothing comes twice, and nobody gives up."""
import pathlib
import subprocess
import tempfile
import time
import unittest

from reference_job import ROOT, ReferenceJob, wait_until

AWAY = 20  # seconds


class BrokerAwayTest(ReferenceJob):
    def find_brokers(self):
        # A Kafka of its own: the others' must not go away.
        folder = tempfile.TemporaryDirectory(prefix="weir-away.")
        self.addCleanup(folder.cleanup)
        self.kafka_folder = pathlib.Path(folder.name) / "kafka"
        self.addCleanup(self.kafka, "stop", "--kill", "--clean")
        return self.kafka("start").removeprefix("brokers:").strip()

    def kafka(self, *words):
        run = subprocess.run([ROOT / "tools" / "kafka", *words, "--dir", self.kafka_folder], capture_output=True,
                             text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_everything_arrives_once_when_it_is_back(self):
        self.make_topics()
        producer = self.produce(self.generate(rows=20_000, seed=5), rate=2000)
        node = self.start()
        wait_until(lambda: self.lines(self.sink) > 2000, 30, "outputs")
        self.kafka("stop", "--kill")
        time.sleep(AWAY)
        self.assertIsNone(node.poll(), self.log())
        self.kafka("start")
        self.finish_producing(producer)
        self.wait_for_outputs(limit=90)
        self.stop(node)
        self.check_exact()


if __name__ == "__main__":
    unittest.main()
