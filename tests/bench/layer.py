"""a step key in a net with a layer of 512×32 against one of 8×8 (1 is independent of the size)"""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.clock import compared
from tests.bench.nets import lab_file
from tests.bench.step import FORTH_AND_BACK
from tests.bench.terminal import Terminal, debugger

BAR = 1.5
LARGE, SMALL = [2, 32, 512, 1], [2, 8, 8, 1]


def measured() -> float:
    with ExitStack() as stack:
        large, small = (_opened(sizes, stack) for sizes in (LARGE, SMALL))
        many, few = iter(FORTH_AND_BACK + "n"), iter(FORTH_AND_BACK + "n")
        return compared(lambda: large.press(next(many))[0], lambda: small.press(next(few))[0],
                        len(FORTH_AND_BACK))  # fmt: skip


def _opened(sizes: list[int], stack: ExitStack) -> Terminal:
    file = Path(stack.enter_context(TemporaryDirectory()), "net.toml")
    file.write_text(lab_file(sizes))
    terminal = stack.enter_context(debugger(str(file)))
    terminal.settle()
    return terminal
