package main

// 需要 Go 1.18 或更高版本
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
	// 各地域的 API Key 不同，不能混用。获取方法请参见：
	// https://www.alibabacloud.com/help/model-studio/get-api-key
	// 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：apiKey := "sk-xxx"
	apiKey := os.Getenv("DASHSCOPE_API_KEY")
	if apiKey == "" {
		fmt.Fprintln(os.Stderr, "Set the environment variable DASHSCOPE_API_KEY.")
		os.Exit(1)
	}

	body, err := json.Marshal(map[string]any{
		// 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		"model": "qwen-plus",
		"messages": []map[string]any{
			{"role": "system", "content": "You are a helpful assistant."},
			{"role": "user", "content": "Who are you?"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	// 其他地域的 URL：
	//   华北2（北京）：https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
	// 当前使用的 URL（新加坡）：
	url := "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions"
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
