"""A town's incoming webhook: its address is the secret.

``Town.settings["slack"]``: where the ``url`` is, ``events`` (what is told) and ``origin`` (the
town's own address, for links).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from madoguchi.channels import keeping
from madoguchi.channels.keeping import Keeper, Misconfigured

KEEPER = Keeper("slack", "Slack", ("url",))
HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LOCAL = "MADOGUCHI_SLACK_LOCAL"
"""Set to 1 by who tries Slack against a stand-in on this machine."""


class Event(StrEnum):
    """What a town can have told."""

    URGENT = "urgent"
    FAILED = "failed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to tell. The address stays out of ``repr``, and so out of logs."""

    url: str = field(repr=False)
    origin: str = ""


def wants(settings: Mapping[str, object], event: Event) -> bool:
    """Whether the town has this told, without reading the secret."""
    slack = settings.get("slack")
    if not isinstance(slack, Mapping):
        return False
    events = slack.get("events")
    named = bool(keeping.name_of(slack, "url"))
    return named and isinstance(events, list) and event.value in events


def origin(settings: Mapping[str, object]) -> str:
    """The address of the town's house, without a trailing slash."""
    slack = settings.get("slack")
    return str(slack.get("origin") or "").rstrip("/") if isinstance(slack, Mapping) else ""


def read(settings: Mapping[str, object], environment: Mapping[str, str]) -> Account | None:
    """The account that a town's settings name, or None. Raises ``Misconfigured``."""
    slack = settings.get("slack")
    if not isinstance(slack, Mapping) or not keeping.name_of(slack, "url"):
        return None
    url = keeping.read(slack, "url", "SlackのWebhook URL", environment)
    if not allowed(url, environment):
        raise Misconfigured(
            "SlackのWebhook URLが正しくありません。「Slackの設定」で入れ直してください。"
        )
    return Account(url, origin(settings))


def of_town(settings: Mapping[str, object]) -> Account | None:
    """``read`` with this process's environment."""
    return read(settings, os.environ)


def allowed(url: str, environment: Mapping[str, str]) -> bool:
    """Whether an address is Slack's: nothing is ever posted elsewhere."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname in HOSTS and not parts.username:
        return parts.path.startswith("/services/") and parts.port in (None, 443)
    return parts.hostname in LOOPBACK and environment.get(LOCAL) == "1"
