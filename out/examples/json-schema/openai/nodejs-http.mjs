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
      { role: "system", content: "Extract the person as JSON." },
      { role: "user", content: "Ada is 36 years old." },
    ],
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "person",
        strict: true,
        schema: {
          type: "object",
          properties: {
            name: { type: "string" },
            age: { type: "integer" },
          },
          required: ["name", "age"],
          additionalProperties: false,
        },
      },
    },
  }),
});
const answer = await response.text();
if (!response.ok) {
  console.error(`HTTP ${response.status}: ${answer}`);
  process.exit(1);
}
const { message } = JSON.parse(answer).choices[0];
const value = JSON.parse(message.content);
if (value.name === undefined) {
  console.error(`The answer lacks a field: ${JSON.stringify(value)}`);
  process.exit(1);
}
console.log(value.name);
