#!/usr/bin/env python3
"""Scores a detector on the Numenta Anomaly Benchmark (NAB 1.1; Lavin and Ahmad 2015).

    bench/nab.py FOLDER [--command "PROGRAM {}"] [--windows FILE] [--drop PERCENT] [--files]

FOLDER holds NAB's files as group/name.csv, at it or under data/, and --windows (default FOLDER/windows.json) what NAB calls
combined_windows.json. The command is run for each file, whose name stands in place of {}, and writes CSV with a column
`anomaly_score`, a row for each of the file's (default: build/release/bench/nab_scores {}).

Prints, as Markdown, the score by profile with the one threshold that is best over all files; by group with that of the standard
profile; and what the standard profile gives on files that had no say in the threshold: 20 times the files are dealt into four parts,
and each part is scored with the threshold that is best on the others. --drop leaves so much of the begin of each file out, so that
everything else comes at other places. --files prints each file, too.
"""
import argparse
import csv
import dataclasses
import datetime
import io
import json
import math
import pathlib
import random
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROFILES = {"standard": (1, 0.11, 1), "reward low FP rate": (1, 0.22, 1), "reward low FN rate": (1, 0.11, 2)}
FOLDS, REPETITIONS, BOOTSTRAPS = 4, 20, 1000


def scaled_sigmoid(position):
    """NAB's weight of an alarm: 1 long before the end of a window, 0 at it (position 0), -1 long behind it."""
    return -1.0 if position > 3 else 2 / (1 + math.exp(5 * position)) - 1


def probation(rows):
    """At the begin of a file nothing counts."""
    return min(int(0.15 * rows), 750)


def weights(rows, windows):
    """For each row the index of its window, None outside, and the weight of an alarm there. @param windows first and last row"""
    found, before = [], None
    remaining = list(enumerate(windows))
    for row in range(rows):
        while remaining and row > remaining[0][1][1]:
            before = remaining.pop(0)[1]
        if remaining and remaining[0][1][0] <= row:
            index, (first, last) = remaining[0]
            found.append((index, scaled_sigmoid(-(last - row + 1) / (last - first + 1)) / scaled_sigmoid(-1)))
        else:
            found.append((None, -1.0 if before is None else scaled_sigmoid((row - before[1]) / (before[1] - before[0]))))
    return found


@dataclasses.dataclass
class Steps:
    """How the raw score of a file changes as the threshold falls to a score: `begin` above them all."""
    begin: float
    windows: int
    gains: dict

    def at(self, threshold):
        return self.begin + sum(gain for score, gain in self.gains.items() if score >= threshold)


def steps_of(scores, windows, profile):
    true_positive, false_positive, false_negative = profile
    gains, highest, counted = {}, {}, set()
    for row, (window, weight) in enumerate(weights(len(scores), windows)):
        if row < probation(len(scores)):
            continue
        score = scores[row]
        if window is None:
            gains[score] = gains.get(score, 0) + weight * false_positive
            continue
        counted.add(window)
        # The first alarm of a window counts, whose weight is the highest: of a later one only if it is higher than all before.
        if score > highest.get(window, -math.inf):
            gain = weight * true_positive + false_negative
            gains[score] = gains.get(score, 0) + gain
            if window in highest:
                gains[highest[window]] -= gain
            highest[window] = score
    return Steps(-false_negative * len(counted), len(counted), gains)


def best_threshold(files):
    total, gains = 0, {}
    for file in files:
        total += file.begin
        for score, gain in file.gains.items():
            gains[score] = gains.get(score, 0) + gain
    best, threshold = total, math.inf
    for score in sorted(gains, reverse=True):
        total += gains[score]
        if total > best + 1e-12:
            best, threshold = total, score
    return threshold


def normalised(raw, windows, profile):
    """0: no alarm at all; 100: one at the begin of each window and none elsewhere."""
    true_positive, _, false_negative = profile
    return 100 * (raw + false_negative * windows) / ((true_positive + false_negative) * windows)


def score_at(files, threshold, profile):
    return normalised(sum(file.at(threshold) for file in files), sum(file.windows for file in files), profile)


def cross_validated(files, profile, seed):
    """The score of each file with the threshold that is best on the three parts in which it is not."""
    order = list(files)
    random.Random(seed).shuffle(order)
    raw = 0
    for fold in range(FOLDS):
        threshold = best_threshold([file for i, file in enumerate(order) if i % FOLDS != fold])
        raw += sum(file.at(threshold) for file in order[fold::FOLDS])
    return normalised(raw, sum(file.windows for file in order), profile)


