"""another entry with its formula and its derivation beside it, all drawn anew, against one line"""

from tests.bench.cursor import ROUND, TO_NUMBERS
from tests.bench.step import against_one_line

BAR = 4


def measured() -> float:
    return against_one_line(TO_NUMBERS, ROUND, "--start", "dJ_dW2")
