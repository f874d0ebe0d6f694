"""What the workers tell Wagtail's admin."""

import workers.webhooks.hooks  # noqa: F401  # registers itself
