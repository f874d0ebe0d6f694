"""Take the demo shop's pictures: render each scene, press it to a JPEG, write the manifest.

A picture that exists is left alone, so the work can be stopped and taken up again at any time.
"""

import argparse
import io
import json
import tempfile
import time
import zlib
from pathlib import Path

import heroes
import home
import kit
import scent
import tableware
import tea
from picture import Picture
from PIL import Image, ImageFilter

HERE = Path(__file__).resolve().parent
MASTERS = HERE.parents[1] / "cms" / "demo" / "pictures"
LICENCE = "CC0-1.0"
HEAVIEST = 120_000
FAMILIES = (tableware, tea, scent, home, heroes)


def main() -> None:
    """Render what is missing, in order of need."""
    asked = _arguments()
    pictures = [(picture, family.__name__) for family in FAMILIES for picture in family.PICTURES]
    asked.out.mkdir(parents=True, exist_ok=True)
    for picture, _ in sorted(pictures, key=lambda pair: pair[0].first):
        if asked.only and not any(word in picture.name for word in asked.only):
            continue
        master = asked.out / f"{picture.name}.jpg"
        if master.exists() and not asked.force:
            continue
        started = time.monotonic()
        _take(picture, master=master, asked=asked)
        _write_manifest(pictures, folder=asked.out, taken={master.name: asked.samples or _samples(picture)})
        print(
            f"{picture.name}: {master.stat().st_size // 1000} KB, {time.monotonic() - started:.0f} s",
            flush=True,
        )
    _write_manifest(pictures, folder=asked.out, taken={})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", action="append", help="take only pictures whose name holds this; may be repeated"
    )
    parser.add_argument("--force", action="store_true", help="take pictures again that exist")
    parser.add_argument(
        "--share", type=float, default=2 / 3, help="share of the final size that is rendered (0-1)"
    )
    parser.add_argument("--samples", type=int, help="light paths per point, instead of 12 to 24")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=MASTERS)
    return parser.parse_args()


def _take(picture: Picture, *, master: Path, asked: argparse.Namespace) -> None:
    kit.clear_stage()
    picture.scene()
    size = tuple(round(side * asked.share) for side in picture.size)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.png"
        kit.shoot(
            to=raw, size=size, samples=asked.samples or _samples(picture), seed=_seed(picture), threads=asked.threads,
            exposure=picture.exposure,
        )  # fmt: skip
        _press(raw, to=master, size=picture.size if asked.share > 0.5 else size)


def _press(raw: Path, *, to: Path, size: tuple[int, int]) -> None:
    """Bring to size, sharpen a little, and keep the best quality that stays light enough to commit."""
    image = Image.open(raw).convert("RGB")
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.UnsharpMask(1.2, 60, 1))
    for quality in range(95, 40, -3):
        pressed = io.BytesIO()
        image.save(pressed, "JPEG", quality=quality, progressive=True, optimize=True, subsampling="4:2:0")
        if pressed.tell() <= HEAVIEST:
            break
    part = to.with_suffix(".part")
    part.write_bytes(pressed.getvalue())
    part.replace(to)


def _samples(picture: Picture) -> int:
    """The first picture of a product is looked at most; the others are as clean after denoising with fewer paths."""
    return {1: 24, 2: 16}.get(picture.first, 12)


def _seed(picture: Picture) -> int:
    return zlib.crc32(picture.name.encode()) % 10_000


def _write_manifest(pictures: list[tuple[Picture, str]], *, folder: Path, taken: dict[str, int]) -> None:
    """Tell of every master that lies in `folder`; `taken` holds the samples of those just rendered."""
    manifest = folder / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else []
    samples = {row["file"]: row["samples"] for row in known} | taken
    rows = [
        {
            "file": f"{picture.name}.jpg",
            "role": picture.role,
            "product": picture.product,
            "colour": picture.colour,
            "alt": {"ko": picture.ko, "en": picture.en},
            "width": picture.size[0],
            "height": picture.size[1],
            "script": f"tools/pictures/{script}.py",
            "seed": _seed(picture),
            "samples": samples.get(f"{picture.name}.jpg", _samples(picture)),
            "licence": LICENCE,
        }
        for picture, script in pictures
        if (folder / f"{picture.name}.jpg").exists()
    ]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    manifest.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
