#!/usr/bin/env python3
"""Dead letters of a pipeline that keeps none: the log counts them, and shows them whole when it is asked to."""
import pathlib
import tempfile
import unittest

import weir_command

PIPELINE = """
name: rotten
source: { file: { path: in.ndjson }, format: json }
schema: { id: { type: int } }
sink: { file: { path: out.ndjson } }
stats: { enabled: false }
"""
BAD = 300


class dead_letters_test(unittest.TestCase):
    def run_pipeline(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "p.yaml").write_text(PIPELINE)
            (root / "in.ndjson").write_text('{"id":"secret"}\n' + '{"id":1}\n{ not JSON\n' * BAD)
            run = weir_command.weir("run", "p.yaml", *options, cwd=root)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stderr

    def test_the_log_counts_them_in_a_line_and_so_does_the_summary(self):
        log = self.run_pipeline()
        said = [line for line in log.splitlines() if "dead letters: " in line]
        self.assertLessEqual(len(said), 2, log)
        self.assertIn("decode malformed (the first is in.ndjson/0@", said[0])
        self.assertIn("1 cast wrong_type (the first is in.ndjson/0@0: field 'id': expected int, found string)", log)
        self.assertNotIn("{ not JSON", log)
        self.assertRegex(log, rf"(?m)^ +{BAD}   decode malformed$")
        self.assertRegex(log, r"(?m)^ +1   cast wrong_type$")

    def test_they_are_logged_whole_where_that_is_wanted(self):
        log = self.run_pipeline("-v")
        self.assertEqual(log.count('"value":"{ not JSON"'), BAD, log[:2000])


if __name__ == "__main__":
    unittest.main()
