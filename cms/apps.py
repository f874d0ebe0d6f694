from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Content"

    def ready(self) -> None:
        """Listen to what editors publish."""
        from cms.publishing import receivers  # noqa: PLC0415  # its models exist only once all apps are loaded

        receivers.connect()
