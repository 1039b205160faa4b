"""Every address of Django's resolver outside the API, by its name, and what each method asks of whoever comes.

A method that is left out is answered 405. `form` is what is posted: such that nothing is changed for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.matrix.people import Need


@dataclass(frozen=True, slots=True)
class Page:
    get: Need | None = None
    post: Need | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    missing: bool = False
    """Everybody is told that there is nothing: what the world puts in the address was never handed out."""


PAGES: dict[str, Page] = {
    "healthz": Page(get="anyone", post="anyone"),
    "readyz": Page(get="anyone", post="anyone"),
    "home": Page(get="anyone", post="anyone"),
    "sign_in": Page(get="anyone", post="anyone"),
    "sign_in_code": Page(get="anyone", post="anyone"),
    "oidc_sign_in": Page(post="anyone", missing=True),
    "openid_connect_callback": Page(get="anyone", missing=True),
    "oidc_connect": Page(post="signed_in", missing=True),
    "oidc_disconnect": Page(post="signed_in", missing=True),
    "password_forgotten": Page(get="anyone", post="anyone"),
    "password_reset": Page(get="anyone", post="anyone", missing=True),
    "sign_in_link": Page(get="anyone", post="anyone", missing=True),
    "sign_out": Page(post="anyone"),
    "set_theme": Page(post="anyone"),
    "security": Page(get="signed_in"),
    "confirm": Page(get="signed_in", post="signed_in"),
    "address": Page(get="signed_in", post="signed_in"),
    "address_confirm": Page(get="signed_in", post="signed_in", missing=True),
    "people": Page(get="signed_in", missing=True),
    "project_owner": Page(post="signed_in", missing=True),
    "person_change": Page(post="signed_in", missing=True),
    "password": Page(get="signed_in", post="signed_in"),
    "factor_add": Page(get="signed_in", post="signed_in"),
    "factor_remove": Page(post="signed_in"),
    "recovery_codes_renew": Page(post="signed_in"),
    "sessions_end": Page(post="signed_in"),
    "tokens": Page(get="signed_in", post="signed_in"),
    "token_revoke": Page(post="signed_in", missing=True),
    "template_page": Page(get="signed_in", post="signed_in", missing=True),
    "mentions": Page(get="signed_in"),
    "mentions_read": Page(post="signed_in"),
    "join": Page(get="anyone", post="anyone", missing=True),
    "invitation_revoke": Page(post="signed_in", missing=True),
    "project_invitations": Page(get="manage", post="manage"),
    "team_invitations": Page(get="signed_in", post="signed_in", missing=True),
    "audit": Page(get="signed_in", missing=True),
    "audit_export": Page(get="signed_in", missing=True),
    "audit_retention": Page(post="signed_in", form={"days": "90"}, missing=True),
    "project_activity": Page(get="view"),
    "project_audit": Page(get="manage"),
    "project_audit_export": Page(get="manage"),
    "project_audit_retention": Page(post="manage", form={"days": "1"}),
    "project_list": Page(get="signed_in"),
    "project_new": Page(get="signed_in", post="signed_in"),
    "project_members": Page(get="view", post="manage"),
    "project_outbound": Page(get="view", post="manage"),
    "expressions": Page(get="signed_in", post="signed_in"),
    "import": Page(get="signed_in", post="signed_in"),
    "project_import": Page(get="edit", post="edit"),
    "project_leave": Page(get="view", post="view"),
    "project_secrets": Page(get="view", post="edit"),
    "team_list": Page(get="signed_in", post="signed_in"),
    "project_page": Page(get="view"),
    "project_rename": Page(get="manage", post="manage"),
    "project_delete": Page(get="manage", post="manage", form={"name": "not its name"}),
    "flow_new": Page(get="edit", post="edit"),
    "flow_rename": Page(get="edit", post="edit"),
    "flow_delete": Page(get="edit", post="edit", form={"name": "not its name"}),
    "flow": Page(get="view"),
    "dashboard": Page(get="view"),
    "shared_page": Page(get="anyone"),
    "dashboard_page": Page(get="view"),
}

OF_TEAMS: dict[str, Page] = {
    "team_page": Page(get="view", post="manage"),
    "team_leave": Page(get="view", post="view"),
}
"""Asked of the world's team, where nobody is anything by their role in the project."""
