"""What the CMS tells Wagtail's admin."""

import cms.backoffice.hooks
import cms.editing.hooks
import cms.importing.hooks  # noqa: F401  # all of them register themselves
