"""What the gateway tells a zygote when it starts it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """What a zygote must know. `build_id` is the build it is for: another one in the folder is refused. `copied` is
    whether a store in memory has its default graph a second time, for queries that name no graph.

    `open_files` is how many the gateway may open, which a process that was launched before it need not know."""

    folder: Path
    build_id: str
    in_memory: bool
    public: str | None
    trust_proxy: bool
    query_seconds: float
    body_bytes: int
    worker_bytes: int
    result_rows: int
    result_bytes: int
    services: tuple[str, ...]
    open_files: int
    copied: bool

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"folder": str(self.folder)})

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        values: dict[str, Any] = json.loads(text)
        return cls(**values | {"folder": Path(values["folder"]), "services": tuple(values["services"])})
