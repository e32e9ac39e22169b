// Requires Java 18 or later, and openai-java 4.101.0:
// implementation("com.openai:openai-java:4.101.0")  // build.gradle
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;

import java.util.List;

class Main {
    private static final ObjectReader JSON =
            ObjectMappers.jsonMapper()
                    .readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
                        .addUserMessage("What is the weather in Paris?")
                        .addFunctionTool(
                                FunctionDefinition.builder()
                                        .name("get_weather")
                                        .description("The weather of a city.")
                                        .parameters(
                                                ObjectMappers.jsonMapper()
                                                        .readValue(
                                                                """
                                                                {
                                                                  "type": "object",
                                                                  "properties": {
                                                                    "city": {"type": "string", "description": "The city, such as Paris."}
                                                                  },
                                                                  "required": ["city"]
                                                                }
                                                                """,
                                                                FunctionParameters.class))
                                        .build())
                        .build();
        ChatCompletionMessage message = ask(client, params);
        for (int round = 1; !message.toolCalls().orElse(List.of()).isEmpty(); round++) {
            if (round > 5) {
                System.err.println("The model still calls tools after five rounds.");
                System.exit(1);
            }
            ChatCompletionCreateParams.Builder next = params.toBuilder().addMessage(message);
            for (ChatCompletionMessageToolCall toolCall : message.toolCalls().get()) {
                ChatCompletionMessageFunctionToolCall call = toolCall.asFunction();
                String result;
                try {
                    JsonNode arguments = JSON.readValue(call.function().arguments());
                    result = callTool(call.function().name(), arguments);
                } catch (JsonProcessingException e) {
                    result = "Error: the arguments are not JSON";
                }
                next.addMessage(
                        ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content(result)
                                .build());
            }
            params = next.build();
            message = ask(client, params);
        }
        System.out.println(message.content().orElse(""));
    }

    private static ChatCompletionMessage ask(
            OpenAIClient client, ChatCompletionCreateParams params) {
        return client.chat().completions().create(params).choices().get(0).message();
    }

    private static String callTool(String name, JsonNode arguments) {
        if (name.equals("get_weather")) {
            return "{\"condition\": \"sunny\", \"temperature\": 24}";
        }
        return "Error: there is no tool " + name;
    }
}
