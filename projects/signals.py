"""What other rooms may subscribe to. All are sent after the commit, with `send_robust`: a failing receiver is logged
and never undoes or delays the write.

- `flow_changed(flow_id: UUID, change: Change)`: rows of a flow changed; push it and tell its editors.
- `project_changed(project_id: UUID, flow_id: UUID | None)`: a project or flow was created, renamed or deleted; its own
  resource is dirty or stands in `Removed`.
- `pages_changed(change: PageChange)`: pages of a dashboard changed; push them and tell who looks at them.
- `comments_changed(flow_id: UUID)`: comments of a flow changed: tell its editors, and whom they name.
- `tests_changed(flow_id: UUID)`: tests of a flow, what became of them, or a run of them: tell its editors.
- `access_changed(user_id: int, project_id: UUID | None)`: a person may do more or less in the project or (None)
  anywhere, or has signed out: tell their open editors, or close them.
- `link_revoked(link_id: UUID)`: nobody may look by this share link any more.
"""

from django.dispatch import Signal

flow_changed = Signal()
project_changed = Signal()
pages_changed = Signal()
comments_changed = Signal()
tests_changed = Signal()
access_changed = Signal()
link_revoked = Signal()
