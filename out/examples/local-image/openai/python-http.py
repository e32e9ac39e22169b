# Requires Python 3.10 or later, and requests 2.34.2:
# pip install requests==2.34.2
import base64
import json
import os
import sys

import requests


def data_url(path, media_type):
    with open(path, "rb") as file:
        data = base64.b64encode(file.read()).decode()
    return f"data:{media_type};base64,{data}"


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
        "model": "qwen3-vl-plus",
        "messages": [
            {
                "role": "user",
                "content": [
                    {
                        "type": "image_url",
                        "image_url": {"url": data_url("photo.jpg", "image/jpeg")},
                    },
                    {"type": "text", "text": "What is in this picture?"},
                ],
            },
        ],
    },
)
answer = response.content.decode()
if not response.ok:
    sys.exit(f"HTTP {response.status_code}: {answer}")
message = json.loads(answer)["choices"][0]["message"]
print(message["content"])
