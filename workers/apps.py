from django.apps import AppConfig
from django.conf import settings


class WorkersConfig(AppConfig):
    name = "workers"
    verbose_name = "Workers"

    def ready(self) -> None:
        """Let commits wake the relay, where a relay runs."""
        from commerce.events import outbox  # noqa: PLC0415 - the outbox is a model: only now it may be read
        from workers import checks  # noqa: F401, PLC0415  registers the system checks
        from workers.kick import kick  # noqa: PLC0415

        if settings.RELAY_KICK:
            outbox.on_record(kick)
