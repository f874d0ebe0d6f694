"""What the workers tell Wagtail's admin."""

import workers.backoffice.hooks  # registers itself
import workers.webhooks.hooks  # noqa: F401
