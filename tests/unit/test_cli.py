"""The command line: quick, and clear about wrong usage."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi import cli


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, without any setting."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MADOGUCHI_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "madoguchi.cli", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=inherited | environment,
        timeout=60,
        check=False,
    )


def test_help_imports_no_framework() -> None:
    code = "import sys, madoguchi.cli as c; c.parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"django", "numpy", "granian", "shapely", "fugashi", "httpx"}


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            cli.main([name, "--help"])
        assert ended.value.code == 0
        assert f"madoguchi {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["locate"],
        ["locate", "x.csv"],
        ["triage"],
        ["serve", "--port", "0"],
        ["serve", "--port", "八千"],
        ["serve", "--threads", "many"],
        ["init"],
        ["init", "--town", "ない市"],
        ["init", "--town", "99999"],
        ["demo", "--town", "千代田区"],
    ],
)
def test_wrong_usage_is_two_and_silent_on_stdout(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = cli.main(arguments)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert any("ぁ" <= letter <= "ん" for letter in said.err)


def test_an_unknown_town_shows_the_forty_that_can_be_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["demo", "--town", "調布町"]) == 2
    shown = capsys.readouterr().err
    assert shown.count("(13") + shown.count("(28") == 40
    assert "利島村(13362)" in shown
    assert "千代田区" not in shown


def test_before_init_it_says_what_to_do(tmp_path: Path) -> None:
    for command in (["serve"], ["check"], ["backup", str(tmp_path / "b.tar.gz")]):
        done = run(*command, "--data", str(tmp_path / "none"))
        assert done.returncode == 1
        assert "madoguchi init" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "none").exists()


def test_several_processes_on_sqlite_are_refused(tmp_path: Path) -> None:
    for wish in (["--workers", "2"], ["--only", "web"]):
        done = run("serve", "--data", str(tmp_path), *wish)
        assert done.returncode == 2
        assert "PostgreSQL" in done.stderr


def test_locate_in_a_plain_locale_writes_utf8_and_only_the_result(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_bytes("名前,住所\n図書館,調布市小島町2-33-1\n空,\n".encode("cp932"))
    done = run("locate", str(table), "--column", "住所", "--town", "調布市", LC_ALL="C", LANG="C")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "名前,住所,都道府県,市区町村,町字,番地,緯度,経度,精度,半径m"
    assert lines[1].startswith("図書館,調布市小島町2-33-1,東京都,調布市,小島町二丁目,33-1,35.")
    assert len(lines) == 3
    assert not (tmp_path / "var").exists()


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("住所\n" + "小島町2-33-1\n" * 20_000, encoding="utf-8")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "madoguchi.cli", "locate", str(table), "--column=住所"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert os.read(reader, 10)
    os.close(reader)
    assert process.wait(timeout=60) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
