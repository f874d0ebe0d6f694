"""`make bench`: events and orders first, on empty tables, then the pages, then products from a table.

`make bench ARGS=orders` measures one, `make bench ARGS="import --products 5000"` more products than usual.
"""

import argparse
import os
from dataclasses import replace

import django

SECTIONS = ("events", "orders", "pages", "import")


def main() -> None:
    """Measure what was asked for in the database and the broker that the environment names."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}: all of them"
    )
    parser.add_argument("--tiny", action="store_true", help="so few rounds that it only shows that it runs")
    parser.add_argument(
        "--products", type=int, help="how many the import brings in, or the pages show beside the demo shop's"
    )
    asked = parser.parse_args()
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(f"nobody measures {', '.join(sorted(unknown))}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from tools.bench import events, importing, orders, pages  # noqa: PLC0415  Django must be set up before models are imported

    for section in asked.sections or SECTIONS:
        if section == "events":
            events.measure(size=events.TINY if asked.tiny else events.Size())
        elif section == "orders":
            orders.measure(size=orders.TINY if asked.tiny else orders.Size())
        elif section == "import":
            brought = importing.TINY if asked.tiny else importing.Size()
            importing.measure(size=replace(brought, products=asked.products or brought.products))
        else:
            shown = pages.TINY if asked.tiny else pages.Size()
            pages.measure(size=replace(shown, products=asked.products or shown.products))


if __name__ == "__main__":
    main()
