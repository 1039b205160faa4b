"""Every write of this app. An action authorises, writes in one transaction, and tells after the commit."""

from projects.actions.changes import do_apply_changes
from projects.actions.comments import (
    do_delete_comment,
    do_edit_comment,
    do_reply,
    do_resolve_thread,
    do_start_thread,
)
from projects.actions.flows import do_create_flow, do_delete_flow, do_rename_flow
from projects.actions.pages import do_change_pages, do_undo_pages
from projects.actions.presses import do_note_press
from projects.actions.projects import do_create_project, do_delete_project, do_rename_project
from projects.actions.scenarios import do_change_scenario, do_create_scenario, do_delete_scenario
from projects.actions.undo import do_undo

__all__ = [
    "do_apply_changes",
    "do_change_pages",
    "do_change_scenario",
    "do_create_flow",
    "do_create_project",
    "do_create_scenario",
    "do_delete_comment",
    "do_delete_flow",
    "do_delete_project",
    "do_delete_scenario",
    "do_edit_comment",
    "do_note_press",
    "do_rename_flow",
    "do_rename_project",
    "do_reply",
    "do_resolve_thread",
    "do_start_thread",
    "do_undo",
    "do_undo_pages",
]
