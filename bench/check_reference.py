#!/usr/bin/env python3
"""Checks the output of the reference job, record by record, against job A computed anew here.

    bench/check_reference.py INPUT OUTPUT [--dead DEAD] [--at-least-once]

INPUT, OUTPUT and DEAD are files with one record a line, in the order of each partition (`weir consume TOPIC --exit-at-end`
writes such a file); partitions may be interleaved in any way. Numbers have to agree to 1e-9 relative; the eight input fields
and their values exactly; each key's outputs in the order of its inputs; nothing missing, nothing twice. Fields beyond those of
job A (such as `risk` of job B) are not looked at. DEAD has to hold the bytes of every line that is not JSON, each as often.
With --at-least-once an output and a dead letter may come again, at any place; it has to be as right as the first.

Sums are kept as exact integers here (amounts in 1/10,000), so the oracle shares no arithmetic with what it checks.
"""
import argparse
import collections
import datetime
import json
import math
import sys

SCALE = 10_000
INPUT_FIELDS = ["CustomerID", "Date", "Amount", "Age", "Gender", "TransactionType", "Location", "Device"]
TOLERANCE = 1e-9


class Customer:
    """What job A remembers of one customer."""

    def __init__(self):
        self.last = collections.deque(maxlen=20)
        self.count = self.sum = self.square_sum = 0

    def add(self, amount):
        """Takes the next amount; returns its rolling mean and its z-score against the amounts before it."""
        scaled = round(amount * SCALE)
        if abs(scaled - amount * SCALE) > 1e-3:
            sys.exit(f"this checker knows amounts of four decimals at most, not {amount}")
        z = 0.0
        if self.count >= 5:
            variance = self.count * self.square_sum - self.sum * self.sum  # times count^2
            if variance > 0:
                z = (scaled * self.count - self.sum) / math.sqrt(variance)
        self.count += 1
        self.sum += scaled
        self.square_sum += scaled * scaled
        self.last.append(scaled)
        return sum(self.last) / len(self.last) / SCALE, z


def job_a(records):
    """Yields the expected output of each record that passes, as a dict."""
    customers = collections.defaultdict(Customer)
    for record in records:
        amount = record.get("Amount")
        if amount is None or not amount > 50:
            continue
        date = datetime.datetime.strptime(record["Date"], "%Y-%m-%dT%H:%M:%S.%fZ")
        mean, z = customers[record["CustomerID"]].add(amount)
        yield record | {"hour": date.hour, "dow": date.weekday(), "amount_per_age": amount / record["Age"],
                        "rolling_mean": mean, "z": z, "anomaly": abs(z) > 3}


def close(a, b):
    return (isinstance(a, (int, float)) and not isinstance(a, bool)
            and abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1e-3))


def difference(expected, got):
    """What is wrong with `got`, or None."""
    for field in INPUT_FIELDS + ["hour", "dow"]:
        if field not in got or got[field] != expected[field] or type(got[field]) is not type(expected[field]):
            return f"{field} is {got.get(field)!r} and not {expected[field]!r}"
    for field in ("amount_per_age", "rolling_mean", "z"):
        if not close(got.get(field), expected[field]):
            return f"{field} is {got.get(field)!r} and not {expected[field]!r}"
    # At the threshold itself either answer is right.
    if got.get("anomaly") is not expected["anomaly"] and abs(abs(expected["z"]) - 3) > 1e-8:
        return f"anomaly is {got.get('anomaly')!r} and not {expected['anomaly']!r}"
    return None


def read_input(path):
    """The records of a file and, counted, the lines that are not JSON."""
    records, broken = [], collections.Counter()
    with open(path, "rb") as lines:
        for line in lines:
            try:
                records.append(json.loads(line))
            except ValueError:
                broken[line.rstrip(b"\n")] += 1
    return records, broken


def compare_in_order(records, lines, name):
    """Each key's outputs against its inputs, one by one. Returns problems, how many were compared, of how many."""
    expected = collections.defaultdict(collections.deque)
    total = 0
    for record in job_a(records):
        expected[record["CustomerID"]].append(record)
        total += 1
    problems, seen = [], 0
    for number, line in enumerate(lines, 1):
        got = json.loads(line)
        seen += 1
        waiting = expected.get(got.get("CustomerID"))
        if not waiting:
            problems.append(f"{name}:{number}: more outputs of {got.get('CustomerID')!r} than inputs")
        elif wrong := difference(waiting.popleft(), got):
            problems.append(f"{name}:{number}: {wrong}: {line.decode(errors='replace').strip()}")
        if len(problems) >= 20:
            break
    if not problems and seen != total:
        missing = next(queue[0] for queue in expected.values() if queue)
        problems.append(f"{total - seen} of {total} outputs are missing, for instance {missing}")
    return problems, f"{seen} of {total} outputs compared"


class Tally:
    """Every output against the inputs, in whatever order they come: how many inputs have none, how many outputs came
    again, how many are wrong."""

    def __init__(self, records):
        self.expected = collections.defaultdict(list)  # [record, how often it has come]: inputs may be alike, outputs not
        for record in job_a(records):
            self.expected[self.identity(record)].append([record, 0])
        self.total = sum(map(len, self.expected.values()))
        self.seen = self.wrong = 0
        self.problems = []

    @staticmethod
    def identity(record):
        return json.dumps([record.get(field) for field in INPUT_FIELDS])

    def add(self, got, where):
        self.seen += 1
        alike = sorted(self.expected.get(self.identity(got), []), key=lambda entry: entry[1])
        match = next((entry for entry in alike if difference(entry[0], got) is None), None)
        if match:
            match[1] += 1
            return
        self.wrong += 1
        why = difference(alike[0][0], got) if alike else "no input is like it"
        self.problems.append(f"{where}: {why}: {json.dumps(got)}")

    def missing(self):
        return [entry[0] for entries in self.expected.values() for entry in entries if entry[1] == 0]

    def again(self):
        return sum(max(0, entry[1] - 1) for entries in self.expected.values() for entry in entries)


def compare_at_least_once(records, lines, name):
    """Every expected output is there, and whatever is there is an expected one."""
    tally = Tally(records)
    for number, line in enumerate(lines, 1):
        tally.add(json.loads(line), f"{name}:{number}")
        if len(tally.problems) >= 20:
            break
    missing = tally.missing()
    if not tally.problems and missing:
        tally.problems.append(f"{len(missing)} of {tally.total} outputs are missing, for instance {missing[0]}")
    return tally.problems, f"{tally.total - len(missing)} of {tally.total} outputs found, {tally.again()} came again"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--dead")
    parser.add_argument("--at-least-once", action="store_true")
    arguments = parser.parse_args()

    records, broken = read_input(arguments.input)
    compare = compare_at_least_once if arguments.at_least_once else compare_in_order
    with open(arguments.output, "rb") as lines:
        problems, compared = compare(records, lines, arguments.output)
    if arguments.dead:
        with open(arguments.dead, "rb") as lines:
            dead = collections.Counter(line.rstrip(b"\n") for line in lines)
        for line in (broken - dead):
            problems.append(f"{arguments.dead}: not in the dead letters: {line!r}")
        for line in set(dead) - set(broken) if arguments.at_least_once else dead - broken:
            problems.append(f"{arguments.dead}: does not belong there: {line!r}")

    for problem in problems[:20]:
        print(problem)
    print(f"{len(records) + sum(broken.values())} inputs, {compared}, {sum(broken.values())} not JSON: "
          f"{'FAILED' if problems else 'all equal'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
