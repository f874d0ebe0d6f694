"""That the measurement of pages runs and says beside each what it may cost."""

import re

import pytest

from commerce.catalog.models import Category, FacetValue
from tools.bench import pages
from tools.bench.tests.running import bench

WITHOUT_DEMO = [
    name for name, page in pages.PAGES.items() if "home" not in name and "rice-bowl" not in page.path
]


@pytest.fixture
def without_shelves(emptied):
    """Leave no shelves of generated goods behind either."""
    yield
    Category.objects.filter(path__startswith="generated/").delete()
    FacetValue.objects.all().delete()


def test_it_tells_what_pages_cost_beside_their_goals(without_shelves, valkey_server):
    done = bench("pages", "--tiny", port=valkey_server.port)

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"empty view: \d+\.\d\d ms, of them \d+\.\d\d of a processor", done.stdout)
    for name in WITHOUT_DEMO:
        goal = rf" +{pages.GOALS[name]:g}$" if name in pages.GOALS else "$"
        line = rf"(?m)^{re.escape(name)} +\d+\.\d +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d{goal}"
        assert re.search(line, done.stdout), done.stdout
