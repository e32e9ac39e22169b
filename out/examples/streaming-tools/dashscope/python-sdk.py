# Requires Python 3.11 or later, and dashscope 2.0.2:
# pip install dashscope==2.0.2
import json
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

messages = [
    {"role": "user", "content": "What is the weather in Paris?"},
]


def call_tool(name, arguments):
    if name == "get_weather":
        result = {"condition": "sunny", "temperature": 24}
        return json.dumps(result)
    return f"Error: there is no tool {name}"


def ask():
    responses = dashscope.Generation.call(
        api_key=api_key,
        # To use another model, change its name below. For a list of models, see
        # https://www.alibabacloud.com/help/model-studio/getting-started/models
        model="qwen-plus",
        messages=messages,
        stream=True,
        result_format="message",
        incremental_output=True,
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
        ],
    )
    message, calls = {"role": "assistant", "content": ""}, {}
    finished = False
    for response in responses:
        if response.status_code != 200:
            sys.exit(f"HTTP {response.status_code}: {response}")
        for choice in response.output.choices:
            delta = choice.message
            text = delta.get("content") or ""
            print(text, end="", flush=True)
            message["content"] += text
            for part in delta.get("tool_calls") or []:
                index, function = part["index"], part.get("function") or {}
                if index not in calls:
                    calls[index] = {"type": "function", "function": {"arguments": ""}}
                if part.get("id"):
                    calls[index]["id"] = part["id"]
                if function.get("name"):
                    calls[index]["function"]["name"] = function["name"]
                calls[index]["function"]["arguments"] += function.get("arguments") or ""
            if choice.finish_reason not in (None, "null"):
                finished = True
    if not finished:
        sys.exit("The stream ended early.")
    if message["content"]:
        print()
    if calls:
        message["tool_calls"] = list(calls.values())
    return message


message = ask()
rounds = 0
while message.get("tool_calls"):
    rounds += 1
    if rounds > 5:
        sys.exit("The model still calls tools after five rounds.")
    messages.append(message)
    for call in message["tool_calls"]:
        function = call["function"]
        try:
            arguments = json.loads(function["arguments"])
        except json.JSONDecodeError:
            result = "Error: the arguments are not JSON"
        else:
            result = call_tool(function["name"], arguments)
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
    message = ask()
