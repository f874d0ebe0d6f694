"""What the CMS tells Wagtail's admin."""

import cms.backoffice.hooks
import cms.editing.hooks  # noqa: F401  # both register themselves
