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

response = dashscope.MultiModalConversation.call(
    api_key=api_key,
    # To use another model, change its name below. For a list of models, see
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen3-vl-plus",
    messages=[
        {
            "role": "user",
            "content": [
                {
                    "image": "https://dashscope.oss-cn-beijing.aliyuncs.com/images/dog_and_girl.jpeg",
                },
                {
                    "image": "https://dashscope.oss-cn-beijing.aliyuncs.com/images/tiger.png",
                },
                {"text": "What do both pictures show?"},
            ],
        },
    ],
)
if response.status_code != 200:
    sys.exit(f"HTTP {response.status_code}: {response}")
message = response.output.choices[0].message
print(message.content[0]["text"])
