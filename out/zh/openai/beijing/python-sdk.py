# 需要 Python 3.10 或更高版本以及 openai 3.54.0：
# pip install openai==3.54.0
import os
import sys

from openai import OpenAI

# 各地域的 API Key 不同，不能混用。获取方法请参见：
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

client = OpenAI(
    api_key=api_key,
    # 其他地域的 URL：
    #   新加坡：https://dashscope-intl.aliyuncs.com/compatible-mode/v1
    # 当前使用的 URL（华北2（北京））：
    base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
)
completion = client.chat.completions.create(
    # 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen-plus",
    messages=[
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Who are you?"},
    ],
)
print(completion.to_json())
