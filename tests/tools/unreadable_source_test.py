"""A source file that cannot be read to its end is not one that ended."""
import pathlib
import tempfile
import unittest

from weir_command import weir


class UnreadableSourceTest(unittest.TestCase):
    def test_ends_the_node_with_the_reason_and_not_as_if_the_file_had_ended(self):
        with tempfile.TemporaryDirectory() as folder:
            source = "/proc/self/mem"  # it opens, and its first bytes cannot be read
            pipeline = pathlib.Path(folder) / "p.yaml"
            pipeline.write_text(f"name: p\nsource: {{ file: {source} }}\nsink: {{ file: {folder}/out.ndjson }}\n"
                                f"stats: {{ enabled: false }}\nstate: {{ dir: {folder}/state }}\n")
            run = weir("run", pipeline)
            self.assertEqual(run.returncode, 1, run.stderr)
            self.assertIn(f"cannot read '{source}': Input/output error", run.stderr)
            self.assertIn("the next start goes on from the last commit", run.stderr)


if __name__ == "__main__":
    unittest.main()
