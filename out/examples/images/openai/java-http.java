// Requires Java 18 or later, and jackson-databind 3.3.0:
// implementation("tools.jackson.core:jackson-databind:3.3.0")  // build.gradle
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
        // https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
        // URL for Singapore:
        String url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
        // To use another model, change its name below. For a list of models, see
        // https://www.alibabacloud.com/help/model-studio/getting-started/models
        String body =
                """
                {
                  "model": "qwen3-vl-plus",
                  "messages": [
                    {
                      "role": "user",
                      "content": [
                        {
                          "type": "image_url",
                          "image_url": {
                            "url": "https://dashscope.oss-cn-beijing.aliyuncs.com/images/dog_and_girl.jpeg"
                          }
                        },
                        {
                          "type": "image_url",
                          "image_url": {
                            "url": "https://dashscope.oss-cn-beijing.aliyuncs.com/images/tiger.png"
                          }
                        },
                        {"type": "text", "text": "What do both pictures show?"}
                      ]
                    }
                  ]
                }
                """;
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
        JsonNode answer = JsonMapper.shared().readTree(response.body());
        JsonNode message = answer.at("/choices/0/message");
        System.out.println(message.path("content").asString());
    }
}
