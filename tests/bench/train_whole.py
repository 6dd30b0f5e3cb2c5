"""training on all samples at once against the reports' own numpy loops, the worst of them"""

from tests.bench.train import worst

BAR = 0.8
LABS = (
    "bce-momentum", "bce-momentum:linear", "half-mse", "half-mse:linear", "folded-bias",
    "folded-bias:linear",
)  # fmt: skip


def measured() -> float:
    return worst(LABS, 200)
