// Java 18 以降と dashscope-sdk-java 2.22.13 が必要です:
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
        // API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
        // https://www.alibabacloud.com/help/model-studio/get-api-key
        // 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: String apiKey = "sk-xxx";
        String apiKey = System.getenv("DASHSCOPE_API_KEY");
        if (apiKey == null || apiKey.isEmpty()) {
            System.err.println("Set the environment variable DASHSCOPE_API_KEY.");
            System.exit(1);
        }

        // ほかのリージョンの URL:
        // 中国 (北京):
        // https://dashscope.aliyuncs.com/api/v1
        // 使用する URL (シンガポール):
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
                        // 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .messages(messages)
                        .build();
        GenerationResult result = generation.call(param);
        System.out.println(JsonUtils.toJson(result));
    }
}
