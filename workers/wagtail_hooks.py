"""What the workers tell Wagtail's admin."""

import workers.backoffice.hooks  # noqa: F401  # registers itself
