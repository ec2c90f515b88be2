"""The readers written in C and C++: zxing-cpp and zbar, through their Python wheels.

peers.py FOLDER FIRST LAST reads FOLDER/CLASS-SEED-vVV.grey of 1280x720 with FIRST <= SEED < LAST, and prints for
each engine and frame: engine, class, read right (1 or 0), read wrong, milliseconds of this thread's processor.
"""

import glob
import os
import sys
import time

import numpy
import pyzbar.pyzbar
import zxingcpp
from PIL import Image


def zxing(grey):
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.bytes for code in found]


def blurred(grey):
    wide = numpy.pad(grey.astype(numpy.uint16), 1, mode="edge")
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return ((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) // 9).astype(numpy.uint8)


def stretched(grey):
    least, most = numpy.percentile(grey, (1, 99))
    return numpy.clip((grey - least) * (255.0 / max(most - least, 1)), 0, 255).astype(numpy.uint8)


def zxing_ladder(grey):
    """The rungs that made the most of it when it was measured (facts/window.md section 6)."""
    found = zxing(grey)
    if not found:
        soft = blurred(grey)
        found = zxing(soft)
    if not found:
        height, width = grey.shape
        large = Image.fromarray(stretched(soft)).resize((2 * width, 2 * height), Image.BILINEAR)
        found = zxing(numpy.array(large))
    return found


def zbar(grey):
    found = pyzbar.pyzbar.decode(Image.fromarray(grey), symbols=[pyzbar.pyzbar.ZBarSymbol.QRCODE])
    return [code.data for code in found]


ENGINES = {
    "zxing-cpp 3.1 plain": zxing,
    "zxing-cpp 3.1 ladder": zxing_ladder,
    "zbar 0.23": zbar,
}

folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for file in sorted(glob.glob(os.path.join(folder, "*.grey"))):
    name, seed, _ = os.path.basename(file).split("-")
    if not first <= int(seed) < last:
        continue
    grey = numpy.fromfile(file, numpy.uint8).reshape(720, 1280)
    with open(file[:-5] + ".text", "rb") as text:
        want = text.read()
    for engine, read in ENGINES.items():
        began = time.thread_time()
        texts = read(grey)
        ms = 1000 * (time.thread_time() - began)
        wrong = any(text != want for text in texts)
        print(engine, name, int(want in texts), int(wrong), "%.2f" % ms, sep="\t")
