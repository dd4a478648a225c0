// The view: everything that is seen. Whatever anybody wrote becomes text, never markup.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, heard] of Object.entries(value)) element.addEventListener(event, heard);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
};

// An address that does no harm when it is followed; undefined for any other (javascript:, data:, …).
const safe = (address, protocols = ["https:", "http:", "mailto:", "tel:"]) => {
  try { return protocols.includes(new URL(address).protocol) ? new URL(address).href : undefined; } catch { return undefined; }
};

const link = (address, words, more = {}) => make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", ...more }, words);

const LINK = /https?:\/\/[^\s<>"'`\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g;

const withLinks = (text) => {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const words = match[0].replace(/[.,;:!?)\]}…»”’]+$/, "");
    const address = safe(words);
    if (!address) continue;
    found.push(text.slice(from, match.index), link(address, words));
    from = match.index + words.length;
  }
  return [...found, text.slice(from)];
};

const sized = (bytes, language) => (bytes === null || bytes === undefined ? "" : ` (${new Intl.NumberFormat(language, { style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1 }).format(bytes / (bytes < 1e6 ? 1e3 : 1e6))})`);

const ICON = "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";

const icon = () => {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICON);
  svg.append(path);
  return svg;
};

class View {
  constructor(config, act) {
    this.act = act; // act.say, .toggle, .typing, .file, .retry, .discard, .carryOn
    this.language = config.language;
    this.words = { ...WORDS.en, ...WORDS[config.language.split("-")[0]], ...config.words };
    this.shown = new Map();
    this.files = [];
    this.host = make("omnichannel-chat", { lang: config.language, dir: config.direction });
    const root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE); // not an inline style: the strictest Content-Security-Policy allows it
    root.adoptedStyleSheets = [sheet];
    if (config.color) this.paint(config.color);
    this.build(config);
    root.append(this.launcher, this.panel);
    document.body.append(this.host);
  }

  word(key, values = {}) { return (this.words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ""); }

  // Black or white on it, whichever can be read (WCAG 2.2, relative luminance).
  paint(color) {
    const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
    if (!parts) return;
    const [red, green, blue] = parts.slice(1).map((hex) => parseInt(hex, 16) / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    this.host.style.setProperty("--accent", color);
    this.host.style.setProperty("--on-accent", light > 0.179 ? "#000" : "#fff");
  }

  build(config) {
    const title = config.title || this.word("title");
    this.count = make("span", { class: "count" });
    this.launcher = make("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": this.word("open"), on: { click: () => this.act.toggle(true) } }, icon(), this.count);
    this.status = make("p", { class: "status", role: "status" });
    this.sent = make("div", { class: "sent" });
    this.waiting = make("div", { class: "waiting" });
    this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": this.word("log"), "aria-busy": "true", tabindex: "0" }, this.sent, this.waiting);
    this.typing = make("div", { class: "typing", role: "status" });
    this.panel = make("section", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, on: { keydown: (event) => { if (event.key === "Escape") this.act.toggle(false); } } },
      make("header", {}, make("h2", { id: "title" }, title), make("button", { type: "button", "aria-label": this.word("close"), on: { click: () => this.act.toggle(false) } }, "×")),
      this.status, this.log, this.typing, this.form());
  }

  form() {
    this.input = make("textarea", { id: "input", rows: "1", maxlength: "4000", dir: "auto", autocomplete: "off", on: {
      input: () => { this.grow(); if (this.input.value) this.act.typing(); },
      keydown: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); } },
    } });
    this.picker = make("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", on: { change: () => { this.add([...this.picker.files]); this.picker.value = ""; } } });
    this.clip = make("button", { type: "button", disabled: true, "aria-label": this.word("attach"), on: { click: () => this.picker.click() } }, "+");
    this.chosen = make("div", { class: "files" });
    this.problem = make("p", { class: "problem", role: "alert" });
    return make("form", { on: { submit: (event) => { event.preventDefault(); this.submit(); } } },
      this.chosen, this.problem, this.picker, this.clip,
      make("div", { class: "words" }, make("label", { class: "sr", for: "input" }, this.word("input")), this.input),
      make("button", { type: "submit", class: "submit" }, this.word("send")));
  }

  grow() {
    this.input.style.blockSize = "auto";
    this.input.style.blockSize = `${this.input.scrollHeight + 2}px`;
  }

  // ---- what the visitor does

  submit() {
    const text = this.input.value;
    if (!text.trim() && !this.files.length) return;
    const files = this.files;
    this.input.value = "";
    this.grow();
    this.take([]);
    this.problem.textContent = "";
    this.act.say({ text, files });
    this.input.focus();
  }

  allow(types, most) {
    this.types = types;
    this.most = most;
    this.clip.disabled = false;
    this.clip.hidden = !types.length;
    this.picker.accept = types.join(",");
  }

  add(files) {
    const all = [...this.files, ...files].slice(0, 5);
    const large = all.reduce((sum, file) => sum + file.size, 0) > this.most;
    const strange = files.some((file) => file.type && !this.types.includes(file.type) && !file.type.startsWith("text/"));
    this.problem.textContent = large ? this.word("too_large") : strange ? this.word("not_taken") : "";
    if (!large && !strange) this.take(all);
  }

  take(files) {
    this.files = files;
    this.chosen.replaceChildren(...files.map((file) => make("button", { type: "button", class: "file", "aria-label": this.word("remove", { name: file.name }), on: { click: () => { this.take(this.files.filter((each) => each !== file)); this.clip.focus(); } } }, make("bdi", {}, file.name), " ×")));
  }

  // ---- what is shown

  open(open) {
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", String(open));
    this.host.toggleAttribute("open", open);
    if (open) { this.input.focus(); this.toEnd(); } else this.launcher.focus();
  }

  unread(count) {
    this.count.textContent = count || "";
    this.launcher.setAttribute("aria-label", this.word("open") + (count ? `, ${this.word("unread", { n: count })}` : ""));
  }

  state(code) { this.status.textContent = code ? this.word(code) : ""; }

  writes() {
    clearTimeout(this.still);
    this.typing.textContent = this.word("typing");
    this.still = setTimeout(() => { this.typing.textContent = ""; }, 6000);
  }

  toEnd() { this.log.scrollTop = this.log.scrollHeight; }

  clear() {
    this.shown.clear();
    this.sent.replaceChildren();
    this.log.setAttribute("aria-busy", "true");
  }

  ready() { this.log.setAttribute("aria-busy", "false"); }

  // In the order of ids, which is the order in which they came about; false if it stands there already.
  message(message) {
    if (this.shown.has(message.id)) return false;
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    const bubble = this.bubble(message.from, message.parts.map((part) => this.part(part, message)), message.at);
    const later = [...this.shown].filter(([id]) => id > message.id).sort(([one], [other]) => (one < other ? -1 : 1))[0];
    this.sent.insertBefore(bubble, later ? later[1] : null);
    this.shown.set(message.id, bubble);
    if (message.from === "us") { clearTimeout(this.still); this.typing.textContent = ""; }
    if (atEnd || message.from === "you") this.toEnd();
    return true;
  }

  bubble(from, content, at, ...notes) {
    const time = at ? make("time", { class: "note", datetime: new Date(at).toISOString() }, new Intl.DateTimeFormat(this.language, { hour: "2-digit", minute: "2-digit" }).format(new Date(at))) : undefined;
    return make("div", { class: `message ${from}` }, make("span", { class: "sr" }, `${this.word(from)}: `), ...content, time, ...notes);
  }

  queue(items) {
    this.waiting.replaceChildren(...items.map((item) => {
      const names = (item.files || []).map((file) => make("p", { class: "text" }, make("bdi", {}, file.name)));
      const again = make("button", { type: "button", on: { click: () => this.act.retry(item.id) } }, this.word("retry"));
      const drop = make("button", { type: "button", on: { click: () => this.act.discard(item.id) } }, this.word("discard"));
      const note = item.failed
        ? make("span", { class: "note", role: "alert" }, `${this.word("failed")}: ${this.word(item.failed)} `, again, " ", drop)
        : make("span", { class: "note" }, this.word(item.taken ? "" : "pending"));
      const bubble = this.bubble("you", [...(item.text ? [this.text(item.text)] : []), ...names], undefined, item.taken ? undefined : note);
      bubble.classList.toggle("failed", Boolean(item.failed));
      return bubble;
    }));
    if (items.length) this.toEnd();
  }

  offer(act) {
    const button = make("button", { type: "button" }, this.word("continue"));
    const bubble = make("div", { class: "message us" }, make("div", { class: "options" }, button));
    button.addEventListener("click", () => { bubble.replaceChildren(this.text(this.word("continued"))); act(); this.input.focus(); });
    this.log.append(bubble);
  }

  text(text) { return make("p", { class: "text", dir: "auto" }, ...withLinks(text)); }

  part(part, message) {
    if (part.type === "choice") return this.options(part.options);
    if (part.type === "card") return this.card(part);
    if (part.type === "link") return this.reference(part);
    if (part.type === "file") return this.file(part, message);
    return this.text(String(part.text ?? ""));
  }

  options(options) {
    const group = make("div", { class: "options", role: "group" });
    group.append(...options.map((option) => {
      const more = option.text ? make("span", { class: "option-text" }, option.text) : undefined;
      const address = option.url && safe(option.url);
      if (option.url) return address ? link(address, option.title) : make("span", {}, option.title);
      return make("button", { type: "button", on: { click: () => this.choose(group, option) } }, make("bdi", {}, option.title), more);
    }));
    return group;
  }

  choose(group, option) {
    if (group.dataset.chosen) return;
    group.dataset.chosen = "1";
    for (const button of group.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    this.act.say({ text: option.title, choice: { title: option.title, value: option.value } });
    this.input.focus();
  }

  card(part) {
    const picture = safe(part.image, ["https:"]);
    return make("div", { class: "card" },
      picture ? make("img", { src: picture, alt: "", referrerpolicy: "no-referrer", loading: "lazy" }) : undefined,
      make("strong", { dir: "auto" }, part.title), part.text ? this.text(part.text) : undefined,
      part.options.length ? this.options(part.options) : undefined);
  }

  reference(part) {
    const address = safe(part.url);
    const title = part.title || part.url;
    return make("p", { class: "text", dir: "auto" }, address ? link(address, title) : title, part.text ? `\n${part.text}` : "");
  }

  file(part, message) {
    const name = make("bdi", {}, part.name);
    const size = sized(part.size, this.language);
    const address = part.url && safe(part.url);
    if (address) return link(address, name, { class: "file" });
    if (part.index === undefined) return make("p", { class: "text" }, name, size);
    const button = make("button", { type: "button", class: "file", "aria-label": this.word("download", { name: part.name }), on: { click: () => this.act.file(message.id, part, (blob) => this.save(blob, part.name)) } }, name, size);
    const place = make("div", {}, button);
    if (/^image\/(png|jpeg|gif|webp)$/.test(part.media_type)) this.act.file(message.id, part, (blob) => place.prepend(make("img", { class: "picture", src: URL.createObjectURL(blob), alt: part.name })));
    return place;
  }

  save(blob, name) {
    const address = URL.createObjectURL(blob);
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }
}
