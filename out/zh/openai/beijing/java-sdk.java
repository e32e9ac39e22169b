// 需要 Java 18 或更高版本以及 openai-java 4.101.0：
// implementation("com.openai:openai-java:4.101.0")  // build.gradle
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

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
        // https://dashscope-intl.aliyuncs.com/compatible-mode/v1
        // 当前使用的 URL（华北2（北京））：
        String baseUrl = "https://dashscope.aliyuncs.com/compatible-mode/v1";
        OpenAIClient client = OpenAIOkHttpClient.builder().apiKey(apiKey).baseUrl(baseUrl).build();
        ChatCompletionCreateParams params =
                ChatCompletionCreateParams.builder()
                        // 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
                        // https://www.alibabacloud.com/help/model-studio/getting-started/models
                        .model("qwen-plus")
                        .addSystemMessage("You are a helpful assistant.")
                        .addUserMessage("Who are you?")
                        .build();
        ChatCompletion completion = client.chat().completions().create(params);
        System.out.println(ObjectMappers.jsonMapper().writeValueAsString(completion));
    }
}
