"""The network of LAC-small, with the forward half of Viterbi's search, as an ONNX graph without weights.

The weights come from jieba's files at run time.

Paddle keeps a GRU's weights as one D×2D block [update|reset] and a D×D candidate, and computes
h = (1-u)h + u·c: in ONNX's terms the update gate is negated and linear_before_reset is 0.
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from kg.lac import weights


def write_graph(path: Path) -> None:
    """Write the graph; every weight is an initializer with external data, so the file has a few kilobytes."""
    tensors = weights()
    nodes = [helper.make_node("Gather", ["embedding", "ids"], ["x0"])]
    current = "x0"
    for layer in range(2):
        inputs = [current, f"w{layer}", f"r{layer}", f"b{layer}", "lengths"]
        size = tensors[f"r{layer}"].shape[-1]
        nodes += [
            helper.make_node("GRU", inputs, [f"g{layer}"], hidden_size=size, direction="bidirectional"),
            helper.make_node("Transpose", [f"g{layer}"], [f"p{layer}"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"p{layer}", "shape"], [f"x{layer + 1}"]),
        ]
        current = f"x{layer + 1}"
    nodes += [
        helper.make_node("MatMul", [current, "out_w"], ["product"]),
        helper.make_node("Add", ["product", "out_b"], ["sum"]),
        helper.make_node("Split", ["sum", "cut"], ["first_emission", "emissions"], axis=0),
        helper.make_node("Squeeze", ["first_emission", "zero"], ["first_row"]),
        helper.make_node("Add", ["first_row", "first"], ["score"]),
        helper.make_node("Scan", ["score", "emissions", "alive"], ["final", "back"], num_scan_inputs=2, body=_step()),
    ]
    initializers = [
        helper.make_tensor("shape", TensorProto.INT64, [3], [0, 0, -1]),
        helper.make_tensor("zero", TensorProto.INT64, [1], [0]),
    ]
    for name, value in tensors.items():
        if name == "last":
            continue
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=value.shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="jieba")
        initializers.append(tensor)
    graph = helper.make_graph(
        nodes,
        "lac",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["T", "B"]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"]),
            helper.make_tensor_value_info("cut", TensorProto.INT64, [2]),
            helper.make_tensor_value_info("alive", TensorProto.BOOL, ["S", "B", 1]),
        ],
        [
            helper.make_tensor_value_info("final", TensorProto.FLOAT, ["B", len(tensors["first"])]),
            helper.make_tensor_value_info("back", TensorProto.INT64, ["S", "B", len(tensors["first"])]),
        ],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    path.write_bytes(onnx.ModelProto.SerializeToString(model))


def _step() -> onnx.GraphProto:
    """One step of the search: (score of each tag so far, emission, whether the row goes on) → (score, tags before)."""
    nodes = [
        helper.make_node("Unsqueeze", ["before", "one"], ["spread"]),
        helper.make_node("Add", ["spread", "into"], ["through"]),
        helper.make_node("ReduceMax", ["through"], ["best"], axes=[2], keepdims=0),
        helper.make_node("ArgMax", ["through"], ["from"], axis=2, keepdims=0),
        helper.make_node("Add", ["best", "emission"], ["gone_on"]),
        helper.make_node("Where", ["goes_on", "gone_on", "before"], ["after"]),
    ]
    return helper.make_graph(
        nodes,
        "step",
        [
            helper.make_tensor_value_info("before", TensorProto.FLOAT, ["B", "N"]),
            helper.make_tensor_value_info("emission", TensorProto.FLOAT, ["B", "N"]),
            helper.make_tensor_value_info("goes_on", TensorProto.BOOL, ["B", 1]),
        ],
        [
            helper.make_tensor_value_info("after", TensorProto.FLOAT, ["B", "N"]),
            helper.make_tensor_value_info("from", TensorProto.INT64, ["B", "N"]),
        ],
        [helper.make_tensor("one", TensorProto.INT64, [1], [1])],
    )
