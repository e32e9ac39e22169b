// openai-java 4.101.0 が必要です: implementation("com.openai:openai-java:4.101.0")
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

class Main {
    public static void main(String[] args) throws Exception {
        // API キーはリージョンごとに異なります。取得方法については、次のページを参照してください
        // https://www.alibabacloud.com/help/model-studio/get-api-key
        // 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行をこのコードに置き換えてください: String apiKey = "sk-xxx";
        String apiKey = System.getenv("DASHSCOPE_API_KEY");
        if (apiKey == null || apiKey.isEmpty()) {
            System.err.println("Set the environment variable DASHSCOPE_API_KEY.");
            System.exit(1);
        }

        // 北京リージョンの URL です。ほかのリージョンの URL:
        //   シンガポール: https://dashscope-intl.aliyuncs.com/compatible-mode/v1
        //   米国 (バージニア): https://dashscope-us.aliyuncs.com/compatible-mode/v1
        //   香港: https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1
        //   金融クラウド: https://dashscope-finance.aliyuncs.com/compatible-mode/v1
        String baseUrl = "https://dashscope.aliyuncs.com/compatible-mode/v1";
        OpenAIClient client = OpenAIOkHttpClient.builder().apiKey(apiKey).baseUrl(baseUrl).build();
        ChatCompletionCreateParams params =
                ChatCompletionCreateParams.builder()
                        // 別のモデルを使用するには、以下のモデル名を変更します。モデルの一覧については、次のページを参照してください
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .addSystemMessage("You are a helpful assistant.")
                        .addUserMessage("Who are you?")
                        .build();
        ChatCompletion completion = client.chat().completions().create(params);
        System.out.println(ObjectMappers.jsonMapper().writeValueAsString(completion));
    }
}
