package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	// Go 1.26 以降と openai-go 3.96.0 が必要です:
	// go get github.com/openai/openai-go/v3@v3.96.0
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
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

	client := openai.NewClient(
		option.WithAPIKey(apiKey),
		// ほかのリージョンの URL:
		//   シンガポール: https://dashscope-intl.aliyuncs.com/compatible-mode/v1
		// 使用する URL (中国 (北京)):
		option.WithBaseURL("https://dashscope.aliyuncs.com/compatible-mode/v1"),
	)
	completion, err := client.Chat.Completions.New(context.Background(), openai.ChatCompletionNewParams{
		// 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
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
