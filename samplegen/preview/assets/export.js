"use strict";
// The exported page: named examples, rendered beforehand, each loaded when it is looked at.
(() => {
  const { find, make } = page;
  const choices = window.samplegen.choices;
  const PICKED = ["protocol", "region", "locale"];
  const loaded = new Map();
  let wanted = "";

  if (new URLSearchParams(location.search).has("embed")) document.body.classList.add("embed");
  const said = () => new URLSearchParams(location.hash.slice(1));
  const known = {
    example: choices.examples.map((one) => one.name),
    protocol: choices.protocols,
    region: choices.regions.map((one) => one.id),
    locale: choices.locales,
  };
  const chosen = {};
  // What a link says, else what the reader chose before.
  function read() {
    const link = said();
    for (const [name, all] of Object.entries(known)) {
      chosen[name] = [link.get(name), chosen[name], name === "example" ? null : page.recall(name)].find((one) => all.includes(one)) || all[0];
    }
  }
  read();

  const options = (id, all) => find(id).replaceChildren(...all.map(([value, name]) => make("option", { value }, name)));
  options("protocol", choices.protocols.map((one) => [one, one]));
  options("region", choices.regions.map((one) => [one.id, one.name]));
  options("locale", choices.locales.map((one) => [one, { en: "English", ja: "日本語", zh: "中文" }[one] || one]));
  options("example", choices.examples.map((one) => [one.name, one.name]));
  find("provider").textContent = choices.provider;
  find("examples").replaceChildren(...choices.examples.map((one) => make("a", {
    href: `#example=${one.name}`, data: { name: one.name },
    onclick: (event) => { event.preventDefault(); choose("example", one.name); },
  }, make("b", {}, one.name), make("span", {}, one.about))));

  function choose(name, value) {
    chosen[name] = value;
    if (name !== "example") page.remember(name, value);
    look();
  }
  for (const id of [...PICKED, "example"]) {
    find(id).addEventListener("change", () => choose(id, find(id).value));
  }

  // A script, not a request: a page of a file may not ask for other files.
  window.samplegen.put = (name, shown) => {
    loaded.set(name, shown);
    if (name === wanted) draw();
  };

  function look() {
    wanted = `${chosen.example}/${PICKED.map((name) => chosen[name]).join("-")}`;
    for (const id of [...PICKED, "example"]) find(id).value = chosen[id];
    for (const one of find("examples").children) {
      if (one.dataset.name === chosen.example) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    link();
    if (loaded.has(wanted)) {
      draw();
      return;
    }
    find("sample").setAttribute("aria-busy", "true");
    const script = make("script", { src: `samples/${wanted}.js` });
    script.addEventListener("error", () => {
      script.remove();
      find("stale").textContent = "These samples could not be loaded.";
      find("stale").hidden = false;
    });
    document.head.append(script);
  }

  function draw() {
    find("stale").hidden = true;
    find("sample").setAttribute("aria-busy", "false");
    page.show(loaded.get(wanted));
  }

  function link() {
    const link = new URLSearchParams({ example: chosen.example });
    for (const name of PICKED) if (chosen[name] !== known[name][0]) link.set(name, chosen[name]);
    link.set("lang", page.state.language);
    if (page.state.client !== choices.clients[0]) link.set("client", page.state.client);
    find("link").textContent = `${location.href.split("#")[0]}#${link}`;
    try { history.replaceState(null, "", `#${link}`); } catch { /* a frame may forbid it */ }
  }

  page.begin(choices, said(), link);
  addEventListener("hashchange", () => {
    read();
    page.choose(said());
    look();
  });
  look();
})();
