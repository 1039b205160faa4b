"""Bounds of comments. Each is far above what people say and far below what would hurt."""

MAX_TEXT = 8_000
"""Characters of one comment."""
MAX_COMMENTS = 200
"""Of one thread, those that were taken back too."""
MAX_THREADS = 1_000
"""Of one flow."""
MAX_MENTIONS = 20
"""People named in one comment."""
AT_ONCE, AT_ONCE_SECONDS = 30, 60
"""Comments that one person may write within so many seconds, wherever."""
EXCERPT = 160
"""Characters of a comment that are shown of it in lists."""
KEPT_MENTIONS = 1_000
"""Of one person; the oldest leave the inbox, not the comments."""
