"""Turn the block-quantised YuNet ONNX file into a plain fp32 one.

The published int8 file stores every weight as int8 plus one scale (and zero point) per block and
restores it at run time with `DequantizeLinear(block_size=...)`, often followed by a `Reshape`.
Only OpenCV reads that form; rten, ONNX Runtime and tract refuse it. All of it works on constants,
so it is computed here once: (int8 - zero point) * scale, in float32, which is what OpenCV does.
Two more changes let any image size through whose sides are multiples of 32: the fixed 640x640
dimensions of the inputs and outputs become symbolic, and stored intermediate shapes are dropped.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

OPSET, IR_VERSION = 17, 8  # one common pair for all our models; widely supported


def fold(data: bytes) -> onnx.ModelProto:
    model = onnx.load_from_string(data)
    graph = model.graph
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    folded: dict[str, np.ndarray] = {}
    nodes = []
    for node in graph.node:
        known = {**stored, **folded}
        operands = [known.get(name) for name in node.input]
        if node.op_type == "DequantizeLinear":
            folded[node.output[0]] = dequantize(node, *operands)
        elif node.op_type == "Reshape" and node.input[0] in folded:
            folded[node.output[0]] = operands[0].reshape(operands[1])
        else:
            nodes.append(node)

    used = {name for node in nodes for name in node.input}
    weights = [t for t in graph.initializer if t.name in used]
    weights += [numpy_helper.from_array(a, name) for name, a in folded.items() if name in used]
    result = helper.make_graph(
        nodes,
        graph.name,
        [float_value(graph.input[0].name, [1, 3, "height", "width"])],
        # Output "cls_8" has one row per cell of the grid of stride 8, and so on.
        [
            float_value(o.name, [1, "cells_" + o.name.split("_")[1], last_dimension(o)])
            for o in graph.output
        ],
        weights,
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(result, opset_imports=opset, ir_version=IR_VERSION)


def dequantize(
    node: onnx.NodeProto, x: np.ndarray, scale: np.ndarray, zero: np.ndarray | None = None
) -> np.ndarray:
    """DequantizeLinear on constants: per tensor, per channel, or in blocks along one axis."""
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    axis, block = attributes.get("axis", 1), attributes.get("block_size", 0)
    scale = scale.astype(np.float32)
    zero = np.zeros_like(scale) if zero is None else zero.astype(np.float32)

    def spread(values: np.ndarray) -> np.ndarray:
        """Shape scales or zero points so that they line up with the elements of x."""
        if block:
            whole = np.repeat(values, block, axis=axis)  # the last block may be a partial one
            return np.take(whole, range(x.shape[axis]), axis=axis)
        if values.ndim == 1:
            return values.reshape([-1 if d == axis % x.ndim else 1 for d in range(x.ndim)])
        return values

    return (x.astype(np.float32) - spread(zero)) * spread(scale)


def float_value(name: str, shape: list) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)


def last_dimension(value: onnx.ValueInfoProto) -> int:
    return value.type.tensor_type.shape.dim[-1].dim_value
