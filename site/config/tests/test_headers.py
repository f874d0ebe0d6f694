"""The headers of production on the pages that matter, read as a scanner reads them; who may upload what."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from cms.tests import desk
from commerce.tests.conftest import committed, database  # noqa: F401 - fixtures
from commerce.tests.factories import product
from config.tests.test_production import COMPLETE
from tools.deploy.grade import grade
from tools.deploy.headers import complaints, directives

ASK = """
import json, sys
import django; django.setup()
from django.conf import settings
from django.test import Client, override_settings
plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
memory = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in settings.CACHES}
override_settings(STORAGES=plain, CACHES=memory).enable()
from commerce.customers.models import User
secure = {"secure": True, "headers": {"host": "shop.example"}}
shopper, colleague = Client(), Client()
colleague.force_login(User.objects.get(email=sys.argv[1]))
shopper.post("/cart/add/", {"sku": "CUP", "quantity": 1}, **secure)
found = {}
for client, path in ((shopper, "/cart/"), (shopper, "/p/cup/"), (shopper, "/en/p/cup/"), (shopper, "/checkout/"),
                     (shopper, "/orders/lookup/"), (shopper, "/nowhere/"), (shopper, "/admin/login/"), (shopper, "/accounts/login/"),
                     (shopper, "/accounts/signup/"),
                     (colleague, "/admin/"), (colleague, "/django-admin/"), (shopper, "/django-admin/login/")):
    answer = client.get(path, **secure)
    found[path] = {"status": answer.status_code,
                   "headers": {name.lower(): value for name, value in answer.headers.items()},
                   "cookies": [cookie.OutputString() for cookie in answer.cookies.values()]}
print(json.dumps(found))
"""
STATUS = {"/nowhere/": 404}


@pytest.fixture
def answers(committed: None) -> dict[str, Any]:  # noqa: F811
    """What production answers, asked in a process with its settings."""
    product()
    person = desk.person("headers@maru.example", is_superuser=True, is_staff=True)
    login = connection.settings_dict
    name = login["USER"] + (f":{login['PASSWORD']}" if login["PASSWORD"] else "")
    done = subprocess.run(
        [sys.executable, "-c", ASK, person.email],
        env={key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        | {"PYTHONPATH": "site:."}
        | COMPLETE
        | {"STAFF_MFA_REQUIRED": "false"}  # to see the pages behind the second factor
        | {"DATABASE_URL": f"postgres://{name}@{login['HOST']}:{login['PORT']}/{login['NAME']}"},
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    person.delete()
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_every_page_has_the_headers_that_a_scanner_asks_for(answers: dict[str, Any]) -> None:
    for path, answer in answers.items():
        admin = path.startswith(("/admin/", "/django-admin/"))
        assert answer["status"] == STATUS.get(path, 200), path
        assert complaints(answer["headers"], cookies=answer["cookies"], admin=admin) == [], path

    policy = directives(answers["/cart/"]["headers"]["content-security-policy"])
    assert policy["default-src"] == ["'none'"] and policy["script-src"] == ["'self'"]
    assert "'unsafe-inline'" in answers["/admin/"]["headers"]["content-security-policy"]
    assert any(cookie.startswith("__Host-csrftoken=") for cookie in answers["/admin/login/"]["cookies"])
    assert answers["/checkout/"]["headers"]["cache-control"].count("no-store") == 1


YEAR = "max-age=31536000; includeSubDomains; preload"


def test_the_shop_is_graded_a_plus_from_its_first_day_and_the_admin_by_its_editor(
    answers: dict[str, Any],
) -> None:
    """While HSTS lasts an hour ten points are missing everywhere; what Wagtail's editor writes inline costs twenty."""
    grades, later = {}, {}
    for path, answer in answers.items():
        grades[path] = grade(answer["headers"], cookies=answer["cookies"])
        promised = answer["headers"] | {"strict-transport-security": YEAR}
        later[path] = grade(promised, cookies=answer["cookies"])

    for path in ("/cart/", "/p/cup/", "/en/p/cup/", "/checkout/", "/orders/lookup/", "/nowhere/"):
        assert grades[path] in (("A+", 120), ("A+", 125)), path
        assert later[path] in (("A+", 130), ("A+", 135)), path
    for path in ("/admin/", "/admin/login/", "/django-admin/"):
        assert (grades[path], later[path]) == (("B", 70), ("B+", 80)), path


def test_a_drawing_that_can_carry_scripts_is_no_picture_and_a_page_no_document() -> None:
    assert "svg" not in settings.WAGTAILIMAGES_EXTENSIONS
    assert {"svg", "html", "htm", "xml", "js"}.isdisjoint(settings.WAGTAILDOCS_EXTENSIONS)
