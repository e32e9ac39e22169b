// Requires Node.js 22 or later

// Each region has its own API keys. To get one, see
// https://www.alibabacloud.com/help/model-studio/get-api-key
// If DASHSCOPE_API_KEY is not set, replace the next line with: const apiKey = "sk-xxx";
const apiKey = process.env.DASHSCOPE_API_KEY;
if (!apiKey) {
  console.error("Set the environment variable DASHSCOPE_API_KEY.");
  process.exit(1);
}

// URLs of other regions:
//   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
// URL for Singapore:
const url =
  "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
const response = await fetch(url, {
  method: "POST",
  headers: {
    Authorization: `Bearer ${apiKey}`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    // To use another model, change its name below. For a list of models, see
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    model: "qwen-plus",
    messages: [
      { role: "system", content: "You are a helpful assistant." },
      { role: "user", content: "Write a short poem about the sea." },
    ],
    stream: true,
    stream_options: { include_usage: true },
  }),
});
if (!response.ok) {
  console.error(`HTTP ${response.status}: ${await response.text()}`);
  process.exit(1);
}
let usage = null;
let finished = false;
for await (const data of events(response.body)) {
  if (data === "[DONE]") {
    finished = true;
    break;
  }
  const chunk = JSON.parse(data);
  if (chunk.error) {
    console.error(data);
    process.exit(1);
  }
  usage = chunk.usage ?? usage;
  for (const { delta, finish_reason } of chunk.choices) {
    process.stdout.write(delta.content ?? "");
    if (finish_reason) finished = true;
  }
}
if (!finished) {
  console.error("The stream ended early.");
  process.exit(1);
}
console.log();
console.log(JSON.stringify(usage));

async function* events(stream) {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("data:")) yield line.slice(5).trim();
    }
  }
}
