// .NET 8 以降が必要です
using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;

// API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: var apiKey = "sk-xxx";
var apiKey = Environment.GetEnvironmentVariable("DASHSCOPE_API_KEY");
if (string.IsNullOrEmpty(apiKey))
{
    Console.Error.WriteLine("Set the environment variable DASHSCOPE_API_KEY.");
    return 1;
}

// ほかのリージョンの URL:
//   シンガポール: https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation
// 使用する URL (中国 (北京)):
var url = "https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation";
// 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
// https://www.alibabacloud.com/help/model-studio/getting-started/models
var body = """
    {
      "model": "qwen-plus",
      "input": {
        "messages": [
          {"role": "system", "content": "You are a helpful assistant."},
          {"role": "user", "content": "Who are you?"}
        ]
      },
      "parameters": {"result_format": "message"}
    }
    """;

using var client = new HttpClient();
using var request = new HttpRequestMessage(HttpMethod.Post, url)
{
    Content = new StringContent(body, Encoding.UTF8, "application/json"),
};
request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

using var response = await client.SendAsync(request);
var answer = await response.Content.ReadAsStringAsync();
if (!response.IsSuccessStatusCode)
{
    Console.Error.WriteLine($"HTTP {(int)response.StatusCode}: {answer}");
    return 1;
}
Console.WriteLine(answer);
return 0;
