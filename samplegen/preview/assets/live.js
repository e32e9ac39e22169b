"use strict";
// The live page: a form that says a call, the samples as it changes, and runs of them.
(async () => {
  const { find, make, paint, say } = page;
  const SELECTS = ["protocol", "region", "locale", "notes", "flow", "workspace_by"];
  const PLAIN = [...SELECTS, "model", "host", "workspace", "then"];
  const choices = await (await fetch("choices")).json();
  let form = null;
  let seen = null;
  let waiting = null;
  let timer = 0;

  // What may be chosen.
  const options = (id, all) => find(id).replaceChildren(...all.map(([value, name]) => make("option", { value }, name)));
  options("example", [["", "your own"], ...choices.examples.map((one) => [one.name, one.name])]);
  options("protocol", choices.protocols.map((one) => [one, one]));
  options("region", choices.regions.map((one) => [one.id, one.workspace ? `${one.name} (workspace)` : one.name]));
  options("locale", choices.locales.map((one) => [one, { en: "English", ja: "日本語", zh: "中文" }[one] || one]));
  options("notes", choices.notes.map((one) => [one, one]));
  options("flow", [["", "what the call asks for"], ...choices.flows.map((one) => [one, one])]);
  options("workspace_by", [["", "host (the default)"], ["host", "host"], ["header", "header"], ["key", "key"]]);
  find("models").replaceChildren(...choices.models.map((value) => make("option", { value })));
  find("parameters").replaceChildren(...choices.parameters.map((value) => make("option", { value })));
  find("provider").textContent = choices.provider;

  // What examples say of options is what a click adds.
  const usual = new Map();
  for (const one of choices.examples) for (const { name, value } of one.form.options) if (!usual.has(name)) usual.set(name, value);

  const exampleOf = (name) => choices.examples.find((one) => one.name === name);

  function fill(made) {
    form = structuredClone(made);
    find("example").value = form.example;
    for (const id of PLAIN) find(id).value = form[id];
    messages();
    optionRows();
    about();
  }

  function about() {
    const one = exampleOf(form.example);
    find("about").textContent = one ? one.about : "";
  }

  const grow = (area) => { area.rows = Math.min(14, Math.max(1, area.value.split("\n").length)); };

  function messages() {
    find("messages").replaceChildren(...form.messages.map((one, at) => {
      const json = "json" in one;
      const id = `message-${at}`;
      const text = make("textarea", {
        id, className: json ? "json" : "", value: json ? one.json : one.content, spellcheck: !json,
        "aria-label": json ? `Message ${at + 1}, as JSON` : `Message ${at + 1}`, "aria-describedby": `error-messages.${at}`,
        oninput: (event) => { one[json ? "json" : "content"] = event.target.value; grow(event.target); changed(); },
      });
      grow(text);
      const role = make("select", {
        "aria-label": `Role of message ${at + 1}`,
        onchange: (event) => { one.role = event.target.value; changed(); },
      }, ...["system", "user", "assistant"].map((value) => make("option", { value, selected: value === one.role }, value)));
      return make("div", { className: "row" },
        make("div", { className: "row-head" },
          json ? make("span", { className: "name" }, "JSON") : role,
          make("span", { className: "grow" }),
          make("button", {
            type: "button", className: "quiet small", "aria-label": `Edit message ${at + 1} as ${json ? "text" : "JSON"}`,
            onclick: () => { turn(at); },
          }, json ? "Text" : "{ }"),
          make("button", {
            type: "button", className: "quiet small", "aria-label": `Remove message ${at + 1}`,
            onclick: () => { form.messages.splice(at, 1); messages(); changed(); find("add-message").focus(); },
          }, "×")),
        text, make("p", { className: "error", id: `error-messages.${at}`, hidden: true }));
    }));
  }

  // A message as JSON, for pictures and calls of tools; and back where it is a plain text.
  function turn(at) {
    const one = form.messages[at];
    if ("json" in one) {
      let said = null;
      try { said = JSON.parse(one.json); } catch { /* stays JSON */ }
      const plain = said && typeof said.content === "string" && Object.keys(said).every((name) => ["role", "content"].includes(name));
      if (!plain) {
        say("This message is more than a text: it stays JSON");
        return;
      }
      form.messages[at] = { role: said.role, content: said.content };
    } else {
      form.messages[at] = { json: JSON.stringify({ role: one.role, content: one.content }, null, 2) };
    }
    messages();
    find(`message-${at}`).focus();
    changed();
  }

  function optionRows() {
    find("options").replaceChildren(...form.options.map((one, at) => {
      const value = make("textarea", {
        className: "json", value: one.value, spellcheck: false, id: `option-${at}`,
        "aria-label": `Value of option ${at + 1}`, "aria-describedby": `error-options.${at}`,
        oninput: (event) => { one.value = event.target.value; grow(event.target); changed(); },
      });
      grow(value);
      const name = make("input", {
        value: one.name, list: "parameters", spellcheck: false, placeholder: "name", "aria-label": `Name of option ${at + 1}`,
        "aria-describedby": `error-options.${at}`, oninput: (event) => { one.name = event.target.value; changed(); },
      });
      const remove = make("button", {
        type: "button", className: "quiet small", "aria-label": `Remove option ${at + 1}`,
        onclick: () => { form.options.splice(at, 1); optionRows(); changed(); find("chips").lastChild.focus(); },
      }, "×");
      const short = one.value.length < 16 && !one.value.includes("\n");
      const head = make("div", { className: "row-head" }, make("div", { className: "names" }, name, ...(short ? [value] : [])), remove);
      return make("div", { className: `row option${short ? " short" : ""}` }, head, ...(short ? [] : [value]),
        make("p", { className: "error", id: `error-options.${at}`, hidden: true }));
    }));
    const there = new Set(form.options.map((one) => one.name));
    const chip = (name, value) => make("button", {
      type: "button", className: "chip", "aria-label": name ? `Add ${name}` : "Add another option",
      onclick: () => {
        form.options.push({ name, value });
        optionRows();
        changed();
        const row = find("options").lastChild;
        row.querySelector(name ? "textarea" : "input").focus();
      },
    }, name || "other…");
    find("chips").replaceChildren(...[...usual].filter(([name]) => !there.has(name)).map(([name, value]) => chip(name, value)), chip("", ""));
  }

  for (const id of PLAIN) {
    find(id).addEventListener("input", () => { form[id] = find(id).value; changed(); });
  }
  find("example").addEventListener("change", () => {
    const one = exampleOf(find("example").value);
    if (one) {
      // Where the reader is and what the notes say stays as it was chosen.
      const { protocol, region, locale, notes } = form;
      fill({ ...one.form, protocol, region, locale, notes });
    } else {
      form.example = "";
      about();
    }
    changed();
  });
  find("add-message").addEventListener("click", () => {
    const last = form.messages[form.messages.length - 1];
    form.messages.push({ role: last && last.role === "user" ? "assistant" : "user", content: "" });
    messages();
    find(`message-${form.messages.length - 1}`).focus();
    changed();
  });
  find("form").addEventListener("submit", (event) => event.preventDefault());

  // From a change to the sample.
  function changed() {
    clearTimeout(timer);
    timer = setTimeout(look, 25);
  }

  const post = (path, body, signal) => fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
  });

  async function look() {
    if (waiting) waiting.abort();
    waiting = new AbortController();
    try {
      const answer = await post("look", { form, language: page.state.language }, waiting.signal);
      const said = await answer.json();
      complain(answer.ok ? {} : said.errors);
      if (answer.ok) {
        seen = JSON.stringify(form);
        page.show(said);
        outdated();
        const names = said.unlisted;
        notice(names.length ? `${names.join(", ")}: in no catalog, sent as it is.` : "");
      } else {
        notice("This is the sample of the last call that was right.");
      }
      find("code").classList.toggle("stale", !answer.ok);
      link();
    } catch (error) {
      if (error.name === "AbortError") return;
      notice("The preview does not answer: is it still running?");
    }
  }

  function notice(text) {
    find("stale").textContent = text;
    find("stale").hidden = !text;
  }

  function complain(errors) {
    const left = { ...errors };
    for (const place of document.querySelectorAll("[id^='error-']")) {
      const field = place.id.slice("error-".length);
      place.textContent = left[field] || "";
      place.hidden = !left[field];
      delete left[field];
      for (const input of document.querySelectorAll(`[aria-describedby="${place.id}"]`)) {
        if (place.textContent) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
      const rare = place.closest(".rare");
      if (rare && place.textContent) rare.open = true;
    }
    const rest = Object.values(left);
    if (rest.length) {
      find("error-").textContent = [find("error-").textContent, ...rest].filter(Boolean).join("; ");
      find("error-").hidden = false;
    }
    const first = Object.values(errors)[0];
    if (first) say(first);
  }

  // The page as a link: what differs from the example, or the whole form.
  const pack = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const unpack = (text) => new TextDecoder().decode(Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0)));
  const SHORT = ["protocol", "region", "model", "locale", "notes", "flow"];
  const MOST = 30000;

  function link() {
    const said = new URLSearchParams();
    const one = exampleOf(form.example);
    const same = one && JSON.stringify({ ...one.form, ...Object.fromEntries(SHORT.map((name) => [name, form[name]])) }) === JSON.stringify(form);
    const text = JSON.stringify(form);
    const fits = text.length < MOST;
    if (same) {
      said.set("example", form.example);
      for (const name of SHORT) if (form[name] !== one.form[name]) said.set(name, form[name]);
    } else if (fits) {
      said.set("form", pack(text));
    }
    said.set("lang", page.state.language);
    if (page.state.client !== choices.clients[0]) said.set("client", page.state.client);
    const whole = `${location.origin}${location.pathname}#${said}`;
    find("link").textContent = same || fits ? whole : "This call is too long for a link: use the call file.";
    if (same || fits) history.replaceState(null, "", `#${said}`);
  }

  function fromLink() {
    const said = new URLSearchParams(location.hash.slice(1));
    if (said.get("form")) {
      try {
        const made = JSON.parse(unpack(said.get("form")));
        const base = choices.examples[0].form;
        const whole = { ...base, example: "" };
        for (const name of Object.keys(base)) if (typeof made[name] === typeof base[name]) whole[name] = made[name];
        const texts = (all, names) => Array.isArray(all) && all.every((one) => one && names.some((some) => some.every((name) => typeof one[name] === "string")));
        if (texts(whole.messages, [["json"], ["role", "content"]]) && texts(whole.options, [["name", "value"]])) return whole;
      } catch { /* no form: the first example */ }
    }
    const one = exampleOf(said.get("example"));
    const made = { ...(one || choices.examples[0]).form };
    if (!one && choices.begin) return choices.begin;
    for (const name of SHORT) if (said.get(name)) made[name] = said.get(name);
    return made;
  }

  // Pasting a call.
  find("paste").addEventListener("click", () => { find("paste-error").hidden = true; find("paste-box").showModal(); });
  find("paste-cancel").addEventListener("click", () => find("paste-box").close());
  find("paste-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post("form", find("paste-text").value);
    const said = await answer.json();
    if (answer.ok) {
      fill({ ...said, locale: form.locale, notes: form.notes });
      find("paste-box").close();
      changed();
      return;
    }
    find("paste-error").textContent = Object.values(said.errors).join("; ");
    find("paste-error").hidden = false;
  });

  // Running a sample.
  let running = null;
  let ran = null;

  const verdict = (className, ...children) => {
    find("run-verdict").className = `verdict ${className}`;
    find("run-verdict").replaceChildren(...children);
  };

  function outdated() {
    const old = ran && ran !== `${seen} ${page.state.language} ${page.state.client}`;
    find("run-old").hidden = !old || Boolean(running);
  }

  find("run").addEventListener("click", run);
  find("run-stop").addEventListener("click", () => { if (running) running.abort(); });

  async function run() {
    if (running) return;
    const one = page.current();
    const name = `${find(`language-${one.language}`).textContent}, ${one.client.toUpperCase()}`;
    running = new AbortController();
    ran = `${seen} ${page.state.language} ${page.state.client}`;
    page.panel("tab-run");
    find("panels").scrollIntoView({ block: "nearest" });
    find("run").disabled = true;
    find("run-stop").hidden = false;
    find("run-old").hidden = true;
    find("run-checks").replaceChildren();
    find("run-arrived").replaceChildren();
    find("run-result").hidden = true;
    verdict("", make("span", { className: "spinner", "aria-hidden": "true" }), `Running ${name}`);
    say(`Running ${name}`);
    let how = "";
    let over = false;
    const told = (said) => {
      if ("says" in said) verdict("", make("span", { className: "spinner", "aria-hidden": "true" }), said.says);
      if ("isolation" in said) {
        how = said.isolation;
        verdict("", make("span", { className: "spinner", "aria-hidden": "true" }), `Running ${name}, ${how}`);
      }
      if ("arrived" in said) arrived(said.arrived);
      if ("shown" in said) {
        find("run-result").hidden = false;
        find("run-shown").textContent = said.shown || "nothing";
      }
      if ("check" in said) {
        find("run-checks").append(make("li", { className: said.wrong.length ? "bad" : "" },
          make("span", { className: "hidden" }, said.wrong.length ? "failed: " : "passed: "), said.check,
          ...said.wrong.map((text) => make("p", {}, text))));
      }
      if ("passed" in said) {
        over = true;
        verdict(said.passed ? "good" : "bad", said.passed ? `✓ ${name}: passed` : `✗ ${name}: failed`,
          make("small", {}, `${how}, ${said.programs} runs, ${said.seconds} s`));
        if (!find("run-checks").children.length) {
          find("run-checks").append(...said.wrong.map((text) => make("li", { className: "bad" }, text)));
        }
        say(said.passed ? "Passed" : "Failed");
      }
      if ("error" in said) {
        over = true;
        verdict("bad", said.error);
        say(said.error);
      }
    };
    try {
      const answer = await post("run", { form, language: one.language, client: one.client }, running.signal);
      if (answer.ok) await lines(answer.body, told);
      else told({ error: Object.values((await answer.json()).errors).join("; ") });
      if (!over) told({ error: "The run ended early." });
    } catch (error) {
      if (!over) told({ error: error.name === "AbortError" ? "Stopped." : "The preview does not answer: is it still running?" });
    }
    running = null;
    find("run").disabled = false;
    find("run-stop").hidden = true;
    outdated();
  }

  async function lines(body, told) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const all = (rest + value).split("\n");
      rest = all.pop();
      for (const line of all) told(JSON.parse(line));
    }
  }

  function arrived(one) {
    find("run-arrived").append(make("div", {},
      make("p", { className: "url" }, make("b", {}, one.method), ` ${one.url} → ${one.status}`),
      make("details", {}, make("summary", {}, `${one.headers.length} headers`),
        make("table", { className: "headers" }, make("tbody", {}, ...page.headers(one.headers)))),
      make("pre", { tabIndex: 0, "aria-label": "Body that arrived" }, make("code", {}, one.body))));
    find("run-result").hidden = false;
  }

  if (matchMedia("(max-width: 900px)").matches) find("call-box").open = false;
  page.begin(choices, new URLSearchParams(location.hash.slice(1)), () => {
    link();
    outdated();
    if ((page.current() || {}).later) changed();
  });
  fill(fromLink());
  addEventListener("hashchange", () => {
    fill(fromLink());
    page.choose(new URLSearchParams(location.hash.slice(1)));
    changed();
  });
  await look();
})();
