"""Questions of shoppers: a list, the oldest open one first, and a page on which staff answers."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.forms import RadioSelect
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice import people, policies, stock_words
from cms.backoffice.columns import MomentColumn, TagColumn
from cms.backoffice.read_only import ReadOnlyViewSet
from commerce.questions import services
from commerce.questions.models import Question


class QuestionFilters(WagtailFilterSet):
    """What the desk asks for; the dashboard leads to some of it."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            ("open", gettext_lazy("Open")),
            ("answered", gettext_lazy("Answered")),
            ("hidden", gettext_lazy("Hidden")),
        ],
        method="filter_state",
        widget=RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Question
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        """Keep one state."""
        if value == "hidden":
            return rows.filter(hidden=True)
        return rows.filter(hidden=False, answered_at__isnull=value == "open")


class QuestionIndex(generic.IndexView):
    """The list."""

    default_ordering = ("pk",)
    is_searchable = True
    table_classname = "listing bo-listing"

    def get_base_queryset(self) -> QuerySet[Question]:
        """Read questions with the names of products."""
        return Question.objects.select_related("product").prefetch_related("product__texts")

    def order_queryset(self, queryset: QuerySet[Question]) -> QuerySet[Question]:
        """Put what waits for an answer first, the oldest on top."""
        return queryset.order_by("hidden", F("answered_at").desc(nulls_first=True), "asked_at")

    def search_queryset(self, rows: QuerySet[Question]) -> QuerySet[Question]:
        """Find by words."""
        text = self.search_query.strip()
        return rows.filter(text__icontains=text) if text else rows

    @cached_property
    def columns(self) -> list[Column]:
        """Words, product, asker, state, when."""
        return [
            TitleColumn(
                "text",
                label=_("Question"),
                accessor=lambda row: row.text[:80],
                get_url=lambda row: reverse("questions:inspect", args=[row.pk]),
            ),
            Column("product", label=_("Product"), accessor=lambda row: title(row)),
            Column("author", label=_("Asked by"), classname="bo-whole"),
            TagColumn("state", label=_("State"), accessor=state_text, tone=state_tone),
            TagColumn(
                "secret",
                label=_("Secret"),
                accessor=lambda row: _("Secret") if row.secret else "",
                tone=lambda row: "calm",
            ),
            MomentColumn("asked_at", label=_("Asked")),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say that there is none."""
        return _("No question matches.") if self.is_filtering else _("Nobody has asked yet.")

    def get_page_title(self) -> Any:
        """Call the page by what it lists."""
        return _("Questions")


class Reply(forms.Form):
    """The answer."""

    text = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "The asker gets it by mail. Below a question that is not secret everybody reads it."
        ),
    )


class QuestionPage(generic.InspectView):
    """A question; a POST carries `act`: answer, hide or show."""

    template_name = "backoffice/question.html"
    fields = ["text"]
    object: Question
    sent: Reply | None = None

    def get_object(self, queryset: Any = None) -> Question:
        """Read the question with its product."""
        rows = Question.objects.select_related("product").prefetch_related("product__texts")
        found = rows.filter(pk=self.pk).first()
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """Call the page by the product."""
        return title(self.object)

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Questions")},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, hide or show the question."""
        if not request.user.has_perm(policies.ACT_ON_QUESTIONS):
            raise PermissionDenied
        try:
            with people.acting(request.user):
                told = self._do(request.POST.get("act", ""))
        except services.Gone:
            messages.warning(request, _("Its asker deleted this question."))
            return redirect("questions:index")
        if not told:
            answer: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
            return answer
        messages.success(request, told)
        return redirect("questions:inspect", self.object.pk)

    def _do(self, act: str) -> Any:
        now, key = timezone.now(), self.object.pk
        if act in ("hide", "show"):
            services.hide(question_id=key, hidden=act == "hide", now=now)
            return _("The question is hidden.") if act == "hide" else _("The question is shown.")
        self.sent = Reply(self.request.POST)
        if act != "answer" or not self.sent.is_valid():
            return None
        services.answer(question_id=key, text=self.sent.cleaned_data["text"], now=now)
        return _("The answer is saved and goes to the asker by mail.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        question, user = self.object, self.request.user
        sees = user.has_perm(policies.SEE_PEOPLE)
        return {
            **super().get_context_data(**kwargs),
            "question": question,
            "title": title(question),
            "email": question.email if sees else people.mask_email(question.email),
            "tag": (state_text(question), state_tone(question)),
            "may_act": user.has_perm(policies.ACT_ON_QUESTIONS),
            "reply": self.sent or Reply(initial={"text": question.answer}),
        }


class QuestionViewSet(ReadOnlyViewSet):
    """A list and a page; shoppers ask."""

    model = Question
    name = "questions"
    icon = "help"
    menu_label = gettext_lazy("Questions")
    list_per_page = 50
    form_fields = ["answer"]  # no form is ever made of it: there is no edit view
    index_view_class = QuestionIndex
    inspect_view_class = QuestionPage
    filterset_class = QuestionFilters


def title(question: Question) -> str:
    """Return the product's name in the reader's language."""
    titles = {text.language: text.title for text in question.product.texts.all()}
    return stock_words.in_language(titles) or question.product.slug


def state_text(question: Question) -> str:
    """Return where a question stands."""
    if question.hidden:
        return _("Hidden")
    return _("Answered") if question.answered_at else _("Open")


def state_tone(question: Question) -> str:
    """Return the colour of that."""
    if question.hidden:
        return "mute"
    return "good" if question.answered_at else "wait"
