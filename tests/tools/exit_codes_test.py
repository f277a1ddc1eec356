"""One mistake ends every verb with the same code."""
import os
import signal
import subprocess
import threading
import unittest

from weir_command import WEIR, WeirTest, numbered, small_pipeline, wait_until

PIPELINE = """
name: p
source: { file: { path: SOURCE }, format: csv }
schema: { id: int, x: double }
sink: { file: out.ndjson }
stats: { enabled: false }
"""


class ExitCodesTest(WeirTest):
    def ends(self, source, code, said, verbs):
        """Runs verbs that read the file; all of them end with the code and say the same."""
        self.write("p.yaml", PIPELINE.replace("SOURCE", source))
        commands = {"run": ["p.yaml"], "validate": ["p.yaml"],
                    "produce": [source, "--topic", "t", "--brokers", "localhost:1"],
                    "train": [source, "--target", "x", "--features", "id", "--out", "model.onnx"]}
        for verb in verbs:
            self.assertIn(said, self.weir(verb, *commands[verb], code=code).stderr, verb)

    def test_a_file_that_cannot_be_read_is_69(self):
        (self.folder / "folder").mkdir()
        self.ends("none.csv", 69, "cannot read 'none.csv': No such file or directory", ["run", "produce", "train"])
        self.ends("folder", 69, "cannot read 'folder': Is a directory", ["run", "validate", "produce", "train"])

    def test_an_empty_csv_file_is_78(self):
        self.write("empty.csv", "")
        verbs = ["run", "validate", "produce", "train"]
        self.ends("empty.csv", 78, "a CSV file begins with the names of its columns", verbs)

    def test_columns_that_are_not_there_are_78(self):
        self.write("other.csv", "a,b\n1,2\n")
        self.ends("other.csv", 78, "the header has no fields 'id', 'x'", ["run", "validate"])
        self.ends("other.csv", 78, "there is no column 'id'", ["train"])

    def test_a_pipe_without_them_too(self):
        os.mkfifo(self.folder / "pipe")
        writer = threading.Thread(target=self.write, args=("pipe", "a,b\n"))
        writer.start()
        self.ends("pipe", 78, "pipe:1: the header has no fields 'id', 'x'", ["run"])
        writer.join()

    def test_state_that_fits_the_steps_no_longer_is_78(self):
        detect = "detect: [ { STEP: id, as: odd } ]\n"
        self.write("in.ndjson", numbered(20_000))
        self.write("p.yaml", small_pipeline(source="{ path: in.ndjson, rate: 2000 }") + detect.replace("STEP", "zscore"))
        node = self.start_weir("run", "p.yaml")
        out = self.folder / "out.ndjson"
        wait_until(lambda: out.exists() and out.stat().st_size > 0, 30, "outputs", lambda: self.read("log"))
        node.send_signal(signal.SIGINT)
        node.wait(30)
        self.write("p.yaml", small_pipeline() + detect.replace("STEP", "ewma"))
        refused = self.weir("run", "p.yaml", code=78).stderr
        self.assertIn("the state of 'odd' was written with other settings (restore these settings", refused)

    def test_an_address_without_a_scheme_is_wrong_usage(self):
        said = self.weir("status", "--url", "localhost:9187", code=64).stderr
        self.assertIn("an address begins with http://, found 'localhost:9187'", said)

    def test_brokers_that_are_a_url_are_wrong_usage(self):
        said = self.weir("consume", "t", "--brokers", "http://localhost:9092", code=64).stderr
        self.assertIn("a broker is host:port, not a URL", said)

    def test_a_disk_that_is_full_is_69(self):
        for verb in (["generate", "transactions"], ["schema"]):
            with open("/dev/full", "w") as full:
                failed = subprocess.run([WEIR, *verb], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual(failed.returncode, 69)
            self.assertIn("cannot write all of standard output: No space left on device", failed.stderr)


if __name__ == "__main__":
    unittest.main()
