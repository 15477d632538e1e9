// What a reader keeps in this browser: favourites, and which notes were read as they are now. Nothing of it is
// sent anywhere, but for a selection that somebody shares by its link.
"use strict";
(() => {
  const words = document.getElementById("live-status").dataset;
  const main = () => document.querySelector("main");
  const SVG = "http://www.w3.org/2000/svg";
  const STAR = "M8 1.8l1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2 .7-4.3-3.1-3 4.3-.6z";
  const BLOCKS = ".prose :is(p, li, pre, table, blockquote, h3, h4, h5, h6, dt, dd)";
  const MOST = 2000;

  // Storage may be forbidden or full: then nothing is remembered, and all else works.
  const store = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(`talknotes-${key}`));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(`talknotes-${key}`, JSON.stringify(value));
      } catch {
        return;
      }
    },
  };
  const table = (key) => {
    const kept = store.get(key);
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  };
  const favourites = () => {
    const kept = store.get("favourites");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  };
  const scope = document.querySelector("form.find")?.dataset.scope ?? "";
  const nameOf = (talk) => talk.slice(talk.lastIndexOf("/") + 1);
  const ofSummit = (talks) => talks.filter((talk) => scope && talk.startsWith(`${scope}/`));

  function element(name, properties, ...children) {
    const one = document.createElement(name);
    const { text, ...attributes } = properties;
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    if (text !== undefined) one.textContent = text;
    one.append(...children);
    return one;
  }

  function icon(path) {
    const svg = document.createElementNS(SVG, "svg");
    for (const [key, value] of Object.entries({ class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" })) svg.setAttribute(key, value);
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  function star(row) {
    const { talk } = row.dataset;
    const title = row.querySelector("h1, h3")?.textContent ?? "";
    const button = element("button", { type: "button", class: "star", "aria-label": `${words.favourite}${title}` }, icon(STAR));
    const show = (on) => {
      button.setAttribute("aria-pressed", String(on));
      row.classList.toggle("favourite", on);
    };
    show(favourites().includes(talk));
    button.addEventListener("click", () => {
      const others = favourites().filter((one) => one !== talk);
      const on = button.getAttribute("aria-pressed") !== "true";
      store.set("favourites", on ? [...others, talk] : others);
      show(on);
      offer();
    });
    return button;
  }

  // The way to one's favourites of a summit, and from a selection that somebody shared to them.
  function offer() {
    const list = main().querySelector(".filters .only");
    if (!list) return;
    for (const old of list.querySelectorAll(".own")) old.remove();
    const own = ofSummit(favourites());
    const files = !("live" in document.documentElement.dataset);
    const shared = new URLSearchParams(location.search).get("talks")?.split(",").filter(Boolean) ?? [];
    const missing = shared.map((name) => `${scope}/${name}`).filter((talk) => !own.includes(talk));
    const put = (one) => list.append(element("li", { class: "own" }, one));
    if (shared.length && missing.length && !files) {
      const keep = element("button", { type: "button", class: "chip", text: words.keep });
      keep.addEventListener("click", () => {
        store.set("favourites", [...favourites(), ...missing]);
        dress();
        document.getElementById("live-status").textContent = words.kept;
      });
      put(keep);
    }
    if (!own.length) {
      main().classList.remove("only-favourites");
      return;
    }
    const label = [`${words.favourites} `, element("span", { class: "count", text: own.length })];
    if (!files) {
      if (!shared.length) {
        const query = new URLSearchParams({ talks: own.map(nameOf).sort().join(",") });
        put(element("a", { class: "chip", href: `?${query}`, rel: "nofollow" }, ...label));
      }
      return;
    }
    // No server filters files: what is no favourite is hidden here.
    const toggle = element("button", { type: "button", class: "chip" }, ...label);
    const show = (on) => {
      main().classList.toggle("only-favourites", on);
      toggle.classList.toggle("on", on);
      toggle.setAttribute("aria-pressed", String(on));
    };
    show(main().classList.contains("only-favourites"));
    toggle.addEventListener("click", () => show(!main().classList.contains("only-favourites")));
    put(toggle);
    const calendar = element("button", { type: "button", class: "tool", text: words.calendar });
    calendar.addEventListener("click", () => download(own));
    put(calendar);
  }

  // The calendar of the whole summit without the talks that nobody chose.
  async function download(own) {
    const base = document.documentElement.dataset.base ?? "";
    const answer = await fetch(`${base}/${scope}/-/calendar.ics`);
    if (!answer.ok) return;
    const summit = scope.slice(scope.indexOf("/") + 1);
    const wanted = new Set(own.map((talk) => `${nameOf(talk)}.${summit}@talknotes.dev`));
    const kept = (await answer.text()).replace(/BEGIN:VEVENT\r\n[^]*?END:VEVENT\r\n/gu, (event) => {
      const id = event.replace(/\r\n[ \t]/gu, "").match(/^UID:(.*)$/mu)?.[1].trim();
      return wanted.has(id) ? event : "";
    });
    const link = element("a", { href: URL.createObjectURL(new Blob([kept], { type: "text/calendar" })), download: "favourites.ics" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // Which notes of a list are new to this reader, or were changed since they were read.
  function marks(rows) {
    const visited = table("visited");
    const read = table("read");
    for (const row of rows) {
      const { talk, digest } = row.dataset;
      const summit = talk.slice(0, talk.lastIndexOf("/"));
      const known = read[talk];
      // Whoever comes for the first time is not told that everything is new.
      if (!visited[summit] && known === undefined) read[talk] = { digest };
      const text = known === undefined ? (visited[summit] ? words.new : "") : known?.digest === digest ? "" : words.changed;
      row.querySelector(".fresh")?.remove();
      if (text && !row.classList.contains("blank")) row.querySelector(".cover")?.append(element("mark", { class: "fresh", text }));
    }
    if (scope && main().querySelector(".days")) visited[scope] = true;
    store.set("visited", visited);
    store.set("read", read);
  }

  function hash(text) {
    let sum = 0x811c9dc5;
    for (const c of text) sum = Math.imul(sum ^ c.codePointAt(0), 0x01000193);
    return (sum >>> 0).toString(36);
  }

  // What changed in a note since it was read, at its blocks.
  function changes(note) {
    const { talk, digest } = note.dataset;
    const own = (block) => [...block.childNodes].filter((one) => !one.matches?.("ul, ol, dl, p, pre, table, button, blockquote")).map((one) => one.textContent).join("").trim();
    const blocks = [...note.querySelectorAll(BLOCKS)].map((block) => [block, own(block)]).filter(([, text]) => text);
    const key = `blocks:${talk}`;
    const known = store.get(key);
    const seen = new Set(Array.isArray(known) ? known : []);
    const fresh = seen.size ? blocks.filter(([, text]) => !seen.has(hash(text))).map(([block]) => block) : [];
    for (const block of fresh) block.classList.add("changed");
    if (fresh.length && !note.querySelector(".changes")) {
      const phrase = fresh.length === 1 ? words.changesOne : words.changesOther;
      const see = element("button", { type: "button", class: "tool", text: words.first });
      see.addEventListener("click", () => {
        fresh[0].tabIndex = -1;
        fresh[0].scrollIntoView({ block: "center" });
        fresh[0].focus({ preventScroll: true });
      });
      const bar = element("p", { class: "changes" }, element("mark", { text: phrase.replace("{n}", fresh.length) }), " ", see);
      note.querySelector(".note-head .page-head")?.append(bar);
    }
    // A view of one section does not make the others unread.
    store.set(key, [...new Set([...seen, ...blocks.map(([, text]) => hash(text))])].slice(-MOST));
    const read = table("read");
    read[talk] = { digest };
    store.set("read", read);
  }

  // What is on now, by the reader's clock; looked at again each minute.
  function now() {
    const time = Date.now();
    for (const slot of main().querySelectorAll(".slot[data-from]")) {
      const is = Date.parse(slot.dataset.from) <= time && time < Date.parse(slot.dataset.to);
      slot.classList.toggle("now", is);
      const word = slot.querySelector(".on-now");
      if (is && !word) slot.querySelector(".rows")?.before(element("p", { class: "on-now", text: words.now }));
      if (!is) word?.remove();
    }
  }

  function dress() {
    now();
    for (const row of main().querySelectorAll("[data-talk]")) {
      row.querySelector(".star")?.remove();
      (row.querySelector(".note-head .page-head") ?? row).append(star(row));
    }
    marks(main().querySelectorAll("li[data-talk]"));
    const note = main().querySelector("article[data-talk]");
    if (note) changes(note);
    offer();
  }

  setInterval(now, 60000);
  document.addEventListener("talknotes:shown", dress);
  dress();
})();
