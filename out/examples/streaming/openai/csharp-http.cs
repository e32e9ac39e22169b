// Requires .NET 8 or later
using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

// Each region has its own API keys. To get one, see
// https://www.alibabacloud.com/help/model-studio/get-api-key
// If DASHSCOPE_API_KEY is not set, replace the next line with: var apiKey = "sk-xxx";
var apiKey = Environment.GetEnvironmentVariable("DASHSCOPE_API_KEY");
if (string.IsNullOrEmpty(apiKey))
{
    Console.Error.WriteLine("Set the environment variable DASHSCOPE_API_KEY.");
    return 1;
}

// URLs of other regions:
//   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
// URL for Singapore:
var url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
// To use another model, change its name below. For a list of models, see
// https://www.alibabacloud.com/help/model-studio/getting-started/models
var body = """
    {
      "model": "qwen-plus",
      "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Write a short poem about the sea."}
      ],
      "stream": true,
      "stream_options": {"include_usage": true}
    }
    """;

using var client = new HttpClient();
using var request = new HttpRequestMessage(HttpMethod.Post, url)
{
    Content = new StringContent(body, Encoding.UTF8, "application/json"),
};
request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
if (!response.IsSuccessStatusCode)
{
    var answer = await response.Content.ReadAsStringAsync();
    Console.Error.WriteLine($"HTTP {(int)response.StatusCode}: {answer}");
    return 1;
}
using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
var finished = false;
JsonNode? usage = null;
while (await reader.ReadLineAsync() is string line)
{
    if (!line.StartsWith("data:", StringComparison.Ordinal))
    {
        continue;
    }
    var data = line["data:".Length..].Trim();
    if (data == "[DONE]")
    {
        finished = true;
        break;
    }
    var chunk = JsonNode.Parse(data)!;
    if (chunk["error"] is not null)
    {
        Console.Error.WriteLine(data);
        return 1;
    }
    foreach (var choice in chunk["choices"]!.AsArray())
    {
        var delta = choice!["delta"]!;
        Console.Write((string?)delta["content"]);
        finished |= choice["finish_reason"] is not null;
    }
    usage = chunk["usage"] ?? usage;
}
if (!finished)
{
    Console.Error.WriteLine("The stream ended early.");
    return 1;
}
Console.WriteLine();
if (usage is not null)
{
    Console.WriteLine(usage.ToJsonString());
}
return 0;
