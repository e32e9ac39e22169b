"use strict";
// What the live page and the exported one share: the sample in its tabs, and what is said of it.
const page = (() => {
  const find = (id) => document.getElementById(id);
  const KEPT = "samplegen.";

  // Storage may be forbidden, as in a frame of another site: then nothing is remembered.
  const recall = (name) => { try { return localStorage.getItem(KEPT + name); } catch { return null; } };
  const remember = (name, value) => { try { localStorage.setItem(KEPT + name, value); } catch { /* not kept */ } };

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => recall("theme") || (dark.matches ? "dark" : "light");
  const colour = () => {
    document.documentElement.dataset.theme = theme();
    const button = find("theme");
    if (button) button.setAttribute("aria-pressed", String(theme() === "dark"));
  };
  dark.addEventListener("change", colour);
  colour();

  function make(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith("aria-") || name === "role" || name === "for" || name === "list") made.setAttribute(name, value);
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (name === "data") Object.assign(made.dataset, value);
      else made[name] = value;
    }
    made.append(...children);
    return made;
  }

  // "k3 2 s11": the kinds of stretches of a text, and their lengths.
  function paint(element, text, tokens) {
    const parts = [];
    let at = 0;
    for (const one of tokens ? tokens.split(" ") : []) {
      const kind = one[0] >= "a" ? one[0] : "";
      const part = text.slice(at, at + Number(kind ? one.slice(1) : one));
      at += part.length;
      parts.push(kind ? make("span", { className: kind }, part) : part);
    }
    element.replaceChildren(...parts, text.slice(at));
  }

  function say(text) {
    const said = find("said");
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = text; });
  }

  async function write(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without permission, or from a file: the old way.
      const area = make("textarea", { value: text, readOnly: true, className: "hidden" });
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  function copies(button, text) {
    const label = button.querySelector(".label");
    let back = 0;
    button.addEventListener("click", async () => {
      const done = await write(text());
      button.focus();
      label.textContent = done ? "Copied" : "Not allowed";
      button.classList.toggle("done", done);
      say(done ? "Copied" : "The browser does not allow to copy");
      clearTimeout(back);
      back = setTimeout(() => { label.textContent = "Copy"; button.classList.remove("done"); }, 1500);
    });
  }

  // A list of tabs by the pattern of WAI-ARIA: one is in the tab order, arrows move.
  function tabs(list, choose) {
    const all = () => [...list.querySelectorAll("[role=tab]")];
    const select = (tab, by) => {
      for (const one of all()) {
        one.setAttribute("aria-selected", String(one === tab));
        one.tabIndex = one === tab ? 0 : -1;
      }
      // Only the list scrolls, not the page.
      const left = tab.offsetLeft - list.offsetLeft;
      if (left < list.scrollLeft || left + tab.offsetWidth > list.scrollLeft + list.clientWidth) {
        list.scrollLeft = left - 24;
      }
      choose(tab, by);
    };
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) select(tab, true);
    });
    list.addEventListener("keydown", (event) => {
      const there = all();
      const at = there.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const tab = there[(to + there.length) % there.length];
      select(tab, true);
      tab.focus();
    });
    return (tab) => select(tab, false);
  }

  // The card with the sample.
  const state = { language: null, client: null, shown: null, changed: () => {} };
  let selectLanguage, selectPanel, languages = [], clients = [];

  function begin(choices, wanted, changed) {
    languages = choices.languages;
    clients = choices.clients;
    state.changed = changed;
    const known = languages.map((one) => one.id);
    const first = (...names) => names.find((name) => known.includes(name)) || known[0];
    state.language = first(wanted.get("lang"), recall("language"));
    state.client = wanted.get("client") || recall("client") || clients[0];
    find("languages").replaceChildren(...languages.map((one) => make("button", {
      type: "button", role: "tab", id: `language-${one.id}`, "aria-controls": "sample", data: { id: one.id },
    }, one.name)));
    selectLanguage = tabs(find("languages"), (tab, by) => {
      state.language = tab.dataset.id;
      if (by) remember("language", state.language);
      draw();
      if (by) state.changed();
    });
    find("clients").replaceChildren(...clients.map((one) => make("label", {}, make("input", {
      type: "radio", name: "client", value: one, onchange: () => {
        state.client = one;
        remember("client", one);
        draw();
        state.changed();
      },
    }), one.toUpperCase())));
    selectPanel = tabs(find("panels"), (tab) => {
      for (const one of find("panels").querySelectorAll("[role=tab]")) {
        find(one.getAttribute("aria-controls")).hidden = one !== tab;
      }
    });
    selectPanel(find("tab-request"));
    copies(find("copy"), () => (current() || {}).code || "");
    for (const button of document.querySelectorAll("[data-copy]")) {
      copies(button, () => find(button.dataset.copy).textContent);
    }
    find("theme").addEventListener("click", () => {
      remember("theme", theme() === "dark" ? "light" : "dark");
      document.documentElement.dataset.theme = theme();
      colour();
    });
    colour();
    selectLanguage(find(`language-${state.language}`));
  }

  // What a link says of the sample.
  function choose(wanted) {
    const tab = find(`language-${wanted.get("lang")}`);
    if (tab) selectLanguage(tab);
    if (clients.includes(wanted.get("client"))) state.client = wanted.get("client");
    draw();
  }

  const of = (language) => ((state.shown || {}).samples || []).filter((one) => one.language === language);

  // The sample that is seen: of the client that is liked, else of the one that there is.
  function current() {
    const there = of(state.language);
    const good = there.filter((one) => "code" in one);
    const liked = (all) => all.find((one) => one.client === state.client);
    return liked(there.filter((one) => good.includes(one))) || (liked(there) && !good.length ? liked(there) : null)
      || good[0] || there[0];
  }

  function show(shown) {
    state.shown = shown;
    draw();
  }

  function draw() {
    if (!state.shown) return;
    for (const one of languages) {
      const has = of(one.id).some((sample) => "code" in sample);
      const tab = find(`language-${one.id}`);
      tab.classList.toggle("none", !has);
      if (has) tab.removeAttribute("aria-label");
      else tab.setAttribute("aria-label", `${one.name} (no sample of this call)`);
    }
    const one = current();
    find("sample").setAttribute("aria-labelledby", `language-${state.language}`);
    for (const label of find("clients").children) {
      const input = label.firstChild;
      input.disabled = !of(state.language).some((sample) => sample.client === input.value && "code" in sample);
      input.checked = Boolean(one) && input.value === one.client;
    }
    const good = one && "code" in one && !one.later;
    find("copy").disabled = !good;
    if (find("run")) find("run").disabled = !good;
    find("code").hidden = !good;
    find("why").hidden = Boolean(good || (one && one.later));
    find("filename").textContent = good ? one.filename : "";
    find("install").hidden = !(good && one.install);
    find("install-code").textContent = good ? one.install : "";
    if (good) paint(find("code-text"), one.code, one.tokens);
    else find("why").textContent = one ? one.why : state.shown.why || "There is no sample of this call in this language.";
    ways(one, good);
    request(state.shown.request);
  }

  function ways(one, good) {
    const none = "There is no sample of this call in this language.";
    find("command").textContent = good ? one.command : none;
    find("marker").textContent = good ? one.marker : none;
    find("way-file").hidden = !(good && one.files.some(Boolean));
    paint(find("call"), state.shown.call, state.shown.call_tokens);
  }

  function request(one) {
    find("method").textContent = one ? one.method : "";
    find("url").textContent = one ? one.url : "There is no such request.";
    find("headers").replaceChildren(...headers(one ? one.headers : []));
    paint(find("body"), one ? one.body : "", one ? one.tokens : "");
  }

  const headers = (all) => all.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value)));

  return { find, make, paint, say, recall, remember, begin, choose, show, current, state, headers, panel: (id) => selectPanel(find(id)) };
})();
