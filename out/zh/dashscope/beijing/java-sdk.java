// 需要 Java 18 或更高版本以及 dashscope-sdk-java 2.22.13：
// implementation("com.alibaba:dashscope-sdk-java:2.22.13")  // build.gradle
import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.dashscope.aigc.generation.GenerationParam;
import com.alibaba.dashscope.aigc.generation.GenerationResult;
import com.alibaba.dashscope.common.Message;
import com.alibaba.dashscope.common.Role;
import com.alibaba.dashscope.protocol.Protocol;
import com.alibaba.dashscope.utils.JsonUtils;

import java.util.List;

class Main {
    public static void main(String[] args) throws Exception {
        // 各地域的 API Key 不同，不能混用。获取方法请参见：
        // https://www.alibabacloud.com/help/model-studio/get-api-key
        // 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：String apiKey = "sk-xxx";
        String apiKey = System.getenv("DASHSCOPE_API_KEY");
        if (apiKey == null || apiKey.isEmpty()) {
            System.err.println("Set the environment variable DASHSCOPE_API_KEY.");
            System.exit(1);
        }

        // 其他地域的 URL：
        // 新加坡：
        // https://dashscope-intl.aliyuncs.com/api/v1
        // 当前使用的 URL（华北2（北京））：
        String baseUrl = "https://dashscope.aliyuncs.com/api/v1";
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
                        // 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .messages(messages)
                        .build();
        GenerationResult result = generation.call(param);
        System.out.println(JsonUtils.toJson(result));
    }
}
