"""An icon that Wagtail does not draw leaves a gap in menus and headings, and nobody is told."""

import re
from pathlib import Path

from wagtail.admin.icons import get_icons

ROOT = Path(__file__).parents[2]
IN_CODE = re.compile(r'\b(?:icon|icon_name|header_icon|menu_icon)\s*=\s*"([a-z0-9-]+)"')
IN_TEMPLATES = re.compile(r'{% icon (?:name=)?"([a-z0-9-]+)"')


def named() -> dict[str, str]:
    """Return every icon that the back office names, and a file that does."""
    found = {}
    files = [*ROOT.glob("cms/**/*.py"), *ROOT.glob("workers/**/*.py"), *ROOT.glob("site/templates/**/*.html")]
    for file in files:
        text = file.read_text()
        for name in IN_CODE.findall(text) + IN_TEMPLATES.findall(text):
            found[name] = str(file.relative_to(ROOT))
    return found


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'id="icon-([a-z0-9-]+)"', get_icons()))
    used = named()

    assert len(used) > 20
    assert {name: file for name, file in used.items() if name not in drawn} == {}
