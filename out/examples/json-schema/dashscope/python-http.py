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
    #   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
    # URL for Singapore:
    "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation",
    headers={"Authorization": f"Bearer {api_key}"},
    json={
        # To use another model, change its name below. For a list of models, see
        # https://www.alibabacloud.com/help/model-studio/getting-started/models
        "model": "qwen-plus",
        "input": {
            "messages": [
                {"role": "system", "content": "Extract the person as JSON."},
                {"role": "user", "content": "Ada is 36 years old."},
            ],
        },
        "parameters": {
            "result_format": "message",
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": "person",
                    "strict": True,
                    "schema": {
                        "type": "object",
                        "properties": {
                            "name": {"type": "string"},
                            "age": {"type": "integer"},
                        },
                        "required": ["name", "age"],
                        "additionalProperties": False,
                    },
                },
            },
        },
    },
)
answer = response.content.decode()
if not response.ok:
    sys.exit(f"HTTP {response.status_code}: {answer}")
message = json.loads(answer)["output"]["choices"][0]["message"]
answer = json.loads(message["content"])
print(answer["name"])
