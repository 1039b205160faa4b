"""Looking at expressions before a message has passed: what is wrong, what they give, and what could be written next."""

from weirflow.expressions.analysis.analyse import analyse
from weirflow.expressions.analysis.completion import Completion, complete
from weirflow.expressions.analysis.findings import Analysis, Finding, Inferred

__all__ = ["Analysis", "Completion", "Finding", "Inferred", "analyse", "complete"]
