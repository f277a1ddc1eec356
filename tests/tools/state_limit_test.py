#!/usr/bin/env python3
"""weir run keeps to state.memory_limit, or says at once that it cannot; $WEIR is the binary."""
import pathlib
import sys
import tempfile
import unittest

from weir_command import weir

PIPELINE = """
name: small
source: { file: { path: in.ndjson, partitions: 64, key: id } }
schema: { id: { type: string, key: true }, x: double }
aggregate: [ { rolling: mean, of: x, by: id, last: LAST, as: mean } ]
sink: { file: out.ndjson }
dead_letter: { file: dead.ndjson }
state: { memory_limit: 1MiB }
stats: { port: 0 }
"""


class state_limit_test(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def run_it(self, last, lines):
        (self.root / "p.yaml").write_text(PIPELINE.replace("LAST", str(last)))
        (self.root / "in.ndjson").write_text("".join(lines))
        return weir("run", "p.yaml", cwd=self.root)

    def test_refuses_a_window_that_is_larger_than_a_lanes_share(self):
        ran = self.run_it(5000, ['{"id":"a","x":1}\n'])
        self.assertEqual(ran.returncode, 78, ran.stderr)
        self.assertIn("'mean'", ran.stderr)
        self.assertIn("share of state.memory_limit is 16384", ran.stderr)

    def test_weir_up_does_not_start_a_node_again_that_cannot_run(self):
        self.run_it(5000, [])
        (self.root / "cluster.yaml").write_text("pipeline: p.yaml\nnodes: [ { name: n1 } ]\n")
        ran = weir("up", "cluster.yaml", cwd=self.root)
        self.assertEqual(ran.returncode, 78, ran.stdout + ran.stderr)
        self.assertIn("n1 cannot run with this configuration and is not started again", ran.stdout)

    def test_sends_a_record_with_too_long_a_key_to_the_dead_letters(self):
        ran = self.run_it(3, ['{"id":"a","x":1}\n', '{"id":"%s","x":1}\n' % ("b" * 4097)])
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(len((self.root / "out.ndjson").read_text().splitlines()), 1)
        self.assertIn("the key in 'id' has 4097 bytes", (self.root / "dead.ndjson").read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
