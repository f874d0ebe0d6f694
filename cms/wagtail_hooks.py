"""What the CMS tells Wagtail's admin."""

import cms.editing.hooks  # noqa: F401  # registers lists, copying and notices
