"""What is known of a record beside its value, as columns: of a topic with keys and headers, which dead letters have."""
import json
import unittest

from reference_job import GROUP_PROPERTIES, ReferenceJob, wait_until

RECORDS = 200


class MetadataTest(ReferenceJob):
    def pipeline_text(self):
        """Refuses every other record: its dead letter has headers."""
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
schema: {{ number: int, id: string }}
preprocess:
  - {{ derive: {{ place: "_partition * 1000000 + _offset", is_new: "date_diff('hour', '2020-01-01', _timestamp) > 0" }} }}
  - {{ derive: {{ topic: _topic, key_of: _key, no_header: "_headers.none is null" }} }}
  - validate: number % 2 = 0
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
commit:      {{ interval: 100ms }}
stats:       {{ port: 0 }}
"""

    def test_keys_places_times_and_headers(self):
        self.make_topics()
        self.write("in.ndjson", "".join(json.dumps({"number": i, "id": f"C{i % 7}"}) + "\n" for i in range(RECORDS)))
        self.weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers, "--key", "id", code=0)
        node = self.start()
        wait_until(lambda: self.lines(self.sink) + self.lines(self.dead) >= RECORDS, 60, "outputs", self.log)
        self.stop(node)
        rows = [json.loads(line) for line in self.consume(self.sink).read_text().splitlines()]
        self.assertEqual(sorted(row["number"] for row in rows), list(range(0, RECORDS, 2)))
        self.assertEqual(len({row["place"] for row in rows}), RECORDS // 2)
        for row in rows:
            self.assertEqual((row["key_of"], row["topic"], row["no_header"], row["is_new"]),
                             (row["id"], self.source, True, True), row)
        self.read_dead_letters()

    def read_dead_letters(self):
        self.write("letters.yaml", f"""
name: {self.source}-letters
source: {{ kafka: {{ brokers: "{self.brokers}", topic: "{self.dead}", group: "{self.source}-letters" }} }}
preprocess:
  - filter: _headers.weir.stage is not null and _headers.weir.none is null
  - {{ rename: _headers.weir.reason, to: reason }}
  - {{ rename: _headers.weir.stage, to: stage }}
sink: {{ file: letters.ndjson }}
stats: {{ enabled: false }}
""")
        node = self.start_weir("run", "letters.yaml", log="letters.log")
        there = self.folder / "letters.ndjson"
        wait_until(lambda: there.exists() and there.read_text().count("\n") >= RECORDS // 2, 60, "letters",
                   lambda: self.read("letters.log"))
        node.terminate()
        node.wait(60)
        rows = self.rows("letters.ndjson")
        self.assertEqual(sorted(row["number"] for row in rows), list(range(1, RECORDS, 2)))
        for row in rows:
            self.assertIn("number % 2 = 0", row["reason"])
            self.assertTrue(row["stage"])


if __name__ == "__main__":
    unittest.main()
