// Requires Java 18 or later, and jackson-databind 3.3.0:
// implementation("tools.jackson.core:jackson-databind:3.3.0")  // build.gradle
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class Main {
    public static void main(String[] args) throws Exception {
        // Each region has its own API keys. To get one, see
        // https://www.alibabacloud.com/help/model-studio/get-api-key
        // If DASHSCOPE_API_KEY is not set, replace the next line with: String apiKey = "sk-xxx";
        String apiKey = System.getenv("DASHSCOPE_API_KEY");
        if (apiKey == null || apiKey.isEmpty()) {
            System.err.println("Set the environment variable DASHSCOPE_API_KEY.");
            System.exit(1);
        }

        // URLs of other regions:
        // China (Beijing):
        // https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
        // URL for Singapore:
        String url =
                "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation";
        // To use another model, change its name below. For a list of models, see
        // https://www.alibabacloud.com/help/model-studio/getting-started/models
        String body =
                """
                {
                  "model": "qwen-plus",
                  "input": {
                    "messages": [
                      {"role": "user", "content": "What are the weather and the time in Paris?"}
                    ]
                  },
                  "parameters": {
                    "result_format": "message",
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
                }
                """;

        JsonNode call = JsonMapper.shared().readTree(body);
        ArrayNode messages = (ArrayNode) call.at("/input/messages");
        JsonNode message = ask(url, apiKey, body);
        for (int round = 1; !message.path("tool_calls").isEmpty(); round++) {
            if (round > 5) {
                System.err.println("The model still calls tools after five rounds.");
                System.exit(1);
            }
            messages.add(message);
            for (JsonNode toolCall : message.path("tool_calls")) {
                JsonNode function = toolCall.path("function");
                String result;
                try {
                    JsonNode arguments =
                            JsonMapper.shared()
                                    .readValue(
                                            function.path("arguments").asString(), JsonNode.class);
                    result = callTool(function.path("name").asString(), arguments);
                } catch (JacksonException e) {
                    result = "Error: the arguments are not JSON";
                }
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", toolCall.path("id").asString())
                        .put("content", result);
            }
            message = ask(url, apiKey, call.toString());
        }
        System.out.println(message.path("content").asString());
    }

    private static JsonNode ask(String url, String apiKey, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + apiKey)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();

        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            System.err.println("HTTP " + response.statusCode() + ": " + response.body());
            System.exit(1);
        }

        return JsonMapper.shared().readTree(response.body()).at("/output/choices/0/message");
    }

    private static String callTool(String name, JsonNode arguments) {
        if (name.equals("get_weather")) {
            return "{\"condition\": \"sunny\", \"temperature\": 24}";
        }
        if (name.equals("get_time")) {
            return "14:05";
        }
        return "Error: there is no tool " + name;
    }
}
