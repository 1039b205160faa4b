"""Bounds of a project's dashboard."""

MAX_PAGES = 50
MAX_WIDGETS = 60
"""On one page: so many nodes are watched while it is open."""
MAX_OPS = 200
MAX_BATCH_BYTES = 512 * 1024
COLUMNS = 6
"""Cells beside each other, as in other editors of TinyWidgetPages."""
MAX_ROW = 1_000
MAX_HEIGHT = 40
MAX_PATCHES = 200
MAX_PATCH_BYTES = 16 * 1024
KEPT_CHANGES = 500
"""Changes kept for each project; older ones can be neither undone nor caught up with."""
MAX_LAST_PRESSES = 5_000
"""Buttons of one project of which is kept who pressed them last."""
