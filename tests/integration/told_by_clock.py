"""A pipeline whose detectors tell something by the clock: its alerts are in a topic of their own."""
from reference_job import GROUP_PROPERTIES, ReferenceJob


class ToldByClock(ReferenceJob):
    schema = ""     # of the pipeline, in a flow mapping
    detectors = ""  # in a block list, as the next
    rules = ""

    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
  format: json
schema: {{ {self.schema} }}
detect:
{self.detectors}
alerts:
{self.rules}
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
alert_sink:  {{ kafka: {{ topic: "${{ALERTS}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
processing:  {{ guarantee: "${{GUARANTEE}}" }}
commit:      {{ interval: 100ms }}
memory:      {{ limit: 256MiB }}
stats:       {{ port: 0 }}
"""

    def setUp(self):
        super().setUp()
        self.alerts = self.source.removesuffix("-in") + "-alerts"
        self.environment |= {"ALERTS": self.alerts}
        self.make_topics()
        self.make_topics(self.alerts, partitions=1)
