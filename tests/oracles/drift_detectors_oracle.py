#!/usr/bin/env python3
"""Makes tests/data/drift/detectors.csv: where river's drift detectors tell a drift; and tests/data/drift/delays.csv:
how soon they tell one, and how often falsely. Prints the latter.

    python3 -m venv VENV && VENV/bin/pip install river==0.26.1
    VENV/bin/python tests/oracles/drift_detectors_oracle.py [tests/data]

In detectors.csv first stand series that are known from river's and frouros' own tests and docs, a line each: `series`, a name, its values.
s1, s2 and s3 are the streams of river's drift/test_drift_detectors.py; bits and three_levels those of frouros 0.9.0 (the
docs of its DDM, and test_streaming_change_detection_detector), in as many places as needed. Then a line for each detector
and series: the detector with its options, the series, how many warnings river gives, and the indices of its drifts; and
lines `frouros` with what its docs and tests state. The series r0 to r19 are made of a formula, here and in
tests/core/drift/detectors_test.cpp. frouros' CUSUM is Page-Hinkley's test upwards without forgetting; what it calls
Page-Hinkley keeps no minimum of the sum and so is another test. river's KSWIN draws by Python's generator; here it draws as ours does.
"""
import csv
import pathlib
import sys

import numpy as np
from river import drift

MASK = 2**64 - 1
binary = drift.binary


