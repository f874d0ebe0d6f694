"""Pages and pictures for tests."""

from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Locale, Page, Site

from cms.models import (
    CategoryIndexPage,
    CategoryPage,
    HomePage,
    ProductDetail,
    ProductIndexPage,
    ProductPage,
    ProductPicture,
    ProductVariant,
    ShopImage,
    StoryIndexPage,
)


class Shop:
    """An empty shop in two languages: home, lists, one site."""

    def __init__(self) -> None:
        self.ko = Locale.objects.get(language_code="ko")
        self.en, _created = Locale.objects.get_or_create(language_code="en")
        root = Page.get_first_root_node()
        self.home = root.add_child(instance=HomePage(title="마루", slug="maru", locale=self.ko))
        site = Site.objects.get(is_default_site=True)
        site.root_page, site.hostname = self.home, "testserver"
        site.save()
        self.products = self.home.add_child(instance=ProductIndexPage(title="상품", slug="p", locale=self.ko))
        self.categories = self.home.add_child(
            instance=CategoryIndexPage(title="분류", slug="c", locale=self.ko)
        )
        self.stories = self.home.add_child(
            instance=StoryIndexPage(title="이야기", slug="stories", locale=self.ko)
        )

    def translate(self, page: Any) -> Any:
        """Return the draft translation of a page, its parents copied as aliases."""
        return page.copy_for_translation(self.en, copy_parents=True)


def image(title: str = "그릇", *, width: int = 40, height: int = 50) -> ShopImage:
    """Return a stored picture."""
    data = BytesIO()
    Image.new("RGB", (width, height), "#dad4c8").save(data, "JPEG")
    data.seek(0)
    return ShopImage.objects.create(title=title, file=ImageFile(data, name=f"{title}.jpg"))


def product(
    shop: Shop, *, slug: str = "rice-bowl", skus: tuple[str, ...] = ("RB-W", "RB-C"), **fields: Any
) -> Any:
    """Return a draft product with one variant per SKU at 10,000, 11,000, … won."""
    page = ProductPage(
        title=fields.pop("title", "백자 밥공기"),
        slug=slug,
        locale=shop.ko,
        live=fields.pop("live", False),
        option1_name="색상",
        option1_name_en="Colour",
        summary="매일의 밥 한 그릇",
        notice_kind="kitchen",
        notice_in_description=True,
        **fields,
    )
    picture = image(slug)
    page.pictures = [ProductPicture(image=picture, role="scale", alt="흰 밥공기", alt_en="A white rice bowl")]
    page.details = [ProductDetail(name="소재", value="백자토")]
    page.variants = [
        ProductVariant(
            sku=sku,
            option1=f"{sku} 색",
            option1_en=f"{sku} colour",
            price=10_000 + 1_000 * index,
            image=picture,
            weight=300,
        )
        for index, sku in enumerate(skus)
    ]
    return shop.products.add_child(instance=page)


def category(shop: Shop, *, slug: str, title: str, parent: Any = None, publish: bool = True) -> CategoryPage:
    """Return a category page, published unless told otherwise."""
    page = (parent or shop.categories).add_child(
        instance=CategoryPage(title=title, slug=slug, locale=shop.ko, live=False)
    )
    if publish:
        page.save_revision().publish()
    return CategoryPage.objects.get(pk=page.pk)


def publish(page: Any) -> Any:
    """Publish a page as it is in memory and return it as it is stored."""
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)
