// 需要 Java 18 或更高版本
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

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
        // https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions
        // 当前使用的 URL（华北2（北京））：
        String url = "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions";
        // 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
        // https://www.alibabacloud.com/help/model-studio/getting-started/models
        String body =
                """
                {
                  "model": "qwen-plus",
                  "messages": [
                    {"role": "system", "content": "You are a helpful assistant."},
                    {"role": "user", "content": "Who are you?"}
                  ]
                }
                """;
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + apiKey)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();

        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            System.err.println("HTTP " + response.statusCode() + ": " + response.body());
            System.exit(1);
        }
        System.out.println(response.body());
    }
}
