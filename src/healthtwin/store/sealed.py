"""What rows say about people, sealed: one envelope a row, opened when it is read.

A table that says something about somebody is `Sealed` and declares what it says as facts instead of columns:

    class NoteRow(Sealed, Base):
        __tablename__ = "notes"
        id: Mapped[str] = mapped_column(Id, primary_key=True)
        person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
        text = Fact[str]()

Facts are read and set like columns. All facts of a row lie together as JSON in its one column `sealed`, under
the key of the person whom the row names by `person_id` or `pseudonym`; under the house's own key where it
names nobody. The envelope is bound to table, column, row and person: moved anywhere else, it does not open.
A fact that a row does not hold yet has its default, so a new fact needs no migration. Databases cannot search
or sort by facts; what is searched stays a column and stands in the list of
`tests/store/test_what_a_column_says_about_people.py` with its reason.

Sessions of `healthtwin.store.Tables` seal and open by themselves. Whoever inserts or asks without mapped
objects uses `Sealer.body` and `Sealer.facts`.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeAlias, TypeVar, cast, overload

import msgspec
from sqlalchemy import LargeBinary, event, inspect, select
from sqlalchemy.orm import LoaderCallableStatus, Mapped, Session, mapped_column, object_session
from sqlalchemy.types import TypeDecorator

from healthtwin.domain.errors import CorruptStorage, Gone, KeyGone
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.domain.plain_log import Logged
from healthtwin.store.keys import HOUSE_KEY, NoKeys, Place, key_id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect, RowMapping, Table
    from sqlalchemy.orm import InstanceState, Mapper

    from healthtwin.store.keys import Keys

    Row: TypeAlias = Mapping[str, Any] | RowMapping

T = TypeVar("T")
R = TypeVar("R")

_LOG: Final = logging.getLogger(__name__)

SEALED: Final = "sealed"
"""Name of the column."""

SEALER: Final = "healthtwin_sealer"
"""Under this name a session knows its `Sealer`."""

_PSEUDONYMS: Final = "healthtwin_pseudonyms"
_PLAIN: Final = b"{"
"""Facts that nobody sealed begin so, an envelope never does."""

_PEOPLE: Final = "people"
_OWNERS: Final = ("person_id", "pseudonym")
_SEPARATOR: Final = "\x1f"
_NONE: Final = object()
_Binding: TypeAlias = "tuple[str, str | None, Sequence[str]]"
_BINDINGS: Final[dict[type, _Binding]] = {}
_UNKNOWN: Final = (LoaderCallableStatus.NO_VALUE, LoaderCallableStatus.NEVER_SET)


class Body:
    """The facts of one row: as they stand in the database, as they are, or both."""

    __slots__ = ("plain", "stored")

    def __init__(self, plain: dict[str, Any] | None, stored: bytes | None) -> None:
        self.plain = plain
        self.stored = stored


class SealedFacts(TypeDecorator[Body]):
    """The column: bytes in the database, a `Body` here."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's
        """What is stored; only what was sealed, or said to stay plain, gets there."""
        if value is None:
            return None
        if not isinstance(value, Body) or value.stored is None:
            raise TypeError("facts go into the database through a session of Tables, or Sealer.body")
        return value.stored

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Body | None:  # noqa: ARG002
        """What was stored, unopened."""
        return None if value is None else Body(None, bytes(value))


