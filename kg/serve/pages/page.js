"use strict";

// Everything works without this script: it saves page loads, adds Ctrl+Enter and finds the place of an error.
const form = document.getElementById("ask");
const query = document.getElementById("query");
const status = document.getElementById("status");
const timeout = document.getElementById("timeout");
const button = form.querySelector("button");
const LONGEST_ADDRESS = 6000;
let running = null;

function request() {
  const parameters = new URLSearchParams({ query: query.value });
  if (timeout?.value) parameters.set("timeout", timeout.value);
  const address = `${form.action}?${parameters}`;
  const headers = { Accept: "text/html" };
  if (address.length <= LONGEST_ADDRESS) return [address, { headers }];
  return [form.action, { headers, method: "POST", body: parameters }];
}

function show(html, failed) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("result");
  // Who runs the server finds the request in its log by this.
  if (failed && !fresh.textContent.includes(failed)) {
    const note = document.createElement("p");
    note.className = "hint";
    note.textContent = `Query id ${failed}`;
    fresh.append(note);
  }
  document.getElementById("result").replaceWith(document.adoptNode(fresh));
  status.textContent = fresh.querySelector("h2")?.textContent ?? "";
  fresh.scrollIntoView({ block: "nearest" });
}

async function run() {
  running?.abort();
  const mine = (running = new AbortController());
  const [address, options] = request();
  button.textContent = "Running …";
  status.textContent = "";
  try {
    const response = await fetch(address, { ...options, signal: mine.signal });
    show(await response.text(), response.ok ? null : response.headers.get("Query-Id"));
    if (!options.method) history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = `No answer: ${error.message}`;
  } finally {
    if (running === mine) button.textContent = "Run query";
  }
}

function offsetOf(line, column) {
  const before = query.value.split("\n").slice(0, line - 1);
  return before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  const load = event.target.closest("[data-query]");
  const go = event.target.closest("[data-line]");
  if (!load && !go) return;
  event.preventDefault();
  if (load) {
    query.value = load.dataset.query;
    query.rows = Math.min(Math.max(query.value.split("\n").length + 1, 6), 24);
  }
  query.focus();
  form.scrollIntoView({ block: "start" });
  const offset = go ? offsetOf(Number(go.dataset.line), Number(go.dataset.column)) : 0;
  query.setSelectionRange(offset, offset + (go ? 1 : 0));
});
