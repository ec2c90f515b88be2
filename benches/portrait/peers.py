"""OpenCV's way from a camera's file to a portrait, with HivisionIDPhotos' size loop: processor's milliseconds.

peers.py FILE X Y WIDTH HEIGHT ROUNDS: prints the middle of the rounds. The crop is for free; imread turns the
picture upright by itself.
"""

import statistics
import sys
import time

import cv2

LIMIT = 40_000


def portrait(file, x, y, width, height):
    picture = cv2.imread(file)
    part = picture[y : y + height, x : x + width]
    small = cv2.resize(part, (480, 640), interpolation=cv2.INTER_AREA)
    for quality in range(95, 0, -5):
        _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) <= LIMIT:
            return data


cv2.setNumThreads(1)
file, *numbers = sys.argv[1:]
x, y, width, height, rounds = (round(float(number)) for number in numbers)
took = []
for _ in range(rounds):
    began = time.process_time()
    portrait(file, x, y, width, height)
    took.append((time.process_time() - began) * 1000)
print(statistics.median(took))
