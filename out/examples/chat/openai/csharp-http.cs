// Requires .NET 8 or later
using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

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
var body = JsonNode.Parse("""
    {
      "model": "qwen-plus",
      "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Recommend a novel about the sea."}
      ]
    }
    """)!;
var messages = body["messages"]!.AsArray();

using var client = new HttpClient();

async Task<JsonNode> Ask()
{
    using var request = new HttpRequestMessage(HttpMethod.Post, url)
    {
        Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
    };
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

    using var response = await client.SendAsync(request);
    var answer = await response.Content.ReadAsStringAsync();
    if (!response.IsSuccessStatusCode)
    {
        Console.Error.WriteLine($"HTTP {(int)response.StatusCode}: {answer}");
        Environment.Exit(1);
    }
    return JsonNode.Parse(answer)!["choices"]![0]!["message"]!;
}

var message = await Ask();
Console.WriteLine((string?)message["content"]);
messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = message["content"]!.DeepClone() });
messages.Add(JsonNode.Parse("""
    {"role": "user", "content": "Who wrote it?"}
    """));
message = await Ask();
Console.WriteLine((string?)message["content"]);
return 0;
