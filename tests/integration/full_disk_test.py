"""A pipeline from file to file whose disk is full says so, waits, and goes on when there is room."""
import subprocess
import unittest

from reference_job import WeirTest, readiness, small_pipeline, wait_until

ROWS = 40_000


class FullDiskTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "weir-test", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk])
        self.write("in.ndjson", "".join('{"id":%d,"text":"some words to fill it"}\n' % i for i in range(ROWS)))
        self.write("p.yaml", small_pipeline(sink="disk/out.ndjson", stats="port: 0"))

    def ready(self):
        return readiness(self.read(".weir/p-n1.endpoint").split()[0])[1]

    def log(self):
        return self.read("log")

    def test_goes_on_when_there_is_room(self):
        node = self.start_weir("run", "p.yaml")
        wait_until(lambda: (self.folder / ".weir/p-n1.endpoint").exists(), 30, "an address", self.log)
        wait_until(lambda: "No space left on device" in self.ready(), 30, "the reason on /readyz", self.log)
        self.assertIn("disk/out.ndjson", self.ready())
        self.assertIsNone(node.poll(), self.log())
        subprocess.run(["mount", "-o", "remount,size=16m", self.disk], check=True)
        self.assertEqual(node.wait(60), 0, self.log())
        self.assertEqual([row["id"] for row in self.rows("disk/out.ndjson")], list(range(ROWS)))


if __name__ == "__main__":
    unittest.main()
