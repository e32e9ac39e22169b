// Requires Java 18 or later, and openai-java 4.101.0:
// implementation("com.openai:openai-java:4.101.0")  // build.gradle
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.models.ResponseFormatJsonSchema.JsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

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
                        .addSystemMessage("Extract the person as JSON.")
                        .addUserMessage("Ada is 36 years old.")
                        .jsonSchemaResponseFormat(
                                JsonSchema.builder()
                                        .name("person")
                                        .strict(true)
                                        .schema(
                                                ObjectMappers.jsonMapper()
                                                        .readValue(
                                                                """
                                                                {
                                                                  "type": "object",
                                                                  "properties": {
                                                                    "name": {"type": "string"},
                                                                    "age": {"type": "integer"}
                                                                  },
                                                                  "required": ["name", "age"],
                                                                  "additionalProperties": false
                                                                }
                                                                """,
                                                                JsonSchema.Schema.class))
                                        .build())
                        .build();
        ChatCompletion completion = client.chat().completions().create(params);
        String content = completion.choices().get(0).message().content().orElse("");
        JsonNode answer =
                ObjectMappers.jsonMapper()
                        .readerFor(JsonNode.class)
                        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .readValue(content);
        JsonNode value = answer.required("name");
        System.out.println(value.isTextual() ? value.asText() : value);
    }
}
