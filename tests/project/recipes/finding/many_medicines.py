"""Many medicines at once: worth going through with whoever prescribed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.domain import AlertLevel, Evidence, Finding, Said

if TYPE_CHECKING:
    from healthtwin.medicines.sources import Stated

MANY: Final = 5
"""From five on, medicines together are called polypharmacy (WHO, Medication Safety in Polypharmacy, 2019)."""


class ManyMedicines:
    """Counts what is taken."""

    specialty = "polypharmacy"

    def findings(self, stated: Stated) -> tuple[Finding, ...]:
        """See `healthtwin.medicines.sources.FindingSource`."""
        count = len(stated.medicines)
        if count < MANY:
            return ()
        said = Said.of("finding-many-medicines", count=count)
        fact = Evidence(said, Said("finding-many-medicines.source"))
        return (Finding(self.specialty, said, AlertLevel.INFO, None, (fact,), (), "polypharmacy 1"),)
