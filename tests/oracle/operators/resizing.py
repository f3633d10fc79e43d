"""RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR."""
import numpy as np

from model_builder import options
from cases import operator
from operators.random_values import chance, pick
from operators.rearrangement import Mover, text


def resize(code, table):
    def build(random, variant):
        dims = [pick(random, [1, 1, 2])] + [int(d) for d in random.integers(1, 6, 2)] + [int(random.integers(1, 4))]
        size = [int(d) for d in random.integers(1, 10, 2)]
        kind = int(random.integers(3))
        mover = Mover(random, variant, dims)
        shape = mover.graph.constant("size", np.array(size), "int32")
        y = mover.output([dims[0]] + size + [dims[3]])
        return mover.case(code, [mover.x, shape], [y], options(table, alignCorners=kind == 1, halfPixelCenters=kind == 2),
                          text(dims) + "_to_" + text(size) + ("", "_corners", "_halfpixel")[kind], samples=3)
    return build


operator("resize_bilinear", {"float32": 8, "int8": 18, "uint8": 5, "int16": 8})(resize("RESIZE_BILINEAR", "ResizeBilinearOptions"))
operator("resize_nearest_neighbor", {"float32": 5, "int8": 10, "uint8": 3, "int16": 5})(resize("RESIZE_NEAREST_NEIGHBOR", "ResizeNearestNeighborOptions"))
