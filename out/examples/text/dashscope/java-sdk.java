// Requires Java 18 or later, and dashscope-sdk-java 2.22.13:
// implementation("com.alibaba:dashscope-sdk-java:2.22.13")  // build.gradle
import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.dashscope.aigc.generation.GenerationParam;
import com.alibaba.dashscope.common.Message;
import com.alibaba.dashscope.common.Role;
import com.alibaba.dashscope.protocol.Protocol;

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
                                .role(Role.SYSTEM.getValue())
                                .content("You are a helpful assistant.")
                                .build(),
                        Message.builder()
                                .role(Role.USER.getValue())
                                .content("Who are you?")
                                .build());
        GenerationParam param =
                GenerationParam.builder()
                        .resultFormat(GenerationParam.ResultFormat.MESSAGE)
                        .apiKey(apiKey)
                        // To use another model, change its name below. For a list of models, see
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .messages(messages)
                        .build();
        Message message = generation.call(param).getOutput().getChoices().get(0).getMessage();
        System.out.println(message.getContent());
    }
}
