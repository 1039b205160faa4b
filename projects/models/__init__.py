"""Who and what: projects, members, teams, flows with all they hold, the change log. Written by actions only."""

from projects.models.answered import Answered
from projects.models.api_token import ApiToken
from projects.models.audit import AuditEntry, AuditRetention, AuditTrim
from projects.models.change import Change
from projects.models.comment import Comment, CommentThread, Mention
from projects.models.edge import Edge
from projects.models.flow import Flow
from projects.models.flow_test import FlowTest
from projects.models.flow_test_run import FlowTestRun
from projects.models.frame import Colour, Frame, Group, Note
from projects.models.heard_component import HeardComponent
from projects.models.invitation import Invitation
from projects.models.last_press import LastPress
from projects.models.membership import Membership, Role
from projects.models.node import Node
from projects.models.page import Operators, PageChange, Widget, WidgetPage
from projects.models.project import Project
from projects.models.removed import Kind, Removed
from projects.models.scenario import Scenario
from projects.models.secret import ProjectSecret
from projects.models.share import Share
from projects.models.share_link import ShareLink
from projects.models.signed_in import SignedIn
from projects.models.signin_link import SignInLink
from projects.models.snapshot import Snapshot
from projects.models.team import Team, TeamAccess, TeamMembership, TeamRole
from projects.models.version import Version

__all__ = [
    "Answered",
    "ApiToken",
    "AuditEntry",
    "AuditRetention",
    "AuditTrim",
    "Change",
    "Colour",
    "Comment",
    "CommentThread",
    "Edge",
    "Flow",
    "FlowTest",
    "FlowTestRun",
    "Frame",
    "Group",
    "HeardComponent",
    "Invitation",
    "Kind",
    "LastPress",
    "Membership",
    "Mention",
    "Node",
    "Note",
    "Operators",
    "PageChange",
    "Project",
    "ProjectSecret",
    "Removed",
    "Role",
    "Scenario",
    "Share",
    "ShareLink",
    "SignInLink",
    "SignedIn",
    "Snapshot",
    "Team",
    "TeamAccess",
    "TeamMembership",
    "TeamRole",
    "Version",
    "Widget",
    "WidgetPage",
]
