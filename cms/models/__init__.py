from cms.models.categories import CategoryIndexPage, CategoryPage, CollectionPick
from cms.models.failures import ProjectionFailure
from cms.models.home import HomePage
from cms.models.imports import CatalogImport, FetchedPicture, ImportRow
from cms.models.info import InfoPage
from cms.models.landing import LandingPage
from cms.models.media import ShopDocument, ShopImage, ShopRendition
from cms.models.product_rows import ProductDetail, ProductPicture, ProductRelation, ProductVariant
from cms.models.products import ProductIndexPage, ProductPage
from cms.models.settings import ShopSettings
from cms.models.stories import StoryIndexPage, StoryPage
from cms.models.videos import ShopVideo
from cms.models.vocabulary import Brand, Guide, ProductAttribute, ProductType

__all__ = [
    "Brand",
    "CatalogImport",
    "CategoryIndexPage",
    "CategoryPage",
    "CollectionPick",
    "FetchedPicture",
    "Guide",
    "HomePage",
    "ImportRow",
    "InfoPage",
    "LandingPage",
    "ProductAttribute",
    "ProductDetail",
    "ProductIndexPage",
    "ProductPage",
    "ProductPicture",
    "ProductRelation",
    "ProductType",
    "ProductVariant",
    "ProjectionFailure",
    "ShopDocument",
    "ShopImage",
    "ShopRendition",
    "ShopSettings",
    "ShopVideo",
    "StoryIndexPage",
    "StoryPage",
]
