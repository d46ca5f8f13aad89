"""Who looked at whom: a chain of entries that shows every change, signed, beside the data it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.access.audit.audit import CONSOLE, HOUSE, NOBODY, Audit
    from healthtwin.access.audit.entry import ALLOWED, FAILED, REFUSED, fits_id
    from healthtwin.access.audit.file import AUDIT_FILE
    from healthtwin.access.audit.keys import signing_key
    from healthtwin.access.audit.reading import grant_labels, looks_at, newest_looks, was_erased
    from healthtwin.access.audit.settings import AuditSettings
    from healthtwin.access.audit.verifying import Verdict, verify

__all__ = [
    "ALLOWED",
    "AUDIT_FILE",
    "CONSOLE",
    "FAILED",
    "HOUSE",
    "NOBODY",
    "REFUSED",
    "Audit",
    "AuditSettings",
    "Verdict",
    "fits_id",
    "grant_labels",
    "looks_at",
    "newest_looks",
    "signing_key",
    "verify",
    "was_erased",
]

__getattr__ = face(
    __name__,
    audit="CONSOLE HOUSE NOBODY Audit",
    entry="ALLOWED FAILED REFUSED fits_id",
    file="AUDIT_FILE",
    keys="signing_key",
    reading="grant_labels looks_at newest_looks was_erased",
    settings="AuditSettings",
    verifying="Verdict verify",
)
