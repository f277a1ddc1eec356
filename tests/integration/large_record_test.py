"""Records that a topic does not take for their size: they go to the dead letters, and the others go on."""
import os
import subprocess
import unittest

from copy_job import CopyJob
from reference_job import PARTITIONS, ROOT, wait_until

LIMIT = 3000  # bytes


class LargeRecordTest(CopyJob):
    def make_small_topic(self, topic):
        run = subprocess.run([ROOT / "tools" / "kafka", "topics", "create", topic, "--partitions", str(PARTITIONS),
                              "--config", f"max.message.bytes={LIMIT}", "--dir", os.environ["WEIR_TEST_KAFKA_DIR"]],
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 0, run.stderr)

    def run_job(self):
        # Together the small ones are more than a batch may have; the largest are at the limit, some bytes up and down.
        sizes = [500] * 200 + list(range(LIMIT - 300, LIMIT + 100, 10)) + [20_000] + [500] * 100
        self.fill(self.write_records("x" * size for size in sizes))
        node = self.start()
        wait_until(lambda: self.lines(self.sink) + self.lines(self.dead) >= len(sizes), 30, "all records", self.log)
        self.stop(node)
        out = self.ids(self.sink)
        self.assertEqual(len(out), len(set(out)))
        return sizes, out

    def test_they_are_dead_letters_and_the_others_go_on(self):
        self.make_topics(self.source, self.dead)
        self.make_small_topic(self.sink)
        sizes, out = self.run_job()
        dead = self.ids(self.dead)
        self.assertEqual(sorted(out + dead), list(range(len(sizes))))
        for number in out:
            self.assertLess(sizes[number], LIMIT)
        for number in dead:
            self.assertGreater(sizes[number], LIMIT - 200)

    def test_a_dead_letter_that_is_too_large_itself_is_cut(self):
        self.make_topics(self.source)
        self.make_small_topic(self.sink)
        self.make_small_topic(self.dead)
        sizes, out = self.run_job()
        with self.consume(self.dead).open() as lines:
            dead = [line.rstrip("\n") for line in lines]
        self.assertEqual(len(out) + len(dead), len(sizes))
        for line in dead:
            self.assertTrue(line.startswith('{"id": '))
            self.assertGreater(len(line), LIMIT - 600)


class LargeRecordAtLeastOnceTest(LargeRecordTest):
    guarantee = "at_least_once"


if __name__ == "__main__":
    unittest.main()
