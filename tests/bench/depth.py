"""the time for an operation in a net of 32 layers against one of 8 (1 is linear)"""

from tests.bench.clock import ratio
from tests.bench.nets import lab

BAR = 1.5
SHALLOW, DEEP = [2, *[10] * 7, 1], [2, *[10] * 31, 1]


def measured() -> float:
    deep, shallow = lab(DEEP), lab(SHALLOW)
    steps = len(deep.trace(3).steps) / len(shallow.trace(3).steps)
    return ratio(lambda: deep.trace(3), lambda: shallow.trace(3), 50) / steps
