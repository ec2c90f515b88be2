#!/usr/bin/env python3
"""Makes NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf, the subset this program needs.

    python3 -m venv v && v/bin/pip install fonttools==4.68.0
    v/bin/python make.py [--verify]

Needs `npm` (fetches @expo-google-fonts/noto-sans-sc 0.4.3) and `apt-get`,
`dpkg-deb` of Debian 12 (fetches unicode-data 15.0.0-1, whose Unihan property
kTGH is the 通用规范汉字表 of 2013).  `--verify` only counts what the files
beside it hold (it still needs the table of the 8,105 characters).
"""
import argparse
import bz2
import hashlib
import pathlib
import subprocess
import tarfile
import tempfile

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
NPM = ("@expo-google-fonts/noto-sans-sc@0.4.3", "expo-google-fonts-noto-sans-sc-0.4.3.tgz")
FONTS = {
    "NotoSansSC-Regular.ttf": ("package/400Regular/NotoSansSC_400Regular.ttf", "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16"),
    "NotoSansSC-Bold.ttf": ("package/700Bold/NotoSansSC_700Bold.ttf", "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96"),
}
LICENSE_MEMBER = "package/LICENSE_FONT"

# rare characters of personal names outside (or late in) the table, as far as the font has them
NAMES = "㛃𬱖䶮𠅤𡈽𫍯𬭎𰻞鿍龦𤧛"
RANGES = {
    "ASCII": range(0x20, 0x7F),
    "Latin-1": range(0xA0, 0x100),
    "general punctuation": range(0x2000, 0x2070),
    "arrows": range(0x2190, 0x2200),
    "geometric shapes": range(0x25A0, 0x2600),
    "CJK symbols and punctuation": range(0x3000, 0x3040),
    "halfwidth and fullwidth forms": range(0xFF00, 0xFFF0),
}
MARKS = "✓✗✔✘✕✖●○■□▲▼◆★☆⚠√×≤≥≠≈±−∞°℃№‰①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㎜㎝㎏�"


def table(tmp):
    """The 8,105 characters of 通用规范汉字表."""
    subprocess.run(["apt-get", "-q", "download", "unicode-data=15.0.0-1"], cwd=tmp, check=True, stdout=subprocess.DEVNULL)
    deb = next(tmp.glob("unicode-data_*.deb"))
    subprocess.run(["dpkg-deb", "-x", deb, tmp / "ud"], check=True)
    text = bz2.decompress((tmp / "ud/usr/share/unicode/Unihan_OtherMappings.txt.bz2").read_bytes()).decode()
    chars, numbers = set(), set()
    for line in text.splitlines():
        f = line.split("\t")
        if len(f) == 3 and f[1] == "kTGH":
            chars.add(int(f[0][2:], 16))
            numbers |= {int(v.split(":")[1]) for v in f[2].split() if v.startswith("2013:")}
    assert len(chars) == 8105 and numbers == set(range(1, 8106)), (len(chars), len(numbers))
    return chars


def sha(data):
    return hashlib.sha256(data).hexdigest()


def count(path, wanted):
    cmap = TTFont(path).getBestCmap()
    print(f"{path.name}: {path.stat().st_size} bytes, sha256 {sha(path.read_bytes())}, {len(cmap)} characters")
    for name, points in wanted.items():
        have = [c for c in points if c in cmap]
        lack = "".join(chr(c) for c in points if c not in cmap)
        print(f"  {name}: {len(have)} of {len(points)}" + (f", lacks {lack}" if 0 < len(lack) <= 40 else ""))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--verify", action="store_true")
    opt = ap.parse_args()
    with tempfile.TemporaryDirectory() as d:
        tmp = pathlib.Path(d)
        chars = table(tmp)
        wanted = {"通用规范汉字表": sorted(chars), **{k: list(v) for k, v in RANGES.items()}}
        wanted["marks"] = [ord(c) for c in MARKS]
        wanted["names"] = [ord(c) for c in NAMES]
        if not opt.verify:
            subprocess.run(["npm", "pack", "--silent", NPM[0]], cwd=tmp, check=True, stdout=subprocess.DEVNULL)
            with tarfile.open(tmp / NPM[1]) as tar:
                (HERE / "OFL.txt").write_bytes(tar.extractfile(LICENSE_MEMBER).read())
                for out, (member, digest) in FONTS.items():
                    data = tar.extractfile(member).read()
                    assert sha(data) == digest, f"{member}: {sha(data)}"
                    (tmp / "in.ttf").write_bytes(data)
                    font = TTFont(tmp / "in.ttf", recalcTimestamp=False)
                    o = subset.Options()
                    o.layout_features = []  # the program sets one glyph per character
                    o.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "DSIG"]
                    o.name_IDs = ["*"]
                    o.name_languages = ["*"]
                    o.notdef_outline = True
                    o.glyph_names = False
                    o.hinting = True
                    s = subset.Subsetter(o)
                    s.populate(unicodes={c for points in wanted.values() for c in points})
                    s.subset(font)
                    font.save(HERE / out)
        for out in FONTS:
            count(HERE / out, wanted)


if __name__ == "__main__":
    main()
