"""A new version in place of the running one, in one step, and back."""

import sysconfig
import zipfile
from pathlib import Path

import pytest

from madoguchi.operation import update_program
from madoguchi.operation.outcome import Failure


def wheel(folder: Path, version: str = "0.9.0", **more: str) -> Path:
    """A wheel of this program with one module."""
    path = folder / f"madoguchi-{version}-py3-none-any.whl"
    info = f"madoguchi-{version}.dist-info"
    needs = more.pop("needs", "")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("madoguchi/__init__.py", f"version = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Name: madoguchi\nVersion: {version}\n{needs}")
        for name, text in more.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Installed packages: ours of an older version, and another."""
    folder = tmp_path / "site-packages"
    for name, text in {
        "madoguchi/__init__.py": "version = 'old'\n",
        "madoguchi/gone.py": "",
        "madoguchi-0.1.0.dist-info/METADATA": "Version: 0.1.0\n",
        "other/__init__.py": "x = 1\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_new_version_takes_the_place_and_gives_it_back(packages: Path, tmp_path: Path) -> None:
    before = names(packages)
    found = update_program.look_into(wheel(tmp_path))
    assert found.version == "0.9.0"
    update_program.prepare(found, packages)
    assert names(packages) == before
    assert not update_program.is_new(packages)
    update_program.exchange(packages)
    assert update_program.is_new(packages)
    assert (packages / "madoguchi/__init__.py").read_text() == "version = '0.9.0'\n"
    assert {"madoguchi/gone.py", "madoguchi-0.1.0.dist-info/METADATA"}.isdisjoint(names(packages))
    assert (packages / "other/__init__.py").read_text() == "x = 1\n"
    update_program.exchange(packages)
    update_program.forget(packages)
    assert names(packages) == before
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["site-packages"]


def test_when_it_stays_the_old_one_goes(packages: Path, tmp_path: Path) -> None:
    update_program.prepare(update_program.look_into(wheel(tmp_path)), packages)
    update_program.exchange(packages)
    update_program.forget(packages)
    assert not update_program.is_new(packages)
    assert (packages / "madoguchi/__init__.py").read_text() == "version = '0.9.0'\n"
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["site-packages"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"other/__init__.py": "x"}, "窓口のものでない"),
        ({"madoguchi/../../x.py": "x"}, "窓口のものでない"),
        ({"/etc/x": "x"}, "窓口のものでない"),
        ({"needs": "Requires-Dist: nothing-of-the-kind==1.0\n"}, "nothing-of-the-kind"),
        ({"needs": "Requires-Dist: django==0.1\n"}, "django==0.1"),
    ],
)
def test_what_could_not_be_put_in_place_whole_is_refused(
    tmp_path: Path, more: dict[str, str], said: str
) -> None:
    with pytest.raises(Failure, match=said):
        update_program.look_into(wheel(tmp_path, **more))


def test_what_is_no_wheel_is_refused(tmp_path: Path) -> None:
    for name, data in {"a.whl": b"", "b.whl": b"PK\x03\x04", "c.whl": b"x" * 99}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Failure, match="ホイールとして読めません"):
            update_program.look_into(tmp_path / name)
    with pytest.raises(Failure, match="ホイールとして読めません"):
        update_program.look_into(tmp_path / "missing.whl")


def test_what_is_optional_or_there_already_is_not_missed(tmp_path: Path) -> None:
    import django

    needs = (
        f"Requires-Dist: django=={django.get_version()}\n"
        'Requires-Dist: nothing-of-the-kind==1.0; extra == "paper"\n'
    )
    assert update_program.look_into(wheel(tmp_path, needs=needs)).version == "0.9.0"


def test_a_checkout_is_not_replaced_by_a_wheel() -> None:
    assert not Path(update_program.__file__).is_relative_to(sysconfig.get_path("purelib"))
    with pytest.raises(Failure, match="開発用"):
        update_program.home()
