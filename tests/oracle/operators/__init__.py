"""Families of operators; importing them fills cases.REGISTRY."""
from operators import (  # noqa: F401
    activations, arithmetic, comparison, control, convolution, decode, indexing, joining, lstm, pointwise, pooling, products, quantization,
    rearrangement, recurrent, reduction, resizing, signal)
