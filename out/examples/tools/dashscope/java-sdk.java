// Requires Java 18 or later, and dashscope-sdk-java 2.22.13:
// implementation("com.alibaba:dashscope-sdk-java:2.22.13")  // build.gradle
import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.dashscope.aigc.generation.GenerationParam;
import com.alibaba.dashscope.common.Message;
import com.alibaba.dashscope.common.Role;
import com.alibaba.dashscope.protocol.Protocol;
import com.alibaba.dashscope.tools.FunctionDefinition;
import com.alibaba.dashscope.tools.ToolCallBase;
import com.alibaba.dashscope.tools.ToolCallFunction;
import com.alibaba.dashscope.tools.ToolFunction;
import com.alibaba.dashscope.utils.JsonUtils;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import java.util.ArrayList;
import java.util.List;

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
        // https://dashscope.aliyuncs.com/api/v1
        // URL for Singapore:
        String baseUrl = "https://dashscope-intl.aliyuncs.com/api/v1";
        Generation generation = new Generation(Protocol.HTTP.getValue(), baseUrl);
        List<Message> messages =
                List.of(
                        Message.builder()
                                .role(Role.USER.getValue())
                                .content("What is the weather in Paris?")
                                .build());
        GenerationParam param =
                GenerationParam.builder()
                        .resultFormat(GenerationParam.ResultFormat.MESSAGE)
                        .apiKey(apiKey)
                        // To use another model, change its name below. For a list of models, see
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .messages(messages)
                        .tools(
                                List.of(
                                        ToolFunction.builder()
                                                .function(
                                                        FunctionDefinition.builder()
                                                                .name("get_weather")
                                                                .description(
                                                                        "The weather of a city.")
                                                                .parameters(
                                                                        JsonUtils.parse(
                                                                                """
                                                                                {
                                                                                  "type": "object",
                                                                                  "properties": {
                                                                                    "city": {"type": "string", "description": "The city, such as Paris."}
                                                                                  },
                                                                                  "required": ["city"]
                                                                                }
                                                                                """))
                                                                .build())
                                                .build()))
                        .build();
        List<Message> history = new ArrayList<>(messages);
        Message message = generation.call(param).getOutput().getChoices().get(0).getMessage();
        for (int round = 1; hasToolCalls(message); round++) {
            if (round > 5) {
                System.err.println("The model still calls tools after five rounds.");
                System.exit(1);
            }
            history.add(message);
            for (ToolCallBase toolCall : message.getToolCalls()) {
                ToolCallFunction.CallFunction function =
                        ((ToolCallFunction) toolCall).getFunction();
                String result;
                try {
                    JsonObject arguments = JsonUtils.parse(function.getArguments());
                    result = callTool(function.getName(), arguments);
                } catch (JsonParseException | IllegalStateException e) {
                    result = "Error: the arguments are not JSON";
                }
                history.add(
                        Message.builder()
                                .role(Role.TOOL.getValue())
                                .toolCallId(toolCall.getId())
                                .name(function.getName())
                                .content(result)
                                .build());
            }
            param.setMessages(history);
            message = generation.call(param).getOutput().getChoices().get(0).getMessage();
        }
        System.out.println(message.getContent());
    }

    private static boolean hasToolCalls(Message message) {
        return message.getToolCalls() != null && !message.getToolCalls().isEmpty();
    }

    private static String callTool(String name, JsonObject arguments) {
        if (name.equals("get_weather")) {
            return "{\"condition\": \"sunny\", \"temperature\": 24}";
        }
        return "Error: there is no tool " + name;
    }
}
