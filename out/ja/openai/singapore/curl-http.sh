# curl 7.76 以降が必要です

# API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 環境変数 DASHSCOPE_API_KEY を設定していない場合は、先に次のコマンドを実行してください: export DASHSCOPE_API_KEY='sk-xxx'

# 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
# https://www.alibabacloud.com/help/model-studio/getting-started/models
# ほかのリージョンの URL:
#   中国 (北京): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
# 使用する URL (シンガポール):
curl 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions' \
  --silent --show-error --fail-with-body \
  --header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}" \
  --header "Content-Type: application/json" \
  --data '{
  "model": "qwen-plus",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Who are you?"}
  ]
}'
