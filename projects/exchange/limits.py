"""Bounds of what one import does at once."""

from weirflow.flowfile.limits import MAX_SENT

CHANGE_OPS = 12_000
"""Operations of one Change: an import that has more is several, one after the other."""
CHANGE_BYTES = 8 * 1024 * 1024
ONE_TRANSACTION = 20_000
"""Nodes and wires up to which a project comes in whole or not at all; of a larger one flow after flow."""
IMPORT_BYTES = MAX_SENT
"""Of a file that comes by the API or a form, which take no larger bodies: a flow of about 12,000 nodes."""
