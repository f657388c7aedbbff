"""How a refusal travels from a check to the answer."""

from dataclasses import dataclass, field

from madoguchi.channels.demo.fake_line.rules import BODY_ERRORS, RULES


class Refused(Exception):
    """A request that LINE would refuse, by the rules that it breaks."""

    def __init__(
        self,
        status: int,
        body: dict[str, object],
        rules: tuple[str, ...],
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(", ".join(rules))
        self.status = status
        self.body = body
        self.rules = rules
        self.headers = headers or {}


def refuse(name: str, headers: dict[str, str] | None = None, **words: object) -> Refused:
    """A refusal by one rule of the request as a whole."""
    rule = RULES[name]
    return Refused(rule.status, {"message": rule.message.format(**words)}, (name,), headers)


@dataclass(slots=True)
class Findings:
    """The errors of one body, collected as LINE does it: all at once."""

    found: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, name: str, where: str, **words: object) -> None:
        """Note that the property ``where`` breaks the rule ``name``."""
        self.found.append((name, where, RULES[name].message.format(**words)))

    def settle(self) -> None:
        """Raise ``Refused`` if anything was noted."""
        if self.found:
            raise Refused(
                400,
                {
                    "message": BODY_ERRORS.format(count=len(self.found)),
                    "details": [
                        {"message": message, "property": where} for _, where, message in self.found
                    ],
                },
                tuple(name for name, _, _ in self.found),
            )
