"""Three nodes under load, one of them killed: each input's effect is there once, and nobody stands still for long."""
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest
import urllib.request

from reference_job import PARTITIONS, SESSION_MS, WEIR, ReferenceJob, partition_of, wait_until

NODES = ("n1", "n2", "n3")
STANDSTILL = SESSION_MS / 1000 + 2  # seconds, as a read_committed reader sees it


class Reader(threading.Thread):
    """Notes when a read_committed reader sees each partition of a topic move."""

    def __init__(self, topic, brokers):
        super().__init__(daemon=True)
        self.seen = [[] for _ in range(PARTITIONS)]
        self.process = subprocess.Popen([WEIR, "consume", topic, "--brokers", brokers], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.start()

    def run(self):
        for line in self.process.stdout:
            self.seen[partition_of(json.loads(line)["CustomerID"])].append(time.monotonic())

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.join()
        self.process.stdout.close()

    def longest_gap(self, since):
        """The longest time, in seconds, for which some partition stood still after `since`."""
        longest = 0
        for times in self.seen:
            last = max((at for at in times if at <= since), default=since)
            for at in times:
                if at > since:
                    longest, last = max(longest, at - last), at
        return longest


class ClusterTest(ReferenceJob):
    def start_cluster(self):
        text = self.pipeline.read_text()
        aggregate = "aggregate:\n"
        self.assertIn(aggregate, text)
        everywhere = aggregate + "  - { rolling: count, of: Amount, over: 3650d, panes: 10, as: all_amounts }\n"
        self.pipeline.write_text(text.replace(aggregate, everywhere) + f"state: {{ dir: {self.folder}/state }}\n")
        nodes = "".join(f"  - {{ name: {name}, threads: 1, memory: 64MiB }}\n" for name in NODES)
        cluster = self.folder / "cluster.yaml"
        cluster.write_text(f"pipeline: pipeline.yaml\nnodes:\n{nodes}")
        # Killed, `up` could not end its nodes: it is asked to.
        self.up = self.start_weir("up", cluster, "--logs", self.folder, log="up.log", end_by=signal.SIGTERM)
        wait_until(lambda: self.view()["supervisor"] and self.all_lanes_run(), 60, f"all lanes\n{self.log()}")

    def endpoints(self):
        return [path.read_text().splitlines() for path in sorted((self.folder / "state").glob("*.endpoint"))]

    def views(self):
        for url, _, _ in self.endpoints():
            try:
                with urllib.request.urlopen(url + "/api/v1/cluster", timeout=5) as answer:
                    yield json.load(answer)
            except OSError:
                pass  # it was killed

    def view(self):
        """The newest that any node knows."""
        return max(self.views(), key=lambda view: view["term"], default={"supervisor": None, "nodes": [], "term": -1})

    def all_lanes_run(self):
        """Each node has some."""
        lanes = [sum(lane["active"] for lane in node["lanes"]) for node in self.view()["nodes"]]
        return sum(lanes) == PARTITIONS and len(lanes) == len(NODES) and all(lanes)

    def ctl(self, verb):
        self.weir("ctl", verb, "--state-dir", "state", code=0)

    def kill(self, name):
        """By the process number that the newest table of `up`, or the system, has for the node."""
        found = subprocess.run(["pgrep", "-f", f"node --cluster {self.folder}/cluster.yaml --name {name}$"],
                               capture_output=True, text=True, check=True)
        os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
        return time.monotonic()

    def run_and_kill(self, seed, choose):
        self.make_topics()
        self.start_cluster()
        reader = Reader(self.sink, self.brokers)
        self.addCleanup(reader.stop)
        producer = self.produce(self.generate(rows=50_000, seed=seed), rate=2500)
        wait_until(lambda: all(len(times) > 1000 for times in reader.seen), 60, f"outputs\n{self.log()}")
        before = self.view()
        killed = self.kill(choose(before["supervisor"]))
        self.finish_producing(producer)
        self.wait_for_outputs()
        self.assertLess(reader.longest_gap(killed), STANDSTILL, self.log())
        self.check_exact()
        return before

    def check_count_of_all(self):
        """The cluster-wide count is that of all inputs with an amount, whichever node counted them."""
        with self.consume(self.source).open() as lines:
            amounts = sum(bool(re.search(r'"Amount":[0-9]', line)) and "not JSON" not in line for line in lines)
        outputs, _ = self.expected()
        wait_until(lambda: self.view().get("aggregates", {}).get("all_amounts") == len(outputs), 30,
                   f"{len(outputs)} of {amounts} counted: {self.view().get('aggregates')}")

    def test_one_of_three_dies(self):
        self.run_and_kill(6, lambda supervisor: next(name for name in NODES if name != supervisor))
        self.check_count_of_all()

    def test_the_supervisors_node_dies_and_another_leads(self):
        before = self.run_and_kill(7, lambda supervisor: supervisor)
        after = self.view()
        self.assertGreater(after["term"], before["term"])
        self.check_count_of_all()
        self.assertTrue(all(node["ready"] for node in after["nodes"]), after)

    def test_any_node_shows_and_steers_them_all(self):
        self.make_topics()
        self.start_cluster()
        for url, _, _ in self.endpoints():
            status = self.weir("status", "--url", url, "--interval", "0", code=0)
            for name in NODES:
                self.assertRegex(status.stdout, rf"(?m)^{name} +\d+ running", status.stdout)
        phases = lambda: {node["phase"] for view in self.views() for node in view["nodes"]}
        self.ctl("pause")
        wait_until(lambda: phases() == {"paused"}, 10, f"all pause: {phases()}")
        before = self.view()
        self.kill(before["supervisor"])
        producer = self.produce(self.generate(rows=500, seed=8), rate=10_000)
        self.finish_producing(producer)
        others = [name for name in NODES if name != before["supervisor"]]
        wait_until(lambda: self.are_shown(others) and self.view()["term"] > before["term"], 20, "another supervisor")
        wait_until(lambda: phases() == {"paused"} and self.all_lanes_run(), 20, f"the pause outlives it: {phases()}")
        self.ctl("resume")
        self.wait_for_outputs()
        self.check_exact()
        self.ctl("stop")
        self.assertEqual(self.up.wait(40), 0, self.log())
        self.assertIn("all nodes have stopped", self.log())

    def are_shown(self, names):
        """Those that run are in the table whoever leads, also while nobody does; anything else fails the test."""
        status = self.weir("status", "--interval", "0", "--state-dir", "state", code=0)
        for name in names:
            self.assertRegex(status.stdout, rf"(?m)^{name} ", status.stdout)
        return True

    def test_all_nodes_are_drained_and_go_on_from_their_commit(self):
        self.make_topics()
        self.start_cluster()
        phases = lambda: {node["phase"] for view in self.views() for node in view["nodes"]}
        producer = self.produce(self.generate(rows=5_000, seed=9), rate=2500)
        wait_until(lambda: self.lines(self.sink) > 0, 30, "outputs")
        self.ctl("drain")
        wait_until(lambda: phases() == {"drained"}, 20, f"all are drained: {phases()}\n{self.log()}")
        drained = self.lines(self.sink)
        self.finish_producing(producer)
        self.assertEqual(self.lines(self.sink), drained, "a drained pipeline writes nothing")
        self.ctl("resume")
        wait_until(self.all_lanes_run, 30, f"all lanes\n{self.log()}")
        self.wait_for_outputs()
        self.check_exact()
        self.ctl("drain")
        wait_until(lambda: phases() == {"drained"}, 20, f"all are drained again: {phases()}")
        self.ctl("stop")
        self.assertEqual(self.up.wait(40), 0, self.log())


if __name__ == "__main__":
    unittest.main()
