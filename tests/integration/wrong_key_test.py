"""A topic that is keyed by something else than the schema says, and alerts that go nowhere in particular."""
import json
import unittest

from reference_job import ReferenceJob, wait_until


class WrongKeyTest(ReferenceJob):
    key_check = "on"

    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}" }}
  key_check: {self.key_check}
schema: {{ CustomerID: {{ type: string, key: true }}, Device: string, x: double }}
aggregate: [ {{ rolling: sum, of: x, by: CustomerID, last: 100, as: seen }} ]
alerts: [ {{ name: often, when: seen >= 2 }} ]
sink: {{ kafka: {{ topic: "${{OUT}}" }} }}
stats: {{ port: 0 }}
"""

    def fill(self, key):
        self.write("in.ndjson", "".join('{"CustomerID":"C%d","Device":"D%d","x":1}\n' % (i % 2, i) for i in range(14)))
        self.weir("produce", "in.ndjson", "--topic", self.source, "--brokers", self.brokers,
                  *(("--key", key) if key else ()), code=0)

    def refused_when_keyed_by(self, key):
        self.make_topics(self.source, self.sink)
        self.fill(key)
        run = self.weir("run", self.pipeline, code=78)
        self.assertIn("and its 'CustomerID', which the schema calls the key, is \"C", run.stderr)
        self.assertEqual(self.lines(self.sink), 0)
        return run.stderr

    def test_the_first_record_with_another_key_ends_the_node_and_is_named(self):
        self.assertRegex(self.refused_when_keyed_by("Device"), r'partition \d, offset 0: the record has the key "D\d+"')

    def test_a_record_without_a_key_does_too(self):
        self.assertRegex(self.refused_when_keyed_by(None), r"partition \d, offset 0: the record has no key")

    def test_is_taken_as_it_is_by_those_who_know(self):
        self.key_check = "off"
        self.pipeline.write_text(self.pipeline_text())
        self.make_topics(self.source, self.sink)
        self.fill("Device")
        node = self.start()
        wait_until(lambda: self.lines(self.sink) == 14, 30, "outputs", self.log)
        self.stop(node)

    def test_alerts_without_an_alert_sink_are_on_the_console(self):
        self.make_topics(self.source, self.sink)
        self.fill("CustomerID")
        node = self.start()
        wait_until(lambda: self.lines(self.sink) == 14, 30, "outputs", self.log)
        self.stop(node)
        alerts = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        self.assertEqual([alert["alert"] for alert in alerts], ["often"] * 2, self.log())


if __name__ == "__main__":
    unittest.main()
