"""The 2-D pools."""
from cases import Case, operator
from model_builder import ACTIVATIONS, PADDINGS, Model, options
from operators import random_values as values
from operators.convolution import activation, output_size
from operators.random_values import pick


def pool(random, code, dtype):
    while True:
        height, width = (int(d) for d in random.integers(1, 10, 2))
        kh, kw = (int(d) for d in random.integers(1, 6, 2))
        sh, sw = (int(d) for d in random.integers(1, 4, 2))
        padding = pick(random, ["SAME", "VALID"])
        oh, ow = output_size(height, kh, sh, 1, padding), output_size(width, kw, sw, 1, padding)
        if oh > 0 and ow > 0:
            break
    batch, channels = pick(random, [1, 1, 2]), int(random.integers(1, 7))
    act = activation(random)
    parameters = values.parameters(random, dtype)
    model = Model()
    x = model.main.input("input", [batch, height, width, channels], dtype, *parameters)
    y = model.main.tensor("output", [batch, oh, ow, channels], dtype, *parameters)
    model.main.operator(code, [x], [y], options(
        "Pool2DOptions", padding=PADDINGS[padding], strideH=sh, strideW=sw, filterHeight=kh, filterWidth=kw,
        fusedActivationFunction=ACTIVATIONS[act]))
    model.main.outputs = [y]
    return Case(model, {x: values.data(random, [batch, height, width, channels], dtype, 3)},
                "%dx%d_stride%dx%d_%s%s" % (kh, kw, sh, sw, padding.lower(), "" if act == "NONE" else "_" + act.lower()))


@operator("average_pool_2d", {"float32": 10, "int8": 24, "int16": 12, "uint8": 6})
def average_pool_2d(random, variant):
    return pool(random, "AVERAGE_POOL_2D", variant)


@operator("max_pool_2d", {"float32": 8, "int8": 20, "int16": 10, "uint8": 6})
def max_pool_2d(random, variant):
    return pool(random, "MAX_POOL_2D", variant)


@operator("l2_pool_2d", {"float32": 8})
def l2_pool_2d(random, variant):
    return pool(random, "L2_POOL_2D", variant)
