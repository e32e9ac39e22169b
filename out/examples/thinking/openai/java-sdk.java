// Requires Java 18 or later, and openai-java 4.101.0:
// implementation("com.openai:openai-java:4.101.0")  // build.gradle
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import java.util.Optional;

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
        // https://dashscope.aliyuncs.com/compatible-mode/v1
        // URL for Singapore:
        String baseUrl = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
        OpenAIClient client = OpenAIOkHttpClient.builder().apiKey(apiKey).baseUrl(baseUrl).build();
        ChatCompletionCreateParams params =
                ChatCompletionCreateParams.builder()
                        // To use another model, change its name below. For a list of models, see
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .addUserMessage("Which is larger, 9.9 or 9.11?")
                        .putAdditionalBodyProperty("enable_thinking", JsonValue.from(true))
                        .build();
        boolean thinking = false;
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            for (ChatCompletionChunk chunk :
                    (Iterable<ChatCompletionChunk>) stream.stream()::iterator) {
                for (ChatCompletionChunk.Choice choice : chunk.choices()) {
                    ChatCompletionChunk.Choice.Delta delta = choice.delta();
                    String reasoning =
                            Optional.ofNullable(delta._allProperties().get("reasoning_content"))
                                    .map(value -> value.convert(String.class))
                                    .orElse("");
                    if (!reasoning.isEmpty() && !thinking) {
                        thinking = true;
                        System.out.println("Reasoning:");
                    }
                    String text = delta.content().orElse("");
                    if (!text.isEmpty() && thinking) {
                        thinking = false;
                        System.out.println("\n\nAnswer:");
                    }
                    System.out.print(reasoning + text);
                    System.out.flush();
                }
            }
        }
        System.out.println();
    }
}
