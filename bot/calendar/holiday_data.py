"""China's holidays as the library keeps them, without those of all other countries.

Its package of countries imports each of them, whichever is asked for: 8 MB and a tenth
of the start. So the package is known here by its place alone, and of its modules only
China's is run.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

PACKAGE = "holidays.countries"


def _load() -> Any:
    spec = find_spec(PACKAGE)
    assert spec is not None
    known = sys.modules.setdefault(PACKAGE, module_from_spec(spec))
    module = import_module(f"{PACKAGE}.china")
    if sys.modules[PACKAGE] is known and not hasattr(known, "China"):
        del sys.modules[PACKAGE]  # whoever wants the others gets them whole
    return module


_CHINA = _load()
OFFICIAL_YEARS: frozenset[int] = frozenset(
    _CHINA.ChinaStaticHolidays.special_public_holidays
)
"""Years whose official notice the library holds."""
China = _CHINA.China
