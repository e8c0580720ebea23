"""Limits on the size and shape of a query, below what ends the engine by signal 11 or keeps it planning for a second.

Measured with pyoxigraph 0.5.13 on a stack of 8 MiB: 4.5 kB of nested braces end it; planning takes time with the fourth
power of the patterns that are joined, the square of the variables, and twice as long for each aggregating subquery in
another one. tests/serve/test_limits.py has the shapes; all limits lie above what people write.
"""

from typing import Final

DEEPEST: Final = 100
DEEPEST_SUBQUERY: Final = 12
MOST_OPERATORS: Final = 1000
MOST_PATTERNS: Final = 80
LONGEST_PATH: Final = 100
MOST_REGEXES: Final = 50
MOST_VARIABLES: Final = 1000
LONGEST_STRING: Final = 100_000
MOST_TOKENS: Final = 25_000
MOST_DATA: Final = 400_000
