"""The fast look for danger to life that comes before everything else."""

from madoguchi.services.disaster.data import Reason
from madoguchi.services.disaster.engine import context, cues, text
from madoguchi.services.disaster.engine.english import judge, language, tokens

_LIFE = tuple(cue for cue in cues.CUES if cue.urgency == 3)


def is_life_danger(words: str) -> Reason | None:
    """Why a text tells of danger to life now, or None.

    Drills, metaphors, the past and what is already over are no danger.
    """
    if language.of(words) is not language.Language.JAPANESE:
        return judge.danger(tokens.plain(words))
    plain = context.without_denials(text.plain(words))
    if context.is_drill(plain) or context.is_past(plain) or context.METAPHOR.search(plain):
        return None
    if context.is_settled(plain):
        return None
    for cue in _LIFE:
        found = cue.pattern.search(plain)
        if found:
            return Reason("urgency", f"「{found.group()}」：{cue.name}")
    return None
