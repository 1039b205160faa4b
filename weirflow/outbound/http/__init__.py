"""HTTP through the guard: targets, kept connections, redirects. A client of our own, see docs/adr/0100."""
