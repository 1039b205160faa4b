"""Why the product cannot start."""

# sysexits.h EX_CONFIG: a child that ends with it says that starting it again cannot help.
EXIT_HOPELESS = 78


class StartError(Exception):
    """Says what stands in the way and what to do about it; ends `manage.py up` with exit code 1."""
