# Python 3.10 以降と requests 2.34.2 が必要です:
# pip install requests==2.34.2
import os
import sys

import requests

# API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

response = requests.post(
    # ほかのリージョンの URL:
    #   シンガポール: https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions
    # 使用する URL (中国 (北京)):
    "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions",
    headers={"Authorization": f"Bearer {api_key}"},
    json={
        # 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
        # https://www.alibabacloud.com/help/model-studio/getting-started/models
        "model": "qwen-plus",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Who are you?"},
        ],
    },
)
answer = response.content.decode()
if not response.ok:
    sys.exit(f"HTTP {response.status_code}: {answer}")
print(answer)
