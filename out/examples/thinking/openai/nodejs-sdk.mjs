// Requires Node.js 22 or later, and openai 7.57.0:
// npm install openai@7.57.0
import OpenAI from "openai";

// Each region has its own API keys. To get one, see
// https://www.alibabacloud.com/help/model-studio/get-api-key
// If DASHSCOPE_API_KEY is not set, replace the next line with: const apiKey = "sk-xxx";
const apiKey = process.env.DASHSCOPE_API_KEY;
if (!apiKey) {
  console.error("Set the environment variable DASHSCOPE_API_KEY.");
  process.exit(1);
}

const client = new OpenAI({
  apiKey,
  // URLs of other regions:
  //   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1
  // URL for Singapore:
  baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
});
const stream = await client.chat.completions.create({
  // To use another model, change its name below. For a list of models, see
  // https://www.alibabacloud.com/help/model-studio/getting-started/models
  model: "qwen-plus",
  messages: [{ role: "user", content: "Which is larger, 9.9 or 9.11?" }],
  enable_thinking: true,
  stream: true,
});
let thinking = false;
for await (const chunk of stream) {
  for (const { delta } of chunk.choices) {
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
  }
}
console.log();
