"""milliseconds of processor time to build the slowest of the listed derivations, from nothing"""

import time

from stepper.calculus import derive
from stepper.calculus.entries import derivations
from stepper.language.parse import parse
from tests.calculus.listed import LISTED

BAR = 5


def measured() -> float:
    return max(min(_milliseconds(source, by) for _ in range(9)) for source, by, _ in LISTED)


def _milliseconds(source: str, by: str) -> float:
    derive.derive.cache_clear()
    derive.is_short.cache_clear()
    tree = parse(source)
    began = time.process_time()
    derivations(tree, by)
    return 1000 * (time.process_time() - began)