def spread_of_draws(files, threshold, profile):
    """How far the score of as many other files of the kind may lie: standard deviation of a bootstrap."""
    raw = [(file.at(threshold), file.windows) for file in files]
    draw = random.Random(1)
    drawn = [draw.choices(raw, k=len(raw)) for _ in range(BOOTSTRAPS)]
    return statistics.pstdev(normalised(sum(r for r, _ in each), max(1, sum(w for _, w in each)), profile) for each in drawn)


def read_time(text):
    return datetime.datetime.fromisoformat(text.strip())


def read_scores(command, path, name):
    words = [word.replace("{}", str(path)) for word in shlex.split(command)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench/nab.py: {words[0]} failed for {name} with exit code {done.returncode}")
    return [float(row["anomaly_score"]) for row in csv.DictReader(io.StringIO(done.stdout))]


def run_file(command, data, name, spans, drop):
    """@returns scores, and windows as first and last row; of what is left when the begin is dropped"""
    with open(data / name, newline="") as file:
        head, *rows = csv.reader(file)
    first_of = {}
    for row, (time, *_) in enumerate(rows):
        first_of.setdefault(read_time(time), row)
    dropped = int(len(rows) * drop / 100)
    rows = rows[dropped:]
    limits = [(first_of[read_time(begin)] - dropped, first_of[read_time(end)] - dropped) for begin, end in spans]
    windows = [(max(0, first), last) for first, last in limits if last > 0]
    if dropped == 0:
        scores = read_scores(command, data / name, name)
    else:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as rest:
            csv.writer(rest, lineterminator="\n").writerows([head, *rows])
            rest.flush()
            scores = read_scores(command, rest.name, name)
    if len(scores) != len(rows):
        sys.exit(f"bench/nab.py: {len(scores)} scores of {name}, which has {len(rows)} rows")
    return scores, windows


def report(found, with_files):
    """Markdown. @param found by name of the file: scores and windows"""
    lines = ["| profile | score | threshold | windows found | false alarms |", "| --- | ---: | ---: | ---: | ---: |"]
    by_profile = {name: {file: steps_of(*rows, profile) for file, rows in found.items()} for name, profile in PROFILES.items()}
    for name, files in by_profile.items():
        threshold = best_threshold(files.values())
        alarms = [(file, window) for file, (scores, windows) in found.items()
                  for row, (window, _) in enumerate(weights(len(scores), windows))
                  if row >= probation(len(scores)) and scores[row] >= threshold]
        hits = {alarm for alarm in alarms if alarm[1] is not None}
        lines.append(f"| {name} | {score_at(files.values(), threshold, PROFILES[name]):.1f} | {threshold:.3g} "
                     f"| {len(hits)} of {sum(file.windows for file in files.values())} | {sum(w is None for _, w in alarms)} |")
    profile, files = PROFILES["standard"], by_profile["standard"]
    threshold = best_threshold(files.values())
    lines += ["", "| group | files | windows | score |", "| --- | ---: | ---: | ---: |"]
    for group in sorted({name.split("/")[0] for name in files}):
        members = [file for name, file in files.items() if name.split("/")[0] == group]
        windows = sum(file.windows for file in members)
        score = f"{score_at(members, threshold, profile):.1f}" if windows else f"{sum(f.at(threshold) for f in members):.2f} raw"
        lines.append(f"| {group} | {len(members)} | {windows} | {score} |")
    if with_files:
        lines += ["", "| file | windows | raw score |", "| --- | ---: | ---: |"]
        lines += [f"| {name} | {file.windows} | {file.at(threshold):.2f} |" for name, file in files.items()]
    validated = [cross_validated(files.values(), profile, seed) for seed in range(REPETITIONS)]
    lines += ["", f"On files that had no say in the threshold: {statistics.mean(validated):.1f}, standard deviation "
              f"{statistics.pstdev(validated):.1f} over {REPETITIONS} deals. Over draws of other files of this kind the score's is "
              f"{spread_of_draws(files.values(), threshold, profile):.1f}."]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--command", default=f"{shlex.quote(str(ROOT / 'build/release/bench/nab_scores'))} {{}}")
    parser.add_argument("--windows", type=pathlib.Path)
    parser.add_argument("--drop", type=float, default=0)
    parser.add_argument("--files", action="store_true")
    arguments = parser.parse_args()
    labels = json.loads((arguments.windows or arguments.folder / "windows.json").read_text())
    data = arguments.folder / "data" if (arguments.folder / "data").is_dir() else arguments.folder
    found = {name: run_file(arguments.command, data, name, spans, arguments.drop)
             for name, spans in sorted(labels.items()) if (data / name).exists()}
    if not found:
        sys.exit(f"bench/nab.py: there is none of the labelled files under {data}")
    if missing := len(labels) - len(found):
        print(f"{missing} of the labelled files are not there", file=sys.stderr)
    print(report(found, arguments.files))


if __name__ == "__main__":
    main()
