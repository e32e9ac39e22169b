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
//   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
// URL for Singapore:
const url =
  "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation";
const response = await fetch(url, {
  method: "POST",
  headers: {
    Authorization: `Bearer ${apiKey}`,
    "Content-Type": "application/json",
    "X-DashScope-SSE": "enable",
  },
  body: JSON.stringify({
    // To use another model, change its name below. For a list of models, see
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    model: "qwen-plus",
    input: {
      messages: [{ role: "user", content: "Which is larger, 9.9 or 9.11?" }],
    },
    parameters: {
      result_format: "message",
      incremental_output: true,
      enable_thinking: true,
    },
  }),
});
if (!response.ok) {
  console.error(`HTTP ${response.status}: ${await response.text()}`);
  process.exit(1);
}
let thinking = false;
let finished = false;
for await (const data of events(response.body)) {
  const chunk = JSON.parse(data);
  if (chunk.code) {
    console.error(data);
    process.exit(1);
  }
  for (const { message, finish_reason } of chunk.output.choices) {
    const reasoning = message.reasoning_content;
    if (reasoning) {
      process.stdout.write(thinking ? reasoning : `Reasoning:\n${reasoning}`);
      thinking = true;
    }
    const text = message.content;
    if (text) {
      process.stdout.write(thinking ? `\n\nAnswer:\n${text}` : text);
      thinking = false;
    }
    // Until the end it is the text "null".
    if (finish_reason && finish_reason !== "null") finished = true;
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
