"""The cards: every module in this package is read, and so registers its operations."""

from importlib import import_module
from pathlib import Path

from stepper.ops.card import CARDS, Op

for _file in sorted(Path(__file__).parent.glob("[!_]*.py")):  # quicker than pkgutil's way
    import_module(f"{__name__}.{_file.stem}")

__all__ = ["CARDS", "Op"]
