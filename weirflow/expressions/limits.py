"""What one expression may cost. Everything it can do is counted in steps, so that no message can hold a host up.

A step is one value visited or one piece of `CHARACTERS_PER_STEP` characters read or written. The count is a list of one
number (the steps left), made once per evaluation and only where something in it is able to cost more than its own text.
"""

from __future__ import annotations

#: An expression longer than this is refused; characters.
LONGEST_EXPRESSION = 10_000
#: Brackets, calls and conditions inside each other. Each makes up to three blocks of generated code, and Python takes a
#: hundred of them.
DEEPEST_NESTING = 30
#: Levels of the syntax tree, chains like `a + b + c` included.
DEEPEST_TREE = 100
#: Steps of one evaluation: a few tenths of a second at worst.
STEPS = 1_000_000
CHARACTERS_PER_STEP = 32
#: Texts up to this many characters are not worth counting; one expression can only hold so many of them.
SMALL_TEXT = 1_000

Work = list[int]


class Refusal(Exception):
    """An operation cannot be done with these values; says why. Where it stands is added by the generated code."""


def spend(work: Work, steps: int) -> None:
    """Take `steps` from what is left. Raises `Refusal` when there is not enough."""
    work[0] -= steps
    if work[0] < 0:
        raise Refusal(
            f"costs more than {STEPS:,} steps (values visited, and {CHARACTERS_PER_STEP} characters each); "
            "let it look at a smaller part of the message"
        )


def spend_text(work: Work, length: int) -> None:
    """Pay for a text of `length` characters before it is made or searched."""
    spend(work, 1 + length // CHARACTERS_PER_STEP)
