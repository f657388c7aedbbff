"""The door of the audit log: record, seal, verify."""

import re

from madoguchi.kernel.audit.keys import keyed_hash
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.audit.sealing import AuditReport, Break, seal, verify
from madoguchi.kernel.clock import api as clock

__all__ = ["AuditReport", "Break", "keyed_hash", "record", "seal", "verify"]

_NAME = re.compile(r"[a-z][a-z0-9_.]{0,59}")
_REFERENCE = re.compile(r"[a-z][a-z0-9_.]{0,39}:[A-Za-z0-9_.-]{1,39}")
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{0,80}")


def record(verb: str, subject: str, *, actor: str, **ids: str | int | None) -> None:
    """Log one act or one reading in the current town, inside the caller's transaction.

    ``verb`` as "case.assign"; ``subject`` and ``actor`` as "case:12", "staff:3", "system:triage";
    ``ids`` are further ids, states or ``keyed_hash`` values. Anything that could be content (any
    Japanese, a space, an address) raises ValueError: hash it.
    """
    if not _NAME.fullmatch(verb):
        raise ValueError("a verb is a name such as 'case.assign'")
    for reference in (subject, actor):
        if not _REFERENCE.fullmatch(reference):
            raise ValueError("subject and actor are references such as 'case:12'")
    for name, value in ids.items():
        if isinstance(value, str) and not _WORD.fullmatch(value):
            raise ValueError(f"{name} may not hold content; pass keyed_hash(...) of it")
    Entry.objects.create(at=clock.now(), verb=verb, subject=subject, actor=actor, ids=ids)
