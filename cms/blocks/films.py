"""A band with a film."""

from typing import Any

from django.apps import apps
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms import languages
from cms.blocks.examples import Example, Sample


class FilmBlock(Example, StructBlock):
    """A film. One at YouTube or Vimeo is a picture until somebody presses play: before, nothing is asked of them."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    film = SnippetChooserBlock("cms.ShopVideo", label=_("Film"))
    caption = CharBlock(required=False, max_length=200, label=_("Caption"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """The newest film, or what one would look like."""
        video = apps.get_model("cms", "ShopVideo")
        title = sample.word("가마를 여는 아침", "The morning the kiln opens")
        stored = video.objects.select_related("poster").first()
        drawn = video(title=title, address="https://vimeo.com/123456789")
        drawn.still = sample.picture()
        return {"film": stored or drawn, "caption": title}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the film's words in the language of the page."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        film, language = value.get("film"), get_language() or languages.default()
        if film is None:
            return context
        tracks = [code for code in ("ko", "en") if film.captions_in(code)]
        still = getattr(film, "still", None) or film.poster
        return {
            **context,
            "title": film.title_in(language),
            "still": still,
            "tracks": tracks,
            "language": language,
        }

    class Meta:
        label = _("Film")
        group = _("Pictures")
        icon = "media"
        template = "cms/blocks/film.html"
        description = _("A film of your own, or one at YouTube or Vimeo that loads when shoppers want it")
