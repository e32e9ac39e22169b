package main

// Go 1.18 以降が必要です
import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	// API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
	// https://www.alibabacloud.com/help/model-studio/get-api-key
	// 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: apiKey := "sk-xxx"
	apiKey := os.Getenv("DASHSCOPE_API_KEY")
	if apiKey == "" {
		fmt.Fprintln(os.Stderr, "Set the environment variable DASHSCOPE_API_KEY.")
		os.Exit(1)
	}

	body, err := json.Marshal(map[string]any{
		// 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		"model": "qwen-plus",
		"input": map[string]any{
			"messages": []map[string]any{
				{"role": "system", "content": "You are a helpful assistant."},
				{"role": "user", "content": "Who are you?"},
			},
		},
		"parameters": map[string]any{"result_format": "message"},
	})
	if err != nil {
		log.Fatal(err)
	}
	// ほかのリージョンの URL:
	//   中国 (北京): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
	// 使用する URL (シンガポール):
	url := "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation"
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+apiKey)
	request.Header.Set("Content-Type", "application/json")

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		log.Fatalf("HTTP %d: %s", response.StatusCode, answer)
	}
	fmt.Println(string(answer))
}
