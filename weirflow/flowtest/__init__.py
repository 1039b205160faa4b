"""Flow tests: given a message at this port, expect that at that one. See `docs/flow-tests.md`.

    results = run_tests(read_flow(document), read_tests(document["tests"]), modules)

Nodes run in memory, with the mappings, checks, deliveries and error ports of a host, on a clock that is moved on.
`cases` and `flow` say what tests are made of and load little; `run` brings the runtime along.
"""
