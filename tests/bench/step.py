"""a step key until its frame is drawn, against one line that changes (120×40)"""

from tests.bench.clock import compared
from tests.bench.terminal import debugger, minimal

BAR = 10
FORTH_AND_BACK = "n" * 20 + "p" * 20


def measured() -> float:
    return against_one_line("", FORTH_AND_BACK)


def against_one_line(before: str, keys: str, *words: str) -> float:
    """Each of the keys in the debugger of xor, and as many in the least app there is."""
    with debugger("xor", *words) as walk, minimal() as line:
        for terminal in (walk, line):
            terminal.settle()
        for key in before:
            walk.press(key)
        forward = iter(keys + keys[:1])
        return compared(lambda: walk.press(next(forward))[0], lambda: line.press("x")[0], len(keys))
