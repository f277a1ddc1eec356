#!/usr/bin/env python3
"""Draws what each detector of one column says of three series: docs/pictures/<detector>.svg.

    docs/pictures/detectors.py [--weir BINARY] [--out FOLDER] [--check]

The series are made from fixed seeds, so the pictures are the same each time. Each goes through `weir run`, with all
detectors at their defaults but for what OPTIONS says. The last four weeks of sixteen are shown, the numbers are of all.
What is odd in a series has a grey band; a stroke at the bottom is a record that the detector calls an anomaly. With --check nothing is written: it says what differs, and ends with 1.
"""
import argparse
import dataclasses
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHOWN = 1344  # records, one every half hour: four weeks
BEFORE = 4032  # twelve weeks in front of them, in which nothing is odd
RECORDS = BEFORE + SHOWN
HALF_HOUR = 1_800_000
START = 1_767_571_200_000  # 2026-01-05T00:00:00Z, a Monday
DAY = 48

# What a pipeline says of each; the rest are defaults.
OPTIONS = {
    "auto": "time: Date",
    "threshold": "above: 112, below: 88",
    "zscore": "",
    "moving_average": "",
    "ewma": "",
    "robust_zscore": "",
    "iqr": "",
    "spike": "",
    "level_shift": "",
    "cusum": "",
    "relative_entropy": "",
    "spectral_residual": "",
    "holt_winters": f"season: {DAY}",
    "seasonal": "period: 1d, bins: 24, time: Date",
    "flat_line": "",
    "missing": "",
    "gap": "",
}


@dataclasses.dataclass
class Series:
    name: str
    odd: list  # (first record, one behind the last)
    values: list
    times: list


def noise(seed):
    source = random.Random(seed)
    return lambda: source.gauss(0, 2)


def times_of(seed, gap_at=None, gap=0):
    """One record in each half hour, up to five minutes late; `gap` half hours without one."""
    source = random.Random(seed)
    return [START + (i + (gap if gap_at is not None and i >= gap_at else 0)) * HALF_HOUR + source.randrange(300_000)
            for i in range(RECORDS)]


def spikes():
    draw = noise(1)
    values = [100 + draw() for _ in range(RECORDS)]
    spikes = ((BEFORE + 420, 25), (BEFORE + 690, -14), (BEFORE + 900, 40))
    for at, height in spikes:
        values[at] += height
    nulls = (BEFORE + 1150, BEFORE + 1175)
    values[slice(*nulls)] = [None] * 25
    return Series("spikes, then nulls", [*((at, at + 1) for at, _ in spikes), nulls], values, times_of(11))


def shift():
    draw = noise(2)
    level, flat = BEFORE + 600, BEFORE + 1100
    values = [100 + draw() + (7 if i >= level else 0) for i in range(RECORDS)]
    values[flat:flat + 60] = [values[flat]] * 60
    return Series("another level, then a flat line", [(level, level + 40), (flat, flat + 60)], values, times_of(12))


def season():
    draw = noise(3)

    def usual(i):
        return 100 + 8 * math.sin(2 * math.pi * i / DAY)
    odd_day, gap = BEFORE + 16 * DAY, BEFORE + 1200
    values = [(200 - usual(i) if odd_day <= i < odd_day + DAY else usual(i)) + 0.5 * draw() for i in range(RECORDS)]
    return Series("a season, an odd day, a gap", [(odd_day, odd_day + DAY), (gap, gap + 1)], values,
                  times_of(13, gap, 30))


