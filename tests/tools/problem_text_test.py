"""How `weir` says what is wrong with a file: the line itself, and a caret under the place; in colours for a terminal alone."""
import json
import os
import pty
import subprocess
import unittest

from weir_command import WEIR, WeirTest

PIPELINE = """name: p
source: { file: in.ndjson }
schema: { a: int }
preprocess:
  - fitler: a > 3
sink: console
"""
SAID = """p.yaml:5:5: error: unknown field 'fitler' in preprocess step, did you mean 'filter'?
    5 |   - fitler: a > 3
      |     ^^^^^^
"""


class ProblemTextTest(WeirTest):
    def on_a_terminal(self, **environment):
        """What the verb says on standard error where that is a terminal."""
        ours, its = pty.openpty()
        with subprocess.Popen([WEIR, "validate", "p.yaml"], stderr=its, cwd=self.folder, env=os.environ | environment):
            os.close(its)
            said = b""
            try:
                while part := os.read(ours, 4096):
                    said += part
            except OSError:  # nobody writes any more
                pass
        os.close(ours)
        return said.decode().replace("\r\n", "\n")

    def test_the_line_and_a_caret_stand_below_the_message(self):
        self.write("p.yaml", PIPELINE)
        self.assertEqual(self.weir("validate", "p.yaml", code=78).stderr, SAID)
        self.assertEqual(self.weir("run", "p.yaml", code=78).stderr, SAID)

    def test_other_files_are_shown_so_too(self):
        self.write("t.yaml", "name: t\ndata: [ { file: in.csv } ]\nsink: console\n")
        self.assertIn("\n    3 | sink: console\n      | ^^^^\n", self.weir("train", "t.yaml", code=78).stderr)
        self.write("c.yaml", "pipeline: p.yaml\nnods: 3\n")
        self.assertIn("\n    2 | nods: 3\n      | ^^^^\n", self.weir("up", "c.yaml", code=78).stderr)
        self.write("x.test.yaml", "pipeline: p.yaml\ncasses: []\n")
        self.assertIn("\n    2 | casses: []\n      | ^^^^^^\n", self.weir("test", "x.test.yaml").stderr)

    def test_a_terminal_sees_colours_unless_they_are_not_wanted(self):
        self.write("p.yaml", PIPELINE)
        coloured = self.on_a_terminal(TERM="xterm")
        self.assertIn("\033[1;31merror\033[0m", coloured)
        self.assertIn("\033[1;31m^^^^^^\033[0m", coloured)
        self.assertEqual(self.on_a_terminal(TERM="dumb"), SAID)
        self.assertEqual(self.on_a_terminal(TERM="xterm", NO_COLOR="1"), SAID)

    def test_programs_read_messages_alone(self):
        self.write("p.yaml", PIPELINE)
        lines = self.weir("validate", "p.yaml", "--log-format", "json", code=78).stderr.splitlines()
        self.assertEqual([json.loads(line)["message"] for line in lines], [SAID.splitlines()[0]])
        self.write("t.yaml", "name: t\ndata: [ { file: in.csv } ]\nsink: console\n")
        self.assertNotIn(" | ", self.weir("train", "t.yaml", "-o", "json", code=78).stderr)

    def test_no_line_with_a_secret_is_shown(self):
        for options in ("{ sasl.password: hunter2 }, tipo: 1", "{ sasl.password: '${SECRET}' }, tipo: 1"):
            self.write("p.yaml", f"name: p\nsource: {{ kafka: {{ brokers: b, topic: t, properties: {options} }} }}\nsink: console\n")
            said = self.weir("validate", "p.yaml", code=78, env=os.environ | {"SECRET": "hunter2"}).stderr
            self.assertIn("unknown field 'tipo'", said)
            self.assertNotIn("hunter2", said)


if __name__ == "__main__":
    unittest.main()
