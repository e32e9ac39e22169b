// Requires Java 18 or later, and dashscope-sdk-java 2.22.13:
// implementation("com.alibaba:dashscope-sdk-java:2.22.13")  // build.gradle
import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.dashscope.aigc.generation.GenerationOutput;
import com.alibaba.dashscope.aigc.generation.GenerationParam;
import com.alibaba.dashscope.aigc.generation.GenerationResult;
import com.alibaba.dashscope.common.Message;
import com.alibaba.dashscope.common.Role;
import com.alibaba.dashscope.protocol.Protocol;
import com.alibaba.dashscope.protocol.okhttp.OkHttpClientFactory;

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
                                .content("Which is larger, 9.9 or 9.11?")
                                .build());
        GenerationParam param =
                GenerationParam.builder()
                        .resultFormat(GenerationParam.ResultFormat.MESSAGE)
                        .apiKey(apiKey)
                        // To use another model, change its name below. For a list of models, see
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .messages(messages)
                        .incrementalOutput(true)
                        .enableThinking(true)
                        .build();
        boolean thinking = false;
        try {
            for (GenerationResult result : generation.streamCall(param).blockingIterable()) {
                for (GenerationOutput.Choice choice : result.getOutput().getChoices()) {
                    String reasoning = choice.getMessage().getReasoningContent();
                    if (reasoning != null && !reasoning.isEmpty()) {
                        if (!thinking) {
                            thinking = true;
                            System.out.println("Reasoning:");
                        }
                        System.out.print(reasoning);
                    }
                    String text = choice.getMessage().getContent();
                    if (!text.isEmpty() && thinking) {
                        thinking = false;
                        System.out.println("\n\nAnswer:");
                    }
                    System.out.print(text);
                    System.out.flush();
                }
            }
        } finally {
            OkHttpClientFactory.getOkHttpClient().dispatcher().executorService().shutdown();
        }
        System.out.println();
    }
}
