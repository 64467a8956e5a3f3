// YASGUI set to this server: its endpoint, the graph's prefixes, the cookbook as a list to choose from.
"use strict";

async function begin() {
  const settings = await (await fetch("/settings.json")).json();
  const endpoint = new URL("/sparql", location.href).href;
  Yasgui.Yasqe.defaults.prefixCompleters = [];
  Yasgui.Yasqe.defaults.value = "SELECT ?entity ?name WHERE {\n  ?entity a jl:Company ; rdfs:label ?name\n}\nLIMIT 25";
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
    if (query) yasgui.getTab().getYasqe().setValue(query.text);
  });
  document.documentElement.dataset.ready = "";
}

begin();
