"""The reference job on a real Kafka, for tests that hurt it: topics of its own, generated input, nodes, and the oracle."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
import uuid

sys.path += [str(pathlib.Path(__file__).resolve().parents[2] / folder) for folder in ("bench", "tests/tools")]
import check_reference  # noqa: E402  (stands in bench/)
import weir_command  # noqa: E402  (stands in tests/tools/)
from weir_command import ROOT, WEIR, wait_until  # noqa: E402, F401  (for those who import this)

PARTITIONS = 4
SESSION_MS = 2000
# A dead member of the group should be missed sooner than a user would want.
GROUP_PROPERTIES = f'session.timeout.ms: "{SESSION_MS}", heartbeat.interval.ms: "300"'


def partition_of(key):
    """Where Kafka's own partitioner (murmur2) puts a key."""
    data, mask, m = key.encode(), 0xffffffff, 0x5bd1e995
    h = 0x9747b28c ^ len(data)
    whole = len(data) // 4 * 4
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i:i + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = h * m & mask ^ k
    if rest := data[whole:]:
        h = (h ^ int.from_bytes(rest, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return ((h ^ h >> 15) & 0x7fffffff) % PARTITIONS


class ReferenceJob(unittest.TestCase):
    guarantee = "exactly_once"

    def setUp(self):
        self.brokers = self.find_brokers()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        name = f"proof-{uuid.uuid4().hex[:12]}"
        self.source, self.sink, self.dead = (f"{name}-{part}" for part in ("in", "out", "dead"))
        self.environment = os.environ | {"BROKERS": self.brokers, "IN": self.source, "OUT": self.sink, "DEAD": self.dead,
                                         "GROUP": name, "GUARANTEE": self.guarantee}
        self.pipeline = self.folder / "pipeline.yaml"
        self.pipeline.write_text(self.pipeline_text())
        self.nodes = []
        self.addCleanup(self.end_all)

    def pipeline_text(self):
        text = (ROOT / "examples" / "reference" / "pipeline.yaml").read_text()
        group = 'group: "${GROUP:-reference-a}"'
        self.assertIn(group, text)
        return text.replace(group, f"{group}, properties: {{ {GROUP_PROPERTIES} }}")

    def find_brokers(self):
        brokers = os.environ.get("WEIR_TEST_BROKERS")
        self.assertTrue(brokers, "WEIR_TEST_BROKERS is not set: run this by tools/test")
        return brokers

    def end_all(self):
        for process in self.nodes:
            if process.poll() is None:
                process.kill()
            process.wait()

    def weir(self, *arguments, timeout=60):
        return weir_command.weir(*arguments, timeout=timeout, env=self.environment, cwd=self.folder)

    # --- input ---

    def make_topics(self, *topics, partitions=PARTITIONS, brokers=None):
        (self.folder / "empty.ndjson").write_text("")
        for topic in topics or (self.source, self.sink, self.dead):
            run = self.weir("produce", self.folder / "empty.ndjson", "--topic", topic, "--brokers", brokers or self.brokers, "--create",
                            str(partitions))
            self.assertEqual(run.returncode, 0, run.stderr)

    def generate(self, rows, seed):
        """A file of transactions; one line in 500 is not JSON, one in 700 has no Amount."""
        run = self.weir("generate", "transactions", "--rows", str(rows), "--seed", str(seed), "--keys", "300", "--format",
                        "ndjson", "--no-label")
        self.assertEqual(run.returncode, 0, run.stderr)
        path = self.folder / "in.ndjson"
        with path.open("w") as out:
            for number, line in enumerate(run.stdout.splitlines()):
                line = line.replace('"Age":null', '"Age":40')  # the job divides by it
                if number % 700 == 350:
                    line = re.sub(r'"Amount":[^,]*', '"Amount":null', line)
                print(line, file=out)
                if number % 500 == 250:
                    print(f'{{"CustomerID":"C{number}", not JSON', file=out)
        return path

    def produce(self, path, rate):
        """Starts to fill the source topic."""
        process = subprocess.Popen([WEIR, "produce", path, "--topic", self.source, "--brokers", self.brokers, "--key",
                                    "CustomerID", "--rate", str(rate)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.nodes.append(process)
        return process

    def finish_producing(self, process, limit=120):
        self.assertEqual(process.wait(limit), 0)

    # --- nodes ---

    def start(self, name="n1"):
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            process = subprocess.Popen([WEIR, "run", self.pipeline, "--name", name], stdout=log, stderr=log,
                                       env=self.environment, cwd=self.folder)
        self.nodes.append(process)
        return process

    def stop(self, process, limit=40):
        """Ends a node in good order."""
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(limit), 0, self.log())

    def stats_url(self, name="n1"):
        """Where a node's stats are; none while it has not said it."""
        found = re.findall(r"^stats: (\S+)", (self.folder / f"{name}.log").read_text(), re.MULTILINE)
        return found[-1] if found else None

    def readiness(self, name="n1"):
        """What /readyz of a node says: status and text; no status while the node has not said where it is."""
        url = self.stats_url(name)
        if not url:
            return None, ""
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except urllib.error.URLError: # of a process that is gone; the next one has not said it yet
            return None, ""

    @staticmethod
    def cpu_seconds(process):
        """CPU time that a running process has used."""
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log(self):
        return "\n".join(f"{path.name}:\n{path.read_text()[-4000:]}" for path in sorted(self.folder.glob("*.log")))

    # --- what came out ---

    def consume(self, topic, *options, brokers=None):
        """The file of what a reader sees of a topic; one of committed records, if `options` do not say else."""
        path = self.folder / f"{topic}.ndjson"
        with path.open("wb") as out:
            run = subprocess.run([WEIR, "consume", topic, "--brokers", brokers or self.brokers, "--exit-at-end", *options], stdout=out,
                                 stderr=subprocess.PIPE, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        return path

    def lines(self, topic, *options):
        return self.consume(topic, *options).read_bytes().count(b"\n")

    def expected(self):
        """What job A makes of the source topic as it stands: the outputs, and the lines for the dead letters."""
        records, broken = check_reference.read_input(self.consume(self.source))
        return list(check_reference.job_a(records)), broken

    def wait_for_outputs(self, limit=60):
        outputs, broken = self.expected()
        self.assertGreater(len(outputs), 0)
        wait_until(lambda: self.lines(self.sink) >= len(outputs) and self.lines(self.dead) >= sum(broken.values()), limit,
                   f"{len(outputs)} outputs and {sum(broken.values())} dead letters\n{self.log()}")

    def check_exact(self):
        """Every input's effect is there, once, and right."""
        self.check_reference()

    def check_nothing_lost(self):
        """Every input's output is there, as often as it came in or more often, and every one is right."""
        self.check_reference("--at-least-once")

    def check_reference(self, *options):
        run = subprocess.run([sys.executable, ROOT / "bench" / "check_reference.py", self.consume(self.source),
                              self.consume(self.sink), "--dead", self.consume(self.dead), *options],
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, f"{run.stdout}\n{self.log()}")
