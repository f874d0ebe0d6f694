"""What the CMS tells Wagtail's admin."""

import cms.backoffice.hooks  # noqa: F401  # registers the back office
