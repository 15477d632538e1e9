// Keeps the open page as it is published: the server says when, and the page is fetched again.
// Nothing depends on it: without it, a reload does the same.
"use strict";
(() => {
  const identity = (text) => text;
  // The pages are our own; what scripts they might hold do not run when they are parsed like this.
  const policy = window.trustedTypes?.createPolicy("talknotes", { createHTML: identity }) ??
    { createHTML: identity };
  const status = document.getElementById("live-status");
  const root = document.documentElement;
  const base = root.dataset.base ?? "";
  const FIRST_DELAY = 1000;
  const LAST_DELAY = 30000;
  const PAUSE = 250;
  const FAILED_PAUSE = 5000;
  const SHOWN = 6000;

  let source;
  let delay = FIRST_DELAY;
  let retry;
  let fetching = false;
  let again = false;
  let hiding;

  const main = () => document.querySelector("main");

  // Ids in notes have a prefix. Links from elsewhere, such as HackMD's own, do not know it.
  function followOldLink() {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (!id || document.getElementById(id)) return;
    const prefixed = document.getElementById(`note-${id}`);
    if (prefixed) location.replace(`#note-${encodeURIComponent(id)}`);
  }

  // Where a link leads into what is folded, it opens. Not every browser does that by itself.
  function unfold() {
    const target = document.querySelector(":target");
    if (!target || target.checkVisibility()) return;
    for (let one = target; one; one = one.parentElement) if (one.localName === "details") one.open = true;
    target.scrollIntoView();
  }

  function announce(text, stays) {
    clearTimeout(hiding);
    status.textContent = text;
    if (!stays) hiding = setTimeout(() => (status.textContent = ""), SHOWN);
  }

  // What has the focus is found again by its id, or by its place among what can have it.
  function rememberFocus(root) {
    const active = document.activeElement;
    if (!active || active === root || !root.contains(active)) return () => {};
    const selector = "a[href], summary, [tabindex]";
    const place = [...root.querySelectorAll(selector)].indexOf(active);
    const href = active.getAttribute("href");
    return (fresh) => {
      const all = [...fresh.querySelectorAll(selector)];
      const same = all[place]?.getAttribute("href") === href ? all[place] : null;
      const found = (active.id && fresh.querySelector(`#${CSS.escape(active.id)}`)) ||
        same || all.find((one) => href && one.getAttribute("href") === href) || fresh;
      found.focus({ preventScroll: true });
    };
  }

  function keepOpen(old, fresh) {
    const before = old.querySelectorAll("details");
    const after = fresh.querySelectorAll("details");
    if (before.length === after.length) after.forEach((one, i) => (one.open = before[i].open));
  }

  // Tables and code that are wider than the page can be scrolled with the keyboard.
  function reach(root) {
    for (const one of root.querySelectorAll(".prose pre, .prose table")) {
      if (one.scrollWidth <= one.clientWidth || one.hasAttribute("tabindex")) continue;
      one.tabIndex = 0;
      if (one.localName === "pre") {
        one.setAttribute("role", "group");
        one.setAttribute("aria-label", status.dataset.code);
      }
    }
  }

  // Code can be copied; what is copied is said.
  function copyable(root) {
    if (!navigator.clipboard) return;
    for (const code of root.querySelectorAll(".prose pre > code")) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "copy", textContent: status.dataset.copy });
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        announce(status.dataset.copied);
      });
      code.parentElement.append(button);
    }
  }

  // The heading that is read now is the current one of the contents.
  let headings;
  function follows(root) {
    headings?.disconnect();
    const links = new Map();
    for (const link of root.querySelectorAll(".outline a")) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    headings = new IntersectionObserver((entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (!seen) return;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(seen.target)?.setAttribute("aria-current", "true");
    }, { rootMargin: "-10% 0px -70% 0px" });
    for (const heading of links.keys()) headings.observe(heading);
  }

  // A tree is walked with the arrows; its folds are details, which work without a script.
  function walkable(root) {
    const tree = root.querySelector(".tree");
    if (!tree) return;
    const hint = root.querySelector(".hint");
    if (hint) hint.hidden = false;
    // A branch that leads somewhere is one stop: its link, beside which its fold is.
    const nodes = () => [...tree.querySelectorAll("li > a, li > details:only-child > summary")].filter((one) => one.checkVisibility());
    for (const summary of tree.querySelectorAll("a + details > summary")) summary.tabIndex = -1;
    const tools = document.createElement("p");
    tools.className = "tree-tools";
    for (const [text, open] of [[tree.dataset.unfold, true], [tree.dataset.fold, false]]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: text });
      button.addEventListener("click", () => tree.querySelectorAll("details").forEach((one) => (one.open = open)));
      tools.append(button);
    }
    tree.before(tools);
    tree.addEventListener("keydown", (event) => {
      const all = nodes();
      const branch = event.target.closest("summary, li > a")?.closest("li");
      const stop = (one) => one?.querySelector(":scope > a, :scope > details > summary");
      const at = all.indexOf(stop(branch));
      const fold = branch?.querySelector(":scope > details");
      let to;
      if (event.key === "ArrowDown") to = all[at + 1];
      else if (event.key === "ArrowUp") to = all[at - 1];
      else if (event.key === "Home") to = all[0];
      else if (event.key === "End") to = all.at(-1);
      else if (event.key === "ArrowRight" && fold && !fold.open) fold.open = true;
      else if (event.key === "ArrowRight" && fold) to = all[at + 1];
      else if (event.key === "ArrowLeft" && fold?.open) fold.open = false;
      else if (event.key === "ArrowLeft") to = stop(branch?.parentElement.closest("li"));
      else if (event.key === "*") branch?.parentElement.querySelectorAll(":scope > li > details").forEach((one) => (one.open = true));
      else return;
      event.preventDefault();
      to?.focus();
    });
  }

  function dress(root) {
    reach(root);
    copyable(root);
    follows(root);
    walkable(root);
    // There is no room for the contents of a note above it on a narrow screen.
    const outline = root.querySelector("details.outline");
    if (outline && matchMedia("(max-width: 70rem)").matches) outline.open = false;
  }

  function show(text) {
    const fresh = new DOMParser().parseFromString(policy.createHTML(text), "text/html");
    const old = main();
    const next = fresh.querySelector("main");
    if (!next || next.dataset.version === old.dataset.version) return;
    const restoreFocus = rememberFocus(old);
    const { scrollX, scrollY } = window;
    keepOpen(old, next);
    old.replaceWith(document.adoptNode(next));
    document.title = fresh.title;
    window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
    restoreFocus(next);
    dress(next);
    document.dispatchEvent(new Event("talknotes:shown"));
    announce(status.dataset.updated);
  }

  async function update() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    let pause = PAUSE;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (answer.redirected) location.replace(answer.url + location.hash);
      else if (answer.ok) show(await answer.text());
      else if (answer.status === 404 && main().dataset.version) {
        announce(status.dataset.gone, true);
      } else if (answer.status >= 500) throw new Error(answer.statusText);
    } catch {
      again = true;
      pause = FAILED_PAUSE;
    }
    // Many changes at once are fetched together.
    setTimeout(() => {
      fetching = false;
      if (again) {
        again = false;
        update();
      }
    }, pause);
  }

  function connect() {
    clearTimeout(retry);
    source?.close();
    const version = main().dataset.version;
    const query = new URLSearchParams({ page: location.pathname + location.search, version });
    source = new EventSource(`${base}/-/events?${query}`);
    source.addEventListener("open", () => (delay = FIRST_DELAY));
    source.addEventListener("changed", update);
    // A browser connects again after a broken connection, but not after an error page.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(connect, delay);
      delay = Math.min(delay * 2, LAST_DELAY);
    });
  }

  function disconnect() {
    clearTimeout(retry);
    source?.close();
  }

  // A browser allows few connections to one server: only pages that are seen hold one.
  const isFollowed = "live" in root.dataset && !("still" in root.dataset);
  const follow = () => isFollowed && (document.visibilityState === "visible" ? connect() : disconnect());
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => event.persisted && follow());
  window.addEventListener("resize", () => reach(main()));
  window.addEventListener("hashchange", () => {
    followOldLink();
    unfold();
  });
  followOldLink();
  unfold();
  dress(main());
  follow();
})();
