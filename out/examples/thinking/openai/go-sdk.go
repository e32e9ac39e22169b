package main

import (
	"context"
	"encoding/json"
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

	stream := client.Chat.Completions.NewStreaming(context.Background(), openai.ChatCompletionNewParams{
		// To use another model, change its name below. For a list of models, see
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		Model: "qwen-plus",
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.UserMessage("Which is larger, 9.9 or 9.11?"),
		},
	},
		option.WithJSONSet("enable_thinking", true),
	)
	thinking := false
	for stream.Next() {
		for _, choice := range stream.Current().Choices {
			// openai-go has no field for the reasoning: it is in the JSON.
			var delta struct {
				Reasoning string `json:"reasoning_content"`
			}
			if err := json.Unmarshal([]byte(choice.Delta.RawJSON()), &delta); err != nil {
				log.Fatal(err)
			}
			if delta.Reasoning != "" {
				if !thinking {
					fmt.Println("Reasoning:")
					thinking = true
				}
				fmt.Print(delta.Reasoning)
			}
			if choice.Delta.Content != "" {
				if thinking {
					fmt.Print("\n\nAnswer:\n")
					thinking = false
				}
				fmt.Print(choice.Delta.Content)
			}
		}
	}

	err := stream.Err()
	var apiErr *openai.Error
	if errors.As(err, &apiErr) {
		log.Fatalf("HTTP %d: %s", apiErr.StatusCode, apiErr.RawJSON())
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println()
}
