// A robot with Tencent's @wecom/aibot-node-sdk, which nobody here wrote: it answers what it
// is told over the line of `wsUrl`, and prints one JSON line for each thing that happened.
//
// node robot.mjs '{"url", "botId", "secret"}'
import AiBot, { generateReqId } from "@wecom/aibot-node-sdk";

const { url, botId, secret } = JSON.parse(process.argv[2]);
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }));
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const robot = new AiBot.WSClient({ botId, secret, wsUrl: url, heartbeatInterval: 200, reconnectInterval: 50, logger: silent });
const attempt = (work) => work.catch((error) => tell("failed", { code: error.errcode ?? 0, why: String(error.errmsg ?? error) }));

robot.on("authenticated", () => tell("authenticated"));
robot.on("error", (error) => tell("error", { why: error.message }));
robot.on("event.disconnected_event", () => tell("replaced"));

robot.on("message.text", (frame) => attempt((async () => {
  const said = frame.body.text.content;
  const stream = generateReqId("stream");
  if (said === "card") {
    const card = { card_type: "button_interaction", task_id: "task-1", main_title: { title: "去不去" }, button_list: [{ text: "去", key: "go" }] };
    await robot.sendMessage(frame.body.from.userid, { msgtype: "template_card", template_card: card });
    return tell("sent");
  }
  if (said === "upload") {
    const bytes = Buffer.alloc(1300 * 1024, 7);
    const { media_id } = await robot.uploadMedia(bytes, { type: "image", filename: "a.png" });
    await robot.sendMediaMessage(frame.body.from.userid, "image", media_id);
    return tell("uploaded", { media_id });
  }
  if (said === "unasked") {
    await robot.sendMessage("nobody", { msgtype: "markdown", markdown: { content: "x" } });
  }
  await robot.replyStream(frame, stream, "想一想", false);
  await robot.replyStream(frame, stream, `说的是 ${said}`, true);
  tell("answered");
})()));

robot.on("message.image", (frame) => attempt((async () => {
  const { buffer } = await robot.downloadFile(frame.body.image.url, frame.body.image.aeskey);
  await robot.replyStream(frame, generateReqId("stream"), `图片 ${buffer.length}`, true);
})()));

robot.on("event.enter_chat", (frame) => attempt(robot.replyWelcome(frame, { msgtype: "text", text: { content: "欢迎" } })));

robot.on("event.template_card_event", (frame) => attempt(robot.updateTemplateCard(frame, {
  card_type: "button_interaction", task_id: frame.body.event.template_card_event.task_id,
  main_title: { title: "去不去" }, button_list: [{ text: "已选去", key: "done" }],
})));

robot.connect();
process.stdin.on("end", () => process.exit(0)).resume();
