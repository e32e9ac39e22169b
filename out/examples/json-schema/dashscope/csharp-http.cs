// Requires .NET 8 or later
using System;
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
//   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
// URL for Singapore:
var url = "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation";
// To use another model, change its name below. For a list of models, see
// https://www.alibabacloud.com/help/model-studio/getting-started/models
var body = """
    {
      "model": "qwen-plus",
      "input": {
        "messages": [
          {"role": "system", "content": "Extract the person as JSON."},
          {"role": "user", "content": "Ada is 36 years old."}
        ]
      },
      "parameters": {
        "result_format": "message",
        "response_format": {
          "type": "json_schema",
          "json_schema": {
            "name": "person",
            "strict": true,
            "schema": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "age": {"type": "integer"}
              },
              "required": ["name", "age"],
              "additionalProperties": false
            }
          }
        }
      }
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
var message = JsonNode.Parse(answer)!["output"]!["choices"]![0]!["message"]!;
var result = JsonNode.Parse((string)message["content"]!)!;
if (!result.AsObject().TryGetPropertyValue("name", out var field))
{
    Console.Error.WriteLine($"The answer lacks a field: {result.ToJsonString()}");
    return 1;
}
Console.WriteLine((string?)field);
return 0;
