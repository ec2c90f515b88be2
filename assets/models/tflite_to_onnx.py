"""A small TFLite to ONNX converter: just the operators of the three MediaPipe models used here.

TFLite keeps pictures as NHWC, ONNX as NCHW. Every rank-4 tensor is therefore held as NCHW, and
every axis, permutation and constant of a rank-4 operator is translated; tensors of other ranks
keep their layout. Where TFLite changes the rank of a tensor (RESHAPE), the data is brought back
to NHWC order for that one step. Weights, stored as float16, become float32.
An operator, option or combination that these models do not use stops the conversion.
"""

import struct

import numpy as np
import onnx
import tflite
from onnx import helper, numpy_helper

OPSET, IR_VERSION = 17, 8
TO_NCHW, TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]  # transpositions
NCHW_AXIS = [0, 2, 3, 1]  # where axis N, H, W or C of NHWC is found in NCHW
BUILTIN = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}
DTYPE = {0: np.float32, 1: np.float16, 2: np.int32}  # tflite.TensorType
NO_ACTIVATION, RELU = 0, 1  # tflite.ActivationFunctionType
SAME_PADDING = 0  # tflite.Padding
SAME_NAME = {"ADD": "Add", "SUB": "Sub", "MUL": "Mul", "DIV": "Div", "NEG": "Neg", "SQRT": "Sqrt"}
SAME_NAME |= {"LOGISTIC": "Sigmoid", "RELU": "Relu", "HARD_SWISH": "HardSwish"}


def convert(data: bytes, outputs) -> onnx.ModelProto:
    """`outputs`: for each graph output its ONNX name, and the shape to bring it to or None."""
    return Converter(data).run(outputs)


