// Java 18 以降が必要です
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

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
        // https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
        // 使用する URL (シンガポール):
        String url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
        // 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
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
