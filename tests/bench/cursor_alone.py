"""the same in a matrix that has the screen to itself: no formula, no derivation beside it"""

from tests.bench.cursor import ROUND, TO_NUMBERS
from tests.bench.step import against_one_line

BAR = 2
ZOOM = "z"


def measured() -> float:
    return against_one_line(TO_NUMBERS + ZOOM, ROUND, "--start", "dJ_dW2")
