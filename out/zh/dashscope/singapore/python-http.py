# 需要 Python 3.10 或更高版本以及 requests 2.34.2：
# pip install requests==2.34.2
import os
import sys

import requests

# 各地域的 API Key 不同，不能混用。获取方法请参见：
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

response = requests.post(
    # 其他地域的 URL：
    #   华北2（北京）：https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
    # 当前使用的 URL（新加坡）：
    "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation",
    headers={"Authorization": f"Bearer {api_key}"},
    json={
        # 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
        # https://www.alibabacloud.com/help/model-studio/getting-started/models
        "model": "qwen-plus",
        "input": {
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "Who are you?"},
            ],
        },
        "parameters": {"result_format": "message"},
    },
)
answer = response.content.decode()
if not response.ok:
    sys.exit(f"HTTP {response.status_code}: {answer}")
print(answer)
