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
  },
  body: JSON.stringify({
    // To use another model, change its name below. For a list of models, see
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    model: "qwen-plus",
    input: {
      messages: [
        { role: "system", content: "You are a helpful assistant." },
        { role: "user", content: "Recommend a novel about the sea." },
        { role: "assistant", content: "Moby-Dick." },
        { role: "user", content: "Who wrote it?" },
      ],
    },
    parameters: { result_format: "message" },
  }),
});
const answer = await response.text();
if (!response.ok) {
  console.error(`HTTP ${response.status}: ${answer}`);
  process.exit(1);
}
const { message } = JSON.parse(answer).output.choices[0];
console.log(message.content);
