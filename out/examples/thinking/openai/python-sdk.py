# Requires Python 3.10 or later, and openai 3.54.0:
# pip install openai==3.54.0
import os
import sys

from openai import OpenAI

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

client = OpenAI(
    api_key=api_key,
    # URLs of other regions:
    #   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1
    # URL for Singapore:
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
)
stream = client.chat.completions.create(
    # To use another model, change its name below. For a list of models, see
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen-plus",
    messages=[
        {"role": "user", "content": "Which is larger, 9.9 or 9.11?"},
    ],
    stream=True,
    extra_body={"enable_thinking": True},
)
reasons = False
for chunk in stream:
    if not chunk.choices:
        continue
    delta = chunk.choices[0].delta
    reasoning = getattr(delta, "reasoning_content", None)
    if reasoning:
        if not reasons:
            print("Reasoning:")
            reasons = True
        print(reasoning, end="", flush=True)
    if delta.content:
        if reasons:
            print("\n\nAnswer:")
            reasons = False
        print(delta.content, end="", flush=True)
print()
