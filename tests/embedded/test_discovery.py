"""Discovery in one answer says what discovery in many says."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.discovery_list import version_asked
from weirflow.embedded.messages import Request

ONE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
BETA = ONE.replace("v2", "v2beta1")


def read(cluster: EmbeddedCluster, path: str, accept: str = "application/json") -> Any:
    answer = cluster.handle(Request("GET", path, role="admin", accept=accept))
    assert answer.status == 200
    if accept != "application/json":
        assert answer.content_type == ONE
    return orjson.loads(answer.body)


async def test_the_one_list_holds_what_the_many_hold(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    found = {}
    for path in ("/api", "/apis"):
        for group in read(cluster, path, f"{ONE},{BETA},application/json")["items"]:
            name = group["metadata"]["name"]
            for version in group["versions"]:
                where = f"/apis/{name}/{version['version']}" if name else f"/api/{version['version']}"
                found[where] = {one["resource"]: sorted(one["verbs"]) for one in version["resources"]}
                found[where] |= {
                    f"{one['resource']}/{part['subresource']}": sorted(part["verbs"])
                    for one in version["resources"]
                    for part in one.get("subresources", ())
                }
    groups = read(cluster, "/apis")["groups"]
    places = ["/api/v1", *(f"/apis/{one['groupVersion']}" for group in groups for one in group["versions"])]
    assert set(found) == set(places)
    for place in places:
        many = {one["name"]: sorted(one["verbs"]) for one in read(cluster, place)["resources"]}
        assert found[place] == many
    await cluster.close()


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        (f"{ONE},application/json", "v2"),
        (f"{BETA},{ONE}", "v2beta1"),
        (f"application/json,{ONE}", ""),
        (f"{ONE.replace('v2', 'v9')},{BETA}", "v2beta1"),
        ("*/*", ""),
        ("", ""),
    ],
)
def test_the_first_form_that_is_known_is_answered(accept: str, version: str) -> None:
    assert version_asked(accept) == version
