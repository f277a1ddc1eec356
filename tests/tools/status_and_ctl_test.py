#!/usr/bin/env python3
"""weir status and weir ctl speak to a weir run of a file that would take minutes; $WEIR is the binary."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

import weir_command

PIPELINE = """
name: slow
source: { file: { path: in.ndjson, rate: 500 }, format: json }
schema: { id: { type: int } }
preprocess: [ { filter: id % 2 == 0 } ]
sink: { file: { path: out.ndjson } }
stats: { port: 0 }
"""


class status_and_ctl_test(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        root = pathlib.Path(self.folder.name)
        (root / "p.yaml").write_text(PIPELINE)
        (root / "in.ndjson").write_text("".join('{"id":%d}\n' % i for i in range(100_000)))
        self.log = open(root / "log", "w+")
        self.node = subprocess.Popen([weir_command.WEIR, "run", "p.yaml"], cwd=root, stderr=self.log)
        self.until(lambda: self.weir("status", "--interval", "0").returncode == 0)
        self.url = (root / ".weir/slow-n1.endpoint").read_text().split()[0]

    def tearDown(self):
        if self.node.poll() is None:
            self.node.kill()
            self.node.wait()
        self.log.close()
        self.folder.cleanup()

    def weir(self, *arguments):
        return weir_command.weir(*arguments, cwd=self.folder.name)

    def until(self, condition):
        weir_command.wait_until(condition, 30, "what the node shall do")

    def node_status(self):
        answer = json.loads(self.weir("status", "-o", "json").stdout)
        return answer["pipelines"][0]["nodes"][0]

    def received(self):
        # A report may be older than the lanes.
        return sum(lane["received"] for lane in self.node_status()["lanes"])

    def stands_still(self):
        node = self.node_status()
        return node["phase"] == "paused" and [lane["in_flight"] for lane in node["lanes"]] == [0]

    def test_pauses_resumes_and_stops(self):
        self.until(lambda: self.received() > 0)
        self.assertEqual(self.weir("ctl", "pause").returncode, 0)
        self.until(self.stands_still)
        before = self.received()
        row = self.weir("status", "--interval", "0.6").stdout.splitlines()[2].split()
        self.assertEqual(row[:3], ["n1", "0", "paused"])
        self.assertEqual(row[-1], "0")
        self.assertEqual(self.received(), before)
        self.assertEqual(self.weir("ctl", "resume", "--url", self.url).returncode, 0)
        self.until(lambda: self.received() > before)
        self.assertEqual(self.weir("ctl", "stop").returncode, 0)
        self.assertEqual(self.node.wait(timeout=30), 0)
        gone = self.weir("status")
        self.assertEqual(gone.returncode, 69)
        self.assertIn("is it running?", gone.stderr)
        self.log.seek(0)
        log = self.log.read()
        self.assertIn("stats: " + self.url, log)
        self.assertNotIn("\x1b", log)

    def is_drained(self):
        return self.node_status()["phase"] == "drained"

    def test_drains_and_goes_on_where_it_was(self):
        self.until(lambda: self.received() > 0)
        self.assertEqual(self.weir("ctl", "drain").returncode, 0)
        self.until(self.is_drained)
        root = pathlib.Path(self.folder.name)
        drained = (root / "out.ndjson").read_text()
        self.assertGreater(len(drained), 0)
        self.assertFalse(self.is_ready())
        row = self.weir("status", "--interval", "0.6").stdout.splitlines()[2].split()
        self.assertEqual(row[:3], ["n1", "0", "drained"])
        self.assertEqual((root / "out.ndjson").read_text(), drained)
        self.assertIsNone(self.node.poll())
        self.assertEqual(self.weir("ctl", "resume").returncode, 0)
        self.until(lambda: len((root / "out.ndjson").read_text()) > len(drained))
        self.assertTrue(self.is_ready())
        self.assertEqual(self.weir("ctl", "drain").returncode, 0)
        self.until(self.is_drained)
        self.assertEqual(self.weir("ctl", "stop").returncode, 0)
        self.assertEqual(self.node.wait(timeout=30), 0)
        ids = [json.loads(line)["id"] for line in (root / "out.ndjson").read_text().splitlines()]
        self.assertEqual(ids, list(range(0, 2 * len(ids), 2)))

    def test_of_several_pipelines_it_steers_the_one_that_is_named(self):
        root = pathlib.Path(self.folder.name)
        (root / "q.yaml").write_text(PIPELINE.replace("slow", "other").replace("out.", "other."))
        other = subprocess.Popen([weir_command.WEIR, "run", "q.yaml"], cwd=root, stderr=subprocess.DEVNULL)
        try:
            self.until(lambda: set(self.phases()) == {"slow", "other"})
            refused = self.weir("ctl", "pause")
            self.assertEqual(refused.returncode, 64, refused.stdout)
            self.assertIn("several pipelines: other, slow", refused.stderr)
            self.assertIn("--pipeline NAME, or --all", refused.stderr)
            self.assertEqual(refused.stdout, "")
            named = self.weir("ctl", "pause", "--pipeline", "slow")
            self.assertEqual((named.returncode, named.stdout), (0, "slow: pause\n"), named.stderr)
            self.until(lambda: self.phases() == {"slow": "paused", "other": "running"})
            self.assertEqual(self.weir("ctl", "resume", "--url", self.url).stdout, "slow: resume\n")
            both = self.weir("ctl", "pause", "--all")
            self.assertEqual((both.returncode, both.stdout), (0, "other: pause\nslow: pause\n"), both.stderr)
            self.until(lambda: self.phases() == {"slow": "paused", "other": "paused"})
        finally:
            other.kill()
            other.wait()

    def phases(self):
        answer = json.loads(self.weir("status", "-o", "json").stdout)
        return {pipeline["pipeline"]: pipeline["nodes"][0]["phase"] for pipeline in answer["pipelines"]}

    def test_says_a_table_with_rates(self):
        self.until(lambda: self.received() > 0)
        table = self.weir("status").stdout.splitlines()
        self.assertEqual(table[0], "pipeline slow, supervisor on n1")
        self.assertEqual(table[1].split()[:3], ["node", "partition", "state"])
        self.assertEqual(table[2].split()[:3], ["n1", "0", "running"])
        self.assertGreater(int(table[2].split()[-1].replace(",", "")), 0)

    def test_refuses_a_wrong_token(self):
        pathlib.Path(self.folder.name, "wrong").write_text("0123456789abcdef0123\n")
        refused = self.weir("ctl", "stop", "--token-file", "wrong")
        self.assertEqual(refused.returncode, 69)
        self.assertIn("403", refused.stderr)
        self.assertIsNone(self.node.poll())

    def test_serves_readiness_and_refuses_a_taken_port(self):
        self.until(lambda: self.is_ready())
        other = pathlib.Path(self.folder.name, "other.yaml")
        other.write_text(PIPELINE.replace("name: slow", "name: other").replace("out.ndjson", "other.ndjson"))
        second = self.weir("run", "other.yaml", "--stats-port", self.url.rsplit(":", 1)[1])
        self.assertEqual(second.returncode, 69)
        self.assertIn("--stats-port", second.stderr)

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=10) as answer:
                return json.load(answer)["ready"]
        except urllib.error.HTTPError as refused:
            refused.close()
            return False


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
