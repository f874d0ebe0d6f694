"""What the demo shop says of its season: bands of the first page, and a landing page."""

from datetime import timedelta
from typing import Any

from wagtail.rich_text import RichText

from cms.demo.content import season as content
from cms.demo.kinds import Shot
from cms.demo.publishing import publish
from cms.models import LandingPage

WINDOW = timedelta(days=21)  # as long as the demo's sale
Band = tuple[str, Any]


def front(builder: Any, language: str) -> dict[str, Band]:
    """Return the bands of the first page by name."""
    words = content.WORDS[language]
    return {
        "banner": _banner(builder, words, language),
        "hotspots": hotspots(builder, words["spots"], "story-hero", content.TEA_POINTS, language=language),
        "look": _look(builder, words, language, link=f"{_prefix(language)}/{content.SLUG}/"),
        "newsletter": ("newsletter", dict(zip(("heading", "text"), words["news"], strict=True))),
    }


def landing(builder: Any) -> None:
    """Publish the landing page in both languages, unless it is there."""
    page = LandingPage.objects.child_of(builder.home).filter(slug=content.SLUG).first()
    words = content.WORDS["ko"]
    if page is None:
        made = LandingPage(
            title=words["title"],
            slug=content.SLUG,
            search_description=words["seo"],
            body=_bands(builder, "ko"),
            locale=builder.ko,
            live=False,
        )
        page = publish(builder.home.add_child(instance=made))
    english = content.WORDS["en"]
    builder.english(page, english["title"], search_description=english["seo"], body=_bands(builder, "en"))


def hotspots(
    builder: Any, heading: str, file: str, points: tuple[tuple[str, int, int], ...], *, language: str
) -> Band:
    """Return a picture with points; `points` are products with their places in per cent."""
    rows = [
        {"product": builder.local(builder.goods[slug], language), "x": x, "y": y, "note": ""}
        for slug, x, y in points
    ]
    return "hotspots", {"heading": heading, "text": "", **_picture(builder, file, language), "points": rows}


def _bands(builder: Any, language: str) -> list[Band]:
    words, home = content.WORDS[language], _prefix(language)
    hero, pieces = words["hero"], [builder.local(builder.goods[slug], language) for slug in content.PIECES]
    questions = [{"question": ask, "answer": RichText(answer)} for ask, answer in words["questions"]]
    return [
        (
            "hero",
            {
                **_picture(builder, "home-hero", language),
                **{key: hero[key] for key in ("eyebrow", "heading", "text")},
                "link": {"address": f"{home}/c/tableware/", "text": hero["link"]},
            },
        ),
        ("text", RichText(words["intro"])),
        hotspots(builder, words["table"], "soban-scale", content.TABLE_POINTS, language=language),
        _look(builder, words, language, file="tea-tray-scale", link=f"{home}/stories/setting-a-tea-table/"),
        (
            "products",
            {"heading": words["pieces"], "source": "picked", "products": pieces, "limit": 4, "link": {}},
        ),
        ("faq", {"heading": words["asked"], "questions": questions}),
        ("newsletter", dict(zip(("heading", "text"), words["news"], strict=True))),
    ]


def _banner(builder: Any, words: dict[str, Any], language: str) -> Band:
    eyebrow, heading, text, link = words["banner"]
    return "banner", {
        "eyebrow": eyebrow,
        "heading": heading,
        "text": text,
        "starts": builder.now,
        "ends": builder.now + WINDOW,
        "countdown": True,
        "link": {"address": f"{_prefix(language)}/c/on-sale/", "text": link},
    }


def _look(
    builder: Any, words: dict[str, Any], language: str, *, file: str = "soban-scale", link: str
) -> Band:
    key = "look" if file == "soban-scale" else "tea"
    heading, text, more = words[key]
    goods = [builder.local(builder.goods[slug], language) for slug in content.LOOKS[key]]
    picture = _picture(builder, file, language)
    return "look", {
        "heading": heading,
        "text": text,
        **picture,
        "products": goods,
        "link": {"address": link, "text": more},
    }


def _picture(builder: Any, file: str, language: str) -> dict[str, Any]:
    shot = Shot(file=file, ko=content.PICTURES[file][0], en=content.PICTURES[file][1])
    return {
        "image": builder.pictures.image(file, title=shot.ko),
        "alt": builder.pictures.alt(shot, language),
    }


def _prefix(language: str) -> str:
    return "" if language == "ko" else f"/{language}"
