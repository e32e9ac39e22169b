// 需要 .NET 8 或更高版本
using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;

// 各地域的 API Key 不同，不能混用。获取方法请参见：
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：var apiKey = "sk-xxx";
var apiKey = Environment.GetEnvironmentVariable("DASHSCOPE_API_KEY");
if (string.IsNullOrEmpty(apiKey))
{
    Console.Error.WriteLine("Set the environment variable DASHSCOPE_API_KEY.");
    return 1;
}

// 其他地域的 URL：
//   华北2（北京）：https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
// 当前使用的 URL（新加坡）：
var url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
// 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
// https://www.alibabacloud.com/help/model-studio/getting-started/models
var body = """
    {
      "model": "qwen-plus",
      "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Who are you?"}
      ]
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
