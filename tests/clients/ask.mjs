// node ask.mjs QUERY SOURCE...: the answer of Comunica as JSON. A source is an address, or sparql@ADDRESS, or a file.
import { readFile } from "node:fs/promises";
import { argv } from "node:process";
import { QueryEngine } from "@comunica/query-sparql";

const [, , query, ...names] = argv;
const NAMES = ["edition", "iso3", "status", "year"];

async function source(name) {
  if (name.startsWith("sparql@")) return { type: "sparql", value: name.slice("sparql@".length) };
  if (!name.endsWith(".ttl")) return name; // Comunica finds out what it is
  return { type: "serialized", value: await readFile(name, "utf8"), mediaType: "text/turtle", baseIRI: "http://example.org/" };
}

const sources = await Promise.all(names.map(source));
const answer = await new QueryEngine().query(await readFile(query, "utf8"), { sources });
const found = await (await answer.execute()).toArray();
const rows = answer.resultType === "quads"
  ? found.map((quad) => [quad.subject.value, quad.object.value])
  : found.map((row) => NAMES.map((name) => row.get(name)?.value ?? ""));
console.log(JSON.stringify(rows));
