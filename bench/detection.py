#!/usr/bin/env python3
"""tools/bench --detection: what each detector of one column costs, how often it calls noise an anomaly, and how far off a
value has to be behind few others. By itself, with a binary that is there:

    bench/detection.py [--rows N] [--repetitions N] [--weir BINARY]
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
START = 1_767_571_200_000  # 2026-01-05T00:00:00Z

# The column that each watches, and what it cannot do without; the rest are defaults.
DETECTORS = {
    "auto": "value, time: Date",
    "threshold": "value, above: 1e9",
    "zscore": "value",
    "moving_average": "value",
    "ewma": "value",
    "robust_zscore": "value",
    "iqr": "value",
    "spike": "value",
    "level_shift": "value",
    "cusum": "value",
    "relative_entropy": "value",
    "spectral_residual": "value",
    "holt_winters": "value",
    "seasonal": "value, time: Date",
    "flat_line": "value",
    "missing": "holes",
    "gap": "at",
}
COPIES = 8  # of a detector in a run that is timed: their cost stands out from what else a run costs
JUDGED = [name for name in DETECTORS if name != "threshold"]  # whose bound follows from what they have seen

# How far off a value is told, behind so many values of its key.
FEW = ["zscore", "ewma", "moving_average", "robust_zscore"]
BEHIND = [5, 10, 20, 50, 100, 500]
KEYS_OF_EACH = 20
DISTANCES = [4 * 1.1**step for step in range(80)]  # standard deviations


def poisson(source, mean):
    limit, product, count = 2.718281828459045**-mean, source.random(), 0
    while product > limit:
        product *= source.random()
        count += 1
    return float(count)


def autoregressive(source):
    value = 0.0

    def draw():
        nonlocal value
        value = 0.5 * value + source.gauss(0, 1)
        return value
    return draw


def noises():
    """Those of tests/steps/detectors_test.cpp, each with a seed of its own."""
    def seeded(seed, make):
        source = random.Random(seed)
        return make(source)
    return {
        "Gaussian": seeded(1, lambda s: lambda: s.gauss(0, 1)),
        "Laplace": seeded(2, lambda s: lambda: s.expovariate(1) * s.choice((-1, 1))),
        "log-normal": seeded(3, lambda s: lambda: s.lognormvariate(0, 1)),
        "Poisson": seeded(4, lambda s: lambda: poisson(s, 4)),
        "AR(1)": seeded(5, autoregressive),
    }


def write_rows(path, noise, rows):
    """One a minute; in `holes` one value in twenty is null, and `at` are times whose distances are noise."""
    draw, source, at = noises()[noise], random.Random(noise), START
    with open(path, "w", encoding="utf-8") as out:
        for i in range(rows):
            x = draw()
            at += int(1000 * abs(x))
            hole = "null" if source.random() < 0.05 else "1"
            out.write(f'{{"Date":{START + 60_000 * i},"value":{100 + x:.6f},"holes":{hole},"at":{at}}}\n')


def pipeline(detectors, sink, copies=1):
    detect = "".join(f"  - {{ {name}: {of}, as: is_{name}{copy or ''} }}\n" for name, of in detectors.items()
                     for copy in range(copies))
    return ("name: detection\nsource: { file: in.ndjson }\n"
            "schema: { Date: timestamp, value: double, holes: double, at: timestamp, key: string }\n"
            + (f"detect:\n{detect}" if detect else "") + f"sink: {sink}\nstats: {{ enabled: false }}\n")


def run(weir, folder, text):
    """@returns seconds of processor time"""
    (folder / "pipeline.yaml").write_text(text, encoding="utf-8")
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([weir, "run", "pipeline.yaml", "--threads", "1"], cwd=folder, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{(folder / 'log').read_text()}\nbench/detection.py: weir run failed with exit code {process.returncode}")
    return used.ru_utime + used.ru_stime


def fresh(folder):
    """Without what a run before has left."""
    (folder / "out.ndjson").unlink(missing_ok=True)
    shutil.rmtree(folder / ".weir", ignore_errors=True)
    return folder


def costs(weir, folder, rows, repetitions):
    """@returns ns a value by detector: a run with COPIES of it less a run without, shared among them; they take turns"""
    write_rows(folder / "in.ndjson", "Gaussian", rows)
    found = {name: [] for name in [None, *DETECTORS]}
    for _ in range(repetitions):
        for name, seconds in found.items():
            detectors = {} if name is None else {name: DETECTORS[name]}
            seconds.append(run(weir, fresh(folder), pipeline(detectors, "{ null: {} }", COPIES)))
    base = statistics.median(found.pop(None))
    return {name: (statistics.median(seconds) - base) / rows / COPIES * 1e9 for name, seconds in found.items()}


def false_alarms(weir, folder, rows):
    """@returns anomalies in a million values by detector and noise"""
    found = {name: {} for name in JUDGED}
    for noise in noises():
        write_rows(folder / "in.ndjson", noise, rows)
        run(weir, fresh(folder), pipeline({name: DETECTORS[name] for name in JUDGED}, "{ file: out.ndjson }"))
        told = dict.fromkeys(JUDGED, 0)
        with open(folder / "out.ndjson", "rb") as out:
            for line in out:
                if b":true" in line:
                    row = json.loads(line)
                    for name in JUDGED:
                        told[name] += row[f"is_{name}"] is True
        for name in JUDGED:
            found[name][noise] = told[name] / rows * 1e6
    return found


def least_distances(weir, folder):
    """@returns by detector and number of values before it: standard deviations from which on a value is told in at least
    half of the keys; None: at none of DISTANCES. Each key has a Gaussian past, and one value that is off."""
    source = random.Random(9)
    with open(folder / "in.ndjson", "w", encoding="utf-8") as out:
        for behind in BEHIND:
            pasts = [[source.gauss(0, 1) for _ in range(behind)] for _ in range(KEYS_OF_EACH)]
            for n, distance in enumerate(DISTANCES):
                for k, past in enumerate(pasts):
                    mean = statistics.fmean(past)
                    last = mean + distance * statistics.pstdev(past, mean)
                    for value in [*past, last]:
                        out.write(f'{{"Date":{START},"value":{100 + value!r},"key":"{behind} {n} {k}"}}\n')
    detectors = {name: f"{DETECTORS[name]}, by: key" for name in FEW}
    run(weir, fresh(folder), pipeline(detectors, "{ file: out.ndjson }"))
    last = {}
    with open(folder / "out.ndjson", encoding="utf-8") as out:
        for line in out:
            row = json.loads(line)
            last[row["key"]] = row

    def is_told(name, behind, n):
        told = sum(last[f"{behind} {n} {k}"][f"is_{name}"] is True for k in range(KEYS_OF_EACH))
        return 2 * told >= KEYS_OF_EACH
    return {name: {behind: next((distance for n, distance in enumerate(DISTANCES) if is_told(name, behind, n)), None)
                   for behind in BEHIND} for name in FEW}


def measure(rows, repetitions, folder, weir):
    """@returns the tables, and the figures"""
    folder = pathlib.Path(folder)
    cost, alarms, few = costs(weir, folder, rows, repetitions), false_alarms(weir, folder, rows), least_distances(weir, folder)
    names = list(next(iter(alarms.values())))
    lines = ["| | ns a value | in a million: " + " | ".join(names) + " |", "| --- |" + " ---: |" * (1 + len(names))]
    for name, ns in cost.items():
        told = [f"{alarms[name][noise]:.0f}" for noise in names] if name in alarms else [""] * len(names)
        lines.append(f"| `{name}` | {ns:.0f} | " + " | ".join(told) + " |")
    def distance(value):
        return "never" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    lines += ["", "| standard deviations from which a value is told, behind | " + " | ".join(map(str, BEHIND)) + " values |",
              "| --- |" + " ---: |" * len(BEHIND)]
    for name, by in few.items():
        lines.append(f"| `{name}` | " + " | ".join(distance(by[n]) for n in BEHIND) + " |")
    return "\n".join(lines), {"ns_a_value": cost, "false_alarms_in_a_million": alarms, "least_distance": few}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--weir", type=lambda path: pathlib.Path(path).resolve(), default=ROOT / "build/release/weir")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weir-bench.") as folder:
        print(measure(arguments.rows, arguments.repetitions, folder, arguments.weir)[0])


if __name__ == "__main__":
    main()
