import pytest

from madoguchi.kernel.places import api
from madoguchi.kernel.places.engine.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def tokyo() -> Gazetteer:
    return api.gazetteer()
