# Requires curl 7.76 or later

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, run this first: export DASHSCOPE_API_KEY='sk-xxx'

# To use another model, change its name below. For a list of models, see
# https://www.alibabacloud.com/help/model-studio/getting-started/models
# URLs of other regions:
#   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
# URL for Singapore:
curl 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions' \
  --silent --show-error --fail-with-body \
  --header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}" \
  --header "Content-Type: application/json" \
  --data '{
  "model": "qwen3.5-plus",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Who are you?"}
  ],
  "enable_thinking": false
}'
