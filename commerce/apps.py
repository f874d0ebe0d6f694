from django.apps import AppConfig
from django.conf import settings


class CommerceConfig(AppConfig):
    name = "commerce"
    verbose_name = "Commerce"

    def ready(self) -> None:
        from commerce import checks  # noqa: F401, PLC0415  registers the system checks
        from commerce.mypage import signing_in  # noqa: PLC0415  models must be loaded first

        signing_in.connect()
        from commerce.accounts import standin  # noqa: PLC0415  allauth's models must be loaded first

        if settings.SOCIAL_STANDIN_URL:
            standin.use(address=settings.SOCIAL_STANDIN_URL, providers=tuple(settings.SOCIAL_KEYS))
