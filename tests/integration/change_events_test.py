"""Change events on Kafka, from a connector that is restarted again and again, and a node that is killed by kill -9: each change
comes out once, in order, and tombstones do not."""
import ctypes
import json
import random
import time
import unittest

from reference_job import GROUP_PROPERTIES, ReferenceJob, wait_until

ROWS = 200
CHANGES = 12_000
KILLS = 5


class Connector:
    """Produces by librdkafka, which is where Weir is: `weir produce` sends no null values."""
    ANY_PARTITION, COPY = -1, 2

    def __init__(self, brokers, topic):
        self.lib = ctypes.CDLL("librdkafka.so.1")
        for name in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_topic_new"):
            getattr(self.lib, name).restype = ctypes.c_void_p
        conf = ctypes.c_void_p(self.lib.rd_kafka_conf_new())
        error = ctypes.create_string_buffer(512)
        for name, value in (("bootstrap.servers", brokers), ("enable.idempotence", "true"),
                            ("partitioner", "murmur2_random")):
            if self.lib.rd_kafka_conf_set(conf, name.encode(), value.encode(), error, ctypes.c_size_t(512)) != 0:
                raise AssertionError(error.value)
        self.client = ctypes.c_void_p(self.lib.rd_kafka_new(0, conf, error, ctypes.c_size_t(512)))
        self.topic = ctypes.c_void_p(self.lib.rd_kafka_topic_new(self.client, topic.encode(), None))

    def send(self, key, value):
        """A null value, where `value` is None."""
        key = key.encode()
        value = value.encode() if value is not None else None
        if self.lib.rd_kafka_produce(self.topic, ctypes.c_int32(self.ANY_PARTITION), self.COPY, value,
                                     ctypes.c_size_t(len(value or b"")), key, ctypes.c_size_t(len(key)), None) != 0:
            raise AssertionError("the queue is full")

    def flush(self):
        if self.lib.rd_kafka_flush(self.client, 60_000) != 0:
            raise AssertionError("not all events were delivered")

    def close(self):
        self.flush()
        self.lib.rd_kafka_topic_destroy(self.topic)
        self.lib.rd_kafka_destroy(self.client)


class ChangeEventsTest(ReferenceJob):
    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
  format: debezium
schema: {{ id: {{ type: int, required: true }}, n: int, x: double, before.n: int, __op: string }}
infer: [ {{ sgd_regressor: x, inputs: [n], as: guess }} ]
aggregate: [ {{ rolling: sum, of: x, by: id, last: 5, as: sum_x }} ]
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
commit:      {{ interval: 100ms }}
memory:      {{ limit: 64MiB }}
stats:       {{ port: 0 }}
"""

    def make_changes(self):
        """Of a table with ROWS rows: what the connector sends for each change."""
        dice = random.Random(3)
        rows, changes = {}, []
        for n in range(CHANGES):
            key = dice.randrange(ROWS)
            before = rows.get(key)
            op = "c" if before is None else "d" if dice.random() < 0.2 else "u"
            after = {"id": key, "n": n, "x": dice.randrange(1000) / 8} if op != "d" else None
            rows[key] = after
            source = {"connector": "mysql", "name": "crm", "server_id": 7, "db": "d", "table": "t", "ts_ms": 1000 * (n // 50),
                      "file": f"bin.{9 + n // 3000}", "pos": 4 + n // 2 % 1500, "row": n % 2}
            event = json.dumps({"before": before, "after": after, "source": source, "op": op, "ts_ms": n})
            changes.append((key, event, before, after, op))
        return changes

    def send(self, changes):
        """As a connector that loses up to 400 changes' worth of its own position, twenty times; returns how many it sent."""
        dice = random.Random(4)
        connector = Connector(self.brokers, self.source)
        sent = at = 0
        while at < len(changes):
            until = min(len(changes), at + CHANGES // 20)
            for key, event, _, _, op in changes[max(0, at - dice.randrange(400)):until]:
                connector.send(json.dumps({"id": key}), event)
                sent += 1
                if op == "d":
                    connector.send(json.dumps({"id": key}), None)
                    sent += 1
            connector.flush()
            at = until
            yield sent
        connector.close()

    def test_each_change_comes_out_once_through_restarts_of_both_ends(self):
        self.make_topics()
        changes = self.make_changes()
        dice = random.Random(5)
        node, kills, sent = self.start(), 0, 0
        for sent in self.send(changes):
            time.sleep(dice.uniform(0.2, 0.8))
            if kills < KILLS and dice.random() < 0.5:
                self.assertIsNone(node.poll(), self.log())
                node.kill()
                node.wait()
                node, kills = self.start(), kills + 1
        self.assertGreater(kills, 2)
        wait_until(lambda: self.lines(self.sink) >= len(changes), 60, "outputs of all changes", self.log)
        time.sleep(1)
        self.stop(node)
        self.assertGreater(sent, len(changes) + 2000)
        self.check(changes, [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()])
        self.assertEqual(self.lines(self.dead), 0)

    def check(self, changes, outputs):
        """In the order of each key; the windows have seen each change once."""
        self.assertEqual(len(outputs), len(changes))
        expected, got, windows = {}, {}, {}
        for key, _, before, after, op in changes:
            row = after or before
            window = (windows.get(key, []) + [row["x"]])[-5:]
            windows[key] = window
            expected.setdefault(key, []).append((row["n"], op, before and before["n"], sum(window)))
        for out in outputs:
            got.setdefault(out["id"], []).append((out["n"], out["__op"], out["before.n"],
                                                  round(out["sum_x"], 6)))
        self.assertEqual({key: len(of) for key, of in got.items()}, {key: len(of) for key, of in expected.items()})
        wrong = [(said, right) for key in expected for said, right in zip(got[key], expected[key]) if said != right]
        self.assertEqual(wrong[:5], [])


if __name__ == "__main__":
    unittest.main()
