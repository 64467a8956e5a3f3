// YASGUI set to this server: its endpoint, the graph's prefixes, the cookbook as a list to choose from.
"use strict";

// The query with a declaration of each prefix that it uses, so that it runs on other servers too.
function declared(text, prefixes) {
  const used = Object.entries(prefixes).filter(([name]) => new RegExp(`(^|[^\\w?$:-])${name}:`).test(text));
  const lines = used.map(([name, namespace]) => `PREFIX ${name}: <${namespace}>\n`);
  return lines.join("") + (lines.length ? "\n" : "") + text;
}

async function begin() {
  const settings = await (await fetch("/settings.json")).json();
  const endpoint = new URL("/sparql", location.href).href;
  Yasgui.Yasqe.defaults.prefixCompleters = [];
  const first = "SELECT ?entity ?name WHERE {\n  ?entity a jl:Company ; rdfs:label ?name\n}\nLIMIT 25";
  Yasgui.Yasqe.defaults.value = declared(first, settings.prefixes);
  const yasgui = new Yasgui(document.getElementById("yasgui"), {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    persistenceId: null,
    populateFromUrl: false,
    yasqe: { addPrefixes: false },
    yasr: { prefixes: settings.prefixes },
  });
  const list = document.getElementById("cookbook");
  for (const query of settings.queries) {
    const option = document.createElement("option");
    option.value = query.name;
    option.textContent = `${query.name} · ${query.zh} · ${query.en}`;
    list.append(option);
  }
  list.addEventListener("change", () => {
    const query = settings.queries.find((one) => one.name === list.value);
    if (query) yasgui.getTab().getYasqe().setValue(declared(query.text, settings.prefixes));
  });
  document.documentElement.dataset.ready = "";
}

begin();
