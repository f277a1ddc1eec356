"""tools/kafka starts a broker that answers, keeps its data over a restart, and leaves nothing running."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class KafkaTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name) / "kafka"
        self.addCleanup(self.kafka, "stop", "--kill", "--clean")

    def kafka(self, *words):
        return subprocess.run([ROOT / "tools" / "kafka", *words, "--dir", self.dir], capture_output=True, text=True,
                              timeout=120)

    def processes(self):
        """Those whose command line names our folder."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    if os.fsencode(self.dir) in (entry / "cmdline").read_bytes():
                        found.append(entry.name)
                except OSError:
                    continue
        return found

    def test_a_topic_outlives_a_restart_and_no_process_outlives_a_stop(self):
        started = self.kafka("start")
        self.assertEqual(started.returncode, 0, started.stderr)
        self.assertRegex(started.stdout, r"^brokers: 127\.0\.0\.1:\d+\n$")
        self.assertEqual(self.kafka("status").returncode, 0)
        self.assertEqual(self.kafka("topics", "create", "kept", "--partitions", "2").returncode, 0)

        self.assertEqual(self.kafka("stop").returncode, 0)
        self.assertEqual(self.processes(), [])
        self.assertEqual(self.kafka("status").returncode, 1)

        again = self.kafka("start")
        self.assertEqual(again.stdout, started.stdout, again.stderr)
        self.assertEqual(self.kafka("topics", "list").stdout, "kept\n")
        self.assertEqual(self.kafka("stop", "--clean").returncode, 0)
        self.assertEqual(self.processes(), [])
        self.assertFalse(self.dir.exists())


if __name__ == "__main__":
    unittest.main()
