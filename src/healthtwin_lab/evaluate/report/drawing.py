"""Pictures of a report, drawn by matplotlib (extra `plots`) as SVG that is the same on every run."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555555")
"""Okabe and Ito's palette, which colour-blind people can tell apart."""

SIZE_INCHES: Final = (6.4, 4.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: `x` and `y` of the same length; `dashed` for what is only there to compare with."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    dashed: bool = False
    marked: bool = False


def draw_lines(
    lines: Sequence[Line], x_label: str, y_label: str, *, unit_square: bool = False, log_x: bool = False
) -> str:
    """Curves in one picture, as SVG.

    Args:
        unit_square: both axes from 0 to 1. log_x: the horizontal axis in powers of ten.

    Raises:
        ConfigurationError: the extra `plots` is not installed.
    """
    figure, axes = _blank(x_label, y_label)
    for i, line in enumerate(lines):
        axes.plot(
            line.x,
            line.y,
            label=line.label,
            color=COLOURS[i % len(COLOURS)],
            linestyle="--" if line.dashed else "-",
            marker="o" if line.marked else None,
            markersize=3.5,
            linewidth=1.6,
        )
    if unit_square:
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
    if log_x:
        axes.set_xscale("log")
    if len(lines) > 1:
        axes.legend(frameon=False, fontsize=8)
    return _svg(figure)


def draw_bars(labels: Sequence[str], heights: Sequence[float], x_label: str, y_label: str) -> str:
    """Bars side by side, as SVG.

    Raises:
        ConfigurationError: the extra `plots` is not installed.
    """
    figure, axes = _blank(x_label, y_label)
    axes.bar(range(len(labels)), heights, color=COLOURS[0], width=0.8)
    axes.set_xticks(range(len(labels)), labels, fontsize=8)
    return _svg(figure)


def _blank(x_label: str, y_label: str) -> tuple[Any, Any]:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigurationError(
            "pictures are drawn by matplotlib, which is not installed: pip install 'healthtwin[plots]'"
        ) from None
    mpl.rcParams["svg.hashsalt"] = "healthtwin"  # without it every run names its clip paths anew
    mpl.rcParams["svg.fonttype"] = (
        "none"  # letters as letters: a quarter of the size, and they can be read out
    )
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _svg(figure: Any) -> str:  # noqa: ANN401 - matplotlib is there only where the extra is installed
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    text = drawn.getvalue()
    return "\n".join(line.rstrip() for line in text[text.index("<svg") :].splitlines()) + "\n"
