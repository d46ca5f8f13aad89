"""The room's public face: every name is there, sorted, and loaded only when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import healthtwin.genes


def test_every_name_of_the_face_is_there() -> None:
    for name in healthtwin.genes.__all__:
        assert getattr(healthtwin.genes, name).__doc__
    assert sorted(healthtwin.genes.__all__) == healthtwin.genes.__all__
    assert dir(healthtwin.genes) == healthtwin.genes.__all__


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'assign_fenotype'"):
        _ = healthtwin.genes.assign_fenotype


def test_a_phenotype_does_not_load_what_reads_files() -> None:
    code = (
        "import sys; from healthtwin.genes import assign_phenotype; assign_phenotype('CYP2C19', '*1/*2'); "
        "print([n for n in sys.modules if n.endswith(('variant_file', 'guidance', 'numpy', 'typer'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
