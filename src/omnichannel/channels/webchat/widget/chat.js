// The chat: the page's wishes, the wire and the view, put together. `window.Omnichannel` is what a page may call.

const start = () => {
  const wishes = window.omnichannelChat || {};
  const data = SCRIPT.dataset;
  const language = wishes.language || data.language || document.documentElement.lang || navigator.language || "en";
  const base = SCRIPT.src.replace(/\/widget\.js(?:[?#].*)?$/, "");
  let login = wishes.user;
  let open = false;
  let unread = 0;
  let token = arrivedWith();
  let typedAt = 0;
  const taken = new Map(); // accepted, and not seen in the stream yet
  const arrived = new Set(); // seen in the stream, perhaps before the answer that accepts it

  const pendings = () => view.queue([...wire.waiting(), ...taken.values()].filter((item) => !arrived.has(item.id)).sort((one, other) => one.at - other.at));

  const wire = new Wire(base, async () => (typeof login === "function" ? login() : login), {
    message: heard,
    ready: () => { view.ready(); report(); },
    typing: () => view.writes(),
    state: (code) => view.state(code),
    queue: pendings,
    taken: (item) => { taken.set(item.id, { ...item, taken: true }); },
    visitor(other) {
      if (other) { taken.clear(); view.clear(); unread = 0; view.unread(0); pendings(); }
      if (wire.session) view.allow(wire.session.files, wire.session.max_bytes);
    },
  });

  const view = new View(
    { language, direction: wishes.direction || data.direction || directionOf(language), title: wishes.title || data.title, color: wishes.color || data.color, words: wishes.words },
    {
      say(item) { wire.say(token ? { ...item, token } : item); token = ""; },
      toggle,
      typing() {
        if (Date.now() - typedAt < 3000) return;
        typedAt = Date.now();
        wire.hint("/typing", {});
      },
      async file(message, part, take) {
        try { take(await (await wire.ask(`/files/${message}/${part.index}`)).blob()); } catch { view.state("not_readable"); }
      },
      retry: (id) => wire.retry(id),
      discard: (id) => wire.discard(id),
    },
  );

  let ours = []; // ids of our messages, and how far this browser told that it has them

  function heard(message) {
    if (message.client) {
      arrived.add(message.client);
      taken.delete(message.client);
      pendings();
    }
    if (!view.message(message)) return;
    if (message.from !== "us") return;
    ours.push(message.id);
    if (message.id > wire.shelf.get("read", "") && !looking()) view.unread(++unread);
    if (view.log.getAttribute("aria-busy") === "false") report();
  }

  function looking() { return open && document.visibilityState === "visible"; }

  function report() {
    for (const status of looking() ? ["read"] : ["delivered"]) {
      const told = wire.shelf.get(status, "");
      const fresh = ours.filter((id) => id > told && id > wire.shelf.get("read", "")).sort();
      if (!fresh.length) continue;
      wire.shelf.set(status, fresh.at(-1));
      wire.hint("/status", { id: newId(), status, messages: fresh.slice(-100) });
    }
    if (looking()) { unread = 0; view.unread(0); }
  }

  function toggle(wanted) {
    if (open === wanted) return;
    open = wanted;
    view.open(open);
    if (!open) return;
    begin();
    report();
  }

  function begin() {
    if (!wire.running) view.state("connecting");
    wire.listen();
  }

  function enter(given) {
    login = given;
    wire.turn(null);
    view.clear();
    ours = [];
    begin();
  }

  document.addEventListener("visibilitychange", report);
  addEventListener("storage", (event) => {
    if (event.key === wire.shelf.name("queue")) pendings();
    if (event.key === wire.shelf.name("session") && wire.session) followOtherTab(event.newValue);
  });

  // Another tab logged in or out: this one is whoever that one is.
  function followOtherTab(value) {
    const other = value ? JSON.parse(value) : null;
    if (other?.visitor === wire.session.visitor && other?.user === wire.session.user) return;
    wire.turn(other);
    view.clear();
    ours = [];
    pendings();
  }

  window.Omnichannel = {
    open: () => toggle(true),
    close: () => toggle(false),
    login: enter,
    logout() { login = undefined; ours = []; wire.leave(); },
  };

  pendings();
  if (token) {
    toggle(true);
    view.offer(() => { wire.ask("/continue", { id: newId(), token }).catch(() => {}); token = ""; });
  } else if (wishes.open || data.open !== undefined) {
    toggle(true);
  } else if (wire.known || login || wire.waiting().length) {
    begin(); // there may be an answer; whoever never opened the chat is left alone
  }
};

// What a link of ours carries behind the #, which goes out of the address at once, and to us when a person asks for it.
const arrivedWith = () => {
  const found = /(?:^#|&)chat=(oct[a-z2-7]{26})(?=&|$)/i.exec(location.hash);
  if (!found) return "";
  history.replaceState(history.state, "", location.pathname + location.search);
  return found[1];
};

const directionOf = (language) => document.documentElement.dir || (/^(ar|fa|he|ur|ps|sd|ug|yi|dv|ckb)\b/i.test(language) ? "rtl" : "ltr");

const SCRIPT = document.currentScript;
if (!window.Omnichannel) {
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
}
