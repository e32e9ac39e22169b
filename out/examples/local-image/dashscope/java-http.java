// Requires Java 18 or later, and jackson-databind 3.3.0:
// implementation("tools.jackson.core:jackson-databind:3.3.0")  // build.gradle
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

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
        // https://dashscope.aliyuncs.com/api/v1/services/aigc/multimodal-generation/generation
        // URL for Singapore:
        String url =
                "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/multimodal-generation/generation";
        // To use another model, change its name below. For a list of models, see
        // https://www.alibabacloud.com/help/model-studio/getting-started/models
        String body =
                """
                {
                  "model": "qwen3-vl-plus",
                  "input": {
                    "messages": [
                      {
                        "role": "user",
                        "content": [
                          {"image": "%s"},
                          {"text": "What is in this picture?"}
                        ]
                      }
                    ]
                  }
                }
                """
                        .formatted(dataUrl("photo.jpg", "image/jpeg"));
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
        JsonNode message = answer.at("/output/choices/0/message");
        System.out.println(String.join("", message.path("content").findValuesAsString("text")));
    }

    private static String dataUrl(String path, String mediaType) throws IOException {
        String data = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(path)));
        return "data:" + mediaType + ";base64," + data;
    }
}
