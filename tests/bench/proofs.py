"""seconds of processor time to prove every line of the listed derivations, sympy's import too"""

import subprocess
import sys
from pathlib import Path
from statistics import median

BAR = 2
CODE = """
import time
began = time.process_time()
from stepper.calculus.prove import proofs
from tests.calculus.listed import listed
known = proofs(listed())
assert all(c.verdict == "proved" for checks in known.values() for c in checks)
print(time.process_time() - began)
"""


def measured() -> float:
    return median(_seconds() for _ in range(3))


def _seconds() -> float:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", CODE]
    return float(subprocess.run(command, check=True, capture_output=True, cwd=root).stdout)
