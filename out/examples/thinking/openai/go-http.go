package main

// Requires Go 1.18 or later
import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
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
			{"role": "user", "content": "Which is larger, 9.9 or 9.11?"},
		},
		"enable_thinking": true,
		"stream":          true,
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
	if response.StatusCode != http.StatusOK {
		answer, _ := io.ReadAll(response.Body)
		log.Fatalf("HTTP %d: %s", response.StatusCode, answer)
	}

	thinking := false
	finished := false
	lines := bufio.NewScanner(response.Body)
	// A line may be longer than the 64 KiB that a Scanner takes.
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := lines.Text()
		if !strings.HasPrefix(line, "data:") {
			continue
		}
		data := strings.TrimSpace(line[len("data:"):])
		if data == "[DONE]" {
			finished = true
			break
		}
		var chunk struct {
			Error   any
			Choices []struct {
				Delta struct {
					Reasoning string `json:"reasoning_content"`
					Content   string
				}
				FinishReason string `json:"finish_reason"`
			}
		}
		if err := json.Unmarshal([]byte(data), &chunk); err != nil {
			log.Fatal(err)
		}
		if chunk.Error != nil {
			log.Fatal(data)
		}
		for _, choice := range chunk.Choices {
			if choice.Delta.Reasoning != "" {
				if !thinking {
					fmt.Println("Reasoning:")
					thinking = true
				}
				fmt.Print(choice.Delta.Reasoning)
			}
			if choice.Delta.Content != "" {
				if thinking {
					fmt.Print("\n\nAnswer:\n")
					thinking = false
				}
				fmt.Print(choice.Delta.Content)
			}
			if choice.FinishReason != "" {
				finished = true
			}
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	if !finished {
		log.Fatal("The stream ended early.")
	}
	fmt.Println()
}
