"""`stepper --help` against a bare Python"""

from tests.bench.clock import STEPPER, python, ratio

BAR = 3


def measured() -> float:
    return ratio(python(STEPPER, "--help"), python("pass"), 25)
