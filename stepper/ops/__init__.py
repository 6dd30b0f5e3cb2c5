"""The cards: every module in this package is read, and so registers its operations."""

from importlib import import_module
from os import listdir

from stepper.ops.card import CARDS, Op

for _file in sorted(listdir(__path__[0])):  # quicker than the ways of pkgutil and pathlib
    if _file.endswith(".py") and not _file.startswith("_"):
        import_module(f"{__name__}.{_file.removesuffix('.py')}")

__all__ = ["CARDS", "Op"]
