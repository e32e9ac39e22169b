// Requires Java 18 or later, and dashscope-sdk-java 2.22.13:
// implementation("com.alibaba:dashscope-sdk-java:2.22.13")  // build.gradle
import com.alibaba.dashscope.aigc.multimodalconversation.MultiModalConversation;
import com.alibaba.dashscope.aigc.multimodalconversation.MultiModalConversationParam;
import com.alibaba.dashscope.common.MultiModalMessage;
import com.alibaba.dashscope.common.Role;
import com.alibaba.dashscope.protocol.Protocol;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
        MultiModalConversation conversation =
                new MultiModalConversation(Protocol.HTTP.getValue(), baseUrl);
        List<MultiModalMessage> messages =
                List.of(
                        MultiModalMessage.builder()
                                .role(Role.SYSTEM.getValue())
                                .content(List.of(Map.of("text", "You are a helpful assistant.")))
                                .build(),
                        MultiModalMessage.builder()
                                .role(Role.USER.getValue())
                                .content(List.of(Map.of("text", "Who are you?")))
                                .build());
        MultiModalConversationParam param =
                MultiModalConversationParam.builder()
                        .apiKey(apiKey)
                        // To use another model, change its name below. For a list of models, see
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen3.5-plus")
                        .messages(messages)
                        .enableThinking(false)
                        .build();
        MultiModalMessage message =
                conversation.call(param).getOutput().getChoices().get(0).getMessage();
        System.out.println(textOf(message));
    }

    private static String textOf(MultiModalMessage message) {
        return message.getContent().stream()
                .map(part -> (String) part.getOrDefault("text", ""))
                .collect(Collectors.joining());
    }
}
