"""What a project's flows may call arrives on its TinyProject, where module hosts read it."""

import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_set_outbound
from projects.models import Flow
from tests.editor.edits import Editor
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import ANNOTATION_OUTBOUND, ANNOTATION_PROJECT_TITLE, TINY_PROJECT

pytestmark = [pytest.mark.server]


@pytest.fixture
def editor(live: LiveSide, owner: User, flow: Flow) -> Editor:
    return Editor(live, owner, flow)


async def test_what_flows_may_call_arrives_on_the_project_and_goes_again(
    editor: Editor, admin: HttpCluster, owner: User
) -> None:
    project = (await in_database(Flow.objects.select_related("project").get, pk=editor.flow.pk)).project
    await editor.add()
    for allow, text in ((["db.corp"], '{"allow":["db.corp"],"only":false}'), ([], None)):
        await in_database(lambda allow=allow: do_set_outbound(owner, project, allow, only=False))

        async def arrived(text: str | None = text) -> bool:
            try:
                found = await admin.get(TINY_PROJECT, project.resource_name)
            except NotFound:
                return False
            annotations = found["metadata"]["annotations"]
            return annotations.get(ANNOTATION_OUTBOUND) == text and ANNOTATION_PROJECT_TITLE in annotations

        await eventually(arrived, what="the list on the TinyProject")
