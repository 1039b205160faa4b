"""Bounds of the document. Each is far above what a person draws and far below what would hurt."""

MAX_OPS = 500
MAX_BATCH_BYTES = 2 * 1024 * 1024
MAX_SETTINGS_BYTES = 512 * 1024
MAX_MAPPING_BYTES = 256 * 1024
MAX_SCHEMAS_BYTES = 128 * 1024
"""Of all that people say of the definitions of one node."""
MAX_WAIT_MS = 86_400_000
"""A day: no attempt to hand a message over, and no pause between two, is longer."""
MAX_PATH_DEPTH = 32
MAX_DEPTH = 100
"""Levels of lists and objects in one value."""
MAX_NODES = 20_000
MAX_EDGES = 60_000
MAX_FRAMES = 2_000
"""Groups in a flow, and as many notes."""
MIN_FRAME, MAX_FRAME = 48, 200_000
"""Canvas pixels: the sides of a group or note."""
MAX_GROUP_PORTS = 200
MAX_NOTE_TEXT = 20_000
MAX_COORDINATE = 1_000_000
"""Canvas pixels, either way from the origin."""
KEPT_CHANGES = 2_000
KEPT_BYTES = 64 * 1024 * 1024
"""Changes kept for each project; older ones can be neither undone nor caught up with (ADR 83)."""
TRIM_EVERY = 64
"""Revisions from one look to the next, whether the log has grown to twice of that."""
MAX_SCENARIOS = 50
"""Of one flow, and all of them together:"""
MAX_SCENARIO_BYTES_OF_FLOW = 2 * 1024 * 1024
MAX_SCENARIO_BYTES = 512 * 1024
"""Of one; as base64 in its resource it stays well below what a cluster stores of an object."""
MAX_SAMPLES = 200
"""Messages in one scenario."""
MAX_SAMPLE_BYTES = 64 * 1024
MAX_TESTS = 200
"""Of one flow, and all of them together:"""
MAX_TEST_BYTES_OF_FLOW = 4 * 1024 * 1024
MAX_TEST_BYTES = 128 * 1024
MAX_TEST_RESULT_BYTES = 256 * 1024
"""What is kept of one test's last run, and what a list of tests tells of it:"""
MAX_LISTED_RESULT_BYTES = 4 * 1024
MAX_SECRETS = 200
"""Of one project; hosts look for the values of all of them in what they show."""
MAX_SECRET_BYTES = 32 * 1024
MAX_VERSIONS = 200
"""Named versions of one flow, and, packed, all of them together:"""
MAX_VERSION_BYTES_OF_FLOW = 64 * 1024 * 1024
MAX_VERSION_NOTE = 2_000
