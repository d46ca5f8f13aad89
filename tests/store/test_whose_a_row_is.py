"""A new table is erased and exported without another word, or says here that it is about nobody."""

import pytest

from healthtwin.domain.errors import NotFound
from healthtwin.store import Tables
from healthtwin.store.erasure import Erasures, Leaving, rows_about, whose
from healthtwin.store.migration import all_tables
from healthtwin.store.people import Person

LEAVING = Leaving("p-1", "ba75")

ABOUT_NOBODY = {"revision", "erasures", "house_weeks", "sign_in_tries", "relying_party"}

BY_THEIR_ROOM = {"alert_aliases"}
"""No column says whom they are about; `erase` in the `tables.py` of their room finds them."""


def test_every_table_says_by_a_column_or_a_key_whom_it_is_about() -> None:
    silent = {table.name for table in all_tables().sorted_tables if whose(table, LEAVING) is None}
    assert silent == ABOUT_NOBODY | BY_THEIR_ROOM


def test_an_erasure_leaves_no_row_and_is_pending_until_it_is_done(tables: Tables, ada: Person) -> None:
    erasures = Erasures(tables)
    leaving = erasures.begin(ada.id, 1)
    assert (leaving.id, leaving.pseudonym) == (ada.id, ada.pseudonym)
    assert erasures.pending() == [leaving]
    with pytest.raises(NotFound):
        list(rows_about(tables, ada.id))
    erasures.erase_rows(leaving)
    erasures.done(leaving)
    assert erasures.pending() == []
    with pytest.raises(NotFound):
        erasures.begin(ada.id, 2)


def test_what_opens_a_door_is_in_no_export(tables: Tables, ada: Person) -> None:
    told = dict(rows_about(tables, ada.id))
    assert told["people"][0]["name"] == "Ada"
    assert not {"secret", "hash"} & {name for rows in told.values() for row in rows for name in row}
