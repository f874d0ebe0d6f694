"""Build the demo shop's pages. What exists already is left as its editors made it."""

from datetime import datetime
from typing import Any

from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from cms.demo import extras, season
from cms.demo.content import company, front, home, info, scent, shelves, story, tableware, tea
from cms.demo.content.extras import COLLECTIONS
from cms.demo.images import Pictures
from cms.demo.kinds import Good, Info, Shelf, Shot, Words
from cms.demo.publishing import publish
from cms.models import (
    CategoryIndexPage,
    CategoryPage,
    CollectionPick,
    HomePage,
    InfoPage,
    ProductDetail,
    ProductIndexPage,
    ProductPage,
    ProductPicture,
    ProductVariant,
    ShopSettings,
    StoryIndexPage,
    StoryPage,
)

GOODS: list[Good] = [*tableware.GOODS, *tea.GOODS, *scent.GOODS, *home.GOODS]

HONEST = {
    "ko": ("이미지", "연출 이미지(3D)"),
    "en": ("Pictures", "Staged, 3D renderings"),
}  # no camera saw these


class Builder:
    """Builds the pages in order: frame, shelves, goods, story, information, first page."""

    def __init__(self, *, pictures: Pictures, now: datetime) -> None:
        self.pictures, self.now = pictures, now
        self.ko = Locale.objects.get_or_create(language_code="ko")[0]
        self.en = Locale.objects.get_or_create(language_code="en")[0]
        self.shelves: dict[str, CategoryPage] = {}
        self.goods: dict[str, ProductPage] = {}

    def build(self) -> None:
        """Build everything that is not there yet."""
        self.home = self._home()
        self.products = self._index(ProductIndexPage(title="상품", slug="p"), "Products")
        self.categories = self._index(CategoryIndexPage(title="분류", slug="c"), "Categories")
        intro = "물건을 고르는 이유를 적습니다."
        self.stories = self._index(
            StoryIndexPage(title="이야기", slug="stories", intro=intro),
            "Stories",
            intro="Why we chose each thing.",
        )
        for shelf in shelves.SHELVES:
            self._shelf(shelf)
        self.words = extras.Vocabulary()
        for good in reversed(GOODS):  # the last one published is the newest: the moon jar's shelf comes first
            self._good(good)
        for good in GOODS:
            page = self.goods[good.slug]
            if extras.relate(page=page, good=good, goods=self.goods):
                self.goods[good.slug] = publish(page)
        extras.remember_regular_prices(now=self.now)
        for slug, korean, english, rule in COLLECTIONS:
            self._collection(slug, korean, english, rule)
        self._story()
        pages = [self._info(page) for page in info.PAGES]
        season.landing(self)
        self._front()
        self._settings(pages)

    # --- the frame ------------------------------------------------------------------------------------

    def _home(self) -> Any:
        found = HomePage.objects.filter(locale=self.ko, alias_of=None).first()
        if found:
            return found
        root = Page.get_first_root_node()
        home_page = root.add_child(instance=HomePage(title="마루", slug="maru", locale=self.ko, live=False))
        site = Site.objects.filter(is_default_site=True).first() or Site(
            is_default_site=True, hostname="localhost"
        )
        old = site.root_page if site.pk else None
        site.root_page, site.site_name = home_page, "마루"
        site.save()
        if old is not None and old.specific_class is Page and not old.is_root():
            old.delete()  # the page that welcomes to a new Wagtail
        return publish(home_page)

    def _index(self, page: Any, english: str, **words: str) -> Any:
        found = type(page).objects.filter(locale=self.ko, alias_of=None).first()
        if found:
            return found
        page.locale, page.live = self.ko, False
        stored = publish(self.home.add_child(instance=page))
        self.english(self.home, "Maru")
        self.english(stored, english, **words)
        return stored

    def english(self, page: Any, title: str, **fields: Any) -> Any:
        """Publish the English page of a Korean one, unless it is there."""
        found = page.get_translation_or_none(self.en)
        if found:
            return found
        parent = page.get_parent()
        at_top = parent.is_root()
        twin = type(page)(
            title=title,
            slug=f"{page.slug}-en" if at_top else page.slug,
            locale=self.en,
            translation_key=page.translation_key,
            live=False,
        )
        for name, value in fields.items():
            setattr(twin, name, value)
        above = parent if at_top else parent.get_translation(self.en)
        return publish(above.add_child(instance=twin))

    # --- shelves and goods ------------------------------------------------------------------------------

    def _shelf(self, shelf: Shelf) -> None:
        parent_path, _slash, slug = shelf.path.rpartition("/")
        parent = self.shelves.get(parent_path, self.categories)
        page = CategoryPage.objects.child_of(parent).filter(slug=slug).first()
        if page is None:
            shot = self._shot(shelf.picture)
            page = publish(
                parent.add_child(
                    instance=CategoryPage(
                        title=shelf.ko[0],
                        slug=slug,
                        intro=shelf.ko[1],
                        search_description=shelf.ko[1],
                        picture=self.pictures.image(shot.file, title=shot.ko),
                        picture_alt=self.pictures.alt(shot, "ko"),
                        picture_alt_en=self.pictures.alt(shot, "en"),
                        locale=self.ko,
                        live=False,
                    )
                )
            )
        self.english(page, shelf.en[0], intro=shelf.en[1], search_description=shelf.en[1])
        self.shelves[shelf.path] = page

    def _collection(
        self, slug: str, korean: tuple[str, str], english: tuple[str, str], rule: dict[str, Any]
    ) -> None:
        page = CategoryPage.objects.child_of(self.categories).filter(slug=slug).first()
        if page is None:
            words = {"title": korean[0], "intro": korean[1], "search_description": korean[1]}
            fields = {"fills": "rule", **rule}
            picked = fields.pop("picks", ())
            made = CategoryPage(slug=slug, locale=self.ko, live=False, **words, **fields)
            made.picks = [
                CollectionPick(product=self.goods[key], sort_order=place) for place, key in enumerate(picked)
            ]
            page = publish(self.categories.add_child(instance=made))
        self.english(page, english[0], intro=english[1], search_description=english[1])

    def _good(self, good: Good) -> None:
        page = ProductPage.objects.child_of(self.products).filter(slug=good.slug).first()
        if page is None:
            page = publish(self.products.add_child(instance=self._product(good)))
        else:
            for shot in good.pictures:
                self.pictures.image(shot.file, title=shot.ko)
        self.goods[good.slug] = page
        self.english(
            page,
            good.en.title,
            summary=good.en.summary,
            search_description=good.en.seo,
            body=_body(good.en),
            details=_details(good.en, HONEST["en"]),
            notice_values=extras.notice_of(good.en, extras.of(good), maker=1),
        )

    def _product(self, good: Good) -> ProductPage:
        page = ProductPage(
            title=good.ko.title,
            slug=good.slug,
            summary=good.ko.summary,
            search_description=good.ko.seo,
            body=_body(good.ko),
            option1_name=good.option[0],
            option1_name_en=good.option[1],
            rank=good.rank,
            locale=self.ko,
            live=False,
        )
        page.details = _details(good.ko, HONEST["ko"])
        page.pictures = [
            ProductPicture(
                image=self.pictures.image(shot.file, title=shot.ko),
                role=shot.role,
                sort_order=place,
                alt=self.pictures.alt(shot, "ko"),
                alt_en=self.pictures.alt(shot, "en"),
            )
            for place, shot in enumerate(good.pictures)
        ]
        page.variants = [
            ProductVariant(
                sku=choice.sku,
                sort_order=place,
                option1=choice.ko,
                option1_en=choice.en,
                price=choice.price,
                weight=choice.weight,
                image=self.pictures.image(choice.picture, title=good.ko.title),
            )
            for place, choice in enumerate(good.choices)
        ]
        page.categories = [self.shelves[path] for path in good.categories]
        extras.add(page=page, good=good, words=self.words, now=self.now)
        return page

    # --- words --------------------------------------------------------------------------------------------

    def _story(self) -> Any:
        page = StoryPage.objects.child_of(self.stories).filter(slug=story.SLUG).first()
        if page is None:
            shot = Shot(
                file=story.PICTURE, ko="호두나무 다반에 차린 찻자리", en="Tea set out on a walnut tray"
            )
            page = publish(
                self.stories.add_child(
                    instance=StoryPage(
                        title=story.KO["title"],
                        slug=story.SLUG,
                        summary=story.KO["summary"],
                        search_description=story.KO["summary"],
                        author=story.AUTHOR[0],
                        hero_image=self.pictures.image(shot.file, title=shot.ko),
                        hero_alt=self.pictures.alt(shot, "ko"),
                        body=self._story_body(story.KO["body"], "ko"),
                        locale=self.ko,
                        live=False,
                    )
                )
            )
            told = self.pictures.alt(shot, "en")
            self.english(
                page,
                str(story.EN["title"]),
                summary=story.EN["summary"],
                search_description=story.EN["summary"],
                author=story.AUTHOR[1],
                hero_image=page.hero_image,
                hero_alt=told,
                body=self._story_body(story.EN["body"], "en"),
            )
        return page

    def _story_body(self, blocks: Any, language: str) -> list[tuple[str, Any]]:
        return [self._story_block(block, language) for block in blocks]

    def _story_block(self, block: Any, language: str) -> tuple[str, Any]:
        kind, *rest = block
        if kind == "text":
            return kind, RichText(rest[0])
        if kind == "quote":
            return kind, {"text": rest[0], "source": rest[1]}
        if kind == "product":
            return kind, {"product": self.local(self.goods[rest[0]], language), "note": rest[1]}
        if kind == "hotspots":
            return season.hotspots(self, *rest, language=language)
        picked = [self.local(self.goods[slug], language) for slug in rest[0]]
        return kind, {"heading": rest[1], "source": "picked", "products": picked, "limit": len(picked)}

    def local(self, page: Any, language: str) -> Any:
        return page if language == "ko" else page.get_translation(self.en)

    def _info(self, page: Info) -> Any:
        found = InfoPage.objects.child_of(self.home).filter(slug=page.slug).first()
        if found is None:
            body = _info_body(page.ko[1], [(row[0], row[1]) for row in page.questions], "자주 묻는 질문")
            instance = InfoPage(title=page.ko[0], slug=page.slug, body=body, locale=self.ko, live=False)
            found = publish(self.home.add_child(instance=instance))
        body = _info_body(page.en[1], [(row[2], row[3]) for row in page.questions], "Questions")
        self.english(found, page.en[0], body=body)
        return found

    def _front(self) -> None:
        for language, words in (("ko", front.KO), ("en", front.EN)):
            page = self.local(self.home, language).specific
            if len(page.body):
                continue
            page.title = page.draft_title = "마루" if language == "ko" else "Maru"
            page.seo_title, page.search_description = words["title"], words["seo"]
            page.body = self._bands(words, language)
            publish(page)

    def _bands(self, words: dict[str, Any], language: str) -> list[tuple[str, Any]]:
        shot = Shot(
            file="home-hero",
            ko="달항아리와 흑유 접시, 청자 찻잔이 놓인 정물",
            en="Still life of a moon jar, a black plate and a celadon cup",
        )
        prefix = "" if language == "ko" else "/en"
        everything = f"{prefix}/c/"
        heading, text, link = words["newest"]
        bands = season.front(self, language)
        return [
            (
                "hero",
                {
                    "image": self.pictures.image(shot.file, title=shot.ko),
                    "alt": self.pictures.alt(shot, language),
                    **{key: words["hero"][key] for key in ("eyebrow", "heading", "text")},
                    "link": {"address": everything, "text": words["hero"]["link"]},
                },
            ),
            ("tiles", {"heading": words["tiles"], "show": "all", "categories": []}),
            (
                "products",
                {
                    "heading": heading,
                    "text": text,
                    "source": "newest",
                    "limit": 4,
                    "link": {"address": f"{everything}?sort=new", "text": link},
                },
            ),
            bands["banner"],
            bands["hotspots"],
            ("band", {"heading": words["band"][0], "text": words["band"][1], "link": {}}),
            (
                "products",
                {
                    "heading": words["picked"][0],
                    "text": words["picked"][1],
                    "source": "recommended",
                    "limit": 4,
                    "link": {},
                },
            ),
            bands["look"],
            (
                "stories",
                {
                    "heading": words["stories"][0],
                    "stories": [],
                    "link": {"address": f"{prefix}/stories/", "text": words["stories"][1]},
                },
            ),
            bands["newsletter"],
            ("service", {"promises": [{"heading": h, "text": t} for h, t in words["service"]]}),
        ]

    def _settings(self, pages: list[Any]) -> None:
        row = ShopSettings.for_site(Site.objects.get(is_default_site=True))
        if row.legal_name:
            return
        for name, value in company.SETTINGS.items():
            setattr(row, name, value)
        row.terms_page, row.privacy_page, row.shipping_page = pages
        row.save()

    def _shot(self, file: str) -> Shot:
        return next(shot for good in GOODS for shot in good.pictures if shot.file == file)


def _details(words: Words, honest: tuple[str, str]) -> list[ProductDetail]:
    rows = (*words.details, honest)
    return [
        ProductDetail(name=name, value=value, sort_order=place) for place, (name, value) in enumerate(rows)
    ]


def _body(words: Words) -> list[tuple[str, Any]]:
    blocks: list[tuple[str, Any]] = [("text", RichText(words.story))]
    if words.quote:
        blocks.append(("quote", {"text": words.quote[0], "source": words.quote[1]}))
    return blocks


def _info_body(text: str, questions: list[tuple[str, str]], heading: str) -> list[tuple[str, Any]]:
    blocks: list[tuple[str, Any]] = [("text", RichText(text))]
    if questions:
        rows = [{"question": question, "answer": RichText(answer)} for question, answer in questions]
        blocks.append(("faq", {"heading": heading, "questions": rows}))
    return blocks
