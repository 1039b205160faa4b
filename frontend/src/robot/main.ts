/** `node --experimental-websocket robot.mjs <place as JSON>`: one order a line in, one answer a line out. */

import "./globals";

import { createInterface } from "node:readline";

import { Robot, type OpenSocket, type Place } from "./robot";

const place = JSON.parse(process.argv[2] ?? "") as Place;
const openSocket: OpenSocket = (url, headers) =>
  new (WebSocket as unknown as new (url: string, options: object) => WebSocket)(url, { headers });

const robot = new Robot(place, openSocket);
await robot.open();
await robot.begin();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  try {
    process.stdout.write(`${JSON.stringify(await robot.take(JSON.parse(line) as never))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ failed: String(error) })}\n`);
  }
}
process.exit(0);
