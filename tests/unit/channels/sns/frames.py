"""The recorded frames (tests/fixtures/sns), and the moment at which they are read."""

from datetime import UTC, datetime
from pathlib import Path

FIXTURES = Path(__file__).parents[3] / "fixtures" / "sns"
HOST = "mastodon.example"
NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


def lines(name: str) -> list[str]:
    """The frames of a file, one a line."""
    return (FIXTURES / name).read_text(encoding="utf-8").splitlines()
