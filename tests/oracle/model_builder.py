"""Builds .tflite models: a thin layer over the schema's object API.

    model = Model()
    x = model.main.input("x", [1, 4], "int8", 0.5, -3)
    y = model.main.tensor("y", [1, 4], "int8", 0.25, 1)
    model.main.operator("TANH", [x], [y])
    model.main.outputs = [y]
    data = model.pack()
"""
import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

NUMPY_TYPES = {
    "float32": np.float32, "float16": np.float16, "float64": np.float64,
    "int8": np.int8, "uint8": np.uint8, "int16": np.int16, "uint16": np.uint16, "int32": np.int32,
    "uint32": np.uint32, "int64": np.int64, "uint64": np.uint64, "bool": np.bool_, "int4": np.int8,
}
ACTIVATIONS = {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3, "TANH": 4, "SIGN_BIT": 5}
PADDINGS = {"SAME": 0, "VALID": 1}


def options(table, **fields):
    """An option table by its schema name: options("Conv2DOptions", padding=1)."""
    return getattr(schema, table + "T")(**fields)


def type_code(name):
    return getattr(schema.TensorType, name.upper())


def pack_int4(values):
    """Two elements a byte, the earlier one in the low nibble."""
    flat = np.asarray(values, np.int8).reshape(-1)
    if flat.size % 2:
        flat = np.append(flat, np.int8(0))
    nibbles = flat.astype(np.uint8) & 15
    return nibbles[0::2] | (nibbles[1::2] << 4)


class _AlignedBuilder(flatbuffers.Builder):
    """Byte vectors start at multiples of 16, as the schema's force_align asks; the generated Python forgets it."""

    def CreateNumpyVector(self, array):
        array = np.ascontiguousarray(array)
        if array.dtype != np.uint8:
            return super().CreateNumpyVector(array)
        self.StartVector(1, array.size, 16)
        self.head = self.head - array.size
        self.Bytes[self.head:self.head + array.size] = array.tobytes()
        self.vectorNumElems = array.size
        return self.EndVector()


class Subgraph:
    def __init__(self, model, name):
        self.model = model
        self.table = schema.SubGraphT(tensors=[], inputs=[], outputs=[], operators=[], name=name)
        self.inputs = self.table.inputs
        self.types = []

    @property
    def outputs(self):
        return self.table.outputs

    @outputs.setter
    def outputs(self, indices):
        self.table.outputs = list(indices)

    def tensor(self, name, shape, dtype, scale=None, zero_point=None, axis=0, data=None, variable=False, signature=None):
        quantization = None
        if scale is not None:
            scales = np.atleast_1d(np.asarray(scale, np.float32))
            zeros = np.zeros(len(scales), np.int64) if zero_point is None else np.atleast_1d(np.asarray(zero_point, np.int64))
            quantization = schema.QuantizationParametersT(scale=scales, zeroPoint=zeros, quantizedDimension=axis)
        buffer = 0
        if data is not None:
            buffer = self.model.buffer(data, dtype)
        table = schema.TensorT(
            shape=np.asarray(shape, np.int32), type=type_code(dtype), buffer=buffer, name=name, quantization=quantization,
            isVariable=variable, hasRank=True)
        if signature is not None:
            table.shapeSignature = np.asarray(signature, np.int32)
        self.table.tensors.append(table)
        self.types.append(dtype)
        return len(self.table.tensors) - 1

    def input(self, *arguments, **keywords):
        index = self.tensor(*arguments, **keywords)
        self.inputs.append(index)
        return index

    def constant(self, name, values, dtype, scale=None, zero_point=None, axis=0):
        values = np.asarray(values)
        if dtype not in ("int4", "string"):
            values = values.astype(NUMPY_TYPES[dtype])
        return self.tensor(name, values.shape, dtype, scale, zero_point, axis, data=values)

    def operator(self, code, inputs, outputs, option=None, intermediates=None, version=1, custom=None):
        table = schema.OperatorT(
            opcodeIndex=self.model.operator_code(code, version, custom is not None),
            inputs=np.asarray(inputs, np.int32), outputs=np.asarray(outputs, np.int32))
        if custom is not None:
            table.customOptions = np.frombuffer(bytes(custom), np.uint8)
        if option is not None:
            union = type(option).__name__[:-1]
            if hasattr(schema.BuiltinOptions, union):
                table.builtinOptionsType = getattr(schema.BuiltinOptions, union)
                table.builtinOptions = option
            else:
                table.builtinOptions2Type = getattr(schema.BuiltinOptions2, union)
                table.builtinOptions2 = option
        if intermediates is not None:
            table.intermediates = np.asarray(intermediates, np.int32)
        self.table.operators.append(table)
        return outputs

    def produced(self):
        """Indices of the tensors that operators write, in execution order; resources and strings are no data."""
        seen = []
        for operator in self.table.operators:
            for index in operator.outputs:
                if index >= 0 and index not in seen and self.types[index] not in ("resource", "string", "variant"):
                    seen.append(int(index))
        return seen


class Model:
    def __init__(self, description="quantloupe oracle"):
        self.table = schema.ModelT(
            version=3, operatorCodes=[], subgraphs=[], buffers=[schema.BufferT()], description=description)
        self.codes = {}
        self.subgraphs = []
        self.main = self.subgraph("main")

    def subgraph(self, name):
        graph = Subgraph(self, name)
        self.subgraphs.append(graph)
        self.table.subgraphs.append(graph.table)
        return graph

    def buffer(self, data, dtype):
        if isinstance(data, (bytes, bytearray)):
            raw = np.frombuffer(bytes(data), np.uint8)
        elif dtype == "int4":
            raw = pack_int4(data)
        else:
            raw = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
        self.table.buffers.append(schema.BufferT(data=raw))
        return len(self.table.buffers) - 1

    def operator_code(self, name, version, custom):
        key = (name, version)
        if key not in self.codes:
            if custom:
                table = schema.OperatorCodeT(
                    deprecatedBuiltinCode=schema.BuiltinOperator.CUSTOM, builtinCode=schema.BuiltinOperator.CUSTOM,
                    customCode=name, version=version)
            else:
                code = getattr(schema.BuiltinOperator, name)
                table = schema.OperatorCodeT(deprecatedBuiltinCode=min(code, 127), builtinCode=code, version=version)
            self.codes[key] = len(self.table.operatorCodes)
            self.table.operatorCodes.append(table)
        return self.codes[key]

    def pack(self):
        builder = _AlignedBuilder(1024)
        builder.Finish(self.table.Pack(builder), b"TFL3")
        return bytes(builder.Output())
