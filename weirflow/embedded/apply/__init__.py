"""Who set which field: server-side apply and `managedFields`, by the rules of structured merge.

`shapes` says how values are made, `fields` are sets of paths into them, `typed` walks values, `managers` keeps who owns
what, and `tracking` is what the writer calls.
"""
