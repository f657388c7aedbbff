"""How a command ends."""

DONE, FAILED, USAGE = 0, 1, 2


class Failure(Exception):
    """The command cannot go on; the message says why and what to do, in Japanese."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code
