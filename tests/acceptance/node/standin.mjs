// A WeCom that nobody here wrote the seals of: signs, encrypts and decrypts with Tencent's
// @wecom/crypto and answers the API as its documents say. The test steers it at /play/….
//
// node standin.mjs '{"corpid", "agentid", "secret", "token", "key", "people": [{"userid",
// "name", "department"}], "departments": [{"id", "name", "parentid"}]}'
// prints {"port"} once it listens on 127.0.0.1.
import { randomBytes, randomInt } from "node:crypto";
import { createServer } from "node:http";
import { decrypt, encrypt, getSignature } from "@wecom/crypto";

const corp = JSON.parse(process.argv[2]);
const known = new Set(corp.people.map((person) => person.userid));
const play = { callback: "", token: "", tokens: 0, sent: [], updates: [], menu: null, uploads: 0, tickets: new Map() };

class Refused extends Error {
  constructor(errcode, errmsg) {
    super(errmsg);
    this.errcode = errcode;
  }
}

// --- our side of the callback (path/90238, 90968)

const cdata = (text) => `<![CDATA[${text}]]>`;
const write = (fields) => Object.entries(fields).map(([name, value]) => `<${name}>${typeof value === "number" ? value : cdata(value)}</${name}>`).join("");
const read = (xml, name) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? "";

function sealed(plain) {
  const cipher = encrypt(corp.key, plain, corp.corpid);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(randomInt(1e9));
  const query = new URLSearchParams({ msg_signature: getSignature(corp.token, timestamp, nonce, cipher), timestamp, nonce });
  return { cipher, query };
}

async function verify() {
  const echo = String(randomInt(1e14, 2e14));
  const { cipher, query } = sealed(echo);
  query.set("echostr", cipher);
  const began = performance.now();
  const response = await fetch(`${play.callback}?${query}`);
  return { status: response.status, body: await response.text(), echo, ms: performance.now() - began };
}

async function deliver(fields) {
  const plain = `<xml>${write(fields)}</xml>`;
  const { cipher, query } = sealed(plain);
  const envelope = `<xml>${write({ ToUserName: corp.corpid, AgentID: String(corp.agentid), Encrypt: cipher })}</xml>`;
  const response = await fetch(`${play.callback}?${query}`, { method: "POST", body: envelope, headers: { "Content-Type": "text/xml" } });
  const body = await response.text();
  return { status: response.status, ...(body ? opened(body) : { text: "" }) };
}

function opened(body) {
  const cipher = read(body, "Encrypt");
  const signature = getSignature(corp.token, read(body, "TimeStamp"), read(body, "Nonce"), cipher);
  if (signature !== read(body, "MsgSignature")) throw new Error("the reply's signature is wrong");
  const { message, id } = decrypt(corp.key, cipher);
  if (id !== corp.corpid) throw new Error(`the reply is sealed for ${id}`);
  return { text: read(message, "Content"), to: read(message, "ToUserName"), type: read(message, "MsgType") };
}

const head = (userid) => ({ ToUserName: corp.corpid, FromUserName: userid, CreateTime: Math.floor(Date.now() / 1000) });

const say = ({ userid, content, msgid }) => deliver({ ...head(userid), MsgType: "text", Content: content, MsgId: msgid, AgentID: corp.agentid });

function press({ userid, key, taskid }) {
  const ticket = randomBytes(12).toString("hex");
  play.tickets.set(ticket, userid);
  return deliver({
    ...head(userid), MsgType: "event", Event: "template_card_event", EventKey: key, TaskId: taskid,
    CardType: "button_interaction", ResponseCode: ticket, AgentID: corp.agentid,
  });
}

// --- the API (path/91039, 90236, 94888, 90231, 90253, 90208, 90200)

function getToken(query) {
  if (query.get("corpid") !== corp.corpid) throw new Refused(40013, "invalid corpid");
  if (query.get("corpsecret") !== corp.secret) throw new Refused(40001, "invalid credential");
  play.tokens += 1;
  play.token ||= randomBytes(24).toString("hex");
  return { access_token: play.token, expires_in: 7200 };
}

function send(body) {
  if (body.agentid !== corp.agentid) throw new Refused(301002, "not allow operate another agent with this accesstoken");
  const named = (body.touser || "").split("|").filter(Boolean);
  if (named.length > 1000) throw new Refused(40032, "invalid user list size");
  const users = named.filter((userid) => known.has(userid));
  if (!users.length) throw new Refused(81013, "user & party & tag all invalid");
  if (body.msgtype === "text" && Buffer.byteLength(body.text.content) > 2048) throw new Refused(45002, "content size out of limit");
  play.sent.push({ ...body, users });
  const invaliduser = named.filter((userid) => !known.has(userid)).join("|").toLowerCase();
  return { msgid: randomBytes(12).toString("base64url"), ...(invaliduser && { invaliduser }) };
}

function updateCard(body) {
  const presser = play.tickets.get(body.response_code);
  if (!presser) throw new Refused(60140, "invalid response_code");
  play.tickets.delete(body.response_code);
  play.updates.push({ userid: presser, button: body.button.replace_name });
  return { invaliduser: [] };
}

const calls = {
  "GET /cgi-bin/gettoken": ({ query }) => getToken(query),
  "POST /cgi-bin/message/send": ({ body }) => send(body),
  "POST /cgi-bin/message/update_template_card": ({ body }) => updateCard(body),
  "POST /cgi-bin/menu/create": ({ body }) => { play.menu = body.button; return {}; },
  "POST /cgi-bin/media/upload": ({ query }) => ({ type: query.get("type"), media_id: `media${(play.uploads += 1)}`, created_at: String(Math.floor(Date.now() / 1000)) }),
  "GET /cgi-bin/department/list": () => ({ department: corp.departments.map((one, order) => ({ name_en: "", department_leader: [], order, ...one })) }),
  "GET /cgi-bin/user/simplelist": ({ query }) => ({
    userlist: corp.people
      .filter((person) => person.department === Number(query.get("department_id")))
      .map(({ userid, name, department }) => ({ userid, name, department: [department], open_userid: "" })),
  }),
};

const steering = {
  "POST /play/callback": ({ body }) => { play.callback = body.url; return {}; },
  "POST /play/verify": verify,
  "POST /play/say": ({ body }) => say(body),
  "POST /play/press": ({ body }) => press(body),
  "GET /play/seen": () => ({ sent: play.sent, updates: play.updates, menu: play.menu, tokens: play.tokens }),
};

function answerApi(call, request) {
  try {
    const open = request.path === "/cgi-bin/gettoken";
    if (!open && request.query.get("access_token") !== play.token) throw new Refused(40014, "invalid access_token");
    return { errcode: 0, errmsg: "ok", ...call(request) };
  } catch (error) {
    if (error instanceof Refused) return { errcode: error.errcode, errmsg: error.message };
    throw error;
  }
}

async function answer(incoming) {
  const { pathname, searchParams } = new URL(incoming.url, "http://127.0.0.1");
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const json = (incoming.headers["content-type"] || "").startsWith("application/json") && text;
  const request = { path: pathname, query: searchParams, body: json ? JSON.parse(text) : {} };
  const name = `${incoming.method} ${pathname}`;
  if (name in calls) return answerApi(calls[name], request);
  if (name in steering) return steering[name](request);
  return { errcode: 404, errmsg: `no ${name}` };
}

const server = createServer(async (incoming, response) => {
  try {
    const answered = JSON.stringify(await answer(incoming));
    response.writeHead(200, { "Content-Type": "application/json" }).end(answered);
  } catch (error) {
    response.writeHead(500).end(String(error.stack));
  }
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
