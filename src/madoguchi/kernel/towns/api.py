"""The door to towns: set one up, find it."""

from collections.abc import Sequence

from madoguchi.kernel.towns import current, pack
from madoguchi.kernel.towns.models import Town


def create_town(
    code: str, *, hostname: str = "", contact_phone: str = "", services: Sequence[str] = ()
) -> Town:
    """Set up the municipality with the five-digit ``code`` from its pack.

    Raises ``pack.UnknownTown`` where there is no pack; a town that exists is returned unchanged.
    """
    found = pack.load(code)
    town, _ = Town.objects.get_or_create(
        code=found.code,
        defaults={
            "name": found.name,
            "hostname": hostname,
            "contact_phone": contact_phone,
            "services": list(services),
        },
    )
    return town


def get(code: str) -> Town:
    """The town with the five-digit ``code``; raises ``Town.DoesNotExist``."""
    return Town.objects.get(code=code)


def here() -> Town:
    """The current town; raises ``NoTown``."""
    return Town.objects.get(pk=current.town_id())


def for_host(host: str) -> Town | None:
    """The town that answers at ``host`` (a port is ignored).

    That of this hostname, else the one without a hostname, else the only town there is.
    """
    name = _without_port(host).lower().rstrip(".")
    found = list(Town.objects.filter(hostname__in={name, ""}))
    named = [town for town in found if town.hostname and town.hostname == name]
    if len(named or found) == 1:
        return (named or found)[0]
    every = [] if found else list(Town.objects.order_by("pk")[:2])
    return every[0] if len(every) == 1 else None


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
