"""The three learned parts of the reading, and their file."""

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from madoguchi.services.disaster.engine.linear import Linear
from madoguchi.services.disaster.engine.pairs import Pairs
from madoguchi.services.disaster.engine.profile import Profiles


@dataclass(frozen=True, slots=True)
class Model:
    """``text``: what a message is about. ``sure``: whether the chosen place is right.

    ``pairs``: whether two messages tell of one event. ``trained_on``: SHA-256 of the training part.
    """

    text: Linear
    sure: Linear
    pairs: Pairs
    trained_on: str


def dump(model: Model) -> bytes:
    """The model as a compressed NumPy file without pickles."""
    arrays: dict[str, Any] = {"trained_on": _bytes(model.trained_on)}
    for name, linear in (("text", model.text), ("sure", model.sure)):
        about = {
            "labels": linear.labels,
            "families": linear.families,
            "unscaled": sorted(linear.unscaled),
            "thresholds": linear.thresholds,
        }
        rows = {
            row: f"{f}:{name}" for f, index in linear.index.items() for name, row in index.items()
        }
        names = "\n".join(rows[row] for row in sorted(rows))
        arrays |= {
            f"{name}.about": _bytes(json.dumps(about)),
            f"{name}.names": _bytes(names),
            f"{name}.rarity": linear.rarity.astype(np.float16),
            f"{name}.weights": linear.weights.astype(np.float16),
            f"{name}.bias": linear.bias,
        }
    pairs = model.pairs
    arrays |= {
        "pairs.relations": np.stack([pairs.mean, pairs.scale, pairs.weights]),
        "pairs.rarity": pairs.profiles.rarity.astype(np.float16),
        "pairs.numbers": np.array([pairs.bias, pairs.threshold]),
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def load(data: bytes) -> Model:
    """A model from the bytes of ``dump``."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        mean, scale, weights = file["pairs.relations"]
        bias, threshold = file["pairs.numbers"].tolist()
        text = _linear(file, "text")
        profiles = Profiles(text, file["pairs.rarity"].astype(np.float32))
        return Model(
            text,
            _linear(file, "sure"),
            Pairs(profiles, mean, scale, weights, bias, threshold),
            file["trained_on"].tobytes().decode(),
        )


def _linear(file: Any, name: str) -> Linear:
    about = json.loads(file[f"{name}.about"].tobytes())
    index: dict[str, dict[str, int]] = {}
    for row, key in enumerate(file[f"{name}.names"].tobytes().decode().split("\n")):
        family, _, feature = key.partition(":")
        index.setdefault(family, {})[feature] = row
    return Linear(
        tuple(about["labels"]),
        about["families"],
        frozenset(about["unscaled"]),
        index,
        file[f"{name}.rarity"].astype(np.float32),
        file[f"{name}.weights"].astype(np.float32),
        file[f"{name}.bias"].astype(np.float32),
        about["thresholds"],
    )


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
