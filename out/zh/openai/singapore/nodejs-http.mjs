// 需要 Node.js 22 或更高版本

// 各地域的 API Key 不同，不能混用。获取方法请参见：
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：const apiKey = "sk-xxx";
const apiKey = process.env.DASHSCOPE_API_KEY;
if (!apiKey) {
  console.error("Set the environment variable DASHSCOPE_API_KEY.");
  process.exit(1);
}

// 其他地域的 URL：
//   华北2（北京）：https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
// 当前使用的 URL（新加坡）：
const url =
  "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
const response = await fetch(url, {
  method: "POST",
  headers: {
    Authorization: `Bearer ${apiKey}`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    // 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    model: "qwen-plus",
    messages: [
      { role: "system", content: "You are a helpful assistant." },
      { role: "user", content: "Who are you?" },
    ],
  }),
});
const answer = await response.text();
if (!response.ok) {
  console.error(`HTTP ${response.status}: ${answer}`);
  process.exit(1);
}
console.log(answer);
