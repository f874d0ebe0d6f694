"""Production as a rehearsal. It differs in four things; each further difference would be one that production tries first.

Host names and the mail sink come from the environment (`ALLOWED_HOSTS`, `SHOP_BASE_URL`, `EMAIL_*`), and so does the
payment sandbox (`PORTONE_*`).
"""

from config import env, strength

env.assume("DJANGO_ENV", "staging")  # the name in Sentry
strength.rehearse()  # test payments and a sink for mails are no weakness here

from config.settings.production import *

PORTONE_LIVE_ONLY = False  # payments of test channels count
SECURE_HSTS_SECONDS = 3600  # a mistake with HTTPS is forgotten within an hour
ROBOTS_ALLOWED = False  # no search engine shows a rehearsal
