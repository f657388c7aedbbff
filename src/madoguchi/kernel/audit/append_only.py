"""What the database refuses to do to the log, whoever asks."""

from madoguchi.kernel.audit.models import Entry, Seal
from madoguchi.kernel.towns.rules import Rule

_MESSAGE = "the audit log is only ever added to"


def append_only() -> list[Rule]:
    """No change but sealing an entry once, no deletion, and no entry that is born sealed."""
    entry, seal = Entry._meta.db_table, Seal._meta.db_table
    kept = [f.column for f in Entry._meta.concrete_fields if f.column != "seal_id"]
    changed = " OR ".join(f'NEW."{c}" <> OLD."{c}"' for c in kept)
    return [
        Rule(
            "audit_entry_kept",
            entry,
            "UPDATE",
            f"OLD.seal_id IS NOT NULL OR NEW.seal_id IS NULL OR {changed}",
            _MESSAGE,
        ),
        Rule("audit_entry_not_deleted", entry, "DELETE", "OLD.id IS NOT NULL", _MESSAGE),
        Rule("audit_entry_unsealed", entry, "INSERT", "NEW.seal_id IS NOT NULL", _MESSAGE),
        Rule("audit_seal_kept", seal, "UPDATE", "OLD.id IS NOT NULL", _MESSAGE),
        Rule("audit_seal_not_deleted", seal, "DELETE", "OLD.id IS NOT NULL", _MESSAGE),
    ]
