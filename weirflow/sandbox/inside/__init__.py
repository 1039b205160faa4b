"""What runs in the sandbox's own processes. Only the standard library is imported here: these processes never see the
rest of Weirflow, and this package is loaded by the name `inside`, without its parents.
"""
