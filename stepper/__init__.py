"""stepper: see backpropagation happen, one matrix operation at a time."""

__version__ = "0.1.0"
