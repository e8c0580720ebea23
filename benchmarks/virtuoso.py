"""Virtuoso with settings of its own: in a new folder, on loopback, all data in one graph that is the default graph."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import processes

GRAPH = "urn:x-benchmark:default"
# Buffers for 0.7 GB; results are not cut off, and nothing is saved while it is measured.
SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 20
CheckpointInterval = 0
DirsAllowed = {data}
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
ThreadsPerQuery = 2
AsyncQueueMaxThreads = 4
DefaultIsolation = 2

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 16
MaxKeepAlives = 32
KeepAliveTimeout = 600
EnabledGzipContent = 0

[SPARQL]
ResultSetMaxRows = 1000000
DefaultGraph = {graph}
"""


def start(program: str, folder: Path, merged: Path) -> tuple[int, "subprocess.Popen[bytes]"]:
    """Start it and load the data: the port of its HTTP server, and its process."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sql_port, port = processes.free_port(), processes.free_port()
    settings = folder / "virtuoso.ini"
    text = SETTINGS.format(
        folder=folder.resolve(), data=merged.parent.resolve(), sql_port=sql_port, port=port, graph=GRAPH
    )
    settings.write_text(text, encoding="utf-8")
    with (folder / "output.log").open("wb") as log:
        process = processes.start([program, "+foreground", "+configfile", settings], log=log)
    until = time.monotonic() + 60
    while "1" not in _sql(sql_port, "select 1;") and time.monotonic() < until and process.poll() is None:
        time.sleep(0.2)
    _sql(sql_port, f"log_enable(2); DB.DBA.TTLP_MT(file_open('{merged.resolve()}'), '', '{GRAPH}', 0); checkpoint;")
    return port, process


def version(program: str) -> str:
    said = subprocess.run([program, "+help"], capture_output=True, text=True)  # noqa: S603 a program of the system
    found = re.search(r"Version (\S+)", said.stderr + said.stdout)
    return found[1] if found else "unknown"


def _sql(port: int, text: str) -> str:
    # The name and password are those of every new database; it listens on loopback only and ends with the run.
    command = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "VERBOSE=OFF", "BANNER=OFF", f"EXEC={text}"]
    return subprocess.run(command, capture_output=True, text=True).stdout  # noqa: S603
