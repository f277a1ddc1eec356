"""A Kafka of a test's own, that it may stop, kill and freeze."""
import os
import pathlib
import signal
import subprocess
import tempfile

from reference_job import ROOT


class OwnKafka:
    def __init__(self, test, prefix, *properties):
        folder = tempfile.TemporaryDirectory(prefix=f"weir-{prefix}.")
        test.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "kafka"
        test.addCleanup(self.run, "stop", "--kill", "--clean")
        self.properties = [word for entry in properties for word in ("--property", entry)]
        self.brokers = self.start()

    def run(self, *words):
        run = subprocess.run([ROOT / "tools" / "kafka", *words, "--dir", self.folder], capture_output=True, text=True,
                             timeout=120)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return run.stdout

    def start(self):
        """Starts it, the next time with what it held; gives its address, which stays the same."""
        return self.run("start", *self.properties).removeprefix("brokers:").strip()

    def kill(self):
        self.run("stop", "--kill")

    def freeze(self, on):
        """A frozen broker takes connections and answers nothing."""
        pid = int((self.folder / "node-1.pid").read_text())
        os.kill(pid, signal.SIGSTOP if on else signal.SIGCONT)
