"""The trained model of the triage engine, read once from the file that ships with the room."""

from functools import cache
from importlib import resources

from madoguchi.services.disaster.engine.model import Model, load

FILE = "model.npz"


@cache
def model() -> Model:
    """The model; made by ``scripts/train_triage.py``."""
    return load(resources.files(__package__).joinpath(FILE).read_bytes())
