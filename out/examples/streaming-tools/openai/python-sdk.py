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
    {"role": "user", "content": "What is the weather in Paris?"},
]


def call_tool(name, arguments):
    if name == "get_weather":
        result = {"condition": "sunny", "temperature": 24}
        return json.dumps(result)
    return f"Error: there is no tool {name}"


def ask():
    stream = client.chat.completions.create(
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
        ],
        stream=True,
    )
    message, calls = {"role": "assistant", "content": ""}, {}
    finished = False
    for chunk in stream:
        if not chunk.choices:
            continue
        delta = chunk.choices[0].delta
        text = delta.content or ""
        print(text, end="", flush=True)
        message["content"] += text
        for part in delta.tool_calls or []:
            if part.index not in calls:
                calls[part.index] = {"type": "function", "function": {"arguments": ""}}
            call = calls[part.index]
            if part.id:
                call["id"] = part.id
            if part.function:
                if part.function.name:
                    call["function"]["name"] = part.function.name
                call["function"]["arguments"] += part.function.arguments or ""
        if chunk.choices[0].finish_reason:
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
