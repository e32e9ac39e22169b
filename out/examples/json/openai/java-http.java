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
                  "model": "qwen-plus",
                  "messages": [
                    {
                      "role": "system",
                      "content": "Extract the name and the age. Answer in JSON."
                    },
                    {"role": "user", "content": "Ada is 36 years old."}
                  ],
                  "response_format": {"type": "json_object"}
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
        JsonMapper mapper = JsonMapper.shared();
        JsonNode message = mapper.readTree(response.body()).at("/choices/0/message");
        String content = message.path("content").asString();
        JsonNode answer = mapper.readValue(content, JsonNode.class);
        System.out.println(answer);
    }
}
