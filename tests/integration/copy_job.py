"""A pipeline that only copies records {"id": n, "text": "..."}, for tests of the ways in and out."""
import json

from reference_job import GROUP_PROPERTIES, ReferenceJob


class CopyJob(ReferenceJob):
    source_properties = GROUP_PROPERTIES
    sink_kafka = 'topic: "${OUT}"'
    more = ""

    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {self.source_properties} }} }}
  format: json
schema: {{ id: {{ type: int }}, text: {{ type: string }} }}
sink:        {{ kafka: {{ {self.sink_kafka} }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
processing:  {{ guarantee: "${{GUARANTEE}}" }}
memory:      {{ limit: 256MiB }}
stats:       {{ port: 0 }}
{self.more}"""

    def write_records(self, texts):
        path = self.folder / "in.ndjson"
        with path.open("w") as out:
            for number, text in enumerate(texts):
                print(json.dumps({"id": number, "text": text}), file=out)
        return path

    def fill(self, path):
        """Produces a file, keyed by id, as fast as it goes."""
        self.weir("produce", path, "--topic", self.source, "--brokers", self.brokers, "--key", "id", timeout=120, code=0)

    def ids(self, topic):
        return [row["id"] for row in self.rows(self.consume(topic))]
