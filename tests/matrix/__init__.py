"""Who may do what, on every address, operation, socket, message and action there is.

Each surface has a table (`*_rows.py`): what one row asks of whoever comes. What has no row fails the test: add one
with the address. `people.py` says who comes, and what each of them is to be answered.
"""
