"""The part of the standard library that code may use: loaded before the walls go up, since no file is read after."""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import sys
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

MODULES = (
    "abc", "array", "ast", "base64", "binascii", "bisect", "bz2", "calendar", "cmath", "codecs", "collections",
    "collections.abc", "colorsys", "configparser", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal",
    "difflib", "email.utils", "enum", "fnmatch", "fractions", "functools", "graphlib", "gzip", "hashlib", "heapq",
    "hmac", "html", "html.entities", "html.parser", "io", "ipaddress", "itertools", "json", "keyword", "lzma", "math",
    "numbers", "operator", "pprint", "quopri", "random", "re", "reprlib", "secrets", "shlex", "statistics", "string",
    "struct", "textwrap", "time", "tomllib", "traceback", "types", "typing", "unicodedata", "urllib.parse", "uuid",
    "warnings", "weakref", "xml.etree.ElementTree", "zlib", "zoneinfo",
)  # fmt: skip
#: What some of these load on the way, when they are first used.
_LATER = (
    "_strptime", "encodings.ascii", "encodings.base64_codec", "encodings.cp1252", "encodings.cp437", "encodings.cp850",
    "encodings.hex_codec", "encodings.idna", "encodings.iso8859_1", "encodings.iso8859_15", "encodings.latin_1",
    "encodings.mac_roman", "encodings.punycode", "encodings.raw_unicode_escape", "encodings.unicode_escape",
    "encodings.utf_16", "encodings.utf_16_be", "encodings.utf_16_le", "encodings.utf_32", "encodings.utf_7",
    "encodings.utf_8", "encodings.utf_8_sig", "linecache", "stringprep",
)  # fmt: skip

_kept: list[object] = []


class _NoMore:
    """The one importer that is left."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        raise ModuleNotFoundError(f"{name} is not among the modules that code may import (see the documentation)")


def load() -> None:
    """Import them all, and every time zone; afterwards nothing more can be imported."""
    warnings.simplefilter("ignore")
    for name in (*MODULES, *_LATER):
        # A Python that was built without one of them (bz2, lzma) does without it here too.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _load_time_zones()
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()
    sys.meta_path[:] = [_NoMore]
    # Not a wall, a help: it would wait for a terminal that is not there.
    del builtins.input
    gc.collect()
    gc.freeze()


def _load_time_zones() -> None:
    import zoneinfo

    for name in zoneinfo.available_timezones():
        with contextlib.suppress(OSError, ValueError):
            _kept.append(zoneinfo.ZoneInfo(name))
