"""The nodes behind ``w`` and ``plain``: literal texts are made ready at compile time."""

from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token
from django.template.exceptions import TemplateSyntaxError
from django.utils.html import conditional_escape

from madoguchi.ui.words import Language, Words


def chosen(context: Context) -> Language:
    """The reader's language in this context."""
    found = context.get("language")
    return found if isinstance(found, Language) else Language.JA


class WordsNode(Node):
    """A text in the reader's language, escaped; ``plain`` leaves out the readings."""

    def __init__(self, arguments: list[FilterExpression], *, plain: bool, name: str | None) -> None:
        self._arguments = arguments
        self._plain = plain
        self._name = name
        literals = [argument.var for argument in arguments]
        if all(isinstance(literal, str) for literal in literals):
            words = Words(*(str(literal) for literal in literals))
            self._ready = {language: self._text(words, language) for language in Language}
        else:
            self._ready = {}

    def _text(self, words: Words, language: Language) -> str:
        if not self._plain:
            return words.in_(language)
        text = words.plain(language)
        return text if self._name else conditional_escape(text)

    def render(self, context: Context) -> str:
        """The text, or "" when it is kept under a name."""
        language = chosen(context)
        text = self._ready.get(language) if self._ready else None
        if text is None:
            first, *others = (argument.resolve(context) for argument in self._arguments)
            words = first if isinstance(first, Words) else Words(str(first), *map(str, others))
            text = self._text(words, language)
        if self._name:
            context[self._name] = text
            return ""
        return text


def parse(parser: Parser, token: Token) -> WordsNode:
    """``{% w ja easy en %}``, ``{% w words %}``, each also with ``as name``."""
    tag, *bits = token.split_contents()
    name = None
    if len(bits) > 2 and bits[-2] == "as":
        name = bits[-1]
        bits = bits[:-2]
    if not 1 <= len(bits) <= 3:
        raise TemplateSyntaxError(f"{tag} takes one text in one to three languages")
    return WordsNode([parser.compile_filter(bit) for bit in bits], plain=tag == "plain", name=name)
