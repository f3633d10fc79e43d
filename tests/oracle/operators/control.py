"""Variables, CALL_ONCE, IF and WHILE."""
import numpy as np

from cases import Case, operator
from model_builder import Model, options
from operators import random_values as values
from operators.random_values import chance, pick


def variable_model(random, dtype, first, carry_note):
    """y = v; v = x. The variable is set by CALL_ONCE or is assigned before it is read."""
    dims = values.shape(random, None, 60)
    q = values.parameters(random, dtype)
    model = Model()
    graph = model.main
    x = graph.input("input", dims, dtype, *q)
    handle = graph.tensor("handle", [], "resource")
    y = graph.tensor("output", dims, dtype, *q)
    name = options("VarHandleOptions", container="", sharedName="state")
    if first == "call_once":
        once = model.subgraph("init")
        initial = once.constant("initial", values.data(random, dims, dtype), dtype, *q)
        once_handle = once.tensor("handle", [], "resource")
        once.operator("VAR_HANDLE", [], [once_handle], name)
        once.operator("ASSIGN_VARIABLE", [once_handle, initial], [], options("AssignVariableOptions"))
        graph.operator("CALL_ONCE", [], [], options("CallOnceOptions", initSubgraphIndex=1))
    graph.operator("VAR_HANDLE", [], [handle], name)
    if first == "assign":
        graph.operator("ASSIGN_VARIABLE", [handle, x], [], options("AssignVariableOptions"))
    graph.operator("READ_VARIABLE", [handle], [y], options("ReadVariableOptions"))
    outputs = [y]
    if first == "call_once" and dtype == "float32":
        z = graph.tensor("sum", dims, dtype)
        graph.operator("ADD", [x, y], [z], options("AddOptions"))
        graph.operator("ASSIGN_VARIABLE", [handle, z], [], options("AssignVariableOptions"))
        outputs = [y, z]
    elif first != "assign":
        graph.operator("ASSIGN_VARIABLE", [handle, x], [], options("AssignVariableOptions"))
    graph.outputs = outputs
    carry = first != "assign" and chance(random, 0.6)
    return Case(model, {x: values.data(random, dims, dtype, 4)}, ("carry_" if carry else "") + carry_note + "x".join(map(str, dims)), carry=carry)


VARIABLES = {"float32": 4, "int8": 6, "int16": 4, "int32": 2}


@operator("assign_variable", VARIABLES)
def assign_variable(random, variant):
    return variable_model(random, variant, "assign", "assigned_first_")


@operator("read_variable", VARIABLES)
def read_variable(random, variant):
    return variable_model(random, variant, "read", "read_first_")


@operator("var_handle", {"float32": 2, "int8": 2})
def var_handle(random, variant):
    return variable_model(random, variant, "assign", "")


@operator("call_once", VARIABLES)
def call_once(random, variant):
    return variable_model(random, variant, "call_once", "")


@operator("if", {"float32": 4, "int8": 6, "int16": 3})
def if_(random, variant):
    dims = values.shape(random, None, 60)
    q = values.parameters(random, variant)
    out_q = q if variant == "float32" else (float(np.float32(q[0] * 2.1)), values.zero_point(random, variant))
    model = Model()
    graph = model.main
    condition = graph.input("condition", [1] if chance(random, 0.3) else [], "bool")
    a, b = (graph.input(n, dims, variant, *q) for n in ("first", "second"))
    y = graph.tensor("output", dims, variant, *out_q)
    for name, code, table in (("then", "ADD", "AddOptions"), ("else", "SUB", "SubOptions")):
        branch = model.subgraph(name)
        inputs = [branch.input(n, dims, variant, *q) for n in ("first", "second")]
        result = branch.tensor("result", dims, variant, *out_q)
        branch.operator(code, inputs, [result], options(table))
        branch.outputs = [result]
    graph.operator("IF", [condition, a, b], [y], options("IfOptions", thenSubgraphIndex=1, elseSubgraphIndex=2))
    graph.outputs = [y]
    conditions = np.array([True, False, True]).reshape([3] + ([1] if graph.table.tensors[condition].shape.size else []))
    return Case(model, {condition: conditions, a: values.data(random, dims, variant, 3), b: values.data(random, dims, variant, 3)}, "x".join(map(str, dims)))


@operator("while", {"float32": 5, "int8": 6, "int32": 2})
def while_(random, variant):
    """Repeats value = value + step until the counter reaches the limit."""
    dims = values.shape(random, None, 40)
    q = values.parameters(random, variant)
    if variant == "int8":
        q = (q[0], int(random.integers(-20, 20)))
    model = Model()
    graph = model.main
    counter = graph.input("counter", [1], "int32")
    value = graph.input("value", dims, variant, *q)
    out_counter = graph.tensor("last_counter", [1], "int32")
    y = graph.tensor("output", dims, variant, *q)
    condition = model.subgraph("condition")
    c = condition.input("counter", [1], "int32")
    condition.input("value", dims, variant, *q)
    limit = condition.constant("limit", np.array([int(random.integers(1, 8))]), "int32")
    less = condition.tensor("less", [1], "bool")
    condition.operator("LESS", [c, limit], [less], options("LessOptions"))
    condition.outputs = [less]
    body = model.subgraph("body")
    c = body.input("counter", [1], "int32")
    v = body.input("value", dims, variant, *q)
    one = body.constant("one", np.array([1]), "int32")
    next_counter = body.tensor("next_counter", [1], "int32")
    body.operator("ADD", [c, one], [next_counter], options("AddOptions"))
    step = body.constant("step", values.data(random, dims, variant, None, 1.0, 9), variant, *q)
    next_value = body.tensor("next_value", dims, variant, *q)
    body.operator("MAXIMUM" if variant == "int8" and chance(random, 0.3) else "ADD", [v, step], [next_value],
                  options("AddOptions"))
    if body.table.operators[-1].opcodeIndex == model.codes.get(("MAXIMUM", 1), -1):
        body.table.operators[-1].builtinOptions = options("MaximumMinimumOptions")
        from ai_edge_litert import schema_py_generated as schema
        body.table.operators[-1].builtinOptionsType = schema.BuiltinOptions.MaximumMinimumOptions
    body.outputs = [next_counter, next_value]
    graph.operator("WHILE", [counter, value], [out_counter, y], options("WhileOptions", condSubgraphIndex=1, bodySubgraphIndex=2))
    graph.outputs = [out_counter, y]
    return Case(model, {counter: np.array([[0], [3], [20]], np.int32), value: values.data(random, dims, variant, 3, 1.0, 9)}, "x".join(map(str, dims)))
