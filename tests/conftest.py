"""One profile for all properties: the same examples on every run, never failed for slowness."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "stepper",
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("stepper")
