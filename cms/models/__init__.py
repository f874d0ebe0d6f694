from cms.models.categories import CategoryIndexPage, CategoryPage
from cms.models.failures import ProjectionFailure
from cms.models.home import HomePage
from cms.models.imports import CatalogImport, FetchedPicture, ImportRow
from cms.models.info import InfoPage
from cms.models.media import ShopDocument, ShopImage, ShopRendition
from cms.models.products import ProductDetail, ProductIndexPage, ProductPage, ProductPicture, ProductVariant
from cms.models.settings import ShopSettings
from cms.models.stories import StoryIndexPage, StoryPage

__all__ = [
    "CatalogImport",
    "CategoryIndexPage",
    "CategoryPage",
    "FetchedPicture",
    "HomePage",
    "ImportRow",
    "InfoPage",
    "ProductDetail",
    "ProductIndexPage",
    "ProductPage",
    "ProductPicture",
    "ProductVariant",
    "ProjectionFailure",
    "ShopDocument",
    "ShopImage",
    "ShopRendition",
    "ShopSettings",
    "StoryIndexPage",
    "StoryPage",
]
