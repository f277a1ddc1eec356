"""weir status and weir ctl speak to a weir run of a file that would take minutes."""
import json
import unittest

from weir_command import WeirTest, numbered, readiness, small_pipeline, wait_until


def pipeline(name, sink):
    return (small_pipeline(name, source="{ path: in.ndjson, rate: 500 }", sink=sink, stats="port: 0")
            + "preprocess: [ { filter: id % 2 == 0 } ]\n")


class status_and_ctl_test(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", pipeline("slow", "out.ndjson"))
        self.write("q.yaml", pipeline("other", "other.ndjson"))
        self.write("in.ndjson", numbered(100_000))
        self.node = self.start_weir("run", "p.yaml")
        self.until(lambda: self.weir("status", "--interval", "0").returncode == 0)
        self.url = self.read(".weir/slow-n1.endpoint").split()[0]

    def until(self, condition):
        wait_until(condition, 30, "what the node shall do", lambda: self.read("log"))

    def pipelines(self):
        return json.loads(self.weir("status", "-o", "json").stdout)["pipelines"]

    def node_status(self):
        return self.pipelines()[0]["nodes"][0]

    def received(self):
        # A report may be older than the lanes.
        return sum(lane["received"] for lane in self.node_status()["lanes"])

    def stands_still(self):
        node = self.node_status()
        return node["phase"] == "paused" and [lane["in_flight"] for lane in node["lanes"]] == [0]

    def test_pauses_resumes_and_stops(self):
        self.until(lambda: self.received() > 0)
        self.weir("ctl", "pause", code=0)
        self.until(self.stands_still)
        before = self.received()
        row = self.weir("status", "--interval", "0.6").stdout.splitlines()[2].split()
        self.assertEqual(row[:3], ["n1", "0", "paused"])
        self.assertEqual(row[-1], "0")
        self.assertEqual(self.received(), before)
        self.weir("ctl", "resume", "--url", self.url, code=0)
        self.until(lambda: self.received() > before)
        self.weir("ctl", "stop", code=0)
        self.assertEqual(self.node.wait(timeout=30), 0)
        self.assertIn("is it running?", self.weir("status", code=69).stderr)
        log = self.read("log")
        self.assertIn("stats: " + self.url, log)
        self.assertNotIn("\x1b", log)

    def is_drained(self):
        return self.node_status()["phase"] == "drained"

    def test_drains_and_goes_on_where_it_was(self):
        self.until(lambda: self.received() > 0)
        self.weir("ctl", "drain", code=0)
        self.until(self.is_drained)
        drained = self.read("out.ndjson")
        self.assertGreater(len(drained), 0)
        self.assertFalse(self.is_ready())
        row = self.weir("status", "--interval", "0.6").stdout.splitlines()[2].split()
        self.assertEqual(row[:3], ["n1", "0", "drained"])
        self.assertEqual(self.read("out.ndjson"), drained)
        self.assertIsNone(self.node.poll())
        self.weir("ctl", "resume", code=0)
        self.until(lambda: len(self.read("out.ndjson")) > len(drained))
        self.assertTrue(self.is_ready())
        self.weir("ctl", "drain", code=0)
        self.until(self.is_drained)
        self.weir("ctl", "stop", code=0)
        self.assertEqual(self.node.wait(timeout=30), 0)
        ids = [row["id"] for row in self.rows("out.ndjson")]
        self.assertEqual(ids, list(range(0, 2 * len(ids), 2)))

    def test_of_several_pipelines_it_steers_the_one_that_is_named(self):
        self.start_weir("run", "q.yaml", log="other.log")
        self.until(lambda: set(self.phases()) == {"slow", "other"})
        refused = self.weir("ctl", "pause", code=64)
        self.assertIn("several pipelines: other, slow", refused.stderr)
        self.assertIn("--pipeline NAME, or --all", refused.stderr)
        self.assertEqual(refused.stdout, "")
        self.assertEqual(self.weir("ctl", "pause", "--pipeline", "slow", code=0).stdout, "slow: pause\n")
        self.until(lambda: self.phases() == {"slow": "paused", "other": "running"})
        self.assertEqual(self.weir("ctl", "resume", "--url", self.url).stdout, "slow: resume\n")
        self.assertEqual(self.weir("ctl", "pause", "--all", code=0).stdout, "other: pause\nslow: pause\n")
        self.until(lambda: self.phases() == {"slow": "paused", "other": "paused"})

    def phases(self):
        return {pipeline["pipeline"]: pipeline["nodes"][0]["phase"] for pipeline in self.pipelines()}

    def test_says_a_table_with_rates(self):
        self.until(lambda: self.received() > 0)
        table = self.weir("status").stdout.splitlines()
        self.assertEqual(table[0], "pipeline slow, supervisor on n1")
        self.assertEqual(table[1].split()[:3], ["node", "partition", "state"])
        self.assertEqual(table[2].split()[:3], ["n1", "0", "running"])
        self.assertGreater(int(table[2].split()[-1].replace(",", "")), 0)

    def test_refuses_a_wrong_token(self):
        self.write("wrong", "0123456789abcdef0123\n")
        self.assertIn("403", self.weir("ctl", "stop", "--token-file", "wrong", code=69).stderr)
        self.assertIsNone(self.node.poll())

    def test_serves_readiness_and_refuses_a_taken_port(self):
        self.until(self.is_ready)
        second = self.weir("run", "q.yaml", "--stats-port", self.url.rsplit(":", 1)[1], code=69)
        self.assertIn("--stats-port", second.stderr)

    def test_two_pipelines_that_name_no_port_run_side_by_side(self):
        urls = []
        for name in ("first", "second"):
            self.write(f"{name}.yaml", pipeline(name, f"{name}.ndjson").replace("port: 0", "enabled: true"))
            self.start_weir("run", f"{name}.yaml", log=f"{name}.log")
            self.until(lambda: "stats: http" in self.read(f"{name}.log"))
            urls.append(self.read(f"{name}.log").split("stats: ")[1].split()[0])
        self.assertNotEqual(urls[0], urls[1])
        self.assertIn("is taken)", self.read("second.log"))
        self.assertEqual([readiness(url)[0] in (200, 503) for url in urls], [True, True])

    def is_ready(self):
        status, text = readiness(self.url)
        return status == 200 and json.loads(text)["ready"]


if __name__ == "__main__":
    unittest.main()
