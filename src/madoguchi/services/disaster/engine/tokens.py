"""Words of a Japanese text in their dictionary form (MeCab with UniDic)."""

from functools import cache

import fugashi

_WITHOUT_MEANING = frozenset({"補助記号", "空白", "記号"})
_GRAMMAR = frozenset({"助詞", "助動詞"})
GRAMMAR = "/"
"""Ends the dictionary form of a particle or auxiliary."""


@cache
def _tagger() -> fugashi.GenericTagger:
    import unidic_lite

    # One line a word: surface, part of speech, dictionary form (empty for unknown words).
    form = r"-F '%m\t%f[0]\t%f[7]\n' -U '%m\t%f[0]\t\n' -E '\n'"
    return fugashi.GenericTagger(
        f"-d '{unidic_lite.DICDIR}' -r '{unidic_lite.DICDIR}/mecabrc' -O '' {form}"
    )


def lemmas(text: str) -> list[str]:
    """Dictionary forms in their order, without marks; those of grammar end with ``GRAMMAR``.

    One call of MeCab does the whole text, so threads may share it.
    """
    found = []
    for line in _tagger().parse(text.replace("\n", " ")).split("\n"):
        surface, _, rest = line.partition("\t")
        part, _, lemma = rest.partition("\t")
        if not surface or part in _WITHOUT_MEANING:
            continue
        word = lemma.split("-")[0] or surface
        found.append(word + GRAMMAR if part in _GRAMMAR else word)
    return found
