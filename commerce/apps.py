from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "commerce"
    verbose_name = "Commerce"

    def ready(self) -> None:
        from commerce import checks  # noqa: F401, PLC0415  registers the system checks
        from commerce.mypage import signing_in  # noqa: PLC0415  models must be loaded first

        signing_in.connect()
