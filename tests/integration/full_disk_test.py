"""A pipeline from file to file whose disk is full says so, waits, and goes on when there is room."""
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from reference_job import WEIR, wait_until

ROWS = 40_000


class FullDiskTest(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "weir-test", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk])
        (self.folder / "in.ndjson").write_text("".join('{"id":%d,"text":"some words to fill it"}\n' % i for i in range(ROWS)))
        (self.folder / "p.yaml").write_text("name: p\nsource: { file: in.ndjson }\nschema: { id: int }\n"
                                            "sink: { file: disk/out.ndjson }\nstats: { port: 0 }\n")

    def ready(self):
        url = (self.folder / ".weir/p-n1.endpoint").read_text().split()[0]
        try:
            return urllib.request.urlopen(url + "/readyz", timeout=5).read().decode()
        except urllib.error.HTTPError as answer:
            return answer.read().decode()

    def log(self):
        return (self.folder / "log").read_text()

    def test_goes_on_when_there_is_room(self):
        with (self.folder / "log").open("w") as log:
            node = subprocess.Popen([WEIR, "run", "p.yaml"], cwd=self.folder, stderr=log)
        self.addCleanup(node.wait)
        self.addCleanup(node.kill)
        wait_until(lambda: (self.folder / ".weir/p-n1.endpoint").exists(), 30, "an address", self.log)
        wait_until(lambda: "No space left on device" in self.ready(), 30, "the reason on /readyz", self.log)
        self.assertIn("disk/out.ndjson", self.ready())
        self.assertIsNone(node.poll(), self.log())
        subprocess.run(["mount", "-o", "remount,size=16m", self.disk], check=True)
        self.assertEqual(node.wait(60), 0, self.log())
        ids = [json.loads(line)["id"] for line in (self.disk / "out.ndjson").read_text().splitlines()]
        self.assertEqual(ids, list(range(ROWS)))


if __name__ == "__main__":
    unittest.main()
