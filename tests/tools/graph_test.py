"""`weir graph`: a pipeline as text, as a flowchart of Mermaid and as a picture."""
import os
import re
import unittest
import xml.etree.ElementTree

from weir_command import ROOT, WeirTest

SVG = "{http://www.w3.org/2000/svg}"

PIPELINE = """
name: payments
source:
  kafka: { brokers: b, topic: in, properties: { sasl.password: "${SECRET}" } }
schema: { id: { type: string, key: true }, Amount: double, "end \\"x\\"": double }
steps:
  - { filter: "Amount > 0 and id <> '${SECRET}'" }
  - { filter: id <> 'max' }
  - { derive: { ratio: 'Amount / `end "x"`', hour: hour(_timestamp) } }
  - { rolling: max, of: ratio, by: id, last: 20, as: most }
  - { sgd_regressor: Amount, inputs: [ratio, most], as: expected }
  - { zscore: ratio, by: id, threshold: 4, as: odd, score: z }
alerts:
  - { name: large, when: odd and z > 5, severity: high, by: id, summary: "{id} paid {Amount}" }
sink: [ { kafka: { topic: out } }, { console: {} } ]
alert_sink: { file: alerts.ndjson }
dead_letter: { kafka: { topic: dead } }
"""

TEXT = """payments

source
┌─ kafka          brokers: b, topic: in, group: weir-payments, format: json
│                 has id (key), Amount, end "x"
│
│  preprocess
├─ filter         ***
├─ filter         id <> 'max'
│                 reads id
├─ derive         ratio = Amount / `end "x"`, hour = hour(_timestamp)
│                 reads Amount, end "x", _timestamp
│                 makes ratio, hour
│
│  aggregate
├─ rolling        max, of: ratio, by: id, last: 20
│                 reads ratio, id
│                 makes most
│
│  infer
├─ sgd_regressor  Amount, learning_rate: 0.01
│                 reads Amount, ratio, most
│                 makes expected
│
│  detect
├─ zscore         ratio, threshold: 4, by: id
│                 reads ratio, id
│                 makes odd, z
│
│  alerts
├─ large          when: odd and z > 5, severity: high, by: id
│                 reads odd, z, id
│
│  alert_sink
├▶ file           path: alerts.ndjson
│
│  dead_letter
├▶ kafka          brokers: b, topic: dead
│
│  sink
├▶ kafka          brokers: b, topic: out, format: json
└▶ console        format: json
"""


