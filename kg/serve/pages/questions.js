"use strict";

// Everything works without this script: it filters the catalogue while one types, and suggests values of parameters.
const WAIT = 120;

function later(work) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(work, WAIT, ...given);
  };
}

function filter(field) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const group of document.querySelectorAll("#catalogue .group")) {
    let some = 0;
    for (const item of group.querySelectorAll("li")) {
      const text = item.dataset.words.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
      some += item.hidden ? 0 : 1;
    }
    group.hidden = !some;
    shown += some;
  }
  document.getElementById("filtered").textContent = words.length ? `${shown} with “${field.value.trim()}”` : "";
}

async function suggest(field) {
  const text = field.value.trim();
  const list = document.getElementById(field.getAttribute("list"));
  if (text.length < 2) return;
  const asked = new URLSearchParams({ q: text, kind: field.dataset.kind, limit: 8 });
  try {
    const response = await fetch(`${field.dataset.search}?${asked}`, { headers: { Accept: "application/json" } });
    if (!response.ok || field.value.trim() !== text) return;
    const found = await response.json();
    const options = [...found.hits, ...found.nearest].map((hit) => {
      const option = document.createElement("option");
      option.value = hit.label;
      option.label = hit.matched === hit.label ? hit.label : `${hit.label} (${hit.matched})`;
      return option;
    });
    list.replaceChildren(...options);
  } catch {
    // Without suggestions the form works as it does without this script.
  }
}

for (const field of document.querySelectorAll("[data-filter]")) field.addEventListener("input", () => filter(field));
for (const field of document.querySelectorAll("[data-kind]")) {
  const ask = later(() => suggest(field));
  field.addEventListener("input", ask);
}
