"""The bands of which editors build pages. Each has a template of its own name under `cms/blocks/`."""

from cms.blocks.catalog import CategoryTilesBlock, ProductBlock, ProductGridBlock, StoryCardsBlock
from cms.blocks.pictures import BandBlock, HeroBlock, PictureBlock
from cms.blocks.words import FaqBlock, QuoteBlock, ServiceStripBlock, TextBlock

HOME = [
    ("hero", HeroBlock()),
    ("tiles", CategoryTilesBlock()),
    ("products", ProductGridBlock()),
    ("stories", StoryCardsBlock()),
    ("band", BandBlock()),
    ("service", ServiceStripBlock()),
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("product", ProductBlock()),
    ("faq", FaqBlock()),
]
STORY = [
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("product", ProductBlock()),
    ("products", ProductGridBlock()),
    ("faq", FaqBlock()),
]
PRODUCT = [
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("faq", FaqBlock()),
]
INFO = [("text", TextBlock()), ("faq", FaqBlock())]
