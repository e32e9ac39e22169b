// Requires .NET 8 or later
using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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
        {"role": "user", "content": "What are the weather and the time in Paris?"}
      ],
      "tools": [
        {
          "type": "function",
          "function": {
            "name": "get_weather",
            "description": "The weather of a city.",
            "parameters": {
              "type": "object",
              "properties": {
                "city": {
                  "type": "string",
                  "description": "The city, such as Paris."
                }
              },
              "required": ["city"]
            }
          }
        },
        {
          "type": "function",
          "function": {
            "name": "get_time",
            "description": "The time in a city.",
            "parameters": {
              "type": "object",
              "properties": {
                "city": {
                  "type": "string",
                  "description": "The city, such as Paris."
                }
              },
              "required": ["city"]
            }
          }
        }
      ],
      "parallel_tool_calls": true
    }
    """)!;
var messages = body["messages"]!.AsArray();

using var client = new HttpClient();

string CallTool(string name, JsonNode? arguments)
{
    if (name == "get_weather")
    {
        return """
            {"condition": "sunny", "temperature": 24}
            """;
    }
    if (name == "get_time")
    {
        return "14:05";
    }
    return $"Error: there is no tool {name}";
}

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
var rounds = 0;
while (message["tool_calls"] is JsonArray { Count: > 0 } calls)
{
    rounds++;
    if (rounds > 5)
    {
        Console.Error.WriteLine("The model still calls tools after five rounds.");
        return 1;
    }
    messages.Add(message.DeepClone());
    foreach (var call in calls)
    {
        string result;
        try
        {
            var arguments = JsonNode.Parse((string)call!["function"]!["arguments"]!);
            result = CallTool((string)call["function"]!["name"]!, arguments);
        }
        catch (JsonException)
        {
            result = "Error: the arguments are not JSON";
        }
        messages.Add(new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = (string?)call!["id"],
            ["content"] = result,
        });
    }
    message = await Ask();
}
Console.WriteLine((string?)message["content"]);
return 0;
