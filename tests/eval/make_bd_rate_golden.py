#!/usr/bin/env python3
"""Works out BD-rate and BD-PSNR of real curves with SciPy's PCHIP.

    /usr/bin/python3 tests/eval/make_bd_rate_golden.py \\
        tests/eval/rd_curves.csv > tests/eval/bd_rate_golden.json

The CSV is what make_rd_curves.py writes.  Every two settings of a clip make a
pair; pairs without a common interval are left out and named on stderr.  Needs
SciPy (Debian: python3-scipy).
"""

import collections
import csv
import itertools
import json
import sys

import numpy as np
import scipy
from scipy.interpolate import PchipInterpolator


def mean_difference(x_anchor, y_anchor, x_test, y_test):
    low = max(min(x_anchor), min(x_test))
    high = min(max(x_anchor), max(x_test))
    if low >= high:
        return None
    anchor = PchipInterpolator(x_anchor, y_anchor).integrate(low, high)
    test = PchipInterpolator(x_test, y_test).integrate(low, high)
    return float((test - anchor) / (high - low))


def compare(anchor, test):
    rate_a, quality_a = np.array(sorted(anchor)).T
    rate_t, quality_t = np.array(sorted(test)).T
    for quality in (quality_a, quality_t):
        if np.any(np.diff(quality) <= 0):
            return None
    log_a, log_t = np.log(rate_a), np.log(rate_t)
    log_ratio = mean_difference(quality_a, log_a, quality_t, log_t)
    db = mean_difference(log_a, quality_a, log_t, quality_t)
    if log_ratio is None or db is None:
        return None
    return {"bd_rate_percent": 100 * (np.exp(log_ratio) - 1), "bd_psnr_db": db}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    clips = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(sys.argv[1], newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            clips[row["clip"]][row["setting"]].append(
                (float(row["bitrate_kbps"]), float(row["psnr_db"])))
    pairs = []
    for clip, settings in clips.items():
        for anchor, test in itertools.combinations(settings, 2):
            want = compare(settings[anchor], settings[test])
            if want is None:
                print(f"left out: {clip}, {test} against {anchor}",
                      file=sys.stderr)
                continue
            pairs.append({"name": f"{clip}: {test} against {anchor}",
                          "anchor": settings[anchor], "test": settings[test],
                          **want})
    print("{")
    print(f' "made_by": "make_bd_rate_golden.py, SciPy {scipy.__version__}",')
    print(' "pairs": [')
    print(",\n".join("  " + json.dumps(pair) for pair in pairs))
    print(" ]\n}")


if __name__ == "__main__":
    main()
