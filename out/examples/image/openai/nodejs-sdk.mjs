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
const completion = await client.chat.completions.create({
  // To use another model, change its name below. For a list of models, see
  // https://www.alibabacloud.com/help/model-studio/getting-started/models
  model: "qwen3-vl-plus",
  messages: [
    {
      role: "user",
      content: [
        {
          type: "image_url",
          image_url: {
            url: "https://dashscope.oss-cn-beijing.aliyuncs.com/images/dog_and_girl.jpeg",
          },
        },
        { type: "text", text: "What is in this picture?" },
      ],
    },
  ],
});
console.log(completion.choices[0].message.content);
