// Node.js 22 以降が必要です

// API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: const apiKey = "sk-xxx";
const apiKey = process.env.DASHSCOPE_API_KEY;
if (!apiKey) {
  console.error("Set the environment variable DASHSCOPE_API_KEY.");
  process.exit(1);
}

// ほかのリージョンの URL:
//   中国 (北京): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
// 使用する URL (シンガポール):
const url =
  "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
const response = await fetch(url, {
  method: "POST",
  headers: {
    Authorization: `Bearer ${apiKey}`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    // 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
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
