"""What a case is, and the registry that operator families fill: one `@operator` row per operator."""
import zlib

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from reference_worker import pack

SEED = 20261
NOT_DATA = ("resource", "string", "variant")


def has_resources(data):
    """reset_all_variables() leaves resource variables alone, and TFLite Micro's Reset() does not run CALL_ONCE again: such
    models are reset by making a new interpreter."""
    table = schema.ModelT.InitFromPackedBuf(data)
    return any(code.builtinCode == schema.BuiltinOperator.VAR_HANDLE for code in table.operatorCodes)


def with_all_outputs(data, wanted):
    """The same model with every produced tensor as an output: tflite-runtime 2.14 lets elementwise operators work in place
    even when it is asked to preserve all tensors, and spares only outputs."""
    table = schema.ModelT.InitFromPackedBuf(data)
    if len(table.subgraphs[0].operators) < 2:
        return data
    table.subgraphs[0].outputs = list(table.subgraphs[0].outputs) + [i for i in wanted if i not in table.subgraphs[0].outputs]
    builder = flatbuffers.Builder(1024)
    builder.Finish(table.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class Case:
    """One model with its samples. inputs: {tensor index: array[samples, ...]}."""

    def __init__(self, model, inputs, note="", carry=False, resolver="ref", arena=0, void=None, settle=None):
        self.void = void or {}  # {profile: why its result means nothing}, for models it should refuse and does not
        self.settle = settle    # called with {tensor index: array[samples, ...]}: puts what ours has where no reference writes
        self.built = model
        self.inputs = [(index, np.ascontiguousarray(array)) for index, array in inputs.items()]
        self.note = note
        self.carry = carry
        self.resolver = resolver
        self.arena = arena
        self.data = model.pack()
        self.wanted = model.main.produced()
        self.outputs = [int(i) for i in model.main.outputs]
        self.samples = self.inputs[0][1].shape[0] if self.inputs else 2

    def request(self):
        order = [int(i) for i in self.built.main.inputs]
        return {
            "model": self.data, "resolver": self.resolver, "carry": self.carry, "samples": self.samples,
            "inputs": [(index, pack(array)) for index, array in self.inputs],
            "input_positions": [order.index(index) for index, _ in self.inputs],
            "wanted": self.wanted, "outputs": self.outputs, "subgraphs": len(self.built.subgraphs), "arena": self.arena,
            "fresh": has_resources(self.data) and not self.carry,
            "model_all_outputs": with_all_outputs(self.data, self.wanted)}


class ModelCase:
    """A case over a finished model; make(dims, type, scale, zero point) -> array[samples, *dims] gives the inputs."""

    def __init__(self, data, make, carry=False, resolver="ref", note="", arena=0):
        self.void = {}
        self.settle = None
        self.data = data
        table = schema.ModelT.InitFromPackedBuf(data)
        graph = table.subgraphs[0]
        names = {code: name.lower() for name, code in vars(schema.TensorType).items() if not name.startswith("_")}
        self.subgraphs = len(table.subgraphs)
        self.order = [int(i) for i in graph.inputs]
        self.outputs = [int(i) for i in graph.outputs]
        self.wanted = []
        for operator in graph.operators:
            for index in operator.outputs:
                if index >= 0 and int(index) not in self.wanted and names[graph.tensors[index].type] not in NOT_DATA:
                    self.wanted.append(int(index))
        self.inputs = []
        for index in self.order:
            tensor = graph.tensors[index]
            q = tensor.quantization
            has = q is not None and q.scale is not None and len(q.scale)
            dims = [int(d) for d in tensor.shape] if tensor.shape is not None else []
            array = make(dims, names[tensor.type], float(q.scale[0]) if has else None, int(q.zeroPoint[0]) if has else None)
            self.inputs.append((index, np.ascontiguousarray(array)))
        self.carry, self.resolver, self.note, self.arena = carry, resolver, note, arena
        self.samples = self.inputs[0][1].shape[0] if self.inputs else 2

    def request(self):
        return {
            "model": self.data, "resolver": self.resolver, "carry": self.carry, "samples": self.samples,
            "inputs": [(index, pack(array)) for index, array in self.inputs],
            "input_positions": [self.order.index(index) for index, _ in self.inputs],
            "wanted": self.wanted, "outputs": self.outputs, "subgraphs": self.subgraphs, "arena": self.arena,
            "fresh": has_resources(self.data) and not self.carry,
            "model_all_outputs": with_all_outputs(self.data, self.wanted)}


class Operator:
    def __init__(self, name, variants, build):
        self.name = name
        self.variants = variants  # {variant: number of golden cases}
        self.build = build        # (random generator, variant) -> Case

    def case(self, variant, index, seed=SEED):
        """The same bytes for the same (operator, variant, index, seed)."""
        random = np.random.default_rng([seed, zlib.crc32(self.name.encode()), zlib.crc32(variant.encode()), index])
        case = self.build(random, variant)
        note = "_" + case.note if case.note else ""
        case.name = "%s%s%s_%02d" % (variant, note, "" if case.resolver == "ref" else "_optimized_kernels", index)
        return case


REGISTRY = {}


def operator(name, variants):
    """variants: {name: number of golden cases}; the decorated function makes one random case of a variant."""
    def register(build):
        assert name not in REGISTRY, name
        REGISTRY[name] = Operator(name, variants, build)
        return build
    return register
