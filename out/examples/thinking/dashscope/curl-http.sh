# Requires curl 7.76 or later

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, run this first: export DASHSCOPE_API_KEY='sk-xxx'

# To use another model, change its name below. For a list of models, see
# https://www.alibabacloud.com/help/model-studio/getting-started/models
# URLs of other regions:
#   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
# URL for Singapore:
curl 'https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation' \
  --silent --show-error --fail-with-body --no-buffer \
  --header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}" \
  --header "Content-Type: application/json" \
  --header 'X-DashScope-SSE: enable' \
  --data '{
  "model": "qwen-plus",
  "input": {
    "messages": [
      {"role": "user", "content": "Which is larger, 9.9 or 9.11?"}
    ]
  },
  "parameters": {
    "result_format": "message",
    "incremental_output": true,
    "enable_thinking": true
  }
}'
