"""What may not stand in a committed file: machines, hosts, secrets, inline code, bundles."""

import re
import stat
from pathlib import Path

import pytest

SELF = "tests/repository/test_hygiene.py"
MACHINE_PATHS = re.compile(r"/(?:work|root|farm|opt/pypi|opt/wheels|Users|home/[a-z]+)/|/tmp/[a-z]")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|files\.python|npmmirror|test\.pypi", re.I
)
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{36}\b|"
    r"\bsk-[0-9A-Za-z]{32,}\b|\bxox[bp]-[0-9A-Za-z-]{20,}"
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:", re.I
)
DATA_SCRIPT = re.compile(r"<script[^>]*type=\"application/json\"", re.I)
OUTSIDE = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I)
SKIPS = re.compile(r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b|unittest\.skip")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico", ".heic"}
FONTS_AND_BUNDLES = {".woff", ".woff2", ".ttf", ".otf", ".eot", ".wasm", ".whl", ".so", ".zip"}


def lines(texts: dict[str, str], pattern: re.Pattern[str], *endings: str) -> list[str]:
    """Where a pattern stands, as "file:line text"."""
    return [
        f"{name}:{number} {line.strip()[:100]}"
        for name, text in texts.items()
        if name != SELF and (not endings or name.endswith(endings))
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES, SECRETS, SKIPS])
def test_nothing_of_this_stands_anywhere(texts: dict[str, str], pattern: re.Pattern[str]) -> None:
    assert not lines(texts, pattern)


def test_locks_name_no_host(root: Path) -> None:
    for path in [*(root / "requirements").iterdir(), root / "package-lock.json"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"--(?:extra-)?index-url|--find-links|\"resolved\"|file:", text), path


def test_sources_are_finished(texts: dict[str, str]) -> None:
    found = lines({n: t for n, t in texts.items() if n.startswith("src/")}, UNFINISHED)
    assert not found


def test_templates_have_no_inline_code_and_load_nothing_from_outside(texts: dict[str, str]) -> None:
    templates = {n: t for n, t in texts.items() if n.startswith("src/") and n.endswith(".html")}
    assert templates
    inline = [line for line in lines(templates, INLINE) if not DATA_SCRIPT.search(line)]
    assert not inline
    loading = re.compile(OUTSIDE.pattern.replace("href|", ""), re.I)
    assert not lines(templates, loading)
    assert not lines(templates, re.compile(r"<link[^>]*href=[\"'](?:https?:)?//", re.I))


def test_scripts_and_styles_load_nothing_from_outside(texts: dict[str, str]) -> None:
    loads = re.compile(r"(?:import|from|fetch\(|url\()\s*[\"'(]?\s*(?:https?:)?//", re.I)
    assets = {n: t for n, t in texts.items() if "/static/" in n}
    assert assets
    assert not lines(assets, loads)


def test_no_bundles_fonts_or_stray_binaries(root: Path, tracked: tuple[Path, ...]) -> None:
    names = [path.relative_to(root) for path in tracked]
    assert not [n for n in names if n.suffix in FONTS_AND_BUNDLES or ".min." in n.name]
    pictures = [n for n in names if n.suffix.lower() in BINARY]
    allowed = ("docs/pictures/", "tests/fixtures/", "src/madoguchi/web/static/web/howto/")
    assert not [n for n in pictures if not n.as_posix().startswith(allowed)]


def test_scripts_can_be_run(root: Path) -> None:
    for path in [*root.glob("scripts/*.sh"), root / ".ci" / "run"]:
        assert path.stat().st_mode & stat.S_IXUSR, path
        assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n"), path
