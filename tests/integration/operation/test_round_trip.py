"""init, check, backup and restore, as an operator runs them one after the other."""

import json
from pathlib import Path


def towns(home) -> str:
    """What ``check`` says about the towns, after checking that nothing is broken."""
    done = home.run("check", "--json")
    findings = json.loads(done.stdout)
    assert done.returncode == 0, [f for f in findings if f["grade"] == "bad"]
    return next(f["text"] for f in findings if f["subject"] == "町")


def test_a_house_comes_back_as_it_was(home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    photo = home.data / "files" / "13208" / "ab" / "abc.jpg"

    first = home.run("init", "--town", "調布市", "--phone", "042-000-0000")
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("/staff/enter/") == 1
    assert home.data.stat().st_mode & 0o777 == 0o700
    assert (home.data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert towns(home) == "調布市"
    key = (home.data / "secret.key").read_bytes()
    photo.parent.mkdir(parents=True, mode=0o700)
    photo.write_bytes(b"a photo")
    photo.parents[2].chmod(0o700)

    made = home.run("backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_mode & 0o777 == 0o600

    later = home.run("init", "--town", "青梅市", "--hostname", "ome.example.jp", "--phone", "0428")
    assert later.returncode == 0, later.stderr
    photo.write_bytes(b"another photo")
    assert towns(home) == "青梅市、調布市"

    refused = home.run("restore", str(archive))
    assert refused.returncode == 1
    assert "--force" in refused.stderr

    restored = home.run("restore", str(archive), "--force")
    assert restored.returncode == 0, restored.stderr
    assert towns(home) == "調布市"
    assert photo.read_bytes() == b"a photo"
    assert (home.data / "secret.key").read_bytes() == key
    [aside] = home.data.parent.glob("data-before-*")
    assert (aside / "files" / "13208" / "ab" / "abc.jpg").read_bytes() == b"another photo"

    again = home.run("init", "--town", "調布市")
    assert again.returncode == 0
    assert "/staff/enter/" not in again.stdout
    assert (home.data / "secret.key").read_bytes() == key
