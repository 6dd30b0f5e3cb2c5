"""training sample by sample against the reports' own numpy loops, the worst of them"""

from tests.bench.train import worst

BAR = 1
LABS = (
    "three-hidden", "three-hidden:adagrad", "online-momentum", "online-momentum:medium",
    "online-momentum:large",
)  # fmt: skip


def measured() -> float:
    return worst(LABS, 500)
