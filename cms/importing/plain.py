"""A story as plain text and back: what a cell of a table can hold of it."""

import re
from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup
from django.utils.html import escape
from wagtail.rich_text import RichText

_SIMPLE = {"p", "br", "html", "body"}


def text_of(body: Any) -> str:
    """Return the words of the flowing texts of a story: a line break within, an empty line between paragraphs."""
    return "\n\n".join(filter(None, (_plain(_source(block)) for block in body if block.block_type == "text")))


def is_plain(body: Any) -> bool:
    """Return whether a story is nothing but one text of paragraphs: only such a one may be written anew from a cell."""
    blocks = list(body)
    if not blocks:
        return True
    if len(blocks) > 1 or blocks[0].block_type != "text":
        return False
    soup = BeautifulSoup(_source(blocks[0]), "html.parser")
    return all(tag.name in _SIMPLE for tag in soup.find_all(True))


def story(text: str) -> list[tuple[str, Any]]:
    """Return the story that a cell tells."""
    if not text:
        return []
    paragraphs = (escape(part).replace("\n", "<br/>") for part in re.split(r"\n\s*\n", text))
    return [("text", RichText("".join(f"<p>{part}</p>" for part in paragraphs)))]


def lines_of(rows: Iterable[Any]) -> str:
    """Return the lines of the product information as a cell: a name, a colon and a value in each."""
    return tidy_lines(
        "\n".join(f"{_one_line(row.name).replace(':', '：')}: {_one_line(row.value)}" for row in rows)
    )


def lines(text: str) -> list[tuple[str, str]]:
    """Return the lines that a cell says, each with its name; a line without a colon has none."""
    parts = (line.partition(":") for line in text.split("\n") if line.strip())
    return [(name.strip(), value.strip()) if colon else ("", name.strip()) for name, colon, value in parts]


def tidy_lines(text: str) -> str:
    """Return a cell of such lines as an export would have written it."""
    return "\n".join(f"{name}: {value}" if name else value for name, value in lines(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _source(block: Any) -> str:
    return str(getattr(block.value, "source", block.value))


def _plain(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for line in soup.find_all("br"):
        line.replace_with("\n")
    blocks = [tag for tag in soup.find_all(["p", "h2", "h3", "h4", "li"]) if not tag.find(["p", "li"])]
    parts = [tag.get_text().strip() for tag in blocks] if blocks else [soup.get_text().strip()]
    return "\n\n".join(filter(None, parts))
