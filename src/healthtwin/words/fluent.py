"""Fluent's rules for filling a message: each pattern becomes a function of its values once, then only runs.

What Fluent leaves to the reader of a broken message (show what is there) is a `CatalogueError` here: a test
says every sentence, so none is broken where somebody needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from healthtwin.words.catalogue import CatalogueError
from healthtwin.words.numbers import MOST_DIGITS, between
from healthtwin.words.plurals import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fluent.syntax import ast

    from healthtwin.words.catalogue import Catalogue

NOTHING: Final = "none"
DECIMAL_MARK: Final = "decimal-mark"


class Number:
    """A number and how it is written (with a point), which decides its plural."""

    __slots__ = ("value", "written")

    def __init__(self, value: float, written: str | None = None) -> None:
        self.value = value
        self.written = between(value, 0, MOST_DIGITS) if written is None else written


class TermValues(dict[str, "Value"]):
    """What a term is filled with: what its reference names, and nothing else."""

    def __missing__(self, name: str) -> str:
        return NOTHING


Value: TypeAlias = "str | Number"
Values: TypeAlias = "Mapping[str, Value]"
Options: TypeAlias = "Mapping[str, str | float]"
Function: TypeAlias = "Callable[[Sequence[Value], Options], Value]"
Filled: TypeAlias = "Callable[[Values], Value]"
Text: TypeAlias = "Callable[[Values], str]"


class Resolver:
    """Fills the messages of a catalogue.

    Args:
        words: the catalogue. functions: what its messages may call, by name.
    """

    def __init__(self, words: Catalogue, functions: Mapping[str, Function]) -> None:
        self._words = words
        self._functions = functions
        self._texts: dict[tuple[str, str], Text] = {}
        self._mark: str | None = None

    def text(self, entry_id: str, attribute: str, values: Values) -> str:
        """A message (or a term, by its name with the hyphen), or its attribute where one is named.

        Raises:
            CatalogueError: no such message or attribute, or a value that it asks for is missing.
        """
        key = (entry_id, attribute)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = self._pattern(self._pattern_of(entry_id, attribute), entry_id)
        return found(values)

    def has(self, entry_id: str, attribute: str) -> bool:
        """Whether the message has this attribute."""
        return any(each.id.name == attribute for each in self._words.entry(entry_id).attributes)

    def marked(self, written: str) -> str:
        """A number that is written with a point, with the language's decimal mark."""
        if self._mark is None:
            self._mark = self.text(DECIMAL_MARK, "", {})
        return written.replace(".", self._mark)

    def _wrong(self, what: str) -> CatalogueError:
        return CatalogueError(f"{self._words.language}: {what}")

    def _pattern_of(self, entry_id: str, attribute: str) -> ast.Pattern:
        entry = self._words.entry(entry_id)
        if not attribute:
            if entry.value is None:
                raise self._wrong(f"{entry_id} has only attributes")
            return entry.value
        for each in entry.attributes:
            if each.id.name == attribute:
                return each.value
        raise self._wrong(f"{entry_id} has no .{attribute}")

    def _pattern(self, pattern: ast.Pattern, place: str) -> Text:
        from fluent.syntax import ast

        parts: list[str | Filled] = [
            part.value if isinstance(part, ast.TextElement) else self._expression(part.expression, place)
            for part in pattern.elements
        ]
        if len(parts) == 1 and isinstance(parts[0], str):
            whole = parts[0]
            return lambda _values: whole

        def filled(values: Values) -> str:
            said = []
            for part in parts:
                value = part if isinstance(part, str) else part(values)
                said.append(value if isinstance(value, str) else self.marked(value.written))
            return "".join(said)

        return filled

    def _expression(
        self, expression: ast.InlineExpression | ast.Placeable | ast.SelectExpression, place: str
    ) -> Filled:
        from fluent.syntax import ast

        match expression:
            case ast.Placeable():
                return self._expression(expression.expression, place)
            case ast.StringLiteral():
                text = str(expression.parse()["value"])
                return lambda _values: text
            case ast.NumberLiteral():
                number = Number(float(expression.value), expression.value)
                return lambda _values: number
            case ast.VariableReference():
                return self._variable(expression.id.name, place)
            case ast.MessageReference():
                message_id = expression.id.name
                attribute = expression.attribute.name if expression.attribute else ""
                return lambda values: self.text(message_id, attribute, values)
            case ast.TermReference():
                return self._term(expression)
            case ast.FunctionReference():
                return self._call(expression, place)
            case ast.SelectExpression():
                return self._selection(expression, place)
        raise self._wrong(f"{place}: {type(expression).__name__} cannot be said")

    def _variable(self, name: str, place: str) -> Filled:
        def value(values: Values) -> Value:
            try:
                return values[name]
            except KeyError:
                raise self._wrong(f"{place} asks for ${name} and is given {sorted(values)}") from None

        return value

    def _term(self, reference: ast.TermReference) -> Filled:
        options = {} if reference.arguments is None else options_of(reference.arguments)
        given = TermValues(
            {name: each if isinstance(each, str) else Number(each) for name, each in options.items()}
        )
        attribute = reference.attribute.name if reference.attribute else ""
        return lambda _values: self.text(f"-{reference.id.name}", attribute, given)

    def _call(self, reference: ast.FunctionReference, place: str) -> Filled:
        function = self._functions.get(reference.id.name)
        if function is None:
            raise self._wrong(f"{place}: no function {reference.id.name}")
        arguments = [self._expression(each, place) for each in reference.arguments.positional]
        options = options_of(reference.arguments)
        return lambda values: function([each(values) for each in arguments], options)

    def _selection(self, expression: ast.SelectExpression, place: str) -> Filled:
        from fluent.syntax import ast

        selector = self._expression(expression.selector, place)
        numbers: dict[float, Text] = {}
        names: dict[str, Text] = {}
        default: Text | None = None
        for variant in expression.variants:
            said = self._pattern(variant.value, place)
            if isinstance(variant.key, ast.NumberLiteral):
                numbers.setdefault(float(variant.key.value), said)
            else:
                names.setdefault(variant.key.name, said)
            default = said if variant.default else default
        if default is None:
            raise self._wrong(f"{place}: a choice without a default")
        otherwise, language = default, self._words.language

        def chosen(values: Values) -> str:
            value = selector(values)
            if isinstance(value, str):
                return names.get(value, otherwise)(values)
            exact = numbers.get(value.value)
            return (exact or names.get(plural(language, value.written), otherwise))(values)

        return chosen


def options_of(arguments: ast.CallArguments) -> dict[str, str | float]:
    """The named arguments of a call, which are literals."""
    from fluent.syntax import ast

    return {
        each.name.name: float(each.value.value)
        if isinstance(each.value, ast.NumberLiteral)
        else str(each.value.parse()["value"])
        for each in arguments.named
    }
