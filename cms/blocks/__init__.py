"""The bands of which editors build pages. Each has a template of its own name under `cms/blocks/`."""

from cms.blocks.banner import BannerBlock
from cms.blocks.catalog import CategoryTilesBlock, ProductBlock, ProductGridBlock, StoryCardsBlock
from cms.blocks.films import FilmBlock
from cms.blocks.navigation import ColumnBlock, MenuEntryBlock
from cms.blocks.newsletter import NewsletterBlock
from cms.blocks.pictures import BandBlock, HeroBlock, PictureBlock
from cms.blocks.shopping import HotspotsBlock, LookBlock
from cms.blocks.words import FaqBlock, QuoteBlock, ServiceStripBlock, TextBlock

HOME = [
    ("hero", HeroBlock()),
    ("tiles", CategoryTilesBlock()),
    ("products", ProductGridBlock()),
    ("banner", BannerBlock()),
    ("hotspots", HotspotsBlock()),
    ("look", LookBlock()),
    ("stories", StoryCardsBlock()),
    ("band", BandBlock()),
    ("newsletter", NewsletterBlock()),
    ("service", ServiceStripBlock()),
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("film", FilmBlock()),
    ("quote", QuoteBlock()),
    ("product", ProductBlock()),
    ("faq", FaqBlock()),
]
STORY = [
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("film", FilmBlock()),
    ("quote", QuoteBlock()),
    ("product", ProductBlock()),
    ("products", ProductGridBlock()),
    ("hotspots", HotspotsBlock()),
    ("look", LookBlock()),
    ("faq", FaqBlock()),
]
PRODUCT = [
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("faq", FaqBlock()),
]
INFO = [("text", TextBlock()), ("faq", FaqBlock())]
MENU = [("entry", MenuEntryBlock())]
COLUMNS = [("column", ColumnBlock())]
