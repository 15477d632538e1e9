// Searching where pages are files: all notes are fetched once, and looked at here. The words are made the
// same as in the server, so that both find the same.
"use strict";
(() => {
  const form = document.querySelector("form.find");
  if (!form?.dataset.index) return;
  const NOTES = 30;
  const PLACES = 3;
  const BEFORE = 16;
  const LONGEST = 72;
  const LONGEST_QUERY = 200;
  const TERMS = 8;
  const EDGE = /^[,;!?()、，。；（）]+|[,;!?()、，。；（）]+$/gu;
  const SAME = { "臺": "台", "裏": "裡", "着": "著", "爲": "為", "羣": "群", "綫": "線", "麪": "麵", "峯": "峰" };
  const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/u;
  const EAST_ASIAN = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]|[\u{20000}-\u{323af}]/u;
  const KANA = /[\u3041-\u30ff\uff65-\uff9f]/u;

  function simple(c) {
    if (/\s/u.test(c)) return " ";
    if (KANA.test(c)) return c.normalize("NFKD");
    if (EAST_ASIAN.test(c)) return [...c.normalize("NFKC")].map((one) => SAME[one] ?? one).join("").toLowerCase();
    if (INVISIBLE.test(c)) return "";
    return c.normalize("NFKD").replace(/[\u0300-\u036f]/gu, "").toLowerCase();
  }

  // The simplest form of a text, with the place that each of its characters comes from.
  function fold(text) {
    let folded = "";
    const from = [];
    let at = 0;
    for (const c of text) {
      const form = simple(c);
      if (form !== " " || !folded.endsWith(" ")) {
        folded += form;
        for (let i = 0; i < form.length; i += 1) from.push([at, at + c.length]);
      }
      at += c.length;
    }
    return { text, folded, from };
  }

  // Words, and what stands in quotes as one.
  function terms(query) {
    const parts = query.slice(0, LONGEST_QUERY).replace(/[“”「」『』]/gu, '"').split('"');
    const found = parts.flatMap((part, index) => {
      const { folded } = fold(part);
      return index % 2 ? [folded.trim()] : folded.split(" ").map((word) => word.replace(EDGE, ""));
    });
    return [...new Set(found.filter(Boolean))].slice(0, TERMS);
  }

  // Where the terms are in a line, in order and without overlap.
  function ranges({ folded, from }, wanted) {
    const found = [];
    for (const term of wanted) {
      for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
        found.push([from[at][0], from[at + term.length - 1][1]]);
      }
    }
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const apart = [];
    for (const [start, end] of found) {
      const last = apart.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else apart.push([start, end]);
    }
    return apart;
  }

  function marked(line, wanted, cut) {
    const found = ranges(line, wanted);
    const { text } = line;
    const from = cut ? Math.max(0, Math.min((found[0]?.[0] ?? 0) - BEFORE, text.length - LONGEST)) : 0;
    const to = cut ? Math.min(text.length, from + LONGEST) : text.length;
    const parts = [];
    let at = from;
    const add = (start, end, hit) => end > start && parts.push({ text: text.slice(start, end), hit });
    for (const [start, end] of found) {
      if (start < at || end > to) continue;
      add(at, start, false);
      add(start, end, true);
      at = end;
    }
    add(at, to, false);
    if (from > 0 && parts.length) parts[0].text = `…${parts[0].text}`;
    if (to < text.length && parts.length) parts.at(-1).text += "…";
    return parts;
  }

  let catalogue;
  const load = () => (catalogue ??= fetch(form.dataset.index).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }).then(({ notes }) => notes.map((note) => ({
    note,
    title: fold(note.title.map((part) => part.text).join("")),
    people: fold(note.speakers.join("\n")).folded,
    tags: fold(note.tags.join("\n")).folded,
    passages: note.passages.map((passage) => ({
      passage, heading: fold(passage.path.at(-1) ?? ""), lines: passage.lines.map(fold),
    })),
  }))).catch((error) => {
    catalogue = undefined;
    throw error;
  }));

  // Titles come before speakers, tags, headings and text; none where a term is nowhere.
  function weight(one, wanted) {
    let sum = 0;
    for (const term of wanted) {
      const has = (text) => text.includes(term);
      const heading = () => one.passages.some((part) => has(part.heading.folded));
      const text = () => one.passages.some((part) => part.lines.some((line) => has(line.folded)));
      const best = has(one.title.folded) ? 16 : has(one.people) ? 8 : has(one.tags) ? 4 : heading() ? 2 : text() ? 1 : 0;
      if (!best) return 0;
      sum += best;
    }
    return sum;
  }

  function places(one, wanted) {
    const found = [];
    for (const { passage, heading, lines } of one.passages) {
      if (found.length === PLACES) break;
      let best = ranges(heading, wanted).length ? { line: heading, count: 0 } : null;
      for (const line of lines) {
        const count = wanted.filter((term) => line.folded.includes(term)).length;
        if (count > (best?.count ?? 0)) best = { line, count };
      }
      if (!best) continue;
      const snippet = marked(best.line, wanted, true);
      const words = snippet.find((part) => part.hit)?.text;
      const anchor = passage.fragment || "#";
      const text = words ? `:~:text=${encodeURIComponent(words).replaceAll("-", "%2D")}` : "";
      found.push({ href: `${one.note.href}${anchor}${text}`, path: passage.path.join(" › "), snippet });
    }
    return found;
  }

  window.talknotesFind = async (query, scope) => {
    const all = await load();
    const wanted = terms(query);
    const ranked = wanted.length ? all
      .filter((one) => !scope || one.note.scope === scope)
      .map((one) => ({ one, rank: weight(one, wanted) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank) : [];
    const phrase = ranked.length === 1 ? form.dataset.foundOne : form.dataset.foundOther;
    return {
      query: query.trim(),
      total: ranked.length,
      summary: phrase.replace("{n}", ranked.length),
      repairs: [],
      href: `${form.getAttribute("action")}?${new URLSearchParams({ q: query })}`,
      notes: ranked.slice(0, NOTES).map(({ one }) => ({
        ...one.note, title: marked(one.title, wanted, false), places: places(one, wanted),
      })),
    };
  };
})();
