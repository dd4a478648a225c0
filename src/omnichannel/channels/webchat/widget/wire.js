// The wire: what this browser keeps, what it sends (each message once), and the stream that it listens to.

const HEARS_WITHIN = 45000; // a stream that is silent longer than three heartbeats is dead
const ANSWERS_WITHIN = 30000; // a request whose answer takes longer is given up, and made again by whoever needs it
const SENDS_AT = 16; // bytes in a millisecond that a slow line is thought to send, for what is long
const SLEEPS_AFTER = 60000; // a hidden tab lets go of its stream: browsers allow six connections to a host

// Where storage is refused (private windows, sandboxes), everything is forgotten with the page.
const keep = (base) => {
  let shelf = {};
  try {
    localStorage.setItem("omnichannel", "1");
    localStorage.removeItem("omnichannel");
    shelf = localStorage;
  } catch { /* the shelf of this page */ }
  const name = (key) => `omnichannel ${base} ${key}`;
  return {
    name,
    get(key, otherwise) {
      try { return JSON.parse(shelf[name(key)]) ?? otherwise; } catch { return otherwise; }
    },
    set(key, value) {
      try {
        if (value === undefined) delete shelf[name(key)];
        else shelf[name(key)] = JSON.stringify(value);
      } catch { /* full: what does not fit is lost with the page */ }
    },
  };
};

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const pause = (milliseconds) => new Promise((done) => {
  const end = () => { clearTimeout(timer); removeEventListener("online", end); done(); };
  const timer = setTimeout(end, milliseconds);
  addEventListener("online", end);
});

// A second, then twice as long, up to half a minute; never all browsers at once.
const backOff = (failures) => Math.min(30000, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + Math.random() / 2);

const encoded = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.onload = () => done({ name: file.name, data: reader.result.slice(reader.result.indexOf(",") + 1) });
  reader.onerror = () => fail(new Refused(400, "not_readable"));
  reader.readAsDataURL(file);
});

class Refused extends Error {
  constructor(status, code) { super(code); this.status = status; this.code = code; }
}

class Wire {
  constructor(base, user, tell) {
    this.base = base;
    this.user = user; // async () => a login token, or nothing
    this.tell = tell; // tell.message, .ready, .typing, .state, .queue, .visitor
    this.shelf = keep(base);
    this.session = null;
    this.held = new Map(); // files of waiting messages: too large to be kept
    this.cursor = "";
    this.running = false;
    // Another one whenever it becomes another's: what began before is of no use after, and what is written since
    // belongs to whoever they turn out to be.
    this.turned = newId();
  }

  get known() { return Boolean(this.shelf.get("session")); }

  // ---- who we are

  async open() {
    const opening = this.opening ??= this.enter().finally(() => { if (this.opening === opening) this.opening = null; });
    return opening;
  }

  async enter() {
    const { turned } = this;
    const jwt = await this.user();
    const saved = this.shelf.get("session");
    const found = await this.fetch("/sessions", { jwt: jwt || undefined }, saved?.token);
    const session = await found.json();
    if (turned !== this.turned) { await this.open(); return; }
    const other = saved && saved.visitor !== session.visitor;
    if (other) this.forget((item) => item.turned === this.turned);
    this.shelf.set("session", session);
    if (this.session?.visitor !== session.visitor || this.session?.user !== session.user) this.cursor = "";
    this.session = session;
    this.shelf.set("queue", this.queue().map((item) => ({ visitor: session.visitor, ...item })));
    for (const item of this.held.values()) item.visitor ??= session.visitor;
    this.tell.visitor(other);
  }

  // Another person's words are not sent in this one's name, nor shown.
  forget(keeps = () => false) {
    for (const key of ["read", "delivered"]) this.shelf.set(key, undefined);
    this.shelf.set("queue", this.queue().filter(keeps));
    for (const [id, item] of this.held) if (!keeps(item)) this.held.delete(id);
    this.cursor = "";
  }

  leave() {
    this.forget();
    this.shelf.set("session", undefined);
    this.turn(null);
    this.tell.visitor(true);
  }

  // Go on as somebody else, or as whoever we turn out to be.
  turn(session) {
    this.turned = newId();
    this.session = session;
    if (session) for (const [id, item] of this.held) if (item.visitor !== session.visitor) this.held.delete(id);
    this.opening = null;
    this.cursor = "";
    this.controller?.abort();
  }

  // ---- asking

  async fetch(path, body, token, more = {}) {
    const posts = body !== undefined;
    const sent = posts ? JSON.stringify(body) : undefined;
    const controller = new AbortController();
    const limit = (ANSWERS_WITHIN + (sent?.length ?? 0) / SENDS_AT) * (more.patience ?? 1);
    const timer = posts ? setTimeout(() => controller.abort(), limit) : 0;
    try {
      const answer = await fetch(this.base + path, {
        method: posts ? "POST" : "GET",
        headers: { ...(token && { authorization: `Bearer ${token}` }), ...(posts && { "content-type": "application/json" }), ...more.headers },
        body: sent,
        credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: more.signal ?? controller.signal,
      });
      if (answer.ok) {
        if (posts) await answer.clone().arrayBuffer(); // within the limit, too: what was begun may never end
        return answer;
      }
      const told = await answer.json().catch(() => ({}));
      throw new Refused(answer.status, told.error || "not_readable");
    } finally {
      clearTimeout(timer);
    }
  }

