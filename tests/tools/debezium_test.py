"""Change events from a file: what comes out, what is filtered, and repeats after kill -9."""
import json
import unittest

from weir_command import ROOT, WeirTest, wait_until

DATA = ROOT / "tests/data/debezium"
EVENTS = 60_000


def pipeline(schema, source, more="", tail="stats: { enabled: false }"):
    return (f"name: p\nsource: {{ file: {source}, format: debezium{more} }}\nschema: {schema}\n"
            f"sink: {{ file: out.ndjson }}\ndead_letter: {{ file: dead.ndjson }}\n{tail}\n")


def event(number, again=0):
    """An insert; one that is sent again says another time of the connector."""
    source = {"connector": "postgresql", "name": "shop", "db": "bank", "schema": "public", "table": "t", "ts_ms": number,
              "sequence": json.dumps([str(1 + number // 3), str(10 + number)]), "lsn": 10 + number}
    return json.dumps({"before": None, "after": {"id": number, "x": number / 4}, "source": source, "op": "c",
                       "ts_ms": number + 50 + again}) + "\n"


class debezium_test(WeirTest):
    def run_pipeline(self, *pipeline_of, code=0):
        self.write("p.yaml", pipeline(*pipeline_of))
        return self.weir("run", "p.yaml", code=code).stderr

    def test_rows_come_out_flat_with_what_steps_add(self):
        log = self.run_pipeline("{ id: int, amount: { type: double, scale: 2 }, before.amount: { type: double, scale: 2 }, "
                                "__op: string }\npreprocess: [ derive: { more: amount - before.amount } ]\n"
                                "output: { drop: [before.amount, booked, note] }", DATA / "postgres.ndjson")
        self.assertEqual(self.read("out.ndjson").splitlines(), [
            '{"id":1,"customer":"Ann","amount":12.34,"__op":"r","more":null}',
            '{"id":2,"customer":"Bob","amount":-2.00,"__op":"c","more":null}',
            '{"id":2,"customer":"Bob","amount":123.45,"__op":"u","more":125.45}',
            '{"id":2,"customer":null,"amount":null,"__op":"d","more":null}'])
        self.assertRegex(log, r"filtered +2\b")

    def test_events_with_a_schema_need_nothing_said(self):
        self.run_pipeline("{ id: int, balance: double, seen: timestamp, active: bool }", DATA / "mysql_schema.ndjson")
        self.assertEqual(self.rows("out.ndjson")[1], {"id": 1004, "email": "annek@noanswer.org", "balance": 12.5,
                                                      "active": False, "seen": "2016-06-09T17:05:11.000Z"})

    def test_a_wrong_event_is_a_dead_letter_with_its_bytes(self):
        cases = [line.split("\t") for line in (DATA / "wrong.txt").read_text().splitlines()]
        self.write("in.ndjson", "".join(record + "\n" for _, record in cases) + event(1))
        self.run_pipeline("{ id: { type: int, required: true }, amount: double }", "in.ndjson")
        letters = self.rows("dead.ndjson")
        self.assertEqual([(letter["reason"], letter["value"]) for letter in letters], [tuple(case) for case in cases])

    def test_repeats_are_dropped_or_kept(self):
        self.write("in.ndjson", "".join(event(n) for n in [*range(10)]) + "".join(event(n, 99) for n in range(5, 15)))
        log = self.run_pipeline("{ id: int }", "in.ndjson")
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], [*range(15)])
        self.assertRegex(log, r"filtered +5\b")
        self.write("p.yaml", pipeline("{ id: int }", "in.ndjson", ", repeats: keep").replace("name: p", "name: q")
                   .replace("out.nd", "kept.nd"))
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([row["id"] for row in self.rows("kept.ndjson")], [*range(10), *range(5, 15)])

    def test_repeats_are_dropped_after_kills(self):
        """What is sent again reaches back behind whatever was handled before a kill."""
        with (self.folder / "in.ndjson").open("w") as out:
            for begin in range(0, EVENTS, 1000):
                for number in range(max(0, begin - 3000), begin + 1000):
                    out.write(event(number, again=begin))
        # At this rate the file takes some seconds, each kill a small part of one.
        self.write("p.yaml", pipeline("{ id: int }", "{ path: in.ndjson, rate: 40000 }",
                                      tail="stats: { enabled: false }\ncommit: { interval: 20ms }\n"
                                      "batch: { records: 200 }\nmemory: { limit: 16MiB }"))
        written = self.folder / "out.ndjson"
        for _ in range(5):
            node = self.start_weir("run", "p.yaml")
            before = written.stat().st_size if written.exists() else 0
            wait_until(lambda: written.exists() and written.stat().st_size > before + 50_000, 60, "no output")
            self.assertIsNone(node.poll(), "it has come to the end of its file")
            node.kill()
            node.wait()
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], [*range(EVENTS)])


if __name__ == "__main__":
    unittest.main()
