# Requires Python 3.10 or later, and requests 2.34.2:
# pip install requests==2.34.2
import json
import os
import sys

import requests

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

response = requests.post(
    # URLs of other regions:
    #   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
    # URL for Singapore:
    "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
    headers={"Authorization": f"Bearer {api_key}"},
    json={
        # To use another model, change its name below. For a list of models, see
        # https://www.alibabacloud.com/help/model-studio/getting-started/models
        "model": "qwen-plus",
        "messages": [
            {"role": "user", "content": "Which is larger, 9.9 or 9.11?"},
        ],
        "enable_thinking": True,
        "stream": True,
    },
    stream=True,
)
if not response.ok:
    sys.exit(f"HTTP {response.status_code}: {response.content.decode()}")
reasons = False
finished = False
for line in response.iter_lines():
    if not line.startswith(b"data:"):
        continue
    data = line[5:].strip()
    if data == b"[DONE]":
        finished = True
        break
    chunk = json.loads(data)
    if chunk.get("error"):
        sys.exit(data.decode())
    for choice in chunk["choices"]:
        delta = choice["delta"]
        reasoning = delta.get("reasoning_content")
        if reasoning:
            if not reasons:
                print("Reasoning:")
                reasons = True
            print(reasoning, end="", flush=True)
        text = delta.get("content")
        if text:
            if reasons:
                print("\n\nAnswer:")
                reasons = False
            print(text, end="", flush=True)
        if choice.get("finish_reason"):
            finished = True
if not finished:
    sys.exit("The stream ended early.")
print()
