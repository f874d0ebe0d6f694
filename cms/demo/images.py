"""The demo shop's pictures: rendered photographs, or plain grounds in their place until they are there."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image

from cms.demo.kinds import Shot
from cms.models import ShopImage

FOLDER = Path(__file__).parent / "pictures"
WIDE = ("home-hero", "story-hero")
PORTRAIT, LANDSCAPE = (1200, 1500), (2000, 1125)
GROUNDS = ("#e4dfd5", "#d9d2c5", "#cfd6cf", "#dcd6d0", "#d3cbc0", "#c9d0cc")


class Pictures:
    """Finds or makes the picture of a file name, once each."""

    def __init__(self, *, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.seen: dict[str, ShopImage] = {}
        self.renewed = False  # whether a photograph took the place of a ground: the shop must be told
        manifest = folder / "manifest.json"
        rows = json.loads(manifest.read_text()) if manifest.exists() else []
        self.told: dict[str, dict[str, Any]] = {row["file"]: row for row in rows}

    def alt(self, shot: Shot, language: str) -> str:
        """Return what a picture shows: as its maker said, else as the content says."""
        told = self.told.get(f"{shot.file}.jpg", {}).get("alt", {})
        return str(told.get(language) or getattr(shot, language))

    def image(self, file: str, *, title: str) -> ShopImage:
        """Return the stored picture; the credit says honestly how it was made and which file it is."""
        if file not in self.seen:
            source = self.folder / f"{file}.jpg"
            kind = "연출 이미지(3D)" if source.exists() else "자리 표시"
            self.seen[file] = self._find(file, source) or ShopImage.objects.create(
                title=title,
                file=ImageFile(self._data(file, source), name=f"{file}.jpg"),
                credit=f"{kind} · {file}",
            )
        return self.seen[file]

    def _find(self, file: str, source: Path) -> ShopImage | None:
        """Return what an earlier run stored; a placeholder gives way to the photograph that has come since."""
        found: ShopImage | None = ShopImage.objects.filter(credit__endswith=f"· {file}").first()
        if found and found.credit.startswith("자리") and source.exists():
            found.file = ImageFile(self._data(file, source), name=f"{file}.jpg")
            found.credit = f"연출 이미지(3D) · {file}"
            found.file_size, found.file_hash = None, ""
            found.save()
            self.renewed = True
            found.renditions.all().delete()
        return found

    def _data(self, file: str, source: Path) -> BytesIO:
        if source.exists():
            return BytesIO(source.read_bytes())
        width, height = LANDSCAPE if file in WIDE else PORTRAIT
        ground = Image.new("RGB", (1, 2))
        ground.putpixel((0, 0), _colour(GROUNDS[sum(file.encode()) % len(GROUNDS)]))
        ground.putpixel((0, 1), _colour("#f1eee8"))
        data = BytesIO()
        ground.resize((width, height), Image.Resampling.BILINEAR).save(data, "JPEG", quality=80)
        data.seek(0)
        return data


def _colour(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
