"""pyoxigraph: SERVICE from a second store in memory, in a process of its own, since it sets no time limit."""

from pathlib import Path

from tests.clients.conftest import HERE, OURS, joined_query
from tests.clients.programs import run_python

CODE = """
from pathlib import Path
from pyoxigraph import Store

store = Store()
store.load(path="ours.ttl")
for row in store.query(Path("joined.rq").read_text()):
    print(*(value.value if value else "" for value in row), sep=",")
"""


def test_pyoxigraph_joins_its_own_store_by_service(endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "ours.ttl").write_bytes((HERE / "ours.ttl").read_bytes())
    (tmp_path / "joined.rq").write_text(joined_query(endpoint), encoding="utf-8")
    assert [tuple(line.split(",")) for line in run_python(CODE, tmp_path).splitlines()] == OURS
