"""Alerts of a pipeline that names no alert_sink are on the console."""
import json
import pathlib
import tempfile
import unittest

from weir_command import weir

PIPELINE = """
name: p
source: { file: in.ndjson }
schema: { id: int }
sink: { file: out.ndjson }
stats: { enabled: false }
alerts:
  - { name: high, when: id > 95, by: id }
  - { name: engine, when: engine.dead_letters > 0 }
"""


class ConsoleAlertsTest(unittest.TestCase):
    def test_each_is_printed(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "p.yaml").write_text(PIPELINE)
            (root / "in.ndjson").write_text("".join('{"id":%d}\n' % i for i in range(100)) + "not JSON\n")
            run = weir("run", "p.yaml", cwd=root)
            self.assertEqual(run.returncode, 0, run.stderr)
            alerts = [json.loads(line) for line in run.stdout.splitlines()]
            self.assertEqual(sum(alert["alert"] == "high" for alert in alerts), 4, run.stdout)
            self.assertEqual(sum(alert["alert"] == "engine" for alert in alerts), 1, run.stdout)


if __name__ == "__main__":
    unittest.main()
