"""Every keyword and function of SPARQL 1.1 and of what the engine knows of 1.2, in upper case."""

from typing import Final

PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"},
)
# Each of these makes the engine's plan one level deeper.
NESTING: Final = frozenset(
    {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "EXISTS", "LATERAL", "AS", "SELECT"},
)
# With one of these a query has another answer each time.
CHANGING: Final = frozenset({"RAND", "NOW", "UUID", "STRUUID", "BNODE"})
# fmt: off
_CLAUSES: Final = frozenset({
    "FROM", "NAMED", "WHERE", "DISTINCT", "REDUCED", "GROUP", "BY", "HAVING", "ORDER", "ASC", "DESC", "LIMIT", "OFFSET",
    "VALUES", "UNDEF", "IN", "NOT", "SERVICE", "SILENT", "SEPARATOR", "A", "TRUE", "FALSE",
})
_FUNCTIONS: Final = frozenset({
    "ABS", "ADJUST", "AVG", "BOUND", "CEIL", "COALESCE", "CONCAT", "CONTAINS", "COUNT", "DATATYPE", "DAY",
    "ENCODE_FOR_URI", "FLOOR", "GROUP_CONCAT", "HASLANG", "HASLANGDIR", "HOURS", "IF", "IRI", "ISBLANK", "ISIRI",
    "ISLITERAL", "ISNUMERIC", "ISTRIPLE", "ISURI", "LANG", "LANGDIR", "LANGMATCHES", "LCASE", "MAX", "MD5", "MIN",
    "MINUTES", "MONTH", "OBJECT", "PREDICATE", "REGEX", "REPLACE", "ROUND", "SAMETERM", "SAMPLE", "SECONDS", "SHA1",
    "SHA256", "SHA384", "SHA512", "STR", "STRAFTER", "STRBEFORE", "STRDT", "STRENDS", "STRLANG", "STRLANGDIR", "STRLEN",
    "STRSTARTS", "SUBJECT", "SUBSTR", "SUM", "TIMEZONE", "TRIPLE", "TZ", "UCASE", "URI", "YEAR",
})
# fmt: on
WORDS: Final = PROLOGUE | FORMS | NESTING | CHANGING | _CLAUSES | _FUNCTIONS
