#!/usr/bin/env python
"""Django's entry; `manage.py up` runs the whole product on one machine."""

import os
import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["up"]:
        # The supervisor stays in memory as long as the product runs: it does without Django.
        from config.supervisor import main

        sys.exit(main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
