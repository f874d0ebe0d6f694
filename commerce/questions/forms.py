"""What somebody asks."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.questions.models import TEXT_LENGTH


class QuestionForm(forms.Form):
    """Words, whether they are secret, and where the answer goes."""

    text = forms.CharField(
        label=_("Your question"),
        min_length=5,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
        error_messages={"required": _("Please write your question.")},
    )
    secret = forms.BooleanField(label=_("Only the shop may read it"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
        help_text=_("Shown masked, for example 김*나."),
        error_messages={"required": _("Please enter your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
        help_text=_("The answer goes there. Nobody else sees it."),
        error_messages={"required": _("Please enter your e-mail address.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        if user is not None and user.is_authenticated:
            kwargs.setdefault("initial", {"name": user.get_full_name(), "email": user.email})
        super().__init__(*args, **kwargs)
