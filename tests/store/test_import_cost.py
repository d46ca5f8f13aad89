import subprocess
import sys


def test_the_home_needs_neither_numpy_nor_sqlalchemy() -> None:
    program = (
        "import sys; from healthtwin.store import Home, HomeKind;"
        "print(sorted({'alembic', 'numpy', 'sqlalchemy'} & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout == "[]\n"


def test_every_public_name_exists() -> None:
    import healthtwin.store as face

    assert face.__all__ == sorted(face.__all__, key=lambda name: (name.islower(), name))
    assert all(getattr(face, name) is not None for name in face.__all__)


def test_opening_tables_that_are_up_to_date_does_not_load_alembic(tmp_path: object) -> None:
    program = (
        "import sys; from healthtwin.store import Tables;"
        "Tables(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    run = [sys.executable, "-c", program, f"sqlite:///{tmp_path}/records.db"]

    first = subprocess.run(run, capture_output=True, text=True, check=True)
    second = subprocess.run(run, capture_output=True, text=True, check=True)

    assert (first.stdout, second.stdout) == ("True\n", "False\n")
