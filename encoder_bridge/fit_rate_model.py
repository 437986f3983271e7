#!/usr/bin/env python3
"""Fits the coefficients of rate_model.cc and prints them as C++.

usage: fit_rate_model.py ENCODES.jsonl...

Every line of the input is one encode through the hook with constant q_index
per frame type, as a JSON object:

  clip        name; residuals are judged by leaving out whole clips
  w, h        luma pixels
  stats       first-pass statistics, one row of the 25 numbers of
              FirstPassFrameStats per shown frame, in its order; lines that
              leave it out take it from the clip's first line
  frames      one row per coded frame: type, show index, place in the group,
              q_index, bits, ...

Use several base q_index values for each clip, so that they span the bitrates
of interest, and some variation of the key and ARF offsets.
"""

import json
import sys

import numpy as np

FIELDS = (
    "frame weight intra coded second noise inter motion second_ref neutral"
    " intra_low intra_high skip smooth rows cols mvr mvr_abs mvc mvc_abs mvr_var"
    " mvc_var in_out duration count"
).split()
COLUMN = {name: i for i, name in enumerate(FIELDS)}
KEY, INTER, ALT_REF = 0, 1, 2
REFERENCE_LOG_STEP = 5.3
RIDGE = 0.02

NAMES = {
    KEY: "one log_intra step step_log_intra skip smooth noise".split(),
    ALT_REF: (
        "one log_intra log_coded log_second log_length step step_log_coded"
        " motion neutral skip"
    ).split(),
    INTER: (
        "one log_intra log_coded log_coded_around log_second step"
        " step_log_coded motion neutral skip inter"
    ).split(),
}


def log_step(q):
    """LogQuantizerStep() of quantizer_step.cc."""
    if q >= 136:
        return np.log(200) + 0.018594 * (q - 136)
    if q >= 120:
        return np.log(152 + 3 * (q - 120))
    if q >= 95:
        return np.log(102 + 2 * (q - 95))
    return np.log(q + 7)


def row(kind, stats, show_index, last_reference, q):
    """The features of one coded frame, in the order of NAMES[kind]."""
    here = dict(zip(FIELDS, stats[show_index]))
    x = log_step(q) - REFERENCE_LOG_STEP
    if kind == KEY:
        intra = np.log1p(here["intra"])
        return [1, intra, x, x * intra, here["skip"], here["smooth"],
                np.sqrt(here["noise"])]
    first = last_reference + 1 if kind == ALT_REF else max(0, show_index - 2)
    first = min(first, show_index)
    last = show_index if kind == ALT_REF else show_index + 2
    mean = dict(zip(FIELDS, stats[first:last + 1].mean(axis=0)))
    if kind == ALT_REF:
        coded = np.log1p(mean["coded"])
        return [1, np.log1p(mean["intra"]), coded, np.log1p(mean["second"]),
                np.log(show_index + 1 - first), x, x * coded, mean["motion"],
                mean["neutral"], mean["skip"]]
    coded = np.log1p(here["coded"])
    return [1, np.log1p(here["intra"]), coded, np.log1p(mean["coded"]),
            np.log1p(here["second"]), x, x * coded, here["motion"],
            here["neutral"], here["skip"], here["inter"]]


def load(paths):
    """Returns, for each kind, clip names, features, ln(bits per MB), bits."""
    out = {kind: ([], [], [], []) for kind in NAMES}
    for path in paths:
        stats_of = {}
        for line in open(path, encoding="utf-8"):
            encode = json.loads(line)
            clip = encode["clip"]
            if "stats" in encode:
                stats_of[clip] = np.array(encode["stats"])
            macroblocks = ((encode["w"] + 15) // 16) * ((encode["h"] + 15) // 16)
            last_reference = 0
            for kind, show_index, _, q, bits, *_ in encode["frames"]:
                if kind in NAMES:
                    clips, features, logs, sizes = out[kind]
                    clips.append(clip)
                    features.append(row(kind, stats_of[clip], show_index,
                                        last_reference, q))
                    logs.append(np.log((bits + 40) / macroblocks))
                    sizes.append(bits)
                if kind in (KEY, ALT_REF):
                    last_reference = show_index
    return {k: tuple(map(np.array, v)) for k, v in out.items()}


def ridge(x, y, weight):
    a = x * weight[:, None]
    penalty = RIDGE * np.eye(x.shape[1])
    penalty[0, 0] = 0
    return np.linalg.solve(a.T @ x + penalty, a.T @ y)


def main():
    data = load(sys.argv[1:])
    for kind, name in ((KEY, "kKey"), (ALT_REF, "kAltRef"), (INTER, "kLeaf")):
        clips, x, y, bits = data[kind]
        weight = np.zeros(len(y))
        for clip in np.unique(clips):
            here = clips == clip
            # Half by bits, half by frames: both sums and details matter.
            weight[here] = 0.5 * bits[here] / bits[here].sum() + 0.5 / here.sum()
        of_clips, residuals = [], np.zeros(len(y))
        for clip in np.unique(clips):
            here = clips == clip
            fit = ridge(x[~here], y[~here], weight[~here])
            error = y[here] - x[here] @ fit
            of_clips.append(np.log(bits[here].sum() / np.sum(
                bits[here] / np.exp(error))))
            residuals[here] = error - np.average(error, weights=weight[here])
        within = np.sqrt(np.average(residuals**2, weights=weight))
        fit = ridge(x, y, weight)
        # The mean of logarithms is below the logarithm of the mean.
        fit[0] += np.mean(of_clips)
        print(f"// {len(of_clips)} clips, {len(y)} frames; left-out clips: off"
              f" by {np.std(of_clips):.2f} (ln), frames within by {within:.2f}.")
        print(f"constexpr struct {{\n  double {', '.join(NAMES[kind])};")
        print(f"}} {name} = {{")
        print("".join(f"    .{n} = {v:.4f},\n" for n, v in zip(NAMES[kind], fit)),
              end="")
        print("};")


if __name__ == "__main__":
    main()
