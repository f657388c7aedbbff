"""A secret comes from the environment, or from a file that nobody else can read."""

import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from madoguchi.settings import signin


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a provider's secret."""
    file = tmp_path / "oidc-secret"
    file.write_text("s3cret\n", encoding="utf-8")
    given = {"NAME": "町", "URL": "https://id.example.jp", "CLIENT_ID": "m"}
    monkeypatch.setenv("MADOGUCHI_OIDC", "town")
    for name, value in (given | {"SECRET_FILE": str(file)}).items():
        monkeypatch.setenv(f"MADOGUCHI_OIDC_TOWN_{name}", value)
    return file


def test_a_file_of_the_owner_alone_is_read(secret: Path) -> None:
    secret.chmod(0o600)
    [app] = runpy.run_path(signin.__file__)["_OIDC_APPS"]
    assert app["secret"] == "s3cret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_stops_the_start(secret: Path, mode: int) -> None:
    secret.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="chmod 600 oidc-secret") as refused:
        runpy.run_path(signin.__file__)
    assert "s3cret" not in str(refused.value)
