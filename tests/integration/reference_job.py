"""The reference job on a real Kafka, for tests that hurt it: topics of its own, generated input, nodes, and the oracle."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import urllib.error
import uuid

sys.path += [str(pathlib.Path(__file__).resolve().parents[2] / folder) for folder in ("bench", "tests/tools")]
import check_reference  # noqa: E402  (stands in bench/)
from weir_command import (  # noqa: E402, F401  (stands in tests/tools/; for those who import this, too)
    ROOT, WEIR, WeirTest, readiness, small_pipeline, wait_until)

PARTITIONS = 4
SESSION_MS = 2000
UNREACHABLE = 69  # what `weir` ends with where no broker answers
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


class ReferenceJob(WeirTest):
    guarantee = "exactly_once"

    def setUp(self):
        super().setUp()
        self.brokers = self.find_brokers()
        name = f"proof-{uuid.uuid4().hex[:12]}"
        self.source, self.sink, self.dead = (f"{name}-{part}" for part in ("in", "out", "dead"))
        self.environment = os.environ | {"BROKERS": self.brokers, "IN": self.source, "OUT": self.sink, "DEAD": self.dead,
                                         "GROUP": name, "GUARANTEE": self.guarantee}
        self.pipeline = self.folder / "pipeline.yaml"
        self.pipeline.write_text(self.pipeline_text())

    def pipeline_text(self):
        text = (ROOT / "examples" / "reference" / "pipeline.yaml").read_text()
        group = 'group: "${GROUP:-reference-a}"'
        self.assertIn(group, text)
        return text.replace(group, f"{group}, properties: {{ {GROUP_PROPERTIES} }}")

    # --- input ---

    def make_topics(self, *topics, partitions=PARTITIONS, brokers=None):
        self.write("empty.ndjson", "")
        for topic in topics or (self.source, self.sink, self.dead):
            self.weir("produce", "empty.ndjson", "--topic", topic, "--brokers", brokers or self.brokers, "--create",
                      str(partitions), code=0)

    def generate(self, rows, seed):
        """A file of transactions; one line in 500 is not JSON, one in 700 has no Amount."""
        run = self.weir("generate", "transactions", "--rows", str(rows), "--seed", str(seed), "--keys", "300", "--format",
                        "ndjson", "--no-label", code=0)
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
        return self.start_weir("produce", path, "--topic", self.source, "--brokers", self.brokers, "--key", "CustomerID",
                               "--rate", str(rate))

    def finish_producing(self, process, limit=120):
        self.assertEqual(process.wait(limit), 0)

    # --- nodes ---

    def start(self, name="n1"):
        return self.start_weir("run", self.pipeline, "--name", name, log=f"{name}.log")

    def stop(self, process, limit=40):
        """Ends a node in good order."""
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(limit), 0, self.log())

    def stats_url(self, name="n1"):
        """Where a node's stats are; none while it has not said it."""
        found = re.findall(r"^stats: (\S+)", self.read(f"{name}.log"), re.MULTILINE)
        return found[-1] if found else None

    def readiness(self, name="n1"):
        """What /readyz of a node says: status and text; no status while the node has not said where it is."""
        url = self.stats_url(name)
        if not url:
            return None, ""
        try:
            return readiness(url)
        except urllib.error.URLError:  # of a process that is gone; the next one has not said it yet
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
        path, run = self.try_to_consume(topic, *options, brokers=brokers)
        self.assertEqual(run.returncode, 0, run.stderr)
        return path

    def try_to_consume(self, topic, *options, brokers=None):
        path = self.folder / f"{topic}.ndjson"
        with path.open("wb") as out:
            return path, subprocess.run([WEIR, "consume", topic, "--brokers", brokers or self.brokers, "--exit-at-end", *options],
                                        stdout=out, stderr=subprocess.PIPE, timeout=120)

    def lines(self, topic, *options):
        """How many it sees, for who asks until there are enough: none where a broker that comes and goes does not answer."""
        path, run = self.try_to_consume(topic, *options)
        if run.returncode == UNREACHABLE:
            return 0
        self.assertEqual(run.returncode, 0, run.stderr)
        return path.read_bytes().count(b"\n")

    def expected(self):
        """What job A makes of the source topic as it stands: the outputs, and the lines for the dead letters."""
        records, broken = check_reference.read_input(self.consume(self.source))
        return list(check_reference.job_a(records)), broken

    def wait_for_outputs(self, limit=60):
        outputs, broken = self.expected()
        self.assertGreater(len(outputs), 0)
        wait_until(lambda: self.lines(self.sink) >= len(outputs) and self.lines(self.dead) >= sum(broken.values()), limit,
                   f"{len(outputs)} outputs and {sum(broken.values())} dead letters\n{self.log()}")
        if self.guarantee == "at_least_once":  # so many there are with those that came again, too
            wait_until(lambda: self.compare("--at-least-once").returncode == 0, limit, "outputs of all records", self.log)

    def check_exact(self):
        """Every input's effect is there, once, and right."""
        self.check_reference()

    def check_nothing_lost(self):
        """Every input's output is there, as often as it came in or more often, and every one is right."""
        self.check_reference("--at-least-once")

    def compare(self, *options):
        return subprocess.run([sys.executable, ROOT / "bench" / "check_reference.py", self.consume(self.source),
                               self.consume(self.sink), "--dead", self.consume(self.dead), *options],
                              capture_output=True, text=True, timeout=120)

    def check_reference(self, *options):
        run = self.compare(*options)
        self.assertEqual(run.returncode, 0, f"{run.stdout}\n{self.log()}")
