"""One line of ``madoguchi check``."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How a finding is read out."""

    WELL = "よし"
    WARN = "注意"
    BAD = "だめ"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one subject; ``todo`` says what to do, "" when all is well."""

    subject: str
    grade: Grade
    text: str
    todo: str = ""

    def as_text(self) -> str:
        """The finding as a line, and what to do as a second one."""
        line = f"{self.grade} {self.subject}：{self.text}"
        return f"{line}\n      → {self.todo}" if self.todo else line

    def as_json(self) -> dict[str, str]:
        """The finding for a machine."""
        return {
            "subject": self.subject,
            "grade": self.grade.name.lower(),
            "text": self.text,
            "todo": self.todo,
        }


def well(subject: str, text: str) -> Finding:
    """All is well."""
    return Finding(subject, Grade.WELL, text)


def warn(subject: str, text: str, todo: str) -> Finding:
    """The house works, but somebody should look."""
    return Finding(subject, Grade.WARN, text, todo)


def bad(subject: str, text: str, todo: str) -> Finding:
    """Something does not work or is in danger."""
    return Finding(subject, Grade.BAD, text, todo)
