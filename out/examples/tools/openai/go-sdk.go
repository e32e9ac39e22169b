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

	params := openai.ChatCompletionNewParams{
		// To use another model, change its name below. For a list of models, see
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		Model: "qwen-plus",
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.UserMessage("What is the weather in Paris?"),
		},
		Tools: []openai.ChatCompletionToolUnionParam{
			openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
				Name:        "get_weather",
				Description: openai.String("The weather of a city."),
				Parameters: openai.FunctionParameters{
					"type": "object",
					"properties": map[string]any{
						"city": map[string]any{"type": "string", "description": "The city, such as Paris."},
					},
					"required": []string{"city"},
				},
			}),
		},
	}

	for round := 0; ; round++ {
		completion, err := client.Chat.Completions.New(context.Background(), params)
		var apiErr *openai.Error
		if errors.As(err, &apiErr) {
			log.Fatalf("HTTP %d: %s", apiErr.StatusCode, apiErr.RawJSON())
		}
		if err != nil {
			log.Fatal(err)
		}
		message := completion.Choices[0].Message
		if len(message.ToolCalls) == 0 {
			fmt.Println(message.Content)
			return
		}
		if round == 5 {
			log.Fatal("The model still calls tools after five rounds.")
		}
		params.Messages = append(params.Messages, message.ToParam())
		for _, call := range message.ToolCalls {
			result := callTool(call.Function.Name, call.Function.Arguments)
			params.Messages = append(params.Messages, openai.ToolMessage(result, call.ID))
		}
	}
}

func callTool(name, arguments string) string {
	if !json.Valid([]byte(arguments)) {
		return "Error: the arguments are not JSON"
	}
	if name == "get_weather" {
		return `{"condition": "sunny", "temperature": 24}`
	}
	return "Error: there is no tool " + name
}
