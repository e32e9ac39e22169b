# Requires Python 3.10 or later, and openai 3.54.0:
# pip install openai==3.54.0
import base64
import os
import sys

from openai import OpenAI


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

client = OpenAI(
    api_key=api_key,
    # URLs of other regions:
    #   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1
    # URL for Singapore:
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
)
completion = client.chat.completions.create(
    # To use another model, change its name below. For a list of models, see
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen3-vl-plus",
    messages=[
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
)
print(completion.choices[0].message.content)
