// The libraries that run on Node.js: node --input-type=module - NAME ACT KIND FILE <node.mjs
//
// Run where the node_modules are. FILE has one JSON line for each webhook: {"headers": …, "body": …}. ACT is `parse`
// or `webhook`. Prints one line: the seconds of CPU after warming up, and how many messages were handled.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [name, act, kind, file] = process.argv.slice(2);
const { TOKEN, HIDDEN, APP_SECRET, NUMBER, VERIFY } = process.env;
const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
let handled = 0;

const me = { id: 4839574812, is_bot: true, first_name: "Shop", username: "shop_bot" };

// Who asks Telegram who they are is told so, once.
async function telegram() {
  const server = createServer((_, answer) => answer.end(JSON.stringify({ ok: true, result: me })));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

async function grammy() {
  const { Bot } = await import("grammy");
  const bot = new Bot(TOKEN, { botInfo: me });
  bot.on("message", () => { handled += 1; });
  return {
    parse: (post) => JSON.parse(post.body),
    webhook: async (post) => {
      if (post.headers["x-telegram-bot-api-secret-token"] !== HIDDEN) throw new Error("not the secret");
      await bot.handleUpdate(JSON.parse(post.body));
    },
  };
}

async function chat() {
  const platform = kind.split(" ")[0].replace(",", "").toLowerCase();
  const library = await import("chat");
  const { createMemoryState } = await import("@chat-adapter/state-memory");
  const adapters = await import(`@chat-adapter/${platform}`);
  const options = { logger: silent, userName: "shop" };
  const adapter = platform === "telegram"
    ? adapters.createTelegramAdapter({ ...options, botToken: TOKEN, secretToken: HIDDEN, mode: "webhook", apiUrl: await telegram() })
    : adapters.createWhatsAppAdapter({ ...options, accessToken: "t", appSecret: APP_SECRET, phoneNumberId: NUMBER, verifyToken: VERIFY });
  const bot = new library.Chat({ userName: "shop", adapters: { [platform]: adapter }, state: createMemoryState(), logger: silent });
  const count = async () => { handled += 1; };
  bot.onDirectMessage(count);
  bot.onNewMention(count);
  await bot.initialize();
  const parse = platform === "telegram"
    ? (post) => adapter.parseMessage(JSON.parse(post.body).message)
    : (post) => {
        const { contacts, metadata, messages } = JSON.parse(post.body).entry[0].changes[0].value;
        return messages.map((message) => adapter.parseMessage({ message, contact: contacts[0], phoneNumberId: metadata.phone_number_id }));
      };
  return {
    parse,
    webhook: async (post) => {
      const waiting = [];
      const request = new Request("https://a.example/hook", { method: "POST", headers: post.headers, body: post.body });
      const answer = await bot.webhooks[platform](request, { waitUntil: (task) => waiting.push(task) });
      if (answer.status !== 200) throw new Error(`refused with ${answer.status}`);
      await Promise.all(waiting);
    },
  };
}

const posts = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const library = await { grammy, chat }[name]();
const warm = Math.floor(posts.length / 3);
// Some go on after they answered: what is measured begins, and ends, when no more comes.
async function settled() {
  for (let before = -1; before !== handled;) {
    before = handled;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
for (const post of posts.slice(0, warm)) await library[act](post);
await settled();
handled = 0;
const before = process.cpuUsage();
for (const post of posts.slice(warm)) await library[act](post);
await settled();
const used = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (used.user + used.system) / 1e6, handled }));
process.exit(0);
