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
    messages: [{ role: "user", content: "Which is larger, 9.9 or 9.11?" }],
    enable_thinking: true,
    stream: true,
  }),
});
if (!response.ok) {
  console.error(`HTTP ${response.status}: ${await response.text()}`);
  process.exit(1);
}
let thinking = false;
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
  for (const { delta, finish_reason } of chunk.choices) {
    const reasoning = delta.reasoning_content;
    if (reasoning) {
      process.stdout.write(thinking ? reasoning : `Reasoning:\n${reasoning}`);
      thinking = true;
    }
    const text = delta.content;
    if (text) {
      process.stdout.write(thinking ? `\n\nAnswer:\n${text}` : text);
      thinking = false;
    }
    if (finish_reason) finished = true;
  }
}
if (!finished) {
  console.error("The stream ended early.");
  process.exit(1);
}
console.log();

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
