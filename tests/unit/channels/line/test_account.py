"""Where a town's secrets are, and what is refused."""

from pathlib import Path

import pytest

from madoguchi.channels.line.account import Misconfigured, read

ENVIRONMENT = {"S": "the-secret", "T": " the-token\n"}
NAMED = {"secret_env": "S", "token_env": "T"}


def test_a_town_without_line_has_no_account() -> None:
    assert read({}, ENVIRONMENT) is None


def test_secrets_come_from_the_environment_and_stay_out_of_sight() -> None:
    account = read({"line": NAMED}, ENVIRONMENT)
    assert account is not None
    assert (account.secret, account.token) == ("the-secret", "the-token")
    assert (account.host, account.data_host) == (
        "https://api.line.me",
        "https://api-data.line.me",
    )
    assert "the-" not in repr(account)


def test_secrets_come_from_files_of_the_owner_alone(tmp_path: Path) -> None:
    for name, value in (("secret", "the-secret\n"), ("token", "the-token\n")):
        (tmp_path / name).write_text(value)
        (tmp_path / name).chmod(0o600)
    line = {f"{name}_file": str(tmp_path / name) for name in ("secret", "token")}
    account = read({"line": line}, {})
    assert account is not None
    assert (account.secret, account.token) == ("the-secret", "the-token")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o700, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    secret.chmod(mode)
    with pytest.raises(Misconfigured, match="chmod 600 secret") as refused:
        read({"line": {"secret_file": str(secret), "token_env": "T"}}, ENVIRONMENT)
    assert "the-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"secret_env": "NONE", "token_env": "T"}, "環境変数 NONE"),
        ({"secret_env": "S"}, "token_env か token_file"),
        ({"secret_file": "/nowhere/secret", "token_env": "T"}, "secret を読めません"),
        ("on", "形が正しくありません"),
        (NAMED | {"host": "http://api.line.me"}, "https://"),
        (NAMED | {"host": "http://127.0.0.1.example.jp"}, "https://"),
        (NAMED | {"data_host": "file:///etc"}, "https://"),
    ],
)
def test_what_cannot_work_is_said(line: object, says: str) -> None:
    with pytest.raises(Misconfigured, match=says):
        read({"line": line}, ENVIRONMENT)


def test_hosts_come_from_the_town_then_the_environment() -> None:
    environment = ENVIRONMENT | {
        "MADOGUCHI_LINE_HOST": "http://127.0.0.1:9001",
        "MADOGUCHI_LINE_DATA_HOST": "http://127.0.0.1:9002/",
    }
    account = read({"line": NAMED | {"host": "https://line.example.jp/"}}, environment)
    assert account is not None
    assert account.host == "https://line.example.jp"
    assert account.data_host == "http://127.0.0.1:9002"
