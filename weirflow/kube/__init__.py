"""The cluster as Weirflow sees it: a client of nine verbs on plain dicts, informers and leases."""