def told_of(weir, series):
    """@returns for each detector which records it calls anomalies"""
    steps = []
    for name, options in OPTIONS.items():
        of = "Date" if name == "gap" else "value"
        steps.append(f"  - {{ {name}: {of}, {options + ', ' if options else ''}as: {name} }}\n")
    pipeline = ("name: pictures\nsource: { file: in.ndjson }\nschema: { Date: timestamp, value: double }\ndetect:\n"
                + "".join(steps) + "sink: { file: out.ndjson }\nstats: { enabled: false }\n")
    with tempfile.TemporaryDirectory(prefix="weir-pictures.") as folder:
        folder = pathlib.Path(folder)
        (folder / "pipeline.yaml").write_text(pipeline, encoding="utf-8")
        (folder / "in.ndjson").write_text("".join(
            json.dumps({"Date": time, "value": None if value is None else round(value, 4)}) + "\n"
            for time, value in zip(series.times, series.values)), encoding="utf-8")
        run = subprocess.run([weir, "run", "pipeline.yaml"], cwd=folder, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"docs/pictures/detectors.py: weir run failed with exit code {run.returncode}\n{run.stdout}{run.stderr}")
        rows = [json.loads(line) for line in (folder / "out.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [row["Date"] for row in rows] == series.times, "records came out in another order, or some did not"
    return {name: [i for i, row in enumerate(rows) if row[name]] for name in OPTIONS}


# --- drawing ---

WIDTH, HEIGHT, SPACE, HEAD, MARKS = 264, 70, 12, 16, 12
COLUMN = 1  # pixel: the line shows the least and the greatest value of each column
STYLE = ("text{font:11px sans-serif;fill:#59636e}.line{fill:none;stroke:#59636e;stroke-width:.7}.odd{fill:#8c959f;fill-opacity:.3}"
         ".told{stroke:#d1242f;fill:none}"
         "@media(prefers-color-scheme:dark){text{fill:#9198a1}.line{stroke:#9198a1}.told{stroke:#ff7b72}}")


def short(number):
    return f"{number:.1f}".removesuffix(".0")


def line_of(series, x):
    shown = series.values[BEFORE:]
    known = [value for value in shown if value is not None]
    least, greatest = min(known), max(known)
    columns = {}
    for i, value in enumerate(shown, BEFORE):
        columns.setdefault(int(x(i) - x(BEFORE)) // COLUMN, []).append(value)
    path, pen = [], None
    for column, values in columns.items():
        values = [value for value in values if value is not None]
        if not values:
            pen = None  # a hole
            continue
        # In the order in which they came.
        for value in sorted({min(values), max(values)}, key=values.index):
            # In tenths of a pixel, and behind the first point as steps: so it stays short.
            to = (round(10 * (x(BEFORE) + COLUMN * (column + 0.5))),
                  round(10 * (HEAD + HEIGHT * (1 - (value - least) / (greatest - least)))))
            path.append(f"M{short(to[0] / 10)} {short(to[1] / 10)}" if pen is None
                        else f"l{short((to[0] - pen[0]) / 10)} {short((to[1] - pen[1]) / 10)}")
            pen = to
    return "".join(path)


def panel(series, told, left):
    def x(i):
        return left + WIDTH * (i - BEFORE) / SHOWN
    bottom = HEAD + HEIGHT
    bands = "".join(f'<rect class="odd" x="{short(x(begin))}" y="{HEAD}" width="{short(max(x(end) - x(begin), 2))}" '
                    f'height="{HEIGHT + MARKS}"/>' for begin, end in series.odd)
    strokes = sorted({round(x(i), 1) for i in told if i >= BEFORE})
    marks = "".join(f"M{short(at)} {bottom + 2}v{MARKS - 2}" for at in strokes)
    inside = sum(any(begin <= i < end for begin, end in series.odd) for i in told)
    found = sum(any(begin <= i < end for i in told) for begin, end in series.odd)
    elsewhere = len(told) - inside
    text = f"{found} of {len(series.odd)} found, {elsewhere} alarm{'' if elsewhere == 1 else 's'} elsewhere"
    return (f'<text x="{left}" y="11">{series.name}</text>{bands}<path class="line" d="{line_of(series, x)}"/>'
            f'<path class="told" d="{marks}"/><text x="{left}" y="{bottom + MARKS + 13}">{text}</text>'), text


def picture(name, all_series, told):
    """@returns the SVG, and what it says of each series"""
    panels = [panel(series, told[series.name][name], SPACE + n * (WIDTH + SPACE)) for n, series in enumerate(all_series)]
    width, height = SPACE + len(panels) * (WIDTH + SPACE), HEAD + HEIGHT + MARKS + 18
    says = [text for _, text in panels]
    title = f"{name}: " + "; ".join(f"{series.name}: {text}" for series, text in zip(all_series, says))
    body = "\n".join(text for text, _ in panels)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img">\n<title>{title}</title>\n<style>{STYLE}</style>\n{body}\n</svg>\n'), says


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weir", default=ROOT / "build/release/weir", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--out", default=HERE, type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    all_series = [spikes(), shift(), season()]
    told = {series.name: told_of(options.weir, series) for series in all_series}
    is_stale = False
    for name in OPTIONS:
        text, says = picture(name, all_series, told)
        path = options.out / f"{name}.svg"
        if options.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                is_stale = True
                print(f"{path} is not what the program says: run docs/pictures/detectors.py", file=sys.stderr)
            continue
        path.write_text(text, encoding="utf-8")
        print(f"{name:17} " + " | ".join(says))
    return 1 if is_stale else 0


if __name__ == "__main__":
    sys.exit(main())