  async ask(path, body, more) {
    if (!this.session) await this.open();
    const { turned } = this;
    try {
      return await this.fetch(path, body, this.session.token, more);
    } catch (error) {
      if (error.status !== 401 || turned !== this.turned) throw error;
      await this.open(); // the pass has ended, or its secret was changed
      return this.fetch(path, body, this.session.token, more);
    }
  }

  // ---- sending

  queue() { return this.shelf.get("queue", []); }

  say(item) {
    const { files, ...words } = item;
    const waiting = { id: newId(), at: Date.now(), ...words };
    if (this.session) waiting.visitor = this.session.visitor; else waiting.turned = this.turned;
    if (files?.length) {
      this.held.set(waiting.id, { ...waiting, files });
    } else {
      this.shelf.set("queue", [...this.queue(), waiting]);
    }
    this.tell.queue();
    this.drain();
    return waiting.id;
  }

  waiting() { return [...this.queue(), ...this.held.values()].sort((one, other) => one.at - other.at); }

  change(id, how) {
    const held = this.held.get(id);
    if (held) {
      const changed = how(held);
      if (changed) this.held.set(id, changed); else this.held.delete(id);
    } else {
      this.shelf.set("queue", this.queue().map((item) => (item.id === id ? how(item) : item)).filter(Boolean));
    }
    this.tell.queue();
  }

  retry(id) { this.change(id, ({ failed, ...item }) => item); this.drain(); }

  discard(id) { this.change(id, () => null); }

  async drain() {
    if (this.draining) return;
    this.draining = true;
    const work = async () => {
      try {
        for (let failures = 0; failures !== null;) failures = await this.sendNext(failures);
      } finally {
        this.draining = false; // with the last look: what is said while the lock is given back begins anew
      }
    };
    // One tab sends at a time. Where that cannot be arranged (a browser that refuses storage refuses locks), the same
    // id sent twice is stored once.
    await (navigator.locks ? navigator.locks.request(this.shelf.name("send"), work).catch(work) : work());
  }

  // The number of failures in a row, or null when nothing is left to send.
  async sendNext(failures) {
    const item = this.waiting().find((each) => !each.failed);
    if (!item) return null;
    const { at, visitor, turned: said, ...body } = item;
    let { turned } = this;
    try {
      if (body.files) body.files = await Promise.all(body.files.map(encoded));
      if (!this.session) await this.open();
      ({ turned } = this);
      if (!this.waiting().some((each) => each.id === item.id)) return 0; // it was another person's
      await this.ask("/messages", body, { patience: failures + 1 });
      if (turned === this.turned) this.tell.taken(item); // the next one is shown nothing of it
      this.change(item.id, () => null);
      return 0;
    } catch (error) {
      if (turned !== this.turned) return failures; // it failed as another's: whose it is now is looked at anew
      const again = !error.status || error.status >= 500 || [408, 425, 429].includes(error.status);
      if (!again) this.change(item.id, (same) => ({ ...same, failed: error.code }));
      else await pause(backOff(failures));
      return again ? failures + 1 : 0;
    }
  }

  // Signs that matter to nobody if they are lost.
  hint(path, body) { if (this.session) this.ask(path, body).catch(() => {}); }

  // ---- listening

  async listen() {
    if (this.running) return;
    this.running = true;
    document.addEventListener("visibilitychange", () => this.rest());
    for (let failures = 0; ;) {
      if (this.asleep) await new Promise((wake) => { this.wake = wake; });
      const since = Date.now();
      const { turned } = this;
      try {
        if (!this.session) await this.open();
        await this.hear();
      } catch (error) {
        if (turned !== this.turned || this.asleep) continue;
        if (error.status === 401) this.session = null;
        this.tell.state(error.status === 401 ? "not_proven" : "offline");
      }
      failures = Date.now() - since > HEARS_WITHIN ? 0 : failures + 1;
      await pause(backOff(failures - 1));
    }
  }

  rest() {
    clearTimeout(this.bedtime);
    if (document.hidden) {
      this.bedtime = setTimeout(() => { this.asleep = true; this.controller?.abort(); }, SLEEPS_AFTER);
    } else if (this.asleep) {
      this.asleep = false;
      this.wake?.();
    }
  }

  async hear() {
    const controller = this.controller = new AbortController();
    let watch;
    const alive = () => { clearTimeout(watch); watch = setTimeout(() => controller.abort(), HEARS_WITHIN); };
    const lost = () => { this.tell.state("offline"); controller.abort(); };
    addEventListener("offline", lost);
    try {
      alive();
      const headers = { accept: "text/event-stream", ...(this.cursor && { "last-event-id": this.cursor }) };
      const answer = await this.ask("/events", undefined, { headers, signal: controller.signal });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part; !(part = await reader.read()).done;) {
        alive();
        const blocks = (rest + part.value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) this.event(block);
      }
    } finally {
      clearTimeout(watch);
      removeEventListener("offline", lost);
    }
  }

  event(block) {
    const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    if (fields.event === "message") this.tell.message(JSON.parse(fields.data));
    if (fields.event === "typing") this.tell.typing();
    if (fields.event === "ready") {
      this.cursor = fields.id;
      this.tell.state("");
      this.tell.ready();
      this.drain();
    }
  }
}
