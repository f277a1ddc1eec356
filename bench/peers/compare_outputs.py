#!/usr/bin/env python3
"""Compares the output of a peer with Weir's own, record by record.

    bench/peers/compare_outputs.py WEIR PEER [--single FIELD]...

Both are NDJSON. Each customer needs the same records in both, with the same fields; numbers have to agree to 1e-9 relative,
those of single precision (--single) to 1e-5, texts and booleans exactly. The order of the lines is not looked at: a batch tool
promises none.
"""
import argparse
import collections
import json
import sys

KEY = "CustomerID"
TOLERANCE, SINGLE_TOLERANCE = 1e-9, 1e-5
SAME_BELOW = 1e-3  # a number this small is compared by its absolute value: z may be near 0


def by_customer(path):
    """The lines of each customer, not parsed yet: parsed, millions of them would not fit into memory."""
    found = collections.defaultdict(list)
    with open(path, "rb") as lines:
        for line in lines:
            found[json.loads(line)[KEY]].append(line)
    return found


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def alike(a, b, tolerance):
    if is_number(a) and is_number(b):
        return abs(a - b) <= tolerance * max(abs(a), abs(b), SAME_BELOW)
    return type(a) is type(b) and a == b


def difference(weir, peer, single):
    """What is wrong with the peer's record, or None."""
    if weir.keys() != peer.keys():
        return f"the fields are {sorted(peer)} and not {sorted(weir)}"
    for field, expected in weir.items():
        # At the threshold itself either answer is right.
        if field == "anomaly" and isinstance(peer[field], bool) and abs(abs(weir["z"]) - 3) < 1e-8:
            continue
        if not alike(expected, peer[field], SINGLE_TOLERANCE if field in single else TOLERANCE):
            return f"{field} is {peer[field]!r} and not {expected!r}"
    return None


def in_order(lines):
    """A customer's records by time; those of one time in an order that the last digits of a number do not change."""
    records = [json.loads(line) for line in lines]
    return sorted(records, key=lambda record: (str(record.get("Date")), round(record.get("rolling_mean") or 0, 6),
                                               record.get("z") or 0))


def problems(weir, peer, single):
    for customer in weir.keys() | peer.keys():
        ours, theirs = weir.get(customer, []), peer.get(customer, [])
        if len(ours) != len(theirs):
            yield f"{customer}: {len(theirs)} records and not {len(ours)}"
            continue
        for expected, got in zip(in_order(ours), in_order(theirs)):
            if wrong := difference(expected, got, single):
                yield f"{customer}: {wrong}: {json.dumps(got)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weir")
    parser.add_argument("peer")
    parser.add_argument("--single", action="append", default=[], metavar="FIELD")
    arguments = parser.parse_args()

    weir, peer = by_customer(arguments.weir), by_customer(arguments.peer)
    if not weir:
        print(f"{arguments.weir} is empty: there is nothing to compare")
        return 1
    found = 0
    for problem in problems(weir, peer, arguments.single):
        print(problem)
        found += 1
        if found == 20:
            break
    print(f"{sum(map(len, peer.values()))} records of {len(peer)} customers compared: {'FAILED' if found else 'all equal'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
