"""the trace of one sample of a 2-100-50-10-1 net against the same operations in bare numpy"""

from tests.bench.clock import ratio
from tests.bench.nets import bare, lab

BAR = 20


def measured() -> float:
    net = lab([2, 100, 50, 10, 1])
    return ratio(lambda: net.trace(3), lambda: bare(net, 3), 300)
