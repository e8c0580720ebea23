"""The MCP server: tools, resources and a prompt, each answered by the process that holds the graph."""

import asyncio

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from kg import __version__
from kg.mcp import instructions
from kg.mcp.calls import TOOLS
from kg.mcp.held import Caller, Held
from kg.mcp.refusal import RefusedError
from kg.mcp.resources import Resource, read, resources, templates
from kg.mcp.text import written

Context = ServerRequestContext[object]
_ASKS_OTHERS = "ask_question"


def make_server(held: Held) -> Server[object]:
    """`held` is the graph; who makes the server closes it."""

    async def call_tool(_: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        caller = Caller()
        try:
            return await asyncio.to_thread(_called, held, asked.name, asked.arguments or {}, caller)
        except asyncio.CancelledError:
            held.give_up(caller)
            raise

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=_tools(asks_others=held.asks_others))

    async def read_resource(_: Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await asyncio.to_thread(_read, held, str(asked.uri))

    return Server(
        "tipkg",
        version=__version__,
        title="tipkg: who does what against trafficking in persons",
        instructions=instructions.INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=_list_resources,
        on_list_resource_templates=_list_templates,
        on_read_resource=read_resource,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
    )


async def serve(held: Held) -> None:
    """Over standard input and output, until the input ends; calls that are at work then are given up."""
    server = make_server(held)
    held.start()
    try:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        held.close()


def _tools(*, asks_others: bool) -> list[types.Tool]:
    return [
        types.Tool(
            name=name,
            description=instructions.DESCRIPTIONS[name],
            input_schema=tool.takes.model_json_schema(),
            output_schema=tool.gives.model_json_schema(mode="serialization"),
            annotations=types.ToolAnnotations(
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=asks_others and name == _ASKS_OTHERS,
            ),
        )
        for name, tool in TOOLS.items()
    ]


def _called(held: Held, name: str, arguments: dict[str, object], caller: Caller) -> types.CallToolResult:
    """What went wrong is told to the model as the result of the tool, so that it can mend its call."""
    if name not in TOOLS:
        return _refused(f"there is no tool {name[:100]!r}; there are: {', '.join(TOOLS)}")
    try:
        structured = held.call(name, arguments, caller)
    except RefusedError as error:
        return _refused(str(error))
    text = written(TOOLS[name].gives.model_validate(structured))
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=structured)


def _refused(why: str) -> types.CallToolResult:
    plain = why.encode("utf-8", "replace").decode()
    return types.CallToolResult(content=[types.TextContent(text=plain)], is_error=True)


async def _list_resources(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
    return types.ListResourcesResult(resources=[_shown(one) for one in resources()])


def _shown(one: Resource) -> types.Resource:
    return types.Resource(uri=one.uri, name=one.name, description=one.about, mime_type=one.kind)


async def _list_templates(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
    found = [
        types.ResourceTemplate(uri_template=one.uri, name=one.name, description=one.about, mime_type=one.kind)
        for one in templates()
    ]
    return types.ListResourceTemplatesResult(resource_templates=found)


def _read(held: Held, uri: str) -> types.ReadResourceResult:
    try:
        kind, text = read(held, uri)
    except RefusedError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from error
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, text=text, mime_type=kind)])


async def _list_prompts(_: Context, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
    question = types.PromptArgument(name="question", description="in plain words", required=True)
    about = instructions.PROMPT_ABOUT
    return types.ListPromptsResult(
        prompts=[types.Prompt(name=instructions.PROMPT, description=about, arguments=[question])]
    )


async def _get_prompt(_: Context, asked: types.GetPromptRequestParams) -> types.GetPromptResult:
    question = (asked.arguments or {}).get("question", "").strip()
    if asked.name != instructions.PROMPT:
        raise MCPError(types.INVALID_PARAMS, f"there is no prompt {asked.name[:100]!r}; there is {instructions.PROMPT}")
    if not question or len(question) > 2_000:
        raise MCPError(types.INVALID_PARAMS, "question: 1 to 2000 characters")
    message = types.PromptMessage(role="user", content=types.TextContent(text=instructions.prompt(question)))
    return types.GetPromptResult(description=instructions.PROMPT_ABOUT, messages=[message])
