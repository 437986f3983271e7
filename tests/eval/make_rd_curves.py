#!/usr/bin/env python3
"""Measures real RD curves for the BD-rate tests, and writes them as CSV.

    tests/eval/make_rd_curves.py label=VIDEO... > tests/eval/rd_curves.csv

Each video is cut to 24 frames of 144 lines and encoded by vpxenc in two passes
with three settings at five rates each: two-pass VBR at --cpu-used=5 and =8,
and constant quality at --cpu-used=5.  A row is one encode:

    clip,setting,bitrate_kbps,psnr_db

Needs ffmpeg and vpxenc.  The numbers depend on the version of libvpx, which is
why they are committed: make_bd_rate_golden.py reads them.
"""

import os
import re
import subprocess
import sys
import tempfile

FRAMES = 24
LINES = 144
# Bits per pixel of the VBR settings, cq levels of the other.
BITS_PER_PIXEL = (0.03, 0.05, 0.08, 0.13, 0.21)
CQ_LEVELS = (55, 47, 39, 31, 23)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def scaled(video, folder):
    """Returns the path, width, height and frame rate of the scaled video."""
    path = os.path.join(folder, "source.y4m")
    run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1", "-i",
         video, "-an", "-vf", f"scale=-2:{LINES}", "-pix_fmt", "yuv420p",
         "-frames:v", str(FRAMES), path])
    with open(path, "rb") as source:
        header = source.readline().decode()
    number = {key: value for key, value in re.findall(r" ([WHF])(\S+)", header)}
    rate = [int(part) for part in number["F"].split(":")]
    return path, int(number["W"]), int(number["H"]), rate[0] / rate[1]


def encode(source, folder, fps, arguments):
    """Returns the bitrate in kbps and the mean PSNR in dB of one encode."""
    out = os.path.join(folder, "out.ivf")
    log = run(["vpxenc", "--codec=vp9", "--ivf", "--passes=2", "--good",
               "--psnr", "--threads=1", "--lag-in-frames=25",
               "--auto-alt-ref=1", *arguments, "-o", out, source])
    mean = re.findall(r"PSNR \(Overall/Avg/Y/U/V\)\s+\S+\s+(\S+)", log)[-1]
    # IVF: 32 bytes once and 12 for each packet, of which there is one a frame.
    payload = os.path.getsize(out) - 32 - 12 * FRAMES
    return payload * 8 * fps / FRAMES / 1000, float(mean)


def curves(video, folder):
    source, width, height, fps = scaled(video, folder)
    for speed in (5, 8):
        for bits in BITS_PER_PIXEL:
            kbps = max(1, round(bits * width * height * fps / 1000))
            yield (f"vbr{speed}",
                   *encode(source, folder, fps,
                           [f"--cpu-used={speed}", "--end-usage=vbr",
                            f"--target-bitrate={kbps}"]))
    for level in CQ_LEVELS:
        yield ("q5",
               *encode(source, folder, fps,
                       ["--cpu-used=5", "--end-usage=q",
                        f"--cq-level={level}"]))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print("clip,setting,bitrate_kbps,psnr_db")
    for argument in sys.argv[1:]:
        label, video = argument.split("=", 1)
        with tempfile.TemporaryDirectory() as folder:
            for setting, kbps, psnr_db in curves(video, folder):
                print(f"{label},{setting},{kbps:.4f},{psnr_db:.3f}", flush=True)


if __name__ == "__main__":
    main()
