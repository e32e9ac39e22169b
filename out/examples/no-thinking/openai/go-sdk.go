package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	// Requires Go 1.26 or later, and openai-go 3.96.0:
	// go get github.com/openai/openai-go/v3@v3.96.0
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func main() {
	// Each region has its own API keys. To get one, see
	// https://www.alibabacloud.com/help/model-studio/get-api-key
	// If DASHSCOPE_API_KEY is not set, replace the next line with: apiKey := "sk-xxx"
	apiKey := os.Getenv("DASHSCOPE_API_KEY")
	if apiKey == "" {
		fmt.Fprintln(os.Stderr, "Set the environment variable DASHSCOPE_API_KEY.")
		os.Exit(1)
	}

	client := openai.NewClient(
		option.WithAPIKey(apiKey),
		// URLs of other regions:
		//   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1
		// URL for Singapore:
		option.WithBaseURL("https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
	)
	completion, err := client.Chat.Completions.New(context.Background(), openai.ChatCompletionNewParams{
		// To use another model, change its name below. For a list of models, see
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		Model: "qwen3.5-plus",
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage("You are a helpful assistant."),
			openai.UserMessage("Who are you?"),
		},
	},
		option.WithJSONSet("enable_thinking", false),
	)
	var apiErr *openai.Error
	if errors.As(err, &apiErr) {
		log.Fatalf("HTTP %d: %s", apiErr.StatusCode, apiErr.RawJSON())
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(completion.Choices[0].Message.Content)
}
