"""Every function of the language, by its name in lower case."""

from weirflow.expressions.functions.arithmetic import ARITHMETIC
from weirflow.expressions.functions.lists import LISTS
from weirflow.expressions.functions.places import PLACES
from weirflow.expressions.functions.signature import Function, Parameter
from weirflow.expressions.functions.texts import TEXTS
from weirflow.expressions.functions.times import TIMES

FUNCTIONS: dict[str, Function] = {each.name: each for each in (*TEXTS, *LISTS, *ARITHMETIC, *TIMES, *PLACES)}

__all__ = ["FUNCTIONS", "Function", "Parameter"]
