"""The benchmarks are scripts in a folder of their own: their modules are found as Python finds them for a script."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
