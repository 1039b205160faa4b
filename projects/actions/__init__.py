"""Every write of this app. An action authorises, writes in one transaction, and tells after the commit."""

from projects.actions.apply_file import do_apply_file
from projects.actions.changes import do_apply_changes
from projects.actions.code_right import do_set_code_right
from projects.actions.comments import (
    do_delete_comment,
    do_edit_comment,
    do_reply,
    do_resolve_thread,
    do_start_thread,
)
from projects.actions.flow_test_runs import (
    do_begin_flow_tests,
    do_end_flow_tests,
    do_note_flow_tests,
    do_stop_flow_tests,
)
from projects.actions.flow_tests import (
    do_change_flow_test,
    do_create_flow_test,
    do_delete_flow_test,
)
from projects.actions.flows import do_create_flow, do_delete_flow, do_rename_flow
from projects.actions.imports import do_import_flow, do_import_flows, do_import_into_flow, do_import_project
from projects.actions.invitations import do_invite, do_revoke_invitation
from projects.actions.members import do_add_member, do_remove_member, do_set_role
from projects.actions.outbound import do_set_outbound
from projects.actions.pages import do_change_pages, do_undo_pages
from projects.actions.presses import do_note_press
from projects.actions.projects import do_create_project, do_delete_project, do_rename_project
from projects.actions.scenarios import do_change_scenario, do_create_scenario, do_delete_scenario
from projects.actions.secrets import do_create_secret, do_delete_secret, do_give_up_secret, do_replace_secret
from projects.actions.share_links import do_create_share_link, do_revoke_share_link
from projects.actions.team_access import do_share_with_team, do_unshare_with_team
from projects.actions.teams import (
    do_add_to_team,
    do_create_team,
    do_delete_team,
    do_remove_from_team,
    do_rename_team,
    do_set_team_role,
)
from projects.actions.undo import do_undo
from projects.actions.versions import do_create_version, do_delete_version, do_restore

__all__ = [
    "do_add_member",
    "do_add_to_team",
    "do_apply_changes",
    "do_apply_file",
    "do_begin_flow_tests",
    "do_change_flow_test",
    "do_change_pages",
    "do_change_scenario",
    "do_create_flow",
    "do_create_flow_test",
    "do_create_project",
    "do_create_scenario",
    "do_create_secret",
    "do_create_share_link",
    "do_create_team",
    "do_create_version",
    "do_delete_comment",
    "do_delete_flow",
    "do_delete_flow_test",
    "do_delete_project",
    "do_delete_scenario",
    "do_delete_secret",
    "do_delete_team",
    "do_delete_version",
    "do_edit_comment",
    "do_end_flow_tests",
    "do_give_up_secret",
    "do_import_flow",
    "do_import_flows",
    "do_import_into_flow",
    "do_import_project",
    "do_invite",
    "do_note_flow_tests",
    "do_note_press",
    "do_remove_from_team",
    "do_remove_member",
    "do_rename_flow",
    "do_rename_project",
    "do_rename_team",
    "do_replace_secret",
    "do_reply",
    "do_resolve_thread",
    "do_restore",
    "do_revoke_invitation",
    "do_revoke_share_link",
    "do_set_code_right",
    "do_set_outbound",
    "do_set_role",
    "do_set_team_role",
    "do_share_with_team",
    "do_start_thread",
    "do_stop_flow_tests",
    "do_undo",
    "do_undo_pages",
    "do_unshare_with_team",
]