def mixed(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def random_of(seed, part):
    return mixed((seed * 0xD1342543DE82EF95 + part * 0x9E3779B97F4A7C15) & MASK)


def uniform_of(seed, part):
    return (random_of(seed, part + 1) >> 11) * 2.0**-53


def made(number, is_bits):
    """3,000 values; those in the middle third come from elsewhere, but in every fifth series."""
    values = []
    for i in range(3000):
        shift = 0.125 * (number % 5) if 1000 <= i < 2000 else 0.0
        if is_bits:
            values.append(int(uniform_of(number, i) < 0.0625 * (1 + number % 3) + shift))
        else:
            three = uniform_of(number, 3 * i) + uniform_of(number, 3 * i + 1) + uniform_of(number, 3 * i + 2)
            values.append(2 * (three - 1.5) + 4 * shift)
    return values


class OurDraws:
    """The generator of core/drift/kswin.cpp."""

    def __init__(self, seed):
        self.seed, self.looks = seed, 0

    def sample(self, population, count):
        order = list(population)
        for i in range(count):
            random = random_of(self.seed, self.looks * count + i + 1)
            other = i + (((random >> 32) * (len(order) - i)) >> 32)
            order[i], order[other] = order[other], order[i]
        self.looks += 1
        return order[:count]


class Kswin(drift.KSWIN):
    def _reset(self):
        super()._reset()
        self._rng = OurDraws(self.seed)


DETECTORS = {
    "ddm": lambda: binary.DDM(),
    "ddm 20 1.5 2.5": lambda: binary.DDM(20, 1.5, 2.5),
    "eddm": lambda: binary.EDDM(),
    "eddm 30 0.9 0.8": lambda: binary.EDDM(30, 0.9, 0.8),
    "hddm_a": lambda: binary.HDDMA(),
    "hddm_a two_sided_test": lambda: binary.HDDMA(two_sided_test=True),
    "hddm_w": lambda: binary.HDDMW(),
    "hddm_w two_sided_test": lambda: binary.HDDMW(two_sided_test=True),
    "page_hinkley up": lambda: drift.PageHinkley(mode="up"),
    "page_hinkley down": lambda: drift.PageHinkley(mode="down"),
    "page_hinkley both": lambda: drift.PageHinkley(),
    "page_hinkley both 10 0.1": lambda: drift.PageHinkley(30, 0.1, 10),
    "kswin": lambda: Kswin(seed=7),
    "kswin 200 100 0.0001": lambda: Kswin(alpha=0.0001, window_size=200, stat_size=100, seed=7),
}


def told(detector, values):
    warnings, drifts = 0, []
    for i, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            drifts.append(i)
        elif getattr(detector, "warning_detected", False):
            warnings += 1
    return warnings, drifts


def known():
    random = np.random.RandomState(12345)
    s1 = np.concatenate((random.randint(2, size=1000), random.randint(8, size=1000)))
    random = np.random.RandomState(12345)
    s2 = [random.binomial(1, share) for share in (0.2, 0.8) for _ in range(1000)]
    random = np.random.RandomState(12345)
    s3 = np.concatenate([random.normal(mean, 0.1, 500) > 0 for mean in (0.0, 0.25, 0.0, 0.25)])
    random = np.random.RandomState(31)
    bits = np.concatenate((random.binomial(1, 0.6, 1000), random.binomial(1, 0.8, 1000)))
    random = np.random.RandomState(31)
    levels = np.concatenate([random.normal(mean, spread, 100) for mean, spread in ((0, 0.5), (4, 0.2), (6, 0.5))])
    made_known = {name: [int(x) for x in values] for name, values in {"s1": s1, "s2": s2, "s3": s3, "bits": bits}.items()}
    return made_known | {"three_levels": [round(x, 6) for x in levels.tolist()]}


def shifted(seed, shift, is_bits):
    """2,000 normal values, as sums of uniform ones, that are larger by a shift from the middle on; or which are > 1.28."""
    values = []
    for i in range(2000):
        total = shift if i >= 1000 else 0.0
        for part in range(12):
            total += uniform_of(1000 + seed, 12 * i + part)
        values.append(int(total - 6 > 1.28) if is_bits else total - 6)
    return values


def delays(lines):
    """Of 20 series: drifts told before the change, series in which one is told behind it, how many values later."""
    for name in ["ddm", "eddm", "hddm_a", "hddm_w", "page_hinkley both", "kswin", "kswin 200 100 0.0001", "adwin"]:
        for shift in (0.5, 1.0, 2.0):
            false_alarms, later = 0, []
            for seed in range(20):
                is_bits = not name.startswith(("page_hinkley", "kswin", "adwin"))
                detector = drift.ADWIN() if name == "adwin" else DETECTORS[name]()
                drifts = told(detector, shifted(seed, shift, is_bits))[1]
                false_alarms += sum(i < 1000 for i in drifts)
                later += [i - 1000 for i in drifts if i >= 1000][:1]
            mean = sum(later) / len(later) if later else 0.0
            lines.writerow([name, shift, false_alarms, len(later), mean])
            print(f"{name:22} {shift} sd: {false_alarms:3} false, {len(later):2} of 20 told, {mean:6.1f} values later")


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data")
    with (out / "drift" / "delays.csv").open("w", newline="") as file:
        delays(csv.writer(file, lineterminator="\n"))
    with (out / "drift" / "detectors.csv").open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        series = known()
        for name, values in series.items():
            lines.writerow(["series", name, " ".join(map(repr, values))])
        # What the libraries' own tests state, of the same series.
        assert told(drift.PageHinkley(mode="up"), series["s3"])[1] == [588, 1681]
        assert told(drift.ADWIN(), series["s1"])[1] == [1023]
        assert told(binary.DDM(), series["s2"])[1] == [1049]
        assert told(binary.EDDM(alpha=0.9, beta=0.8), series["s2"])[1] == [1059]
        assert told(binary.HDDMA(), series["s2"])[1] == [1047]
        assert told(binary.HDDMW(), series["s2"])[1] == [1018]
        for number in range(20):
            series[f"r{number}"] = None
        for name, make in DETECTORS.items():
            is_numbers = name.startswith(("page_hinkley", "kswin"))
            for which, values in series.items():
                if which in ("bits", "three_levels") or (which == "s1" and not is_numbers):
                    continue
                warnings, drifts = told(make(), values or made(int(which[1:]), not is_numbers))
                lines.writerow([name, which, warnings, " ".join(map(str, drifts))])
        lines.writerow(["frouros ddm", "bits", "", "1131"])
        lines.writerow(["frouros cusum", "three_levels", "", "113 226"])


if __name__ == "__main__":
    main()
