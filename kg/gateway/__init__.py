"""Processes and sockets: one process speaks HTTP, others that may be killed answer, one request at a time."""
