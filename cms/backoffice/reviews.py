"""The addresses of reviews in the back office."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from cms.backoffice.read_only import ReadOnlyViewSet
from cms.backoffice.review_list import ReviewFilters, ReviewIndex
from cms.backoffice.review_pages import ReviewPage, judge_many, photo
from commerce.reviews.models import Review


class ReviewViewSet(ReadOnlyViewSet):
    """A list and a page; buyers write."""

    model = Review
    name = "reviews"
    icon = "openquote"
    menu_label = _("Reviews")
    list_per_page = 50
    form_fields = ["reply"]  # no form is ever made of it: there is no edit view
    index_view_class = ReviewIndex
    index_template_name = "backoffice/reviews.html"
    inspect_view_class = ReviewPage
    filterset_class = ReviewFilters

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add photos, and the judgement of many."""
        return [
            *super().get_urlpatterns(),
            path("judge/", judge_many, name="judge"),
            path("<int:pk>/photos/<int:number>/", photo, name="photo"),
        ]
