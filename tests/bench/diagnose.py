"""naming the mistake in a wrong formula: the slowest twentieth against half a second"""

from itertools import islice
from time import perf_counter

from stepper.check.diagnose import diagnose
from stepper.check.question import Question
from stepper.check.world import worlds
from tests.check.mutants import Case, mutants

BAR = 1
HALF_A_SECOND = 0.5
N = 200


def measured() -> float:
    times = sorted(seconds(case) for case in islice(mutants(seed=0), N))
    median, slow = times[N // 2], times[N * 19 // 20]
    print(f"        a diagnosis: median {median * 1000:.0f} ms, p95 {slow * 1000:.0f} ms")
    return slow / HALF_A_SECOND


def seconds(case: Case) -> float:
    question = Question(case.tree, case.right, case.target, case.lab, worlds(case.lab))
    began = perf_counter()
    diagnose(question)
    return perf_counter() - began
