"""What `manage.py doctor` looks at. Each part yields findings; a part that is well says so in one."""

from config.doctor.finding import Finding, Level
from config.doctor.parts import PARTS, examine

__all__ = ["PARTS", "Finding", "Level", "examine"]
