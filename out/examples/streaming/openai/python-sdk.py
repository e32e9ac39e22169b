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
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Write a short poem about the sea."},
    ],
    stream=True,
    stream_options={"include_usage": True},
)
usage = None
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    usage = chunk.usage or usage
print()
if usage:
    print(usage.to_json(indent=None))
