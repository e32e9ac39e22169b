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

	body, err := json.Marshal(map[string]any{
		// To use another model, change its name below. For a list of models, see
		// https://www.alibabacloud.com/help/model-studio/getting-started/models
		"model": "qwen-plus",
		"input": map[string]any{
			"messages": []map[string]any{
				{"role": "system", "content": "You are a helpful assistant."},
				{"role": "user", "content": "Recommend a novel about the sea."},
				{"role": "assistant", "content": "Moby-Dick."},
				{"role": "user", "content": "Who wrote it?"},
			},
		},
		"parameters": map[string]any{"result_format": "message"},
	})
	if err != nil {
		log.Fatal(err)
	}
	// URLs of other regions:
	//   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
	// URL for Singapore:
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
	var completion struct {
		Output struct {
			Choices []struct {
				Message struct{ Content string }
			}
		}
	}
	if err := json.Unmarshal(answer, &completion); err != nil {
		log.Fatal(err)
	}
	message := completion.Output.Choices[0].Message
	fmt.Println(message.Content)
}
