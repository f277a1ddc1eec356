"""weir run keeps to state.memory_limit, or says at once that it cannot."""
import unittest

from weir_command import WeirTest

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


class state_limit_test(WeirTest):
    def run_it(self, last, lines, code):
        self.write("p.yaml", PIPELINE.replace("LAST", str(last)))
        self.write("in.ndjson", lines)
        return self.weir("run", "p.yaml", code=code)

    def test_refuses_a_window_that_is_larger_than_a_lanes_share(self):
        ran = self.run_it(5000, '{"id":"a","x":1}\n', code=78)
        self.assertIn("'mean'", ran.stderr)
        self.assertIn("share of state.memory_limit is 16384", ran.stderr)

    def test_weir_up_does_not_start_a_node_again_that_cannot_run(self):
        self.run_it(5000, "", code=78)
        self.write("cluster.yaml", "pipeline: p.yaml\nnodes: [ { name: n1 } ]\n")
        ran = self.weir("up", "cluster.yaml", code=78)
        self.assertIn("n1 cannot run with this configuration and is not started again", ran.stdout)

    def test_sends_a_record_with_too_long_a_key_to_the_dead_letters(self):
        self.run_it(3, '{"id":"a","x":1}\n{"id":"%s","x":1}\n' % ("b" * 4097), code=0)
        self.assertEqual(len(self.read("out.ndjson").splitlines()), 1)
        self.assertIn("the key in 'id' has 4097 bytes", self.read("dead.ndjson"))


if __name__ == "__main__":
    unittest.main()
