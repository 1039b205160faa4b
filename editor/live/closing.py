"""Close codes of the editor's websocket (docs/protocols.md section 5)."""

NOT_SIGNED_IN = 4401
REFUSED = 4403
NO_SUCH_FLOW = 4404
TOO_SLOW = 4408
TRY_LATER = 1013
RESTART = 1012
