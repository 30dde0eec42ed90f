#!/usr/bin/env python
"""Django's command line. Puts site/ on the path, where the package `storefront` lives."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
    os.environ.setdefault("TASKS_AT_ONCE", "true")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
