"""`follow: true`: a file that grows is read on, behind stops and kills too; one that is not the same any more is said."""
import gzip
import os
import signal
import time
import unittest

from weir_command import WeirTest, wait_until

PIPELINE = """
name: p
source: { file: { path: in.csv, follow: true }, format: csv }
schema: { id: int, text: string }
sink: { file: out.ndjson }
stats: { enabled: false }
"""


class FollowedFileTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", PIPELINE)
        self.write("in.csv", "id,text\n")
        self.next = 0

    def grow(self, count, end="\n"):
        with (self.folder / "in.csv").open("a") as out:
            for _ in range(count):
                out.write(f'{self.next},"two\nlines of {self.next}"{end}')
                self.next += 1

    def seen(self):
        out = self.folder / "out.ndjson"
        return out.read_text().count("\n") if out.exists() else 0

    def wait_for(self, count):
        wait_until(lambda: self.seen() >= count, 30, f"{count} outputs", lambda: self.read("log"))

    def start(self):
        return self.start_weir("run", "p.yaml")

    def outputs(self):
        return [row["id"] for row in self.rows("out.ndjson")]

    def test_what_is_added_comes_out_and_half_a_row_when_it_is_whole(self):
        node = self.start()
        self.grow(3)
        self.wait_for(3)
        self.grow(1, end="")
        with (self.folder / "in.csv").open("a") as out:
            out.write("\n4,")
        self.wait_for(4)
        self.assertIsNone(node.poll())
        with (self.folder / "in.csv").open("a") as out:
            out.write("x\n")
        self.wait_for(5)
        self.assertEqual(self.outputs(), [0, 1, 2, 3, 4])

    def test_it_goes_on_behind_stops_and_kills(self):
        for sign in (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL):
            node = self.start()
            for _ in range(10):
                self.grow(100)
                time.sleep(0.05)
            self.wait_for(self.next - 500)
            node.send_signal(sign)
            self.assertEqual(node.wait(30), 0 if sign == signal.SIGTERM else -sign, self.read("log"))
            self.grow(50)
        self.start()
        self.wait_for(self.next)
        self.assertEqual(self.outputs(), list(range(self.next)))

    def test_windows_close_while_nothing_is_added(self):
        self.write("p.yaml", PIPELINE + "steps: [ { tumbling: 500ms, aggregates: { n: count() } } ]\n")
        self.start()
        self.grow(5)
        wait_until(lambda: self.seen() > 0 and sum(row["n"] for row in self.rows("out.ndjson")) == 5, 30, "all windows",
                   lambda: self.read("log"))

    def ends_with(self, node, what):
        self.assertEqual(node.wait(30), 1, self.read("log"))
        self.assertIn(what, self.read("log"))
        self.assertEqual(self.outputs(), list(range(20)))

    def test_one_that_is_cut_short_or_replaced_ends_the_node_and_is_refused_at_the_next_start(self):
        for what, harm in (("it was cut short while it was followed", lambda path: os.truncate(path, 60)),
                           ("another file has taken its place", lambda path: path.with_name("new").rename(path))):
            with self.subTest(what):
                for left in ("out.ndjson", ".weir/p.state"):
                    (self.folder / left).unlink(missing_ok=True)
                self.write("in.csv", "id,text\n")
                self.write("new", "id,text\n" + "7,x\n" * 500)
                self.next = 0
                node = self.start()
                wait_until(lambda: "assigned" in self.read("log") or (self.folder / ".weir/p.state").exists(), 30, "a start")
                for _ in range(2):  # so that it knows no more than the header in the beginning
                    self.grow(10)
                    self.wait_for(self.next)
                harm(self.folder / "in.csv")
                self.ends_with(node, what)
                said = self.weir("run", "p.yaml", code=78).stderr
                self.assertIn("'in.csv' is not the file any more that an earlier run has begun to read", said)

    def test_a_packed_one_is_not_followed(self):
        (self.folder / "in.csv").write_bytes(gzip.compress(b"id,text\n"))
        self.assertIn("it is packed by gzip, and cannot be followed", self.weir("run", "p.yaml", code=78, timeout=30).stderr)


if __name__ == "__main__":
    unittest.main()
