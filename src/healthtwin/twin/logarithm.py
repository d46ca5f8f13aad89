"""Natural logarithm and exponential that give the same bits everywhere.

`numpy.log` and `numpy.exp` choose between vector and scalar code by processor, array length, stride and
memory overlap, and the variants differ in the last bit. A twin rebuilt by replay must be byte-identical
however its stream was cut into batches, and on whichever machine. These two use only operations that IEEE 754
rounds correctly (add, multiply, divide, splitting off and restoring the exponent), so there is one answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LN2_HIGH: Final = float.fromhex("0x1.62e42fee00000p-1")  # ends in zeros, so that its product with a small
_LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")  # whole number is exact; the rest of ln 2
_SQRT_HALF: Final = 0.7071067811865476

_ATANH_TERMS: Final = tuple(1.0 / (2 * i + 1) for i in range(10, 0, -1))
"""atanh(f)/f - 1 as a series in f**2; |f| <= 0.172 leaves a remainder below 1e-17."""

_EXP_TERMS: Final = (
    1 / 6227020800,
    1 / 479001600,
    1 / 39916800,
    1 / 3628800,
    1 / 362880,
    1 / 40320,
    1 / 5040,
    1 / 720,
    1 / 120,
    1 / 24,
    1 / 6,
    1 / 2,
    1.0,
)
"""exp(r) - 1 as a series in r, without its leading factor r; |r| <= 0.347 leaves a remainder below 1e-17."""


def natural_log(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithm of positive finite numbers, elementwise; NaN stays NaN. Relative error below 4e-16.

    >>> natural_log(np.array([1.0, 2.718281828459045]))
    array([0., 1.])
    """
    mantissa, exponent = np.frexp(x)
    small = mantissa < _SQRT_HALF
    mantissa = np.where(small, mantissa * 2.0, mantissa)
    power = (exponent - small).astype(np.float64)
    f = (mantissa - 1.0) / (mantissa + 1.0)
    square = f * f
    series = np.zeros_like(f)
    for term in _ATANH_TERMS:
        series = (series + term) * square
    return power * _LN2_HIGH + (2.0 * f + (2.0 * f * series + power * _LN2_LOW))


def exponential(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The exponential function, elementwise, for |x| <= 700; NaN stays NaN. Relative error below 4e-16.

    >>> exponential(np.array([0.0, 1.0]))
    array([1.        , 2.71828183])
    """
    power = np.rint(x * (1.0 / _LN2_HIGH))
    r = (x - power * _LN2_HIGH) - power * _LN2_LOW
    series = np.zeros_like(r)
    for term in _EXP_TERMS:
        series = series * r + term
    whole = np.where(np.isnan(power), 0.0, power).astype(np.int32)
    return np.ldexp(1.0 + r * series, whole)
