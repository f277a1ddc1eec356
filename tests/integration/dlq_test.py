"""Dead letters are looked at, and replayed once: whatever is killed, and however often they are replayed."""
import json
import os
import pathlib
import random
import subprocess
import time
import unittest

from reference_job import GROUP_PROPERTIES, ReferenceJob, wait_until

BAD = 3000
GOOD = 500
JARS = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "weir/kafka-4.2.0"


class DlqTest(ReferenceJob):
    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
  format: json
schema: {{ k: {{ type: string, key: true }}, id: "${{TYPE}}" }}
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
commit:      {{ interval: 100ms }}
memory:      {{ limit: 256MiB }}
stats:       {{ port: 0 }}
"""

    def setUp(self):
        super().setUp()
        self.environment |= {"TYPE": "int", "WEIR_BROKERS": self.brokers}
        self.make_topics()
        bad = [json.dumps({"k": f"key {i % 50}", "id": f"text {i}"}) for i in range(BAD)]
        good = [json.dumps({"k": f"key {i % 50}", "id": i}) for i in range(GOOD)]
        self.bad = bad
        lines = bad + good
        random.Random(1).shuffle(lines)
        self.write("in.ndjson", "\n".join(lines) + "\nno JSON\n")
        self.weir("produce", "in.ndjson", "--topic", self.source, "--key", "k", code=0)

    def run_until(self, topic, count, name):
        node = self.start(name)
        wait_until(lambda: self.lines(topic) >= count, 60, f"{count} records in {topic}", self.log)
        self.stop(node)
        self.assertEqual(self.lines(topic), count)

    def replay(self, *options, code=0):
        return self.weir("dlq", "replay", self.dead, *options, code=code, timeout=120).stdout

    def wait_for(self, topic, count):
        """A commit is seen soon after it: its marks come to the partitions one by one."""
        wait_until(lambda: self.lines(topic) >= count, 30, f"{count} records in {topic}", self.log)
        self.assertEqual(self.lines(topic), count)

    def headers(self, topic):
        """What the header weir.replayed says, of each record that has it."""
        run = subprocess.run(["java", "-Xmx256m", "-cp", f"{JARS}/*", "org.apache.kafka.tools.consumer.ConsoleConsumer",
                              "--bootstrap-server", self.brokers, "--topic", topic, "--from-beginning", "--timeout-ms", "10000",
                              "--command-property", "isolation.level=read_committed", "--formatter-property", "print.headers=true",
                              "--formatter-property", "print.key=true"],
                             capture_output=True, text=True, timeout=60)
        rows = [line.split("\t") for line in run.stdout.splitlines()]
        self.assertTrue(all(len(row) == 3 for row in rows), run.stdout[:1000] + run.stderr)
        return [(header.removeprefix("weir.replayed:"), key, value) for header, key, value in rows if header.startswith("weir.replayed:")]

    def test_what_is_replayed_goes_through_once_though_the_replay_is_killed_again_and_again(self):
        self.run_until(self.dead, BAD + 1, "before")
        said = json.loads(self.weir("dlq", "list", self.dead, "-o", "json", code=0).stdout)
        self.assertEqual({(one["stage"], one["code"], one["topic"]): one["letters"] for one in said},
                         {("cast", "wrong_type", self.source): BAD, ("decode", "malformed", self.source): 1})
        shown = [json.loads(line) for line in
                 self.weir("dlq", "show", self.dead, "--where", "code = 'wrong_type' and key = 'key 7'", "-o", "json", code=0).stdout.splitlines()]
        self.assertEqual(sorted(one["value"] for one in shown), sorted(line for line in self.bad if '"key 7"' in line))
        # What was wrong is mended: ids are texts. Replays are killed in the middle.
        self.environment["TYPE"] = "string"
        dice = random.Random(2)
        for _ in range(6):
            replaying = self.start_weir("dlq", "replay", self.dead, "--where", "stage = 'cast'", "--rate", "400", log="replay.txt")
            time.sleep(dice.uniform(0.5, 1.8))
            replaying.kill()
            replaying.wait()
        self.replay("--where", "stage = 'cast'")
        self.assertEqual(self.replay("--where", "stage = 'cast'"), f"replayed 0 records\npassed over {BAD} that were replayed before\n")
        self.run_until(self.sink, GOOD + BAD, "after")
        marked = self.headers(self.source)
        self.assertEqual(sorted(value for _, _, value in marked), sorted(self.bad))
        self.assertEqual(len({place for place, _, _ in marked}), BAD)
        self.assertTrue(all(place.startswith(self.dead + "/") for place, _, _ in marked))
        self.assertTrue(all(json.loads(value)["k"] == key for _, key, value in marked))
        rows = [json.loads(line)["id"] for line in self.consume(self.sink).read_text().splitlines()]
        self.assertEqual(len(rows), len(set(map(str, rows))))
        self.assertEqual(self.lines(self.dead), BAD + 1)
        # What a filter left out is still there to be replayed, to another topic too; and once.
        other = self.source + "-other"
        self.make_topics(other)
        self.assertEqual(self.replay("--to", other), f"replayed 1 records\npassed over {BAD} that were replayed before\n")
        self.wait_for(other, 1)
        self.assertEqual(self.consume(other).read_text(), "no JSON\n")
        self.assertIn("replayed 0 records", self.replay())

    def test_two_at_a_time_do_not_send_a_record_twice(self):
        self.run_until(self.dead, BAD + 1, "before")
        both = [self.start_weir("dlq", "replay", self.dead, "--rate", "1500", log=f"{i}.txt") for i in range(2)]
        ended = sorted(one.wait(120) for one in both)
        self.assertEqual(ended, [0, 1], self.read("0.txt") + self.read("1.txt"))
        self.replay()
        self.wait_for(self.source, GOOD + 2 * BAD + 2)
        self.assertIn("another replay of these letters has begun", self.read("0.txt") + self.read("1.txt"))

    def test_a_part_and_a_file(self):
        self.run_until(self.dead, BAD + 1, "before")
        self.assertIn("replayed 10 records", self.replay("--limit", "10"))
        self.assertIn("replayed 5 records", self.replay("--limit", "5"))
        self.replay("--where", "stage = 'decode'", "--out", "broken.txt")
        self.assertEqual(self.read("broken.txt"), "no JSON\n")
        self.assertEqual(self.weir("dlq", "replay", self.dead, "--out", "broken.txt").returncode, 64)
        self.assertIn(f"there is no topic '{self.source}-away'", self.weir("dlq", "replay", self.dead, "--to", self.source + "-away").stderr)
        self.assertEqual(self.replay(), f"replayed {BAD + 1 - 15} records\npassed over 15 that were replayed before\n")
        self.assertIn("this is no dead letter", self.weir("dlq", "list", self.source, code=78).stderr)

    def test_letters_of_a_file_go_to_a_topic_once_too(self):
        letter = {"topic": "in.csv", "partition": 0, "timestamp": 1, "stage": "cast", "reason": "wrong", "time": 2, "key": None}
        name = self.source + "-letters.ndjson"
        self.write(name, "".join(json.dumps(letter | {"offset": i, "value": f"row {i}"}) + "\n" for i in range(1200)))
        self.assertIn("name a topic by --to", self.weir("dlq", "replay", name, code=1).stderr)
        other = self.source + "-other"
        self.make_topics(other)
        self.weir("dlq", "replay", name, "--to", other, "--where", "offset < 700", code=0)
        self.assertIn("replayed 500 records", self.weir("dlq", "replay", name, "--to", other, code=0).stdout)
        self.wait_for(other, 1200)
        self.assertEqual(sorted(self.consume(other).read_text().splitlines()), sorted(f"row {i}" for i in range(1200)))


if __name__ == "__main__":
    unittest.main()