class Converter:
    def __init__(self, data: bytes):
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.graph = self.model.Subgraphs(0)
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.names: dict[int, str] = {}  # TFLite tensor number -> ONNX name
        self.constants: dict[int, np.ndarray] = {}  # by TFLite tensor number, in NHWC
        for i in range(self.graph.TensorsLength()):
            tensor = self.graph.Tensors(i)
            buffer = self.model.Buffers(tensor.Buffer())
            if buffer.DataLength():
                raw = np.frombuffer(buffer.DataAsNumpy().tobytes(), DTYPE[tensor.Type()])
                self.constants[i] = raw.reshape(self.shape(i))

    def run(self, outputs) -> onnx.ModelProto:
        source, targets = self.graph.Inputs(0), self.graph.OutputsAsNumpy().tolist()
        assert self.graph.InputsLength() == 1 and len(outputs) == len(targets)
        self.names[source] = "input"
        for tensor, (name, shape) in zip(targets, outputs):
            self.names[tensor] = name if shape is None else name + "_raw"
        for n in range(self.graph.OperatorsLength()):
            self.operator(self.graph.Operators(n))
        values = []
        for tensor, (name, shape) in zip(targets, outputs):
            if shape is not None:
                self.reshape(name + "_raw", shape, name)
            values.append(float_value(name, shape or self.onnx_shape(tensor)))
        graph = helper.make_graph(
            self.nodes,
            "graph",
            [float_value("input", self.onnx_shape(source))],
            values,
            self.initializers,
        )
        opset = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)

    # Names, shapes and constants.

    def shape(self, i: int) -> list[int]:
        tensor = self.graph.Tensors(i)
        return tensor.ShapeAsNumpy().tolist() if tensor.ShapeLength() else []

    def onnx_shape(self, i: int) -> list[int]:
        shape = self.shape(i)
        return [shape[a] for a in TO_NCHW] if len(shape) == 4 else shape

    def name(self, i: int) -> str:
        return self.names.setdefault(i, f"t{i}")

    def constant(self, array) -> str:
        name = f"c{len(self.initializers)}"
        contiguous = np.array(array, order="C")  # keeps a scalar at rank 0
        self.initializers.append(numpy_helper.from_array(contiguous, name))
        return name

    def floats(self, i: int) -> np.ndarray:
        return self.constants[i].astype(np.float32)

    def ints(self, values) -> str:
        return self.constant(np.array(values, np.int64))

    def operand(self, i: int, rank: int) -> str:
        """Tensor i as an operand of an operator that broadcasts to `rank`."""
        if i not in self.constants:
            return self.name(i)
        value = self.floats(i)
        if rank == 4 and value.ndim:
            value = value.reshape([1] * (4 - value.ndim) + list(value.shape)).transpose(TO_NCHW)
        return self.constant(value)

    # Emitting ONNX nodes.

    def emit(self, op: str, inputs: list[str], output: str = "", **attributes) -> str:
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def reshape(self, source: str, shape, output: str = "") -> str:
        return self.emit("Reshape", [source, self.ints(shape)], output)

    def same_pads(self, i: int, kernel, strides) -> list[int]:
        """TFLite's SAME padding of tensor i, as ONNX pads: top, left, bottom, right."""
        totals = []
        for size, k, s in zip(self.shape(i)[1:3], kernel, strides):
            totals.append(max((-(-size // s) - 1) * s + k - size, 0))
        return [t // 2 for t in totals] + [t - t // 2 for t in totals]  # the odd one goes last

    # Operators.

    def operator(self, op) -> None:
        code = self.model.OperatorCodes(op.OpcodeIndex())
        kind = BUILTIN[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs, (output,) = op.InputsAsNumpy().tolist(), op.OutputsAsNumpy().tolist()
        if kind == "DEQUANTIZE":  # float16 weights
            self.constants[output] = self.floats(inputs[0])
        elif kind in SAME_NAME:
            if kind in ("ADD", "SUB", "MUL", "DIV"):
                options = self.options(op, kind.capitalize() + "Options")
                assert options.FusedActivationFunction() == NO_ACTIVATION
            rank = len(self.shape(output))
            operands = [self.operand(i, rank) for i in inputs]
            self.emit(SAME_NAME[kind], operands, self.name(output))
        elif kind == "CUSTOM":
            assert code.CustomCode() == b"Convolution2DTransposeBias"
            self.conv_transpose(op, inputs, output)
        else:  # CONV_2D is op_conv_2d, and so on; a missing method is an unknown operator
            getattr(self, "op_" + kind.lower())(op, inputs, output)

    def options(self, op, table: str):
        options, raw = getattr(tflite, table)(), op.BuiltinOptions()
        options.Init(raw.Bytes, raw.Pos)
        return options

    def op_conv_2d(self, op, inputs, output, depthwise=False):
        x, weights, bias = inputs
        o = self.options(op, "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions")
        assert o.DilationHFactor() == o.DilationWFactor() == 1
        channels, kernel = self.shape(x)[3], self.shape(weights)[1:3]
        # TFLite stores O,H,W,I, or 1,H,W,O for depthwise; ONNX wants O,I,H,W.
        w = self.floats(weights).transpose([3, 0, 1, 2] if depthwise else TO_NCHW)
        assert w.shape[1] == (1 if depthwise else channels)
        strides = [o.StrideH(), o.StrideW()]
        same = o.Padding() == SAME_PADDING
        relu = o.FusedActivationFunction() == RELU
        assert relu or o.FusedActivationFunction() == NO_ACTIVATION
        result = self.emit(
            "Conv",
            [self.name(x), self.constant(w), self.constant(self.floats(bias))],
            "" if relu else self.name(output),
            kernel_shape=kernel,
            strides=strides,
            pads=self.same_pads(x, kernel, strides) if same else [0, 0, 0, 0],
            group=channels if depthwise else 1,
        )
        if relu:
            self.emit("Relu", [result], self.name(output))

    def op_depthwise_conv_2d(self, op, inputs, output):
        self.op_conv_2d(op, inputs, output, depthwise=True)

    def conv_transpose(self, op, inputs, output):
        x, weights, bias = inputs
        _, *strides = struct.unpack("<3i", op.CustomOptionsAsNumpy().tobytes())
        kernel = self.shape(weights)[1:3]
        assert kernel == strides  # no overlap, so the kind of padding does not matter
        w = self.floats(weights).transpose(3, 0, 1, 2)  # O,H,W,I to I,O,H,W
        parameters = [self.constant(w), self.constant(self.floats(bias))]
        operands = [self.name(x), *parameters]
        self.emit(
            "ConvTranspose", operands, self.name(output), kernel_shape=kernel, strides=strides
        )

    def op_max_pool_2d(self, op, inputs, output):
        o = self.options(op, "Pool2DOptions")
        kernel, strides = [o.FilterHeight(), o.FilterWidth()], [o.StrideH(), o.StrideW()]
        assert o.FusedActivationFunction() == NO_ACTIVATION and o.Padding() != SAME_PADDING
        operands = [self.name(inputs[0])]
        self.emit("MaxPool", operands, self.name(output), kernel_shape=kernel, strides=strides)

    def op_average_pool_2d(self, op, inputs, output):
        o = self.options(op, "Pool2DOptions")
        assert [o.FilterHeight(), o.FilterWidth()] == self.shape(inputs[0])[1:3]  # whole picture
        assert o.FusedActivationFunction() == NO_ACTIVATION and o.Padding() != SAME_PADDING
        self.emit("GlobalAveragePool", [self.name(inputs[0])], self.name(output))

    def op_prelu(self, _op, inputs, output):
        slope = self.floats(inputs[1])
        assert slope.shape[:2] == (1, 1)  # one slope per channel
        operands = [self.name(inputs[0]), self.constant(slope.reshape(-1, 1, 1))]
        self.emit("PRelu", operands, self.name(output))

    def op_pad(self, _op, inputs, output):
        before, after = self.constants[inputs[1]][TO_NCHW].T.tolist()
        operands = [self.name(inputs[0]), self.ints(before + after), self.constant(np.float32(0))]
        self.emit("Pad", operands, self.name(output), mode="constant")

    def op_resize_bilinear(self, op, inputs, output):
        o = self.options(op, "ResizeBilinearOptions")
        assert o.HalfPixelCenters() and not o.AlignCorners()
        before, after = self.onnx_shape(inputs[0]), self.onnx_shape(output)
        scales = self.constant(np.array(after, np.float32) / np.array(before, np.float32))
        operands = [self.name(inputs[0]), "", scales]
        how = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        self.emit("Resize", operands, self.name(output), **how)

    def op_squared_difference(self, _op, inputs, output):
        difference = self.emit("Sub", [self.operand(i, len(self.shape(output))) for i in inputs])
        self.emit("Mul", [difference, difference], self.name(output))

    def op_rsqrt(self, _op, inputs, output):
        self.emit("Reciprocal", [self.emit("Sqrt", [self.name(inputs[0])])], self.name(output))

    def op_mean(self, op, inputs, output, operator="ReduceMean"):
        assert self.options(op, "ReducerOptions").KeepDims()
        rank = len(self.shape(inputs[0]))
        axes = [a % rank for a in np.atleast_1d(self.constants[inputs[1]]).tolist()]
        axes = [NCHW_AXIS[a] for a in axes] if rank == 4 else axes
        if operator == "ReduceSum":  # takes its axes as an input since opset 13
            operands = [self.name(inputs[0]), self.ints(axes)]
            self.emit("ReduceSum", operands, self.name(output), keepdims=1)
        else:
            self.emit(operator, [self.name(inputs[0])], self.name(output), axes=axes, keepdims=1)

    def op_sum(self, op, inputs, output):
        self.op_mean(op, inputs, output, "ReduceSum")

    def op_reshape(self, _op, inputs, output):
        """RESHAPE keeps the NHWC order of the elements."""
        x, name, after = self.name(inputs[0]), self.name(output), self.shape(output)
        if len(self.shape(inputs[0])) == 4:
            x = self.emit("Transpose", [x], perm=TO_NHWC)
        if len(after) == 4:
            self.emit("Transpose", [self.reshape(x, after)], name, perm=TO_NCHW)
        else:
            self.reshape(x, after, name)

    def op_transpose(self, _op, inputs, output):
        order = self.constants[inputs[1]].tolist()
        if len(order) == 4:
            order = [NCHW_AXIS[order[axis]] for axis in TO_NCHW]
        self.emit("Transpose", [self.name(inputs[0])], self.name(output), perm=order)

    def op_concatenation(self, op, inputs, output):
        rank = len(self.shape(output))
        axis = self.options(op, "ConcatenationOptions").Axis() % rank
        axis = NCHW_AXIS[axis] if rank == 4 else axis
        self.emit("Concat", [self.operand(i, rank) for i in inputs], self.name(output), axis=axis)

    def op_strided_slice(self, op, inputs, output):
        o = self.options(op, "StridedSliceOptions")
        size, rank = self.shape(inputs[0]), len(self.shape(inputs[0]))
        begin, end, step = (self.constants[i].tolist() for i in inputs[1:])
        shrink = o.ShrinkAxisMask()
        assert not (o.EllipsisMask() or o.NewAxisMask() or (shrink and rank == 4))
        for axis in range(rank):
            if o.BeginMask() >> axis & 1:
                begin[axis] = 0
            if shrink >> axis & 1:
                end[axis] = begin[axis] + 1
            elif o.EndMask() >> axis & 1:
                end[axis] = size[axis]
        axes = NCHW_AXIS if rank == 4 else list(range(rank))
        operands = [self.name(inputs[0])] + [self.ints(v) for v in (begin, end, axes, step)]
        result = self.emit("Slice", operands, "" if shrink else self.name(output))
        if shrink:
            self.reshape(result, self.shape(output), self.name(output))


def float_value(name: str, shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
