// Seals and opens an official account's envelopes with Tencent's @wecom/crypto.
//
// node official.mjs '{"token", "key", "appid", "timestamp", "nonce", "xml"}'
// prints {"cipher", "signature"}; with "cipher" in place of "xml" it prints {"xml",
// "appid", "signature"}.
import { decrypt, encrypt, getSignature } from "@wecom/crypto";

const { token, key, appid, timestamp, nonce, xml, cipher } = JSON.parse(process.argv[2]);
const sealed = cipher ?? encrypt(key, xml, appid);
const signature = getSignature(token, timestamp, nonce, sealed);
if (cipher === undefined) {
  console.log(JSON.stringify({ cipher: sealed, signature }));
} else {
  const opened = decrypt(key, cipher);
  console.log(JSON.stringify({ xml: opened.message, appid: opened.id, signature }));
}
