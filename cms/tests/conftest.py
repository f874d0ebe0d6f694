import pytest

from cms.tests.factories import Shop


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()
