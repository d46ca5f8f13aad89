"""What can be wrong with genetic input, drawn once.

::

    InvalidInput                       (healthtwin.domain)
    ├── UnknownGene                    a symbol that no table here knows
    ├── UnknownAllele                  a star or variant name the gene's table does not hold
    ├── UnknownMedicine                a name that is neither covered nor listed as "nothing known"
    └── MalformedInput
        └── VariantFileError           a VCF, call file or table that cannot be read: file, line, column

Each says where it stands, what was read there and what would have been right.
"""

from __future__ import annotations

from healthtwin.domain.errors import InvalidInput, MalformedInput


class UnknownGene(InvalidInput):
    """The gene is not in the tables.

    >>> str(UnknownGene("gene", "CYP2X1", "one of CYP2C19, CYP2D6"))
    "gene: got 'CYP2X1'; allowed: one of CYP2C19, CYP2D6"
    """


class UnknownAllele(InvalidInput):
    """The gene is known, the allele is not: it may be newer than the tables, or mistyped."""


class UnknownMedicine(InvalidInput):
    """The name matches no medicine we hold guidance for and none we can say nothing about."""


class VariantFileError(MalformedInput):
    """A file of genotypes or calls cannot be read as what it claims to be."""
