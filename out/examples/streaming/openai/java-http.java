// Requires Java 18 or later, and jackson-databind 3.3.0:
// implementation("tools.jackson.core:jackson-databind:3.3.0")  // build.gradle
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                    {"role": "system", "content": "You are a helpful assistant."},
                    {"role": "user", "content": "Write a short poem about the sea."}
                  ],
                  "stream": true,
                  "stream_options": {"include_usage": true}
                }
                """;
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + apiKey)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();

        HttpResponse<Stream<String>> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            String error = response.body().collect(Collectors.joining("\n"));
            System.err.println("HTTP " + response.statusCode() + ": " + error);
            System.exit(1);
        }
        boolean finished = false;
        JsonNode usage = null;
        for (String line : (Iterable<String>) response.body()::iterator) {
            if (!line.startsWith("data:")) {
                continue;
            }
            String data = line.substring("data:".length());
            if (data.strip().equals("[DONE]")) {
                finished = true;
                break;
            }
            JsonNode chunk = JsonMapper.shared().readTree(data);
            if (chunk.hasNonNull("error")) {
                System.err.println(data.strip());
                System.exit(1);
            }
            for (JsonNode choice : chunk.at("/choices")) {
                JsonNode message = choice.path("delta");
                String text = message.path("content").asString();
                System.out.print(text);
                System.out.flush();
                finished |= choice.hasNonNull("finish_reason");
            }
            if (chunk.hasNonNull("usage")) {
                usage = chunk.get("usage");
            }
        }
        if (!finished) {
            System.err.println("The stream ended early.");
            System.exit(1);
        }
        System.out.println();
        System.out.println(usage);
    }
}
