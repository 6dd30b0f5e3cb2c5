"""another entry of a matrix until its frame is drawn, against one line that changes (120×40)"""

from tests.bench.step import against_one_line

BAR = 2
TO_NUMBERS = "\t"
ROUND = "lhljkh" * 6


def measured() -> float:
    return against_one_line(TO_NUMBERS, ROUND, "--start", "dJ_dW2")
