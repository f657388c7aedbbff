"""What the counter says: radii as people say them."""

import pytest

from madoguchi.services.disaster.words import round_radius


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        *((3, "10m"), (44, "40m"), (96, "100m"), (312, "300m")),
        *((960, "1km"), (1049, "1km"), (1120, "1.1km"), (20_000, "20km")),
    ],
)
def test_a_radius_is_said_in_round_numbers(metres: int, said: str) -> None:
    assert round_radius(metres) == said
