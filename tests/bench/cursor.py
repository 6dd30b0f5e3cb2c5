"""another entry of a matrix that has the screen to itself, against one line that changes"""

from tests.bench.step import against_one_line

BAR = 2
TO_NUMBERS, ZOOM = "\t", "z"
ROUND = "lhljkh" * 6


def measured() -> float:
    return against_one_line(TO_NUMBERS + ZOOM, ROUND, "--start", "dJ_dW2")
