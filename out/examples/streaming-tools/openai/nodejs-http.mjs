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
const body = {
  // To use another model, change its name below. For a list of models, see
  // https://www.alibabacloud.com/help/model-studio/getting-started/models
  model: "qwen-plus",
  messages: [{ role: "user", content: "What is the weather in Paris?" }],
  tools: [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather of a city.",
        parameters: {
          type: "object",
          properties: {
            city: { type: "string", description: "The city, such as Paris." },
          },
          required: ["city"],
        },
      },
    },
  ],
  stream: true,
};
const messages = body.messages;

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

function callTool(name, json) {
  let args;
  try {
    args = JSON.parse(json);
  } catch {
    return "Error: the arguments are not JSON";
  }
  if (name === "get_weather") {
    return JSON.stringify({ condition: "sunny", temperature: 24 });
  }
  return `Error: there is no tool ${name}`;
}

async function ask() {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${apiKey}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    console.error(`HTTP ${response.status}: ${await response.text()}`);
    process.exit(1);
  }
  const answer = { role: "assistant", content: "", tool_calls: [] };
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
      process.stdout.write(delta.content ?? "");
      answer.content += delta.content ?? "";
      for (const part of delta.tool_calls ?? []) {
        const call = (answer.tool_calls[part.index] ??= {
          type: "function",
          function: { arguments: "" },
        });
        // An id or a name comes once, or again and again, or empty.
        call.id ||= part.id;
        call.function.name ||= part.function?.name;
        call.function.arguments += part.function?.arguments ?? "";
      }
      if (finish_reason) finished = true;
    }
  }
  if (!finished) {
    console.error("The stream ended early.");
    process.exit(1);
  }
  if (answer.content.length) console.log();
  return answer;
}

let message = await ask();
for (let round = 1; message.tool_calls?.length; round++) {
  if (round > 5) {
    console.error("The model still calls tools after five rounds.");
    process.exit(1);
  }
  messages.push(message);
  for (const call of message.tool_calls) {
    const result = callTool(call.function.name, call.function.arguments);
    messages.push({ role: "tool", tool_call_id: call.id, content: result });
  }
  message = await ask();
}
