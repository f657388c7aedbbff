"""A text as two short vectors, so that likeness to many others is one product of matrices."""

from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from madoguchi.services.disaster.engine import features, text

Vector = NDArray[np.float32]

WIDTH = 2048
"""Places that names are dealt to; two names of one message rarely meet."""

FAMILIES = ("word", "char3")


@lru_cache(maxsize=2048)
def of(words: str) -> Vector:
    """(2, WIDTH): the words and the character 3-grams of a text, each of length 1 or 0."""
    found = features.of_text(text.plain(words))
    profile = np.zeros((len(FAMILIES), WIDTH), np.float32)
    for row, family in enumerate(FAMILIES):
        for name in found[family]:
            if not name.endswith("/"):
                profile[row, crc32(name.encode()) % WIDTH] = 1
    lengths = np.sqrt((profile**2).sum(1, keepdims=True))
    return np.asarray(profile / np.maximum(lengths, 1e-6), np.float32)
