#!/usr/bin/env python
"""Django's entry; `manage.py up` runs the whole product on one machine."""

import gc
import os
import sys

if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "up":
        # The supervisor stays in memory as long as the product runs: it does without Django.
        from config.supervisor import main

        sys.exit(main(sys.argv[2:]))
    if command in ("serve", "work"):
        # What a start makes stays; collecting it again and again takes a fifth of the time. `say_ready` ends this.
        gc.disable()
    if command == "work":
        # Background work yields to what people wait for, from its first import on.
        os.nice(5)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
