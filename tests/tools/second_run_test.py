"""A pipeline that runs already is not started once more, and the first one does not feel the attempt."""
import pathlib
import signal
import subprocess
import tempfile
import unittest

import weir_command
from weir_command import weir, wait_until

PIPELINE = """
name: p
source: { file: { path: in.ndjson, rate: 50 }, format: json }
schema: { id: int }
sink: { file: out.ndjson }
stats: { port: 0 }
"""


class SecondRunTest(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        (self.folder / "p.yaml").write_text(PIPELINE)
        (self.folder / "in.ndjson").write_text("".join('{"id":%d}\n' % i for i in range(100_000)))

    def start(self):
        node = subprocess.Popen([weir_command.WEIR, "run", "p.yaml"], cwd=self.folder, stderr=subprocess.DEVNULL)
        self.addCleanup(node.wait)
        self.addCleanup(node.kill)
        wait_until(lambda: self.steer("resume").returncode == 0, 30, "the node can be steered")
        return node

    def steer(self, verb):
        return weir("ctl", verb, cwd=self.folder)

    def test_is_refused_by_whatever_name_and_the_first_can_still_be_steered(self):
        first = self.start()
        for name in ("n1", "n2"):
            second = weir("run", "p.yaml", "--name", name, cwd=self.folder)
            self.assertEqual(second.returncode, 69, second.stderr)
            self.assertIn(f"'p' runs already, in process {first.pid}", second.stderr)
        self.assertEqual(self.steer("pause").returncode, 0)
        self.assertEqual(self.steer("stop").returncode, 0)
        self.assertEqual(first.wait(30), 0)

    def test_one_that_was_killed_keeps_nobody_out(self):
        first = self.start()
        first.send_signal(signal.SIGKILL)
        first.wait(30)
        second = self.start()
        self.assertEqual(self.steer("stop").returncode, 0)
        self.assertEqual(second.wait(30), 0)
        self.assertEqual(list(self.folder.glob(".weir/*.lock")), [])


if __name__ == "__main__":
    unittest.main()
