"""Addresses of static files, each worked out once: a page has ten of them, and they stay as long as the process does."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Remembered:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address of a file; only a shop under development asks for it each time."""
        if settings.DEBUG or args or kwargs:
            return super().url(name, *args, **kwargs)  # type: ignore[misc,no-any-return]  # it is mixed in
        found = self._addresses.get(name)
        if found is None:
            found = self._addresses[name] = super().url(name)  # type: ignore[misc]
        return found


class Collected(_Remembered, CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it ships no types
    """The files as `collectstatic` left them, their contents in their names."""


class Plain(_Remembered, StaticFilesStorage):  # type: ignore[misc]  # the mixin takes what every storage takes
    """The files as they are in the source."""
