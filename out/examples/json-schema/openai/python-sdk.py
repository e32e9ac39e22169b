# Requires Python 3.10 or later, and openai 3.54.0:
# pip install openai==3.54.0
import json
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
completion = client.chat.completions.create(
    # To use another model, change its name below. For a list of models, see
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen-plus",
    messages=[
        {"role": "system", "content": "Extract the person as JSON."},
        {"role": "user", "content": "Ada is 36 years old."},
    ],
    response_format={
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
)
answer = json.loads(completion.choices[0].message.content)
print(answer["name"])
