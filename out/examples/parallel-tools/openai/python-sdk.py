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
messages = [
    {"role": "user", "content": "What are the weather and the time in Paris?"},
]


def call_tool(name, arguments):
    if name == "get_weather":
        result = {"condition": "sunny", "temperature": 24}
        return json.dumps(result)
    if name == "get_time":
        return "14:05"
    return f"Error: there is no tool {name}"


def ask():
    completion = client.chat.completions.create(
        # To use another model, change its name below. For a list of models, see
        # https://www.alibabacloud.com/help/model-studio/getting-started/models
        model="qwen-plus",
        messages=messages,
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "description": "The weather of a city.",
                    "parameters": {
                        "type": "object",
                        "properties": {
                            "city": {
                                "type": "string",
                                "description": "The city, such as Paris.",
                            },
                        },
                        "required": ["city"],
                    },
                },
            },
            {
                "type": "function",
                "function": {
                    "name": "get_time",
                    "description": "The time in a city.",
                    "parameters": {
                        "type": "object",
                        "properties": {
                            "city": {
                                "type": "string",
                                "description": "The city, such as Paris.",
                            },
                        },
                        "required": ["city"],
                    },
                },
            },
        ],
        parallel_tool_calls=True,
    )
    return completion.choices[0].message


message = ask()
rounds = 0
while message.tool_calls:
    rounds += 1
    if rounds > 5:
        sys.exit("The model still calls tools after five rounds.")
    messages.append(message)
    for call in message.tool_calls:
        try:
            arguments = json.loads(call.function.arguments)
        except json.JSONDecodeError:
            result = "Error: the arguments are not JSON"
        else:
            result = call_tool(call.function.name, arguments)
        messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    message = ask()
print(message.content)
