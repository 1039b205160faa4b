"""Bounds of a flow file. A flow of 20,000 nodes has about 8 MiB."""

MAX_BYTES = 32 * 1024 * 1024
MAX_SENT = 4 * 1024 * 1024
"""Of the request that takes a file to a server: a flow of about 12,000 nodes."""
MAX_VALUES = 2_000_000
"""Texts, numbers, lists and objects of one file together."""
MAX_DEPTH = 110
"""Levels of lists and objects: settings may have 100 themselves."""
MAX_FAULTS = 50
"""Faults that are told at once."""
MAX_FLOWS = 500
MAX_NODES = 20_000
"""In one flow; and so many in all flows of a file times:"""
MAX_WIRES = 60_000
MAX_FRAMES = 2_000
"""Groups in a flow, and as many notes."""
MAX_DESCRIPTION = 10_000
MAX_COORDINATE = 1_000_000
MIN_FRAME, MAX_FRAME = 48, 200_000
MAX_WAIT_MS = 86_400_000
