"""A status stays small whatever a node's settings hold."""

from weirflow.kube.resources import decode_json
from weirflow.runtime.status import MAX_CONFIGURATION, port_status
from weirflow.services import PortSpec
from weirflow.spec import Position


def test_a_large_configuration_is_left_out_of_the_status() -> None:
    port = PortSpec("_settings", "Settings", Position.TOP, False)
    assert decode_json(port_status(port, {"message": "x" * 1000})["configuration"]) == {"message": "x" * 1000}
    assert decode_json(port_status(port, {"message": "x" * MAX_CONFIGURATION})["configuration"]) == {}
