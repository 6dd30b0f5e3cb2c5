"""The mistakes: every module in this package is read, and so registers its cards."""

from importlib import import_module
from pkgutil import iter_modules

from stepper.check.mistake import MISTAKES, Mistake

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["MISTAKES", "Mistake"]
