# 需要 Python 3.11 或更高版本以及 dashscope 2.0.2：
# pip install dashscope==2.0.2
import os
import sys

import dashscope

# 各地域的 API Key 不同，不能混用。获取方法请参见：
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

# 其他地域的 URL：
#   新加坡：https://dashscope-intl.aliyuncs.com/api/v1
# 当前使用的 URL（华北2（北京））：
dashscope.base_http_api_url = "https://dashscope.aliyuncs.com/api/v1"

response = dashscope.Generation.call(
    api_key=api_key,
    # 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen-plus",
    messages=[
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Who are you?"},
    ],
    result_format="message",
)
if response.status_code != 200:
    sys.exit(f"HTTP {response.status_code}: {response}")
print(response)
