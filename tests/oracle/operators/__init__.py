"""Families of operators; importing them fills cases.REGISTRY."""
from operators import arithmetic, convolution, lstm, pointwise, pooling, quantization, rearrangement, reduction  # noqa: F401
