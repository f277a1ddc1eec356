"""A file run that was interrupted goes on in the same files only."""
import signal
import unittest

from weir_command import WeirTest, numbered, small_pipeline, wait_until

ALL = 20_000


class InterruptedRunTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("in.ndjson", numbered(ALL))
        self.write("p.yaml", small_pipeline(source="{ path: in.ndjson, rate: 2000 }"))
        node = self.start_weir("run", "p.yaml")
        wait_until(lambda: self.seen() > 100, 30, "outputs", lambda: self.read("log"))
        node.send_signal(signal.SIGINT)
        self.assertEqual(node.wait(30), 0)
        self.before = self.seen()
        self.write("p.yaml", small_pipeline())

    def seen(self):
        return self.read("out.ndjson").count("\n") if (self.folder / "out.ndjson").exists() else 0

    def refused(self):
        said = self.weir("run", "p.yaml", code=78).stderr
        self.assertIn("'in.ndjson' is not the file any more that an earlier run has begun to read", said)
        self.assertIn("remove '.weir/p.state' to begin anew", said)
        self.assertEqual(self.seen(), self.before)

    def test_another_file_of_its_name_is_refused(self):
        self.write("in.ndjson", "".join('{"id":%d}\n' % i for i in range(ALL, 2 * ALL)))
        self.refused()

    def test_so_is_one_that_has_become_shorter(self):
        self.write("in.ndjson", numbered(self.before // 2))
        self.refused()

    def test_an_output_that_is_gone_or_was_cut_is_refused(self):
        for damage in (lambda out: out.write_text('{"id":0}\n'), lambda out: out.unlink()):
            damage(self.folder / "out.ndjson")
            said = self.weir("run", "p.yaml", code=78).stderr
            self.assertIn("'out.ndjson' has not all of what an earlier run, which was interrupted, has written to it", said)
            self.assertIn("remove '.weir/p.state' to begin anew", said)
        (self.folder / ".weir/p.state").unlink()
        self.weir("run", "p.yaml", code=0)
        self.assertEqual(self.seen(), ALL)

    def test_one_that_has_grown_is_the_same(self):
        self.write("in.ndjson", numbered(ALL + 5))
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], list(range(ALL + 5)))

    def test_a_run_that_came_to_the_end_knows_no_file(self):
        self.weir("run", "p.yaml", code=0)
        self.write("in.ndjson", numbered(3))
        self.weir("run", "p.yaml", code=0)


if __name__ == "__main__":
    unittest.main()
