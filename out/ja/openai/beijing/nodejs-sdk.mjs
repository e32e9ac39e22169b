// Node.js 22 以降と openai 7.57.0 が必要です:
// npm install openai@7.57.0
import OpenAI from "openai";

// API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: const apiKey = "sk-xxx";
const apiKey = process.env.DASHSCOPE_API_KEY;
if (!apiKey) {
  console.error("Set the environment variable DASHSCOPE_API_KEY.");
  process.exit(1);
}

const client = new OpenAI({
  apiKey,
  // ほかのリージョンの URL:
  //   シンガポール: https://dashscope-intl.aliyuncs.com/compatible-mode/v1
  // 使用する URL (中国 (北京)):
  baseURL: "https://dashscope.aliyuncs.com/compatible-mode/v1",
});
const completion = await client.chat.completions.create({
  // 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
  // https://www.alibabacloud.com/help/model-studio/getting-started/models
  model: "qwen-plus",
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: "Who are you?" },
  ],
});
console.log(JSON.stringify(completion, null, 2));
