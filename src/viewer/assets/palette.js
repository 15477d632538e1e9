// Search as you type. Without it the field leads to the page of results.
"use strict";
(() => {
  const form = document.querySelector("form.find");
  if (!form || typeof HTMLDialogElement === "undefined") return;
  const words = form.dataset;
  const PAUSE = 80;
  const SLOW = 150;
  let dialog, input, list, count, more, scopes;
  let chosen = -1;
  let timer, stale, request;
  let here = Boolean(words.scope);

  const make = (name, className, text) => {
    const one = document.createElement(name);
    if (className) one.className = className;
    if (text !== undefined) one.textContent = text;
    return one;
  };

  // What was found is text of others: it is only ever put in as text.
  function marked(parts, into) {
    for (const part of parts) into.append(part.hit ? make("mark", "", part.text) : part.text);
    return into;
  }

  function option(className, href) {
    const one = make("div", `palette-hit ${className}`);
    one.id = `hit-${list.querySelectorAll("[role=option]").length}`;
    one.setAttribute("role", "option");
    one.setAttribute("aria-selected", "false");
    one.dataset.href = href;
    return one;
  }

  function note(found) {
    const head = option("note", found.href);
    head.append(found.seal ? make("span", `seal small ${found.hue}`, found.seal) : make("span"));
    const title = marked(found.title, make("span"));
    if (found.lang) title.lang = found.lang;
    head.append(title, make("small", "", found.about));
    list.append(head);
    for (const place of found.places) {
      const one = option("", place.href);
      one.append(make("span"), make("small", "", place.path), marked(place.snippet, make("span")));
      list.append(one);
    }
  }

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(index) {
    const all = options();
    all[chosen]?.setAttribute("aria-selected", "false");
    chosen = all.length ? (index + all.length) % all.length : -1;
    const one = all[chosen];
    if (one) {
      one.setAttribute("aria-selected", "true");
      one.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", one.id);
    } else input.removeAttribute("aria-activedescendant");
  }

  function show(answer) {
    clearTimeout(stale);
    list.classList.remove("stale");
    list.replaceChildren();
    chosen = -1;
    for (const repair of answer.repairs) list.append(make("p", "", repair));
    answer.notes.forEach(note);
    count.textContent = answer.query ? answer.summary : "";
    if (answer.query && !answer.notes.length) list.append(make("p", "", words.nothing.replace("{query}", () => answer.query)));
    if (!answer.query) list.append(make("p", "", words.advice));
    more.href = answer.href;
    more.hidden = !answer.notes.length;
    input.setAttribute("aria-expanded", String(answer.notes.length > 0));
    choose(0);
  }

  async function search() {
    request?.abort();
    request = new AbortController();
    stale = setTimeout(() => list.classList.add("stale"), SLOW);
    const query = new URLSearchParams({ q: input.value.trim(), format: "json" });
    if (here) query.set("in", words.scope);
    try {
      if (window.talknotesFind) {
        show(await window.talknotesFind(input.value, here ? words.scope : ""));
        return;
      }
      const answer = await fetch(`${form.getAttribute("action")}?${query}`, { signal: request.signal });
      if (answer.ok) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  }

  function typed(event) {
    // While an input method composes, nothing is asked for.
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  }

  function pressed(event) {
    // Enter belongs to the input method while it composes; some tell it by this code alone.
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Enter") {
      const one = options()[chosen];
      location.assign(one ? one.dataset.href : `${form.getAttribute("action")}?${new URLSearchParams({ q: input.value })}`);
      dialog.close();
    } else return;
    event.preventDefault();
  }

  function scope(text, value) {
    const button = make("button", "", text);
    button.type = "button";
    button.setAttribute("aria-pressed", String(here === value));
    button.addEventListener("click", () => {
      here = value;
      for (const one of scopes.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
      input.focus();
      search();
    });
    return button;
  }

  function build() {
    dialog = make("dialog", "palette");
    dialog.setAttribute("aria-label", form.querySelector("input").placeholder);
    const field = make("div", "palette-input");
    input = make("input");
    Object.assign(input, { type: "search", maxLength: 200, autocomplete: "off", spellcheck: false });
    input.placeholder = form.querySelector("input").placeholder;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": "palette-list", "aria-autocomplete": "list",
      "aria-label": input.placeholder,
    })) input.setAttribute(name, value);
    field.append(form.querySelector(".icon").cloneNode(true), input, make("kbd", "", "esc"));
    scopes = make("div", "palette-state");
    if (words.scope) scopes.append(scope(words.here, true), scope(words.all, false));
    count = make("output");
    count.setAttribute("aria-live", "polite");
    scopes.append(count);
    list = make("div", "palette-list");
    list.id = "palette-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.placeholder);
    const foot = make("div", "palette-foot");
    more = make("a", "", words.more);
    foot.append(make("span", "", `↑ ↓ ${words.choose}`), make("span", "", `↵ ${words.open}`), make("span", "", `esc ${words.close}`), more);
    dialog.append(field, scopes, list, foot);
    document.body.append(dialog);
    input.addEventListener("input", typed);
    input.addEventListener("compositionend", () => typed({ isComposing: false }));
    input.addEventListener("keydown", pressed);
    list.addEventListener("click", (event) => {
      const one = event.target.closest("[role=option]");
      if (one) {
        location.assign(one.dataset.href);
        dialog.close();
      }
    });
    // A click outside of it closes it.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  function open() {
    if (!dialog) build();
    if (dialog.open) return;
    dialog.showModal();
    input.value = form.querySelector("input").value;
    input.select();
    search();
  }

  const isTyping = (one) => one instanceof Element && one.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (event.isComposing || !(isSlash || isK)) return;
    event.preventDefault();
    open();
  });
  form.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    open();
  });
  // Where pages are files, the page of results is this.
  const wanted = new URLSearchParams(location.search).get("q");
  if (window.talknotesFind && wanted && location.pathname === new URL(form.action).pathname) {
    form.querySelector("input").value = wanted;
    open();
  }
  document.querySelector(".find-link")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
})();
