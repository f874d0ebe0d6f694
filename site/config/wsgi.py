"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what is loaded now stays: the collector need not walk half a million objects again and again
