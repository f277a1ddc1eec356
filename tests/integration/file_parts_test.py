"""Exactly once from Kafka to files: whoever lists the folder of the parts sees whole records, each once, and for good."""
import collections
import random
import re
import subprocess
import threading
import time
import unittest

from copy_job import CopyJob
from reference_job import PARTITIONS, wait_until

KILLS = 6


class FolderReader(threading.Thread):
    """Lists a folder of parts all the while, as a user's job would."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = folder
        self.seen = {}
        self.wrong = []
        self.over = threading.Event()

    def look(self):
        parts = {path.name: path.read_bytes() for path in self.folder.glob("[!.]*")}
        for name, before in self.seen.items():
            if parts.get(name) != before:
                self.wrong.append(f"{name} has changed or vanished")
        for name, text in parts.items():
            if not text.endswith(b"\n"):
                self.wrong.append(f"{name} ends in half a line")
        self.seen = parts

    def run(self):
        while not self.over.wait(0.02):
            self.look()

    def stop(self):
        self.over.set()
        self.join()
        self.look()


class PartsJob(CopyJob):
    roll = "every: 300ms, bytes: 16KiB"
    out = "out.ndjson"
    partitions = PARTITIONS

    def pipeline_text(self):
        text = super().pipeline_text()
        sink = 'sink:        { kafka: { topic: "${OUT}" } }'
        dead = 'dead_letter: { kafka: { topic: "${DEAD}" } }'
        self.assertIn(sink, text)
        self.assertIn(dead, text)
        return text.replace(sink, f"sink: {{ file: {{ path: {self.out}, roll: {{ {self.roll} }} }} }}").replace(
            dead, "dead_letter: { file: dead.ndjson }")

    def setUp(self):
        super().setUp()
        self.make_topics(self.source, partitions=self.partitions)

    def parts(self):
        return sorted((self.folder / self.out).glob("[!.]*"))

    def read_parts(self):
        return [row["id"] for path in self.parts() for row in self.rows(path)]

    def leftovers(self):
        return list((self.folder / self.out).glob(".*"))

    def write_numbered(self, count):
        path = self.write_records(f"text {number} " + "." * 60 for number in range(count))
        with path.open("a") as out:
            print("{ not JSON", file=out)
        return path

    def trickle(self, path, rate):
        return self.start_weir("produce", path, "--topic", self.source, "--brokers", self.brokers, "--key", "id",
                               "--rate", str(rate))

    def check_each_once(self, count):
        counts = collections.Counter(self.read_parts())
        self.assertEqual([number for number in range(count) if counts[number] != 1], [], self.log())
        self.assertEqual(sum(counts.values()), count)
        dead = [row for path in (self.folder / "dead.ndjson").glob("[!.]*") for row in self.rows(path)]
        self.assertEqual([letter["value"] for letter in dead], ["{ not JSON"])


class KillTest(PartsJob):
    def test_each_record_is_in_the_parts_once_however_often_the_nodes_are_killed(self):
        dice = random.Random(11)
        count = 30_000
        reader = FolderReader(self.folder / self.out)
        reader.start()
        producer = self.trickle(self.write_numbered(count), rate=1500)
        nodes = {name: self.start(name) for name in ("n1", "n2")}
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.3, 4.0))
            name = dice.choice(sorted(nodes))
            self.assertIsNone(nodes[name].poll(), self.log())
            nodes[name].kill()
            nodes[name].wait()
            time.sleep(dice.choice([0, 2.5]))
            nodes[name] = self.start(name)
        self.finish_producing(producer)
        wait_until(lambda: len(self.read_parts()) >= count, 60, "all records", self.log)
        for node in nodes.values():
            self.stop(node)
        reader.stop()
        self.assertEqual(reader.wrong, [])
        self.check_each_once(count)
        self.assertEqual(self.leftovers(), [])


class RecoveryTest(PartsJob):
    partitions = 1

    def test_a_part_whose_node_died_before_it_was_shown_is_shown_by_the_next_node_or_by_itself(self):
        producer = self.trickle(self.write_numbered(1000), rate=1500)
        node = self.start("n1")
        self.finish_producing(producer)
        wait_until(lambda: len(self.read_parts()) >= 1000, 60, "all records", self.log)
        self.stop(node)
        self.check_each_once(1000)
        for name in ("n2", "n1"):
            # As if it had been killed behind the commit; and another one in front of it.
            last = self.parts()[-1]
            last.rename(last.with_name(f".{last.name}.sealed-0"))
            unlisted = last.with_name(f".{re.sub(r'[0-9]{8}T[0-9]{6}', '20000101T000000', last.name)}.sealed-0")
            unlisted.write_text("{}\n")
            node = self.start(name)
            wait_until(lambda: self.readiness(name)[0] == 200, 30, "the node is ready", self.log)
            self.stop(node)
            self.check_each_once(1000)
        self.assertEqual(self.leftovers(), [])


class RollTest(PartsJob):
    roll = "every: 1s, bytes: 1MiB"

    def test_parts_are_as_many_as_the_times_and_not_as_the_commit_intervals(self):
        producer = self.trickle(self.write_numbered(6000), rate=1500)
        node = self.start()
        self.finish_producing(producer)
        wait_until(lambda: len(self.read_parts()) >= 6000, 60, "all records", self.log)
        self.stop(node)
        self.check_each_once(6000)
        self.assertLessEqual(len(self.parts()), 8)


class FullDiskTest(PartsJob):
    out = "disk/out.ndjson"

    def test_a_node_goes_on_when_a_full_disk_has_room_again(self):
        self.on_small_disk()
        ballast = self.folder / "disk" / "ballast"
        ballast.write_bytes(b"x" * 900_000)
        count = 4000
        self.fill(self.write_numbered(count))
        node = self.start()
        wait_until(lambda: "No space left on device" in self.readiness()[1], 30, "the node says why", self.log)
        status, text = self.readiness()
        self.assertEqual(status, 503)
        self.assertIn("disk/out.ndjson", text)
        self.assertIsNone(node.poll(), self.log())
        ballast.unlink()
        wait_until(lambda: len(self.read_parts()) >= count, 30, "all records", self.log)
        wait_until(lambda: self.readiness()[0] == 200, 10, "the node is ready again", self.log)
        self.stop(node)
        self.check_each_once(count)
        self.assertEqual(self.leftovers(), [])

    def on_small_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "weir-test", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=True)


class AppendedFullDiskTest(FullDiskTest):
    """The same with one file that is appended to."""
    guarantee = "at_least_once"

    def parts(self):
        path = self.folder / self.out
        return [path] if path.exists() else []

    def leftovers(self):
        return []

    def read_parts(self):
        return list(set(super().read_parts()))

    def check_each_once(self, count):
        self.assertEqual(sorted(self.read_parts()), list(range(count)))


class WrongFileTest(PartsJob):
    def test_a_file_where_the_folder_should_be_is_said_and_stays(self):
        self.write(self.out, "mine\n")
        node = self.start()
        self.assertEqual(node.wait(30), 78, self.log())
        self.assertIn(f"'{self.out}' is a file, and exactly_once needs a folder for its parts", self.log())
        self.assertEqual(self.read(self.out), "mine\n")


if __name__ == "__main__":
    unittest.main()
