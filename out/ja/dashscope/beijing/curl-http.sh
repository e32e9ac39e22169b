# curl 7.76 以降が必要です

# API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 環境変数 DASHSCOPE_API_KEY を設定していない場合は、先に次のコマンドを実行してください: export DASHSCOPE_API_KEY='sk-xxx'

# 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/getting-started/models
# ほかのリージョンの URL:
#   シンガポール: https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation
# 使用する URL (中国 (北京)):
curl 'https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation' \
  --silent --show-error --fail-with-body \
  --header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}" \
  --header "Content-Type: application/json" \
  --data '{
  "model": "qwen-plus",
  "input": {
    "messages": [
      {"role": "system", "content": "You are a helpful assistant."},
      {"role": "user", "content": "Who are you?"}
    ]
  },
  "parameters": {"result_format": "message"}
}'
