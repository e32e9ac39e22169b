# Python 3.10 以降と openai 3.54.0 が必要です:
# pip install openai==3.54.0
import os
import sys

from openai import OpenAI

# API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: api_key = "sk-xxx"
api_key = os.getenv("DASHSCOPE_API_KEY")
if not api_key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")

client = OpenAI(
    api_key=api_key,
    # ほかのリージョンの URL:
    #   シンガポール: https://dashscope-intl.aliyuncs.com/compatible-mode/v1
    # 使用する URL (中国 (北京)):
    base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
)
completion = client.chat.completions.create(
    # 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
    # https://www.alibabacloud.com/help/model-studio/getting-started/models
    model="qwen-plus",
    messages=[
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Who are you?"},
    ],
)
print(completion.to_json())
