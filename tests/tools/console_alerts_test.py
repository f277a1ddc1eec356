"""Alerts of a pipeline that names no alert_sink are on the console."""
import json
import unittest

from weir_command import WeirTest, numbered, small_pipeline

ALERTS = """
alerts:
  - { name: high, when: id > 95, by: id }
  - { name: engine, when: engine.dead_letters > 0 }
"""


class ConsoleAlertsTest(WeirTest):
    def test_each_is_printed(self):
        self.write("p.yaml", small_pipeline() + ALERTS)
        self.write("in.ndjson", numbered(100) + "not JSON\n")
        run = self.weir("run", "p.yaml", code=0)
        alerts = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(sum(alert["alert"] == "high" for alert in alerts), 4, run.stdout)
        self.assertEqual(sum(alert["alert"] == "engine" for alert in alerts), 1, run.stdout)


if __name__ == "__main__":
    unittest.main()
