# Python 3.11 以降と dashscope 2.0.2 が必要です:
# pip install dashscope==2.0.2
import os
import sys

import dashscope

# API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

# ほかのリージョンの URL:
#   シンガポール: https://dashscope-intl.aliyuncs.com/api/v1
# 使用する URL (中国 (北京)):
dashscope.base_http_api_url = "https://dashscope.aliyuncs.com/api/v1"

response = dashscope.Generation.call(
    api_key=api_key,
    # 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
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
