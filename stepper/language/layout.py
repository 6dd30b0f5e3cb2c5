"""The two layouts of the data, and which axis of a matrix each assigns to features and samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Layout = Literal["columns", "rows"]
AXES: Mapping[str, Mapping[str, int]] = {
    "columns": {"features": 0, "samples": 1},
    "rows": {"features": 1, "samples": 0},
}
"""With "columns" a sample is a column, features × samples; with "rows" samples × features."""
