#!/bin/sh
# curl 7.76 以降が必要です

# API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: api_key='sk-xxx'
api_key=$DASHSCOPE_API_KEY
# ほかのリージョンの URL:
#   中国 (北京): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
#   米国 (バージニア): https://dashscope-us.aliyuncs.com/api/v1/services/aigc/text-generation/generation
#   中国 (香港): https://cn-hongkong.dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
#   金融クラウド: https://dashscope-finance.aliyuncs.com/api/v1/services/aigc/text-generation/generation
# 使用する URL (シンガポール):
url='https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation'
# 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/getting-started/models
body='{
  "model": "qwen-plus",
  "input": {
    "messages": [
      {"role": "system", "content": "You are a helpful assistant."},
      {"role": "user", "content": "Who are you?"}
    ]
  },
  "parameters": {"result_format": "message"}
}'

if [ -z "$api_key" ]; then
  echo 'Set the environment variable DASHSCOPE_API_KEY.' >&2
  false
elif answer=$(
  printf '%s' "$body" |
    curl "$url" \
      --silent --show-error --fail-with-body \
      --header "Authorization: Bearer $api_key" \
      --header "Content-Type: application/json" \
      --data @-
); then
  printf '%s\n' "$answer"
else
  printf '%s\n' "$answer" >&2
  false
fi
