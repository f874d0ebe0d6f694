"""Upload a file of tracking numbers: look at what it would do, then do it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import people, tracking_file, tracking_plan
from cms.backoffice.beside_to_ship import BesideToShip

_UNREADABLE: dict[str, Any] = {
    "encoding": gettext_lazy("This is no CSV file in UTF-8 or CP949. Save the sheet as “CSV”."),
    "columns": gettext_lazy("The columns order number, courier and tracking number were not found."),
    "empty": gettext_lazy("The file is empty."),
    "size": gettext_lazy("The file is too large: 1,000 rows at most."),
    "csv": gettext_lazy("This is no CSV file."),
}


class File(forms.Form):
    """A file, or its text when it was looked at before."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, Any]:
        """Read the rows."""
        answers: dict[str, Any] = super().clean() or {}
        file = answers.get("file")
        try:
            if file:
                answers["text"] = tracking_file.decode(data=file.read(tracking_file.MOST_BYTES + 1))
            if not answers.get("text"):
                raise forms.ValidationError(_("Choose a file."))
            answers["rows"] = tracking_file.rows(text=answers["text"])
        except tracking_file.Unreadable as unreadable:
            raise forms.ValidationError(_UNREADABLE[unreadable.why]) from unreadable
        if not answers["rows"]:
            raise forms.ValidationError(_("No row of the file has a tracking number."))
        return answers


class UploadPage(BesideToShip, FormView):  # type: ignore[type-arg]  # not generic at run time
    """Three steps on one page: choose, look, done."""

    template_name = "backoffice/tracking_upload.html"
    header_icon = "upload"
    page_title = gettext_lazy("Upload tracking numbers")
    form_class = File

    def form_valid(self, form: Any) -> HttpResponse:
        """Judge the file, and carry it out when that was asked for."""
        parcels = tracking_plan.judge(rows=form.cleaned_data["rows"])
        carried_out = "send" in self.request.POST
        if carried_out:
            with people.acting(self.request.user):
                sent = tracking_plan.carry_out(parcels=parcels, now=timezone.now())
            self._tell(sent, len(parcels))
        answer: HttpResponse = self.render_to_response(
            self.get_context_data(
                form=File(initial={"text": form.cleaned_data["text"]}),
                parcels=parcels,
                good=sum(not parcel.errors for parcel in parcels),
                bad=sum(bool(parcel.errors) for parcel in parcels),
                done=carried_out,
            )
        )
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say why it cannot be read."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return answer

    def _tell(self, sent: int, parcels: int) -> None:
        user = self.request.user
        log(
            instance=user,
            action="backoffice.upload_tracking",
            user=user,
            data={"parcels": parcels, "sent": sent},
        )
        text = ngettext("%(count)d parcel is sent.", "%(count)d parcels are sent.", sent) % {"count": sent}
        messages.success(self.request, text) if sent else messages.warning(self.request, text)
