"""The cards: every module in this package is read, and so registers its operations."""

from importlib import import_module
from pkgutil import iter_modules

from stepper.ops.card import CARDS, Op

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["CARDS", "Op"]
