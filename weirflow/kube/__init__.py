"""The cluster as Weirflow sees it: a client of seven verbs on plain dicts, informers and leases."""
