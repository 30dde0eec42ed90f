"""What landing and content pages are made of."""

from .goods import CarouselBlock, CategoriesBlock, FeaturedBlock
from .words import (
    HeroBlock,
    NoticeBlock,
    PictureAndTextBlock,
    QuestionsBlock,
    QuoteBlock,
    picture,
    text,
)

CONTENT_BLOCKS = [
    ("text", text("components/rich_text.html")),
    ("picture", picture()),
    ("quote", QuoteBlock()),
    ("questions", QuestionsBlock()),
    ("notice", NoticeBlock()),
    ("featured", FeaturedBlock()),
]

LANDING_BLOCKS = [
    ("hero", HeroBlock()),
    ("featured", FeaturedBlock()),
    ("carousel", CarouselBlock()),
    ("categories", CategoriesBlock()),
    ("picture_and_text", PictureAndTextBlock()),
    ("quote", QuoteBlock()),
    ("questions", QuestionsBlock()),
    ("notice", NoticeBlock()),
    ("text", text("home/blocks/text.html")),
]
