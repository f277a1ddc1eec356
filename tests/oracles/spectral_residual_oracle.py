#!/usr/bin/env python3
"""Makes tests/data/detect/spectral_residual.txt: scores of the newest value by its spectral residual, as Ren et al. (KDD 2019) have it,
by numpy's transform.

    python3 -m venv VENV && VENV/bin/pip install numpy==2.4.6
    VENV/bin/python tests/oracles/spectral_residual_oracle.py [tests/data/detect]

Two lines a case: the values, and the score. As in the paper: the window goes on with 5 values that are estimated (of those before the
newest, as in the authors' code), the logarithms of the amplitudes are averaged over 3 (the spectrum is a ring), and the saliency is
compared with the mean of the 21 before. Beyond it, the mean is taken off first.
"""
import pathlib
import sys

import numpy as np

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "data" / "detect")
ESTIMATED, COMPARED = 5, 21


def score(values):
    x = np.array(values) - np.mean(values)
    past = x[:-1]
    slope = np.mean([(past[-1] - past[-1 - i]) / i for i in range(1, ESTIMATED + 1)])
    spectrum = np.fft.fft(np.append(x, [past[-ESTIMATED] + slope * ESTIMATED] * ESTIMATED))
    logs = np.log(np.abs(spectrum))
    averages = (np.roll(logs, 1) + logs + np.roll(logs, -1)) / 3
    saliency = np.abs(np.fft.ifft(np.exp(logs - averages + 1j * np.angle(spectrum))))[:len(x)]
    before = saliency[-1 - COMPARED:-1].mean()
    return (saliency[-1] - before) / before


draw = np.random.default_rng(5)
lines = []
for size in (32, 64, 128, 256):
    for odd in (0, 6, -9):
        at = np.arange(size - ESTIMATED)
        values = np.round(100 + 3 * np.sin(at / 4) + draw.normal(size=len(at)), 3)
        values[-1] += odd
        lines += [" ".join(repr(float(value)) for value in values), repr(float(score(values)))]
(OUT / "spectral_residual.txt").write_text("\n".join(lines) + "\n")
