"""`stepper run xor --plain` against `import numpy, rich`"""

from tests.bench.clock import STEPPER, python, ratio

BAR = 2


def measured() -> float:
    walk = python(STEPPER, "run", "xor", "--plain")
    return ratio(walk, python("import numpy, rich"), 15)