class GraphTest(WeirTest):
    environment = {**os.environ, "SECRET": "swordfish"}

    def graph(self, *options):
        self.write("p.yaml", PIPELINE)
        return self.weir("graph", "p.yaml", *options, code=0).stdout

    def test_text_has_each_step_in_order_with_what_it_reads_and_makes(self):
        self.assertEqual(self.graph(), TEXT)

    def test_no_secret_is_shown(self):
        for form in ("text", "mermaid", "svg"):
            self.assertNotIn("swordfish", self.graph("--format", form))

    def test_mermaid_joins_the_boxes_and_quotes_what_they_say(self):
        lines = self.graph("--format", "mermaid").splitlines()
        self.assertEqual(lines[0], "flowchart LR")
        labels = {}
        for line in lines[1:]:
            box = re.fullmatch(r' +(n\d+)(?:\(\[|\{\{|\[)"<b>([^"`<>]*)</b>((?:<br/>[^"`<>]*)*)"(?:\]\)|\}\}|\])', line)
            if box:
                labels[box[1]] = re.sub("#(\\d+);", lambda code: chr(int(code[1])), box[2] + box[3])
            else:
                self.assertRegex(line, r'^ +(n\d+ (-->|-\.->|-\. refused \.->) n\d+|subgraph s\d+\["\w+"\]|end)$')
        arrows = re.findall(r"(n\d+) (-->|-\.->|-\. refused \.->) (n\d+)", "\n".join(lines))
        kinds = [(labels[a].split("<")[0], way, labels[b].split("<")[0]) for a, way, b in arrows]
        self.assertEqual(kinds, [
            ("kafka", "-->", "filter"), ("filter", "-->", "filter"), ("filter", "-->", "derive"),
            ("derive", "-->", "rolling"), ("rolling", "-->", "sgd_regressor"), ("sgd_regressor", "-->", "zscore"),
            ("zscore", "-->", "kafka"), ("zscore", "-->", "console"), ("kafka", "-. refused .->", "kafka"),
            ("zscore", "-.->", "large"), ("large", "-->", "file")])
        self.assertIn('reads Amount, end "x", _timestamp', next(text for text in labels.values() if "derive" in text))

    def test_svg_is_a_picture_that_needs_nothing_beside_it(self):
        self.assertEqual(self.graph("--format", "svg", "--out", "p.svg"), "")
        text = self.read("p.svg")
        picture = xml.etree.ElementTree.fromstring(text)
        self.assertEqual(picture.tag, SVG + "svg")
        said = ["".join(line.itertext()) for line in picture.iter(SVG + "text")]
        for line in ("payments", "kafka  source", "derive  preprocess", "makes odd, z", "large  alerts",
                     "path: alerts.ndjson", 'reads Amount, end "x", _timestamp'):
            self.assertIn(line, said)
        self.assertIn("prefers-color-scheme: dark", text)
        self.assertNotIn("<script", text)
        self.assertEqual(re.findall(r"(?:href|src)=|url\((?!#)", text), [])
        # Nothing lies outside of the picture, and no box over another.
        width, height = (int(picture.get(side)) for side in ("width", "height"))
        boxes = [[int(box.get(side)) for side in ("x", "y", "width", "height")]
                 for box in picture.iter(SVG + "rect") if box.get("class") == "box"]
        self.assertEqual(len(boxes), 1 + 6 + 1 + 1 + 1 + 1)
        for x, y, wide, high in boxes:
            self.assertTrue(0 <= x and x + wide <= width and 0 <= y and y + high <= height, (x, y, wide, high))
        for i, (x, y, wide, high) in enumerate(boxes):
            for other_x, other_y, other_wide, other_high in boxes[:i]:
                self.assertFalse(x < other_x + other_wide and other_x < x + wide and y < other_y + other_high
                                 and other_y < y + high)

    def test_every_example_can_be_drawn_within_100_columns(self):
        variables = ("BROKERS", "IN", "OUT", "DEAD", "MODEL", "NAME", "CA", "SASL_USER", "SASL_PASSWORD",
                     "REGISTRY", "GROUP")
        environment = os.environ | {name: name for name in variables}
        files = [file for file in (ROOT / "examples").rglob("pipeline*.yaml") if not file.name.endswith(".test.yaml")]
        self.assertGreater(len(files), 8)
        for file in files:
            with self.subTest(file=file):
                text = self.weir("graph", file, env=environment, code=0).stdout
                self.assertLessEqual(max(map(len, text.splitlines())), 100)
                picture = self.weir("graph", file, "--format", "svg", env=environment, code=0).stdout
                xml.etree.ElementTree.fromstring(picture)
                self.weir("graph", file, "--format", "mermaid", env=environment, code=0)

    def test_the_manual_shows_what_the_program_prints(self):
        readme = (ROOT / "README.md").read_text()
        self.write("spikes.yaml", re.search(r"```yaml\n(# spikes.yaml.*?)```", readme, re.DOTALL)[1])
        printed = self.weir("graph", "spikes.yaml", code=0).stdout
        self.assertIn(f"```\n{printed}```", (ROOT / "docs/pipeline.md").read_text())

    def test_a_wrong_pipeline_is_no_graph(self):
        self.write("p.yaml", PIPELINE.replace("of: ratio", "of: ratoi"))
        said = self.weir("graph", "p.yaml", code=78)
        self.assertEqual(said.stdout, "")
        self.assertIn("unknown column 'ratoi'", said.stderr)


if __name__ == "__main__":
    unittest.main()
