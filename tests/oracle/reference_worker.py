"""One reference engine in a process of its own: requests on stdin, answers on stdout, both pickled and length-prefixed.

Runs under three different Pythons, so arrays travel as (type name, shape, bytes). A reference that aborts kills only this process.
"""
import os
import pickle
import struct
import sys

import numpy as np


def pack(array):
    array = np.ascontiguousarray(array)
    return (array.dtype.name, array.shape, array.tobytes())


def unpack(packed):
    name, shape, data = packed
    return np.frombuffer(data, np.dtype(name)).reshape(shape)


def run_tflite(module, request, model="model"):
    resolver = getattr(module.OpResolverType, "BUILTIN_REF" if request["resolver"] == "ref" else "BUILTIN_WITHOUT_DEFAULT_DELEGATES")

    def make():
        made = module.Interpreter(
            model_content=request[model], experimental_op_resolver_type=resolver,
            experimental_preserve_all_tensors=True, num_threads=1)
        made.allocate_tensors()
        return made

    interpreter = make()
    results = {index: [] for index in request["wanted"]}
    for sample in range(request["samples"]):
        if request["fresh"] and sample:
            interpreter = make()
        if not request["carry"]:
            interpreter.reset_all_variables()
        for index, packed in request["inputs"]:
            interpreter.set_tensor(index, unpack(packed)[sample])
        interpreter.invoke()
        for index in list(results):
            try:
                results[index].append(np.array(interpreter.get_tensor(index)))
            except ValueError:
                if index in request["outputs"]:
                    raise
                del results[index]
    return results


def run_micro(module, request):
    def make():
        return module.Interpreter.from_bytes(
            request["model"], arena_size=max(1 << 18, 30 * len(request["model"]), request["arena"]),
            intrepreter_config=module.InterpreterConfig.kPreserveAllTensors)

    interpreter = make()
    results = {index: [] for index in request["wanted"]}
    if request["subgraphs"] > 1:  # GetTensor gives garbage there
        results = {index: [] for index in request["wanted"] if index in request["outputs"]}
    for sample in range(request["samples"]):
        if request["fresh"] and sample:
            interpreter = make()
        if not request["carry"]:
            interpreter.reset()
        for position, (index, packed) in enumerate(request["inputs"]):
            interpreter.set_input(unpack(packed)[sample], request["input_positions"][position])
        interpreter.invoke()
        for index in list(results):
            if index in request["outputs"]:
                value = interpreter.get_output(request["outputs"].index(index))
            else:
                value = interpreter.GetTensor(index, 0)["tensor_data"]
            results[index].append(np.array(value))
    return results


def load(engine):
    if engine == "litert":
        from ai_edge_litert import interpreter
        return lambda request: run_tflite(interpreter, request)
    if engine == "tflite-2.14":
        from tflite_runtime import interpreter
        return lambda request: run_tflite(interpreter, request, "model_all_outputs")
    from tflite_micro.python.tflite_micro import runtime
    return lambda request: run_micro(runtime, request)


def main():
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the engines print to stdout too
    requests = os.fdopen(os.dup(0), "rb")
    run = load(sys.argv[1])
    while True:
        head = requests.read(4)
        if len(head) < 4:
            return
        request = pickle.loads(requests.read(struct.unpack("<I", head)[0]))
        try:
            answer = ("ok", {index: [pack(a) for a in arrays] for index, arrays in run(request).items()})
        except Exception as error:  # whatever a reference throws is its refusal
            answer = ("refused", "%s: %s" % (type(error).__name__, error))
        data = pickle.dumps(answer, 4)
        answers.write(struct.pack("<I", len(data)) + data)
        answers.flush()


if __name__ == "__main__":
    main()
