"""Source files that gzip and zstd have packed: unpacked as they are read, and read on behind a kill."""
import gzip
import signal
import subprocess
import unittest

from weir_command import WEIR, WeirTest, numbered, small_pipeline, wait_until

ALL = 20_000


class PackedFilesTest(WeirTest):
    def pack(self, name, text):
        packed = gzip.compress(text.encode()) if name.endswith(".gz") else subprocess.run(
            ["zstd", "-q", "-c"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
        (self.folder / name).write_bytes(packed)
        return packed

    def seen(self):
        out = self.folder / "out.ndjson"
        return out.read_text().count("\n") if out.exists() else 0

    def test_the_format_is_that_of_the_name_within(self):
        self.pack("in.csv.gz", "id,name\n1,a\n2,b\n")
        self.write("p.yaml", small_pipeline(source="in.csv.gz").replace("{ id: int }", "{ from: header }"))
        self.assertIn("id int, name string", self.weir("validate", "p.yaml", code=0).stdout)
        self.weir("run", "p.yaml", code=0)
        self.assertEqual(self.rows("out.ndjson"), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])

    def test_from_standard_input(self):
        packed = self.pack("in.gz", numbered(3))
        self.write("p.yaml", small_pipeline(source="'-'", sink="out.ndjson"))
        subprocess.run([WEIR, "run", "p.yaml"], input=packed, cwd=self.folder, check=True, capture_output=True, timeout=60)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], [0, 1, 2])

    def test_a_killed_run_goes_on_where_it_was(self):
        self.pack("in.ndjson.gz", numbered(ALL))
        self.write("p.yaml", small_pipeline(source="{ path: in.ndjson.gz, rate: 4000 }"))
        node = self.start_weir("run", "p.yaml")
        wait_until(lambda: self.seen() > 5000, 30, "outputs", lambda: self.read("log"))
        node.send_signal(signal.SIGKILL)
        node.wait(30)
        self.write("p.yaml", small_pipeline(source="in.ndjson.gz"))
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], list(range(ALL)))

    def test_one_that_is_cut_off_ends_the_node_and_the_whole_one_goes_on(self):
        whole = self.pack("in.ndjson.gz", numbered(ALL))
        (self.folder / "in.ndjson.gz").write_bytes(whole[:len(whole) // 2])
        self.write("p.yaml", small_pipeline(source="in.ndjson.gz"))
        said = self.weir("run", "p.yaml", code=1).stderr
        self.assertIn("cannot read 'in.ndjson.gz': it ends in the middle of what gzip has packed", said)
        self.assertGreater(self.seen(), 0)
        (self.folder / "in.ndjson.gz").write_bytes(whole)
        self.weir("run", "p.yaml", code=0)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], list(range(ALL)))


if __name__ == "__main__":
    unittest.main()
