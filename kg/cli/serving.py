"""The command that serves a built graph."""

from pathlib import Path

import click

from kg.cli.graph import store_folder_or_built
from kg.cli.options import STORE


@click.command()
@STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=7878, show_default=True, type=click.IntRange(1, 65535), help="Port; the next free one if taken."
)
@click.option("--public-url", metavar="URL", help="The address that others see, where it is another one.")
@click.option("--trust-proxy", is_flag=True, help="Believe X-Forwarded-Proto, -Host and -Prefix: a proxy sets them.")
def serve(store_folder: Path | None, host: str, port: int, *, public_url: str | None, trust_proxy: bool) -> None:
    """Serve the graph: a SPARQL endpoint at /sparql, and pages with the questions."""
    from kg.ask import questions
    from kg.graph.store import load_store, read_manifest
    from kg.graph.terms import prefixes
    from kg.serve.app import create_app
    from kg.serve.cards import QuestionCard
    from kg.serve.listen import serve as listen
    from kg.serve.public import public_url as public_address

    public = public_address(public_url) if public_url is not None else None
    folder = store_folder_or_built(store_folder)
    manifest = read_manifest(folder)
    found = [questions.question(name) for name in questions.names()]
    cards = [QuestionCard(q.name, q.summary, tuple(q.parameter_names), q.query) for q in found]
    app = create_app(
        load_store(folder),
        build_id=manifest.build_id,
        questions=cards,
        prefixes=prefixes(),
        public=public,
        trust_proxy=trust_proxy,
        folder=folder,
    )

    def ready(actual_host: str, actual_port: int) -> None:
        if actual_port != port:
            click.echo(f"port {port} is taken; the next free one is {actual_port}", err=True)
        click.echo(f"http://{actual_host}:{actual_port}/")

    listen(app, host=host, port=port, on_ready=ready)
