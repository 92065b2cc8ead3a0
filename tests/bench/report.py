"""What was measured, as a table for people and as JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

from tests.bench.figures import ratio

Kind = Literal["ratio at least", "ratio at most", "at most"]
HEADINGS = ("", "ours", "reference", "unit", "ratio", "goal", "")


@dataclass(frozen=True)
class Goal:
    """What ours must reach: a ratio to the reference, or (`at most`) a value by itself."""

    kind: Kind
    limit: float

    def met(self, ours: float, times: float | None) -> bool:
        """Whether it is reached. Errors: `ValueError` when it is about a ratio and there is none."""
        if self.kind == "at most":
            return ours <= self.limit
        if times is None:
            raise ValueError("goal: there is no reference to take a ratio to")
        return times >= self.limit if self.kind == "ratio at least" else times <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.kind.endswith('least') else '≤'} {self.limit:g}" + ("×" if "ratio" in self.kind else "")


@dataclass(frozen=True)
class Line:
    """One measurement: a value a round, beside the reference's of the same rounds (empty: there is none)."""

    what: str
    unit: str
    ours: Sequence[float]
    beside: str = ""
    reference: Sequence[float] = ()
    goal: Goal | None = None

    @property
    def value(self) -> float:
        """The median of ours."""
        return median(self.ours)

    @property
    def times(self) -> float | None:
        """Ours by the reference, if there is one."""
        return ratio(self.ours, self.reference) if self.reference else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        return self.goal.met(self.value, self.times) if self.goal else None

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": self.value,
            "beside": self.beside or None,
            "reference": median(self.reference) if self.reference else None,
            "ratio": self.times,
            "goal": str(self.goal) if self.goal else None,
            "met": self.met,
            "rounds": {"ours": list(self.ours), "reference": list(self.reference)},
        }

    def cells(self) -> tuple[str, ...]:
        """For the table."""
        reference = f"{_number(median(self.reference))} {self.beside}" if self.reference else ""
        times = "" if self.times is None else f"{self.times:.2f}×"
        verdict = {True: "met", False: "NOT MET", None: ""}[self.met]
        return self.what, _number(self.value), reference, self.unit, times, str(self.goal or ""), verdict


def table(lines: Sequence[Line]) -> str:
    """The lines under their headings."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def write(file: Path, machine: dict[str, Any], lines: Sequence[Line]) -> None:
    """The whole run as JSON."""
    document = {"machine": machine, "lines": [line.record() for line in lines]}
    file.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
