"""What every test of the program needs: the binary ($WEIR, or that of build/release), a folder to run it in, small inputs,
and to wait for what it does."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(os.environ.get("WEIR", ROOT / "build/release/weir"))


def wait_until(condition, limit, what, log=lambda: ""):
    """Asks again and again; fails with `what` and the log after `limit` seconds."""
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"not within {limit} s: {what}\n{log()}")
        time.sleep(0.1)


def readiness(url):
    """What /readyz of a node says: status and text."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def numbered(count):
    """Lines of JSON with an id each, from 0."""
    return "".join('{"id":%d}\n' % i for i in range(count))


def small_pipeline(name="p", source="in.ndjson", sink="out.ndjson", stats="enabled: false"):
    """A pipeline that copies such lines from file to file."""
    return (f"name: {name}\nsource: {{ file: {source} }}\nschema: {{ id: int }}\nsink: {{ file: {sink} }}\n"
            f"stats: {{ {stats} }}\n")


class WeirTest(unittest.TestCase):
    """A test with a folder of its own, in which the program runs."""
    environment = None  # of the program, where it is not that of the test

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def read(self, name):
        return (self.folder / name).read_text()

    def rows(self, name):
        """The records of a file of JSON lines, here or at a path."""
        return [json.loads(line) for line in self.read(name).splitlines()]

    def weir(self, *arguments, code=None, env=None, timeout=60, **more):
        """Runs a verb to its end, which has to be with `code` where one is given. `more` goes to subprocess.run()."""
        run = subprocess.run([WEIR, *arguments], capture_output=True, text=True, timeout=timeout, cwd=self.folder,
                             env=env or self.environment, **more)
        if code is not None:
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def start_weir(self, *arguments, log="log", stdout=None, end_by=signal.SIGKILL):
        """Starts a verb; what it says is in the file `log`, or its results in `stdout`. It gets the signal `end_by` when
        the test is over."""
        with (self.folder / log).open("ab") as said, open(stdout or self.folder / log, "ab") as out:
            process = subprocess.Popen([WEIR, *arguments], stdout=out, stderr=said, cwd=self.folder,
                                       env=self.environment)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.send_signal, end_by)
        return process

    def find_brokers(self):
        brokers = os.environ.get("WEIR_TEST_BROKERS")
        self.assertTrue(brokers, "WEIR_TEST_BROKERS is not set: run this by tools/test")
        return brokers
