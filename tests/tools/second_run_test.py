"""A pipeline that runs already is not started once more, and the first one does not feel the attempt."""
import unittest

from weir_command import WeirTest, numbered, small_pipeline, wait_until


class SecondRunTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", small_pipeline(source="{ path: in.ndjson, rate: 50 }", stats="port: 0"))
        self.write("in.ndjson", numbered(100_000))

    def start(self):
        node = self.start_weir("run", "p.yaml")
        wait_until(lambda: self.weir("ctl", "resume").returncode == 0, 30, "the node can be steered")
        return node

    def test_is_refused_by_whatever_name_and_the_first_can_still_be_steered(self):
        first = self.start()
        for name in ("n1", "n2"):
            second = self.weir("run", "p.yaml", "--name", name, code=69)
            self.assertIn(f"'p' runs already, in process {first.pid}", second.stderr)
        self.weir("ctl", "pause", code=0)
        self.weir("ctl", "stop", code=0)
        self.assertEqual(first.wait(30), 0)

    def test_one_that_was_killed_keeps_nobody_out(self):
        first = self.start()
        first.kill()
        first.wait(30)
        second = self.start()
        self.weir("ctl", "stop", code=0)
        self.assertEqual(second.wait(30), 0)
        self.assertEqual(list(self.folder.glob(".weir/*.lock")), [])


if __name__ == "__main__":
    unittest.main()
