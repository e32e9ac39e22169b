// Requires Java 18 or later, and openai-java 4.101.0:
// implementation("com.openai:openai-java:4.101.0")  // build.gradle
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;

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
                        .addSystemMessage("You are a helpful assistant.")
                        .addUserMessage("Who are you?")
                        .build();
        ChatCompletionMessage message =
                client.chat().completions().create(params).choices().get(0).message();
        System.out.println(message.content().orElse(""));
    }
}
