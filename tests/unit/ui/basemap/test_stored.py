"""Where the base maps lie."""

import gzip
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from madoguchi.ui.basemap import stored


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test alone."""
    settings.DATA = tmp_path
    return tmp_path


def test_it_comes_back_in_every_form(data: Path) -> None:
    plain = json.dumps({"credit": "c", "features": [1]}).encode()
    stored.keep("13208", stored.pack(plain))
    found = stored.of_town("13208")
    assert found is not None
    assert stored.unpack(found.brotli) == found.plain == gzip.decompress(found.zipped) == plain
    assert stored.summary("13208") == {"credit": "c"}
    assert stat.S_IMODE(stored.path_of("13208").stat().st_mode) == 0o600
    assert [path.name for path in (data / "maps").iterdir()] == ["13208.json.br"]


def test_a_new_map_is_seen_at_once_and_has_another_etag() -> None:
    etags = set()
    for text in (b'{"a": 1}', b'{"b": 2}'):
        stored.keep("13208", stored.pack(text))
        found = stored.of_town("13208")
        assert found is not None
        assert found.plain == text
        etags.add(found.etag)
    assert len(etags) == 2


def test_a_town_without_one_and_one_that_was_removed_have_none() -> None:
    assert stored.of_town("13205") is None
    assert stored.summary("13205") is None
    assert not stored.remove("13205")
    stored.keep("13205", stored.pack(b"{}"))
    assert stored.remove("13205")
    assert stored.of_town("13205") is None


def test_what_is_no_map_is_told() -> None:
    with pytest.raises(ValueError, match="not a stored base map"):
        stored.unpack(b"no brotli")
