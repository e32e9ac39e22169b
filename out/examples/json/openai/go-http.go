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
		"messages": []map[string]any{
			{"role": "system", "content": "Extract the name and the age. Answer in JSON."},
			{"role": "user", "content": "Ada is 36 years old."},
		},
		"response_format": map[string]any{"type": "json_object"},
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
			Message struct{ Content string }
		}
	}
	if err := json.Unmarshal(answer, &completion); err != nil {
		log.Fatal(err)
	}
	content := completion.Choices[0].Message.Content

	if !json.Valid([]byte(content)) {
		log.Fatal("The answer is not JSON: ", content)
	}
	fmt.Println(content)
}
