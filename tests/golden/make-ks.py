"""Writes ks.json: the Kuramoto-Sivashinsky equation by a method that shares nothing with ours.

Fourier modes, exponential time differencing of fourth order (Kassam and Trefethen 2005, DOI 10.1137/S1064827502410633), 256
points, a step of 0.002. Needs numpy: python make-ks.py
"""

import json
from pathlib import Path

import numpy as np

POINTS, FINE, LENGTH, DT = 64, 256, 8 * np.pi, 0.002
TIMES = [0.25, 1.0, 4.0]

x = np.arange(FINE) * LENGTH / FINE
k = np.arange(FINE // 2 + 1) * 2 * np.pi / LENGTH
linear = k**2 - k**4
z = DT * linear[:, None] + np.exp(1j * np.pi * (np.arange(1, 33) - 0.5) / 32)


def contour(values):
    return DT * np.real(np.mean(values, axis=1))


whole, half = np.exp(DT * linear), np.exp(DT * linear / 2)
q = contour((np.exp(z / 2) - 1) / z)
f1 = contour((-4 - z + np.exp(z) * (4 - 3 * z + z**2)) / z**3)
f2 = contour((2 + z + np.exp(z) * (-2 + z)) / z**3)
f3 = contour((-4 - 3 * z - z**2 + np.exp(z) * (4 - z)) / z**3)

start = np.cos(2 * np.pi * x / LENGTH) * (1 + np.sin(4 * np.pi * x / LENGTH)) + 0.3 * np.sin(6 * np.pi * x / LENGTH)
force = 0.2 * np.sin(2 * np.pi * x / LENGTH + 1)
forced = np.fft.rfft(force)


def nonlinear(v):
    return forced - 0.5j * k * np.fft.rfft(np.fft.irfft(v, FINE) ** 2)


def step(v):
    n0 = nonlinear(v)
    a = half * v + q * n0
    na = nonlinear(a)
    b = half * v + q * na
    nb = nonlinear(b)
    c = half * a + q * (2 * nb - n0)
    return whole * v + n0 * f1 + 2 * (na + nb) * f2 + nonlinear(c) * f3


v = np.fft.rfft(start)
fields, made = {}, 0
for time in TIMES:
    for _ in range(round(time / DT) - made):
        v = step(v)
    made = round(time / DT)
    fields[str(time)] = np.fft.irfft(v, FINE)[:: FINE // POINTS].tolist()
thin = slice(None, None, FINE // POINTS)
golden = {"start": start[thin].tolist(), "force": force[thin].tolist(), "fields": fields}
Path(__file__).with_name("ks.json").write_text(json.dumps(golden, indent=2) + "\n")
