package main

// Requires Go 1.18 or later
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
	// Each region has its own API keys. To get one, see
	// https://www.alibabacloud.com/help/model-studio/get-api-key
	// If DASHSCOPE_API_KEY is not set, replace the next line with: apiKey := "sk-xxx"
	apiKey := os.Getenv("DASHSCOPE_API_KEY")
	if apiKey == "" {
		fmt.Fprintln(os.Stderr, "Set the environment variable DASHSCOPE_API_KEY.")
		os.Exit(1)
	}

	messages := []map[string]any{
		{"role": "user", "content": "What are the weather and the time in Paris?"},
	}
	for round := 0; ; round++ {
		message := ask(apiKey, messages)
		if len(message.ToolCalls) == 0 {
			fmt.Println(message.Content)
			return
		}
		if round == 5 {
			log.Fatal("The model still calls tools after five rounds.")
		}
		messages = append(messages, map[string]any{
			"role":       "assistant",
			"content":    message.Content,
			"tool_calls": message.ToolCalls,
		})
		for _, call := range message.ToolCalls {
			result := callTool(call.Function.Name, call.Function.Arguments)
			messages = append(messages, map[string]any{
				"role":         "tool",
				"tool_call_id": call.ID,
				"content":      result,
			})
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
	if name == "get_time" {
		return "14:05"
	}
	return "Error: there is no tool " + name
}

// Message is what the model answers: a text, or calls of functions.
type Message struct {
	Content   string `json:"content"`
	ToolCalls []struct {
		ID       string `json:"id"`
		Type     string `json:"type"`
		Function struct {
			Name      string `json:"name"`
			Arguments string `json:"arguments"`
		} `json:"function"`
	} `json:"tool_calls"`
}

func ask(apiKey string, messages []map[string]any) Message {
	body, err := json.Marshal(map[string]any{
		// To use another model, change its name below. For a list of models, see
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		"model":    "qwen-plus",
		"messages": messages,
		"tools": []map[string]any{
			{
				"type": "function",
				"function": map[string]any{
					"name":        "get_weather",
					"description": "The weather of a city.",
					"parameters": map[string]any{
						"type": "object",
						"properties": map[string]any{
							"city": map[string]any{"type": "string", "description": "The city, such as Paris."},
						},
						"required": []string{"city"},
					},
				},
			},
			{
				"type": "function",
				"function": map[string]any{
					"name":        "get_time",
					"description": "The time in a city.",
					"parameters": map[string]any{
						"type": "object",
						"properties": map[string]any{
							"city": map[string]any{"type": "string", "description": "The city, such as Paris."},
						},
						"required": []string{"city"},
					},
				},
			},
		},
		"parallel_tool_calls": true,
	})
	if err != nil {
		log.Fatal(err)
	}
	// URLs of other regions:
	//   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
	// URL for Singapore:
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
	var completion struct {
		Choices []struct {
			Message Message
		}
	}
	if err := json.Unmarshal(answer, &completion); err != nil {
		log.Fatal(err)
	}
	return completion.Choices[0].Message
}
