#!/usr/bin/env python3
"""bench/nab.py: NAB's score of a detector, and that thresholds are chosen and checked as it says."""
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

BENCH = pathlib.Path(__file__).resolve().parent.parent.parent / "bench"
sys.path.insert(0, str(BENCH))
import nab  # noqa: E402  (stands in bench)

STANDARD = nab.PROFILES["standard"]


def scores_with(alarms, rows=1000):
    return [0.9 if row in alarms else 0.1 for row in range(rows)]


def score(alarms, windows, threshold=0.5):
    return nab.score_at([nab.steps_of(scores_with(alarms), windows, STANDARD)], threshold, STANDARD)


class Nab(unittest.TestCase):
    def test_an_alarm_at_the_begin_of_each_window_is_100_and_none_is_0(self):
        windows = [(300, 399), (700, 799)]
        self.assertAlmostEqual(score({300, 700}, windows), 100)
        self.assertAlmostEqual(score({300, 301, 350, 700}, windows), 100)  # later alarms in a window do not count
        self.assertEqual(score(set(), windows), 0)
        self.assertAlmostEqual(score({300}, windows), 50)

    def test_weights_are_those_of_the_paper(self):
        # An alarm in the middle of a window: (sigmoid(-0.51) / sigmoid(-1) + 1) / 2.
        middle = (2 / (1 + math.exp(-5 * 0.5)) - 1) / (2 / (1 + math.exp(-5)) - 1)
        self.assertAlmostEqual(score({350}, [(300, 399)]), 100 * (middle + 1) / 2)
        # One long behind a window, or before the first, costs 0.11 of two; one just behind it next to nothing.
        self.assertAlmostEqual(score({300, 900}, [(300, 399)]), 100 - 11 / 2)
        self.assertAlmostEqual(score({200, 300}, [(300, 399)]), 100 - 11 / 2)
        self.assertGreater(score({300, 400}, [(300, 399)]), 99.8)

    def test_nothing_counts_in_the_probation(self):
        self.assertAlmostEqual(score({0, 50, 149, 300}, [(300, 399)]), 100)
        self.assertLess(score({150, 300}, [(300, 399)]), 95)
        self.assertEqual(nab.probation(100_000), 750)

    def test_the_best_threshold_is_the_best_of_all(self):
        scores = [(row * 7919) % 997 / 997 for row in range(1000)]
        files = [nab.steps_of(scores, [(300, 349), (600, 649)], STANDARD), nab.steps_of(scores[::-1], [(500, 560)], STANDARD)]
        best = nab.score_at(files, nab.best_threshold(files), STANDARD)
        self.assertAlmostEqual(best, max(0, max(nab.score_at(files, t, STANDARD) for t in set(scores))))

    def test_a_file_that_needs_a_threshold_of_its_own_loses_where_it_has_no_say(self):
        loud = [nab.steps_of(scores_with({300}), [(300, 399)], STANDARD) for _ in range(7)]
        faint = nab.steps_of([x / 10 for x in scores_with({300})], [(300, 399)], STANDARD)
        self.assertAlmostEqual(nab.cross_validated(loud, STANDARD, 1), 100)
        self.assertAlmostEqual(nab.cross_validated([*loud, faint], STANDARD, 1), 87.5)

    def test_it_runs_a_command_for_each_file_that_is_there(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "data" / "group").mkdir(parents=True)
            time = "2026-01-{:02d} {:02d}:00:00"
            rows = [(time.format(1 + i // 24, i % 24), 50 if i == 400 else i % 3) for i in range(600)]
            (folder / "data/group/a.csv").write_text("timestamp,value\n" + "".join(f"{t},{v}\n" for t, v in rows))
            windows = {"group/a.csv": [[rows[380][0] + ".000000", rows[430][0] + ".000000"]], "group/absent.csv": []}
            (folder / "windows.json").write_text(json.dumps(windows))
            detector = folder / "detector.py"
            detector.write_text("import csv, sys\nprint('timestamp,value,anomaly_score')\n"
                                "for row in csv.DictReader(open(sys.argv[1])):\n"
                                "    print(row['timestamp'], row['value'], float(row['value']) / 100, sep=',')\n")
            for options, rest in (([], "1 of 1"), (["--drop", "10", "--files"], "1 of 1")):
                done = subprocess.run([sys.executable, BENCH / "nab.py", folder, "--command", f"{sys.executable} {detector} {{}}",
                                       *options], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(f"| 0.5 | {rest} | 0 |", done.stdout)
                self.assertIn("1 of the labelled files are not there", done.stderr)
            done = subprocess.run([sys.executable, BENCH / "nab.py", folder, "--command", "false"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("false failed for group/a.csv", done.stderr)


if __name__ == "__main__":
    unittest.main()
