"""The screens: upload a file, look at what it would do, carry it out, watch it go on, download."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.editing.listings import ProductFilterSet
from cms.importing import access, exporting, screen, services, shelf, writing
from cms.importing.forms import Confirm, Upload
from cms.models import CatalogImport, ImportRow

_PER_PAGE = 50
_RECENT = 20  # imports that the first page lists
_REFUSED: dict[type[services.UnableToImport], Any] = {
    services.OneAtATime: gettext_lazy("Another import is being carried out. Wait for it or cancel it."),
    services.NotChecked: gettext_lazy("There is nothing to carry out: check the file again."),
    services.HasErrors: gettext_lazy(
        "Some rows have errors: correct them first, or leave “all or none” out."
    ),
    services.TooManyTogether: gettext_lazy(
        "“All or none” is for at most 2,000 rows. Divide the file, or leave it out."
    ),
}


class Page(WagtailAdminTemplateMixin, View):
    """A page for those who may publish products; everybody else gets 403."""

    header_icon = "upload"
    title: Any = gettext_lazy("Import products")
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may."""
        if not access.may_import(request.user):
            return _refused(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_title(self) -> Any:
        """Call the page by its title."""
        return self.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the products and to the other imports."""
        way = [
            {"url": reverse("products:index"), "label": gettext_lazy("Products")},
            {"url": reverse("imports:index"), "label": gettext_lazy("Import products")},
        ]
        if self.get_page_title() != self.title:
            way.append({"url": "", "label": self.get_page_title()})
        return [*self.breadcrumbs_items, *way]


class IndexPage(Page):
    """Upload a file; what was uploaded so far."""

    template_name = "cms/importing/index.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form."""
        return self._answer(Upload())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Keep the file and have it checked."""
        form = Upload(request.POST, request.FILES)
        if not form.is_valid():
            return self._answer(form, status=422)
        answers = form.cleaned_data
        run = services.ask(
            file=answers["file"], pictures=answers["pictures"], user=request.user, now=timezone.now()
        )
        return redirect("imports:run", run.pk)

    def _answer(self, form: Upload, status: int = 200) -> HttpResponseBase:
        runs = CatalogImport.objects.select_related("asked_by")[:_RECENT]
        context = self.get_context_data(
            form=form, runs=[screen.shown(run=run, now=timezone.now()) for run in runs]
        )
        response: HttpResponseBase = self.render_to_response(context, status=status)
        return response


class RunPage(Page):
    """One import: how far it is, what each row does, what can be done now."""

    template_name = "cms/importing/run.html"
    run: CatalogImport
    form: Confirm | None = None

    def get_page_title(self) -> Any:
        """Call the page by the file."""
        return self.run.name

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        return self._answer(pk, Confirm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Have it carried out; a refusal is told on the form."""
        form = Confirm(request.POST)
        form.full_clean()
        try:
            services.confirm(
                run_id=get_object_or_404(CatalogImport, pk=pk).pk,
                together=form.cleaned_data["together"],
                user=request.user,
                now=timezone.now(),
            )
        except services.UnableToImport as refusal:
            form.add_error(
                "together" if isinstance(refusal, services.HasErrors) else None, _REFUSED[type(refusal)]
            )
            return self._answer(pk, form, status=422)
        return redirect("imports:run", pk)

    def _answer(self, pk: int, form: Confirm, status: int = 200) -> HttpResponseBase:
        self.run = get_object_or_404(CatalogImport.objects.select_related("asked_by", "confirmed_by"), pk=pk)
        outcome = self.request.GET.get("show", "")
        if outcome not in ImportRow.Outcome.values:
            outcome = ""
        rows = self.run.rows.filter(outcome=outcome) if outcome else self.run.rows.all()
        page = Paginator(rows, _PER_PAGE).get_page(self.request.GET.get("p"))
        counts = dict(self.run.rows.order_by().values_list("outcome").annotate(Count("pk")))
        context = self.get_context_data(
            shown=screen.shown(run=self.run, now=timezone.now()),
            form=form,
            tabs=screen.tabs(counts=counts, chosen=outcome, total=self.run.rows_total),
            page_obj=page,
            lines=[screen.line(row=row) for row in page],
            errors=counts.get(ImportRow.Outcome.ERROR, 0),
            todo=counts.get(ImportRow.Outcome.NEW, 0) + counts.get(ImportRow.Outcome.CHANGED, 0),
            outcome=outcome,
        )
        response: HttpResponseBase = self.render_to_response(context, status=status)
        return response


def _refused(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "cms/importing/refused.html", status=403)


def _importers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only those through who may publish products; others get 403, not a way around."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if access.may_import(request.user) else _refused(request)

    return guarded


@_importers
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the progress alone: the page asks for it every few seconds."""
    run = get_object_or_404(CatalogImport, pk=pk)
    return render(
        request, "cms/importing/progress.html", {"shown": screen.shown(run=run, now=timezone.now())}
    )


@require_POST
@_importers
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an import where it is."""
    run = get_object_or_404(CatalogImport, pk=pk)
    if services.cancel(run_id=run.pk, user=request.user, now=timezone.now()):
        messages.success(request, _("The import stops here. What was carried out stays."))
    else:
        messages.error(request, _("The import had ended already."))
    return redirect("imports:run", pk)


@require_POST
@_importers
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a worker again for an import that stands still."""
    run = get_object_or_404(CatalogImport, pk=pk)
    if services.go_on(run_id=run.pk, user=request.user, now=timezone.now()):
        messages.success(request, _("A worker was asked to go on."))
    return redirect("imports:run", pk)


@_importers
def errors(request: HttpRequest, pk: int, form: writing.Format) -> HttpResponseBase:
    """Download the rows with errors, as they were uploaded and with what is wrong in a column of its own."""
    run = get_object_or_404(CatalogImport, pk=pk)
    return _download(exporting.errors(run=run), form, f"errors-{pk}")


@_importers
def export(request: HttpRequest, form: writing.Format) -> HttpResponseBase:
    """Download the products that the list shows, filtered as it is; `kind=feed`: prices and stock alone."""
    kind = request.GET.get("kind", CatalogImport.Kind.CATALOG)
    pages = ProductFilterSet(request.GET, queryset=shelf.products(), request=request).qs
    if words := request.GET.get("q", "").strip():
        pages = pages.filter(title__icontains=words)
    name = "prices-and-stock" if kind == CatalogImport.Kind.FEED else "products"
    return _download(exporting.rows(pages=pages.order_by(), kind=kind), form, name)


def _download(rows: Any, form: writing.Format, name: str) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "xlsx":
        return FileResponse(writing.workbook(rows=rows), content_type=writing.TYPES[form], headers=headers)
    return StreamingHttpResponse(
        writing.csv_parts(rows=rows), content_type=writing.TYPES[form], headers=headers
    )
