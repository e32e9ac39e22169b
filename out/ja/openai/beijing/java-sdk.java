// Java 18 以降と openai-java 4.101.0 が必要です:
// implementation("com.openai:openai-java:4.101.0")  // build.gradle
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

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
        // シンガポール:
        // https://dashscope-intl.aliyuncs.com/compatible-mode/v1
        // 使用する URL (中国 (北京)):
        String baseUrl = "https://dashscope.aliyuncs.com/compatible-mode/v1";
        OpenAIClient client = OpenAIOkHttpClient.builder().apiKey(apiKey).baseUrl(baseUrl).build();
        ChatCompletionCreateParams params =
                ChatCompletionCreateParams.builder()
                        // 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .addSystemMessage("You are a helpful assistant.")
                        .addUserMessage("Who are you?")
                        .build();
        ChatCompletion completion = client.chat().completions().create(params);
        System.out.println(ObjectMappers.jsonMapper().writeValueAsString(completion));
    }
}