class Fact(Generic[T]):
    """Something that a row says about somebody; JSON data, read and set like a column.

    Args:
        default: what a row says that does not hold it; without one it must be set.
        lenient: a row that does not open says the default, too: for what is only shown beside more important.
    """

    def __init__(self, default: T | object = _NONE, *, lenient: bool = False) -> None:
        self.default = default
        self.lenient = lenient
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Be told the name."""
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Fact[T]: ...
    @overload
    def __get__(self, row: Sealed, owner: type) -> T: ...
    def __get__(self, row: Sealed | None, owner: type) -> T | Fact[T]:
        """What the row says."""
        if row is None:
            return self
        try:
            found = facts_of(row).get(self.name, self.default)
        except CorruptStorage as error:
            if not self.lenient:
                raise
            _sealer_of(row).note_damage(type(row), error)
            found = self.default
        if found is _NONE:
            raise AttributeError(f"{type(row).__name__}.{self.name} was never set")
        return cast("T", found)

    def __set__(self, row: Sealed, value: T) -> None:
        """Have the row say this; it is sealed when the session writes it."""
        body = _body_of(row)
        if body is None:
            row.sealed = Body({self.name: value}, None)
        elif body.stored is None and body.plain is not None:
            body.plain[self.name] = value
        else:
            facts = facts_of(row)
            if facts.get(self.name, _NONE) != value:
                row.sealed = Body({**facts, self.name: value}, None)


class Sealed:
    """A table whose facts are sealed; see the module.

    Attributes:
        identity: columns that name the row for good, where the primary key does not: one that counts itself.
    """

    identity: ClassVar[tuple[str, ...]] = ()

    sealed: Mapped[Body] = mapped_column(SealedFacts)


class Sealer:
    """Seals and opens the facts of rows.

    Args:
        keys: of the home.

    Attributes:
        damage: what does not open, by table, as far as it was passed over: how many rows are not counted.
    """

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.damage: dict[str, str] = {}

    def body(self, kind: type[Sealed], row: Row, facts: Mapping[str, Any], key_id: int) -> Body:
        """Facts as a row's column `sealed` takes them.

        Args:
            kind: of row.
            row: its other columns.
            facts: what it says.
            key_id: key of whom it is about.
        """
        plain = written(facts)
        if not self.keys.encrypted:
            return Body(dict(facts), plain)
        return Body(dict(facts), self.keys.seal(key_id, plain, place_of(kind, row)))

    def facts(self, kind: type[Sealed], row: Row) -> dict[str, Any]:
        """What a row says.

        Args:
            kind: of row.
            row: its columns, at least those that say who it is and whom it is about, and `sealed`.

        Raises:
            CorruptStorage: it was altered, belongs elsewhere, or its key was erased.
        """
        stored = row[SEALED].stored
        where = f"{_table(kind).name}.{SEALED}"
        if stored.startswith(_PLAIN):
            if self.keys.encrypted:
                raise CorruptStorage(
                    f"{where}: a row is not encrypted although this home is; restore a backup"
                )
            return _read(stored, where)
        key_id = key_id_of(stored)
        if key_id == PLAINTEXT_KEY:
            raise CorruptStorage(f"{where}: damaged; restore a backup")
        return _read(self.keys.open(key_id, stored, place_of(kind, row)), where)

    def each(self, kind: type[Sealed], rows: Iterable[R], made: Callable[[R], T]) -> list[T]:
        """What is made of rows, but for those that do not open: one that is damaged hides no other.

        Args:
            kind: of the rows.
            rows: as the database gave them.
            made: of one row; opens it.

        Raises:
            KeyGone: nothing of it opens, since the keys are not those of this home.
        """
        found = []
        gone: KeyGone | None = None
        for row in rows:
            try:
                found.append(made(row))
            except CorruptStorage as error:
                self.note_damage(kind, error)
                gone = error if isinstance(error, KeyGone) else gone
        if gone is not None and not found:
            raise gone
        return found

    def note_damage(self, kind: type[Sealed], error: CorruptStorage) -> None:
        """A row does not open; the operator is told."""
        name = _table(kind).name
        if name not in self.damage:
            _LOG.error("A row of %s does not open and is passed over", Logged(name))
            self.damage[name] = str(error)


def place_of(kind: type[Sealed], row: Row) -> Place:
    """Where the facts of a row lie: its table, and who it is and whom it is about.

    Raises:
        CorruptStorage: an id holds what none may.
    """
    table, owner, identity = _binding(kind)
    about = "" if owner is None else row.get(owner) or ""
    name = _SEPARATOR.join((about, *[str(row[each]) for each in identity]))
    if name.count(_SEPARATOR) != len(identity):
        raise CorruptStorage(f"{table}: a row has an impossible id")
    return Place(table, SEALED, name)


def _binding(kind: type[Sealed]) -> _Binding:
    """Name of a table, which column says whom its rows are about, and which say who they are."""
    known = _BINDINGS.get(kind)
    if known is None:
        table = _table(kind)
        owner = next((name for name in _OWNERS if name in table.c), None)
        owner = "id" if table.name == _PEOPLE else owner
        known = _BINDINGS[kind] = (table.name, owner, tuple(_identity(kind)))
    return known


def facts_declared(kind: type[Sealed]) -> tuple[str, ...]:
    """Names of what the rows of a table say."""
    return tuple(name for each in kind.__mro__ for name, it in vars(each).items() if isinstance(it, Fact))


def kind_of(table: Table) -> type[Sealed]:
    """What is mapped on a table that has the column `sealed`."""
    return _kinds()[table.name]


def _kinds() -> dict[str, type[Sealed]]:
    found, look = {}, [Sealed]
    while look:
        for each in look.pop().__subclasses__():
            found[_table(each).name] = each
            look.append(each)
    return found


def _table(kind: type[Sealed]) -> Table:
    return cast("Table", kind.__table__)  # type: ignore[attr-defined]  # every mapped class has one


def _identity(kind: type[Sealed]) -> Sequence[str]:
    return kind.identity or tuple(column.name for column in _table(kind).primary_key)


def owner_of(kind: type[Sealed], row: Row) -> str | None:
    """Whom a row says that it is about; None for nobody."""
    owner = _binding(kind)[1]
    return None if owner is None else row.get(owner)


def written(facts: Mapping[str, Any]) -> bytes:
    """Facts as they are sealed."""
    return json.dumps(facts, separators=(",", ":")).encode()


def _read(written: bytes, where: str) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", msgspec.json.decode(written))
    except ValueError:
        pass  # not a number among them, which JSON has no word for
    try:
        return cast("dict[str, Any]", json.loads(written))
    except ValueError as error:
        raise CorruptStorage(f"{where}: damaged; restore a backup") from error


# ---------------------------------------------------------------- mapped objects


def facts_of(row: Sealed) -> dict[str, Any]:
    """What a mapped object says, opened when first asked for."""
    body = _body_of(row)
    if body is None:
        return {}
    if body.plain is None:
        body.plain = _sealer_of(row).facts(type(row), _standing(row))
    return body.plain


def drop_unreadable(row: Sealed) -> None:
    """What a mapped object says is forgotten where its key is gone; what opens stays.

    For a row that outlives whom it was about: restored from before their erasure, nobody can read it.
    """
    try:
        facts_of(row)
    except KeyGone:
        row.sealed = Body({}, None)


def _body_of(row: Sealed) -> Body | None:
    """None for an object to which nothing was said yet."""
    return row.sealed


def _sealer_of(row: Sealed) -> Sealer:
    session = object_session(row)
    sealer = None if session is None else session.info.get(SEALER)
    return sealer if isinstance(sealer, Sealer) else Sealer(NoKeys())


def _standing(row: Sealed) -> Mapping[str, Any]:
    """The columns as they stand in the database, also where the object says otherwise by now."""
    state: InstanceState[Any] = inspect(row)
    committed = {name: was for name, was in state.committed_state.items() if was not in _UNKNOWN}
    return {**state.dict, **committed, SEALED: row.sealed}


@event.listens_for(Sealed, "before_insert", propagate=True)
def _seal_new(_mapper: Mapper[Any], connection: Connection, row: Sealed) -> None:
    _seal(connection, row, facts_of(row))


@event.listens_for(Sealed, "before_update", propagate=True)
def _seal_changed(_mapper: Mapper[Any], connection: Connection, row: Sealed) -> None:
    state: InstanceState[Any] = inspect(row)
    binding = {*_identity(type(row)), *_OWNERS}
    moved = any(
        name in binding and state.dict.get(name) != was for name, was in state.committed_state.items()
    )
    body = _body_of(row)
    if moved or body is None or body.stored is None:
        _seal(connection, row, dict(facts_of(row)))


def _seal(connection: Connection, row: Sealed, facts: dict[str, Any]) -> None:
    sealer, columns = _sealer_of(row), inspect(row).dict
    row.sealed = sealer.body(type(row), columns, facts, _key_id_of(connection, row, sealer))


def _key_id_of(connection: Connection, row: Sealed, sealer: Sealer) -> int:
    """The key of whom a row is about.

    Raises:
        Gone: they were erased meanwhile; nothing about them may be written.
    """
    table, columns = _table(type(row)), inspect(row).dict
    if not sealer.keys.encrypted:
        return PLAINTEXT_KEY
    if table.name == _PEOPLE:
        return sealer.keys.key_of(columns["pseudonym"])
    owner = owner_of(type(row), columns)
    if owner is None:
        return HOUSE_KEY
    session = cast("Session", object_session(row))
    known: dict[str, str] = session.info.setdefault(_PSEUDONYMS, {})
    if owner not in known:
        # Asked in the transaction that writes: whoever was erased before it has no row here any more.
        people = table.metadata.tables[_PEOPLE]
        named = people.c.id if "person_id" in table.c else people.c.pseudonym
        found = connection.execute(select(people.c.pseudonym).where(named == owner)).scalar()
        if found is None:
            raise Gone("no such person")
        known[owner] = found
    return sealer.keys.key_of(known[owner])
