package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	// 需要 Go 1.26 或更高版本以及 openai-go 3.96.0：
	// go get github.com/openai/openai-go/v3@v3.96.0
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
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

	client := openai.NewClient(
		option.WithAPIKey(apiKey),
		// 其他地域的 URL：
		//   新加坡：https://dashscope-intl.aliyuncs.com/compatible-mode/v1
		// 当前使用的 URL（华北2（北京））：
		option.WithBaseURL("https://dashscope.aliyuncs.com/compatible-mode/v1"),
	)
	completion, err := client.Chat.Completions.New(context.Background(), openai.ChatCompletionNewParams{
		// 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		Model: "qwen-plus",
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage("You are a helpful assistant."),
			openai.UserMessage("Who are you?"),
		},
	})
	var apiErr *openai.Error
	if errors.As(err, &apiErr) {
		log.Fatalf("HTTP %d: %s", apiErr.StatusCode, apiErr.RawJSON())
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(completion.RawJSON())
}
