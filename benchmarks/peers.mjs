// The warm loop of one peer: `node peers.mjs PEER REQUEST_FILE`.
// Each line on stdin is a job as JSON, and its result is a line on stdout.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const BATCH = 100;

const [peer, requestFile] = process.argv.slice(2);
const request = JSON.parse(readFileSync(requestFile, "utf8"));
const { method, url, headers } = request;
const model = request.body.model;
const system = request.body.messages[0].content;

function body(number) {
  return JSON.stringify({
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: `Who are you? ${number}` },
    ],
  });
}

function har(number) {
  return {
    method,
    url,
    httpVersion: "HTTP/1.1",
    headers: [
      { name: "Authorization", value: headers.Authorization },
      { name: "Content-Type", value: headers["Content-Type"] },
    ],
    cookies: [],
    queryString: [],
    postData: { mimeType: "application/json", text: body(number) },
    headersSize: -1,
    bodySize: -1,
  };
}

function command(number) {
  const type = headers["Content-Type"];
  const lines = `-H 'Authorization: ${headers.Authorization}' -H 'Content-Type: ${type}'`;
  return `curl '${url}' ${lines} --data '${body(number)}'`;
}

// For each peer: `input` makes what can be made before the client is chosen, `convert` the sample.
const PEERS = {
  async httpsnippet() {
    const { HTTPSnippet } = await import("httpsnippet");
    return {
      input: (number) => new HTTPSnippet(har(number)),
      convert: (snippet, [target, client]) => snippet.convert(target, client, {}),
    };
  },
  async "@readme/httpsnippet"() {
    const { HTTPSnippet } = await import("@readme/httpsnippet");
    return {
      input: (number) => new HTTPSnippet(har(number)).init(),
      convert: (snippet, [target, client]) => snippet.convert(target, client, {})[0],
    };
  },
  async "@scalar/snippetz"() {
    const { snippetz } = await import("@scalar/snippetz");
    const printer = snippetz();
    return {
      input: har,
      convert: (request, [target, client]) => printer.print(target, client, request),
    };
  },
  async curlconverter() {
    const converter = await import("curlconverter");
    return {
      input: command,
      convert: (text, [name]) => converter[name](text),
    };
  },
};

const { input, convert } = await PEERS[peer]();
let number = 0;

function check(client) {
  const code = convert(input(number), client);
  if (typeof code !== "string" || !code.includes(`Who are you? ${number}`)) {
    throw new Error(`${peer} ${client.join("/")} gave no sample: ${code}`);
  }
}

function run({ client, prebuilt, seconds }) {
  check(client);
  let samples = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    const inputs = prebuilt ? Array.from({ length: BATCH }, () => input(number++)) : [];
    const start = performance.now();
    if (prebuilt) {
      for (const made of inputs) convert(made, client);
    } else {
      for (let count = 0; count < BATCH; count++) convert(input(number++), client);
    }
    elapsed += (performance.now() - start) / 1000;
    samples += BATCH;
  }
  return { samples, seconds: elapsed };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(run(JSON.parse(line))));
}
