# Requires Python 3.11 or later, and dashscope 2.0.2:
# pip install dashscope==2.0.2
import os
import sys

import dashscope

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

# URLs of other regions:
#   China (Beijing): https://dashscope.aliyuncs.com/api/v1
# URL for Singapore:
dashscope.base_http_api_url = "https://dashscope-intl.aliyuncs.com/api/v1"

responses = dashscope.Generation.call(
    api_key=api_key,
    # To use another model, change its name below. For a list of models, see
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen-plus",
    messages=[
        {"role": "user", "content": "Which is larger, 9.9 or 9.11?"},
    ],
    stream=True,
    result_format="message",
    incremental_output=True,
    enable_thinking=True,
)
reasons = False
for response in responses:
    if response.status_code != 200:
        sys.exit(f"HTTP {response.status_code}: {response}")
    for choice in response.output.choices:
        delta = choice.message
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
print()
