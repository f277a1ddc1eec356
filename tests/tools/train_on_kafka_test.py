"""`weir train SPEC.yaml` from a real Kafka: what is in a topic is learned from, up to its end, once and for each partition."""
import json
import time
import unittest
import uuid

from weir_command import WeirTest

SPEC = """name: line
data:
  - kafka: {{ brokers: "{brokers}", topic: {topic}, {more} }}
{static}schema: {{ x: int, y: double }}
model: linear_regression
target: y
features: [x]
out: line.onnx
"""


def records(first, last, slope=2):
    return "".join(json.dumps({"x": x, "y": slope * x + 1}) + "\n" for x in range(first, last))


class TrainOnKafkaTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.topic = f"train-{uuid.uuid4()}"

    def produce(self, text):
        self.write("in.ndjson", text)
        self.weir("produce", "in.ndjson", "--topic", self.topic, "--key", "x", "--create", "4", "--brokers",
                  self.find_brokers(), code=0)

    def train(self, more="", static="", code=0):
        self.write("train.yaml", SPEC.format(brokers=self.find_brokers(), topic=self.topic, more=more, static=static))
        return self.weir("train", "train.yaml", "-o", "json", code=code)

    def rows(self, run):
        return sum(json.loads(run.stdout)["rows"].values())

    def test_learns_from_all_partitions_and_from_a_file_beside_them(self):
        self.produce(records(0, 5000))
        self.write("static.csv", "x,y\n" + "".join(f"{x},{2 * x + 1}\n" for x in range(-100, 0)))
        self.assertEqual(self.rows(self.train()), 5000)
        both = self.train(static="  - file: static.csv\n")
        self.assertEqual(self.rows(both), 5100)
        self.assertGreater(json.loads(both.stdout)["test"]["r2"], 0.999)

    def test_the_same_records_make_the_same_model_however_they_are_spread(self):
        self.produce(records(0, 500))
        self.train()
        first = (self.folder / "line.onnx").read_bytes()
        self.topic += "-again"
        self.produce("".join(reversed(records(0, 500).splitlines(True))))
        self.train()
        one, other = (json.loads(card) for card in (self.card(first), self.card((self.folder / "line.onnx").read_bytes())))
        self.assertEqual(one["data"].pop("file") + "-again", other["data"].pop("file"))
        self.assertEqual(one, other)

    @staticmethod
    def card(model):
        """The card in an ONNX file, which stands there as it is."""
        text = model[model.index(b'{"kind"'):].decode(errors="replace")
        return json.dumps(json.JSONDecoder().raw_decode(text)[0])

    def test_reads_a_span_of_time(self):
        self.produce(records(0, 100))
        time.sleep(1.1) # records have the time of the broker's clock, in milliseconds
        between = time.time()
        time.sleep(1.1)
        self.produce(records(100, 300))
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(between))
        self.assertEqual(self.rows(self.train(f'from: "{stamp}"')), 200)
        self.assertEqual(self.rows(self.train(f'to: "{stamp}"')), 100)
        self.assertEqual(self.rows(self.train("from: 1h")), 300)
        self.assertIn("of 0 records none is left", self.train("to: 1h", code=78).stderr)

    def test_a_topic_that_is_not_there_is_named(self):
        self.find_brokers()
        self.assertIn(f"there is no topic '{self.topic}'", self.train(code=69).stderr)

    def test_an_empty_topic_is_said(self):
        self.produce("")
        self.assertIn("of 0 records none is left to learn from", self.train(code=78).stderr)


if __name__ == "__main__":
    unittest.main()
