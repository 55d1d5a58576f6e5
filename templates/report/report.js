"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("script");

  const parts = new Map(all("details.part").map((part) => [part.id, part]));
  const nodes = new Map(all("a.node").map((node) => [node.dataset.part, node]));
  const lines = all("[data-of]");
  const panel = one("#panel");
  const body = one("#panel-body");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const words = (text) => (text || "").split(" ").filter(Boolean);
  let origin = null;

  // These are open in the file, so that it is complete without this script; with it they unfold on demand.
  all("details.part, details.brief").forEach((each) => { each.open = false; });

  /* The panel, and the pull paths of what it shows. */

  function highlight(id) {
    const users = [...parts.values()].filter((part) => part.id === id || words(part.dataset.path).includes(id));
    const shown = new Set([id, ...users.flatMap((part) => words(part.dataset.path))]);
    const pulling = new Set(users.map((part) => part.id));
    one("#topology-picture").classList.add("focused");
    nodes.forEach((node, key) => {
      node.classList.toggle("on", shown.has(key) || pulling.has(key));
      node.classList.toggle("chosen", key === id);
    });
    lines.forEach((line) => line.classList.toggle("on", words(line.dataset.of).some((user) => pulling.has(user))));
    all("tr[data-part]").forEach((row) => row.classList.toggle("chosen", row.dataset.part === id));
  }

  function reveal(node) {
    const frame = node.closest(".wide");
    const box = node.getBoundingClientRect();
    const around = frame.getBoundingClientRect();
    frame.scrollBy({
      left: box.left - around.left - (around.width - box.width) / 2,
      top: box.top - around.top - (around.height - box.height) / 2,
      behavior: still.matches ? "auto" : "smooth",
    });
  }

  function show(id) {
    const part = parts.get(id);
    one("#panel-title").textContent = one("summary", part).textContent;
    body.replaceChildren(...[...part.children].slice(1).map((child) => child.cloneNode(true)));
    panel.hidden = false;
    root.classList.add("with-panel");
    highlight(id);
    if (nodes.has(id)) reveal(nodes.get(id));
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    root.classList.remove("with-panel");
    one("#topology-picture").classList.remove("focused");
    all(".on, .chosen").forEach((each) => each.classList.remove("on", "chosen"));
    history.replaceState(null, "", location.href.split("#")[0]);
    if (origin) origin.focus({ preventScroll: true });
    origin = null;
  }

  function choose(id, from) {
    origin = panel.contains(from) ? origin : from;
    history.pushState(null, "", `#${id}`);
    show(id);
    one("#panel-title").focus({ preventScroll: true });
  }

  const linked = () => { const id = location.hash.slice(1); if (parts.has(id)) show(id); };
  addEventListener("popstate", linked);
  addEventListener("hashchange", linked);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const id = link && (link.getAttribute("href") || "").slice(1);
    if (link && parts.has(id) && plain) {
      event.preventDefault();
      choose(id, link);
      return;
    }
    const row = event.target.closest("tr[data-part]");
    if (row && !link && !getSelection().toString()) choose(row.dataset.part, one("a", row) || row);
  });
  one("#panel-close").addEventListener("click", close);

  /* Search, and only what changes. */

  const find = one("#find");
  const only = one("#only");
  const items = all("tbody tr, li[data-item], .row[data-item], details.part");
  const texts = new Map([...items, ...nodes.values()].map((item) => [item, item.textContent.toLowerCase()]));

  function filter() {
    const wanted = words(find.value.toLowerCase().trim());
    const changes = Boolean(only && only.checked);
    const fits = (item) => (!changes || "mark" in item.dataset) && wanted.every((word) => texts.get(item).includes(word));
    const active = changes || wanted.length > 0;
    items.forEach((item) => item.classList.toggle("out", active && !fits(item)));
    nodes.forEach((node) => node.classList.toggle("faint", active && !fits(node)));
    all("details.brief").forEach((each) => { each.open = active && one("li:not(.out)", each) !== null; });
    let count = 0;
    let sections = 0;
    all("main > section").forEach((section) => {
      const own = items.filter((item) => section.contains(item));
      const left = own.filter((item) => !item.classList.contains("out")).length;
      section.classList.toggle("empty", active && own.length > 0 && left === 0);
      count += left;
      sections += left > 0 ? 1 : 0;
    });
    const what = wanted.length ? ` for “${find.value.trim()}”` : "";
    one("#found").textContent = !active ? "" : count === 0 ? `No match${what}`
      : `${count} ${count === 1 ? "match" : "matches"} in ${sections} ${sections === 1 ? "section" : "sections"}`;
  }

  function clear() {
    find.value = "";
    filter();
  }

  find.addEventListener("input", filter);
  if (only) only.addEventListener("change", filter);
  one("#clear").addEventListener("click", () => { clear(); find.focus(); });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // A part with this name comes before the parts that mention it.
    const left = [...parts.values()].filter((part) => !part.classList.contains("out"));
    const named = (part) => {
      const name = one("summary", part).textContent.toLowerCase();
      return words(find.value.toLowerCase()).every((word) => name.includes(word));
    };
    const first = left.find(named) || left[0];
    if (find.value.trim() && first) choose(first.id, find);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      find.focus();
      find.select();
    } else if (event.key === "Escape") {
      if (typing === find && find.value) clear();
      else close();
    }
  });

  /* The picture: one stop of the Tab key, arrow keys between its parts, and sizes. */

  const picture = one("#topology-picture");
  if (picture) {
    // Chromium takes an SVG element that listens to keys for a stop of its own.
    const frame = picture.parentElement;
    const stops = [...nodes.values()];
    const stop = (node) => stops.forEach((each) => { each.tabIndex = each === node ? 0 : -1; });
    stop(stops[0]);
    frame.addEventListener("focusin", (event) => {
      const node = event.target.closest("a.node");
      if (node) stop(node);
    });
    const middle = (node) => {
      const box = one("rect", node).getBBox();
      return [box.x, box.y];
    };
    const ways = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] };
    frame.addEventListener("keydown", (event) => {
      const from = event.target.closest("a.node");
      if (!from || !(event.key in ways)) return;
      event.preventDefault();
      const [axis, sign] = ways[event.key];
      const start = middle(from);
      const distance = (node) => {
        const at = middle(node);
        const along = (at[axis] - start[axis]) * sign;
        // A box inside another one starts a little further right, and is below it.
        return along > (axis ? 0 : 40) ? along + 3 * Math.abs(at[1 - axis] - start[1 - axis]) : Infinity;
      };
      const [next, far] = stops.map((node) => [node, distance(node)]).reduce((a, b) => (b[1] < a[1] ? b : a));
      if (far < Infinity) next.focus();
    });

    const [width, height] = [picture.viewBox.baseVal.width, picture.viewBox.baseVal.height];
    let scale = 1;
    const size = (value) => {
      scale = Math.min(2, Math.max(0.1, value));
      picture.setAttribute("width", Math.round(width * scale));
      picture.setAttribute("height", Math.round(height * scale));
    };
    one("#larger").addEventListener("click", () => size(scale * 1.25));
    one("#smaller").addEventListener("click", () => size(scale / 1.25));
    one("#whole").addEventListener("click", () => size((frame.clientWidth - 2) / width));
    one("#actual").addEventListener("click", () => size(1));
  }

  /* Print shows everything. */

  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = all("details:not([open])");
    unfolded.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => unfolded.forEach((each) => { each.open = false; }));

  linked();
})();
